#include "validation/executor/slurm_commands.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/str.h"
#include "base/xalloc.h"

enum { ROUNDS_A_SECOND = 10, LONGEST_LINE = 4096 };

static int spawn(const char *const *argv, char *const *environment, FILE *output, FILE *errors,
                 pid_t *pid)
{
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t files;
    size_t n = 0;
    while (argv[n])
        n++;
    /* posix_spawn() changes none of them, but does not say so */
    char **arguments = xmemdup(argv, (n + 1) * sizeof *argv);
    posix_spawnattr_init(&attributes);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", 0, 0);
    posix_spawn_file_actions_adddup2(&files, fileno(output), STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&files, fileno(errors), STDERR_FILENO);
    int status = posix_spawnp(pid, arguments[0], &files, &attributes, arguments, environment);
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    free(arguments);
    return status;
}

static char *read_all(FILE *f)
{
    struct str text = { 0 };
    char piece[LONGEST_LINE];
    rewind(f);
    for (size_t n; (n = fread(piece, 1, sizeof piece, f)) > 0;)
        str_add_n(&text, piece, n);
    return str_take(&text);
}

/* "'squeue --steps' failed: <the first line that it said>" */
static int refuse(const char *const *argv, FILE *errors, struct error *err)
{
    struct str command = { 0 };
    for (size_t i = 0; argv[i] && i < 6; i++)
        str_addf(&command, "%s%s", i ? " " : "", argv[i]);
    char *said = read_all(errors);
    said[strcspn(said, "\n")] = '\0';
    error_set(err, "'%s' failed: %s", command.text, *said ? said : "it does not say why");
    free(said);
    str_clear(&command);
    return -1;
}

