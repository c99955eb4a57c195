#include "plots/program.h"

#include <errno.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/str.h"

/* POSIX declares it in no header; programs need PATH and HOME */
extern char **environ;

/* Starts it with its input, output and errors on these files. Returns 0 or an errno. */
static int start(const struct program *p, FILE *input, FILE *output, FILE *errors, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(input), 0);
    posix_spawn_file_actions_adddup2(&actions, fileno(output), 1);
    posix_spawn_file_actions_adddup2(&actions, fileno(errors), 2);
    int status = posix_spawnp(pid, p->arguments[0], &actions, NULL, p->arguments, environ);

    posix_spawn_file_actions_destroy(&actions);
    return status;
}

/* What a stream holds, blank lines and ends trimmed, lines joined by " | ". New string. */
static char *read_said(FILE *errors)
{
    struct str text = { 0 };
    char line[512];
    rewind(errors);
    while (fgets(line, sizeof line, errors)) {
        const char *begin = line + strspn(line, " \t");
        size_t length = strcspn(begin, "\r\n");
        if (length > 0) {
            str_add(&text, text.length ? " | " : "");
            str_add_n(&text, begin, length);
        }
    }
    return str_take(&text);
}

static int wait_for(pid_t pid)
{
    int status = -1;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

static int refuse_absent(const struct program *p, struct error *err)
{
    return error_set(
        err, "%s is not installed or not in PATH; this picture needs it (Debian: apt install %s)",
        p->arguments[0], p->package);
}

static int run(const struct program *p, FILE *input, FILE *output, FILE *errors, struct error *err)
{
    pid_t pid;
    int status = start(p, input, output, errors, &pid);
    if (status == ENOENT)
        return refuse_absent(p, err);
    if (status)
        return error_set(err, "%s cannot be started: %s", p->arguments[0], strerror(status));
    status = wait_for(pid);
    if (WIFEXITED(status) &&
        WEXITSTATUS(status) == 127) /* some C libraries find out only in the child */
        return refuse_absent(p, err);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    char *said = read_said(errors);

    error_set(err, "%s failed (status %d): %s", p->arguments[0],
              WIFEXITED(status) ? WEXITSTATUS(status) : -1, *said ? said : "it said nothing");
    free(said);
    return -1;
}

int program_run(const struct program *p, FILE *input, FILE *output, struct error *err)
{
    FILE *errors = tmpfile();
    if (!errors)
        return error_set(err, "no temporary file can be written");
    int status = run(p, input, output, errors, err);

    fclose(errors);
    return status;
}

FILE *program_input(const char *text)
{
    FILE *stream = tmpfile();
    if (!stream)
        return NULL;
    fputs(text, stream);
    bool written = fflush(stream) == 0 && !ferror(stream);

    rewind(stream);
    if (!written) {
        fclose(stream);
        return NULL;
    }
    return stream;
}