static int run(const char *const *argv, char *const *environment, FILE *output, FILE *errors,
               struct error *err)
{
    pid_t pid;
    int ended = 0, status = spawn(argv, environment, output, errors, &pid);
    if (status != 0)
        return error_set(err, "cannot run '%s': %s; is Slurm installed here?", argv[0],
                         strerror(status));
    while (waitpid(pid, &ended, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(ended) && WEXITSTATUS(ended) == 0 ? 0 : refuse(argv, errors, err);
}

char *slurm_ask(const char *const *argv, char *const *environment, struct error *err)
{
    FILE *output = tmpfile(), *errors = tmpfile();
    char *answer = NULL;
    if (!output || !errors)
        error_set(err, "cannot make a temporary file: %s", strerror(errno));
    else if (run(argv, environment, output, errors, err) == 0)
        answer = read_all(output);
    if (output)
        fclose(output);
    if (errors)
        fclose(errors);
    return answer;
}

char *slurm_step_name(const char *run_id, uint32_t task)
{
    return str_format("dagcast-%s-%lu", run_id, (unsigned long)task);
}

/* "7.12 dagcast-RUN-34" */
static void read_step(char *line, const char *prefix, struct slurm_steps *out)
{
    char *name = strchr(line, ' ');
    int64_t task;
    if (!name || !str_starts(name + 1, prefix) || !str_to_int64(name + 1 + strlen(prefix), &task))
        return;
    *name = '\0';
    out->steps = xrealloc(out->steps, out->n + 1, sizeof *out->steps);
    out->steps[out->n++] = (struct slurm_step){ .id = xstrdup(line), .task = (uint32_t)task };
}

int slurm_steps_of_run(const char *run_id, char *const *environment, struct slurm_steps *out,
                       struct error *err)
{
    char *user = str_format("--user=%ld", (long)geteuid()),
         *prefix = str_format("dagcast-%s-", run_id);
    char *answer = slurm_ask(
        (const char *[]){ "squeue", "--steps", "--noheader", user, "--format=%i %j", NULL },
        environment, err);
    *out = (struct slurm_steps){ 0 };
    for (char *line = answer ? strtok(answer, "\n") : NULL; line; line = strtok(NULL, "\n"))
        read_step(line, prefix, out);
    int status = answer ? 0 : -1;
    xfree(answer, prefix, user);
    return status;
}

void slurm_steps_clear(struct slurm_steps *s)
{
    for (size_t i = 0; i < s->n; i++)
        free(s->steps[i].id);
    free(s->steps);
    *s = (struct slurm_steps){ 0 };
}

int slurm_cancel(const char *const *step_ids, size_t n, const char *signal_name,
                 char *const *environment, struct error *err)
{
    char *signal_option = str_format("--signal=%s", signal_name);
    const char **argv = xcalloc(n + 4, sizeof *argv);
    argv[0] = "scancel";
    argv[1] = "--quiet";
    argv[2] = signal_option;
    memcpy(argv + 3, step_ids, n * sizeof *argv);
    char *answer = slurm_ask(argv, environment, err);
    int status = answer ? 0 : -1;
    xfree(answer, argv, signal_option);
    return status;
}

/* One round; how many there were, or -1. */
static long kill_steps(const char *run_id, char *const *environment, struct error *err)
{
    struct slurm_steps left;
    if (slurm_steps_of_run(run_id, environment, &left, err))
        return -1;
    long n = (long)left.n;
    const char **ids = xcalloc(left.n + 1, sizeof *ids);
    for (size_t i = 0; i < left.n; i++)
        ids[i] = left.steps[i].id;
    if (n > 0)
        slurm_cancel(ids, left.n, "KILL", environment, NULL);
    free(ids);
    slurm_steps_clear(&left);
    return n;
}

int slurm_end_steps(const char *run_id, int patience_s, char *const *environment,
                    struct error *err)
{
    long left = kill_steps(run_id, environment, err);
    for (int round = 0; left > 0 && round < patience_s * ROUNDS_A_SECOND; round++) {
        nanosleep(&(struct timespec){ .tv_nsec = 1000L * 1000 * 1000 / ROUNDS_A_SECOND }, NULL);
        left = kill_steps(run_id, environment, err);
    }
    if (left > 0)
        error_set(err, "%ld steps of this run do not end although they were cancelled", left);
    return left == 0 ? 0 : -1;
}

char *slurm_field(const char *text, const char *name)
{
    const char *at = text;
    size_t n = strlen(name);
    while ((at = strstr(at, name)) && ((at > text && !strchr(" \n", at[-1])) || at[n] != '='))
        at += n;
    return at ? xstrndup(at + n + 1, strcspn(at + n + 1, " \n")) : xstrdup("");
}

char *slurm_hostnames(const char *list, char *const *environment, struct error *err)
{
    return slurm_ask((const char *[]){ "scontrol", "show", "hostnames", list, NULL }, environment,
                     err);
}

static size_t index_of(const char *name, char *const *names, size_t n)
{
    size_t i = 0;
    while (i < n && !str_equal(names[i], name))
        i++;
    return i;
}

static bool is_lost(const char *state)
{
    static const char *const lost[] = { "drain", "down", "fail", NULL };
    for (size_t i = 0; lost[i]; i++)
        if (str_starts(state, lost[i]))
            return true;
    return false;
}

/* Those whose state is bad. */
static void look_at_nodes(char *const *names, size_t n, char *const *environment, bool *lost)
{
    char *answer =
        slurm_ask((const char *[]){ "sinfo", "--noheader", "--Node", "--format=%N %T", NULL },
                  environment, NULL);
    for (char *line = answer ? strtok(answer, "\n") : NULL; line; line = strtok(NULL, "\n")) {
        char *state = strchr(line, ' ');
        if (!state || !is_lost(state + 1))
            continue;
        *state = '\0';
        size_t i = index_of(line, names, n);
        if (i < n)
            lost[i] = true;
    }
    free(answer);
}

/* Those that are no more in the job's list: a node that was down, and is up again, does not come
 * back to it. */
static void look_at_list(const char *list, char *const *names, size_t n, char *const *environment,
                         bool *lost)
{
    char *answer = slurm_hostnames(list, environment, NULL);
    bool *found = xcalloc(n + 1, sizeof *found);
    for (char *name = answer ? strtok(answer, "\n") : NULL; name; name = strtok(NULL, "\n"))
        found[index_of(name, names, n)] = true;
    for (size_t i = 0; answer && i < n; i++)
        lost[i] = lost[i] || !found[i];
    xfree(found, answer);
}

bool slurm_job_runs(const char *job, char *const *names, size_t n, char *const *environment,
                    bool *lost)
{
    struct error why = { "" };
    char *answer = slurm_ask((const char *[]){ "scontrol", "--oneliner", "show", "job", job, NULL },
                             environment, &why);
    if (!answer)
        return !strstr(why.text, "Invalid job id");
    char *state = slurm_field(answer, "JobState"), *list = slurm_field(answer, "NodeList");
    bool runs = str_equal(state, "RUNNING") || str_equal(state, "SUSPENDED");
    if (runs) {
        look_at_list(list, names, n, environment, lost);
        look_at_nodes(names, n, environment, lost);
    }
    xfree(list, state, answer);
    return runs;
}
