#include "validation/executor/task_command.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"

enum { WORDS = 8, SYNTHETIC_WORDS = 6 };

/* {name}; the variable of the environment, or NULL */
struct word { const char *name, *variable; char *text; };

static void add_ids(struct str *text, const uint16_t *ids, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (i == 0 || ids[i] != ids[i - 1])
            str_addf(text, "%s%u", text->length ? "," : "", ids[i]);
}

static char *node_names(const struct platform *p, const struct executor_task *task)
{
    struct str text = { 0 };
    for (size_t i = 0; i < task->n_parts; i++) {
        if (i > 0 && task->parts[i].node == task->parts[i - 1].node)
            continue;
        char *name = platform_node_name(p, task->parts[i].node);
        str_addf(&text, "%s%s", text.length ? "," : "", name);
        free(name);
    }
    return str_take(&text);
}

/* On its first node; on others what a task over several nodes needs to know is its launcher's
 * business. */
static char *slots_or_gpus(const struct executor_task *task, bool gpus)
{
    struct str text = { 0 };
    for (size_t i = 0; i < task->n_parts && task->parts[i].node == task->parts[0].node; i++)
        add_ids(&text, gpus ? task->parts[i].gpus : task->parts[i].slots,
                gpus ? task->parts[i].n_gpus : task->parts[i].n_slots);
    return str_take(&text);
}

static char *number(double x)
{
    struct str text = { 0 };
    str_add_double(&text, x);
    return str_take(&text);
}

static char *filled_in(const char *argument, const struct word words[WORDS])
{
    struct str text = { 0 };
    while (*argument) {
        size_t plain = strcspn(argument, "{");
        str_add_n(&text, argument, plain);
        argument += plain;
        const struct word *w = NULL;
        size_t n = *argument ? strcspn(argument, "}") : 0;
        for (int i = 0; i < WORDS && argument[n] && !w; i++)
            if (n == strlen(words[i].name) + 1 && strncmp(argument + 1, words[i].name, n - 1) == 0)
                w = &words[i];
        if (w) {
            str_add(&text, w->text);
            argument += n + 1;
        } else if (*argument) {
            str_add_n(&text, argument++, 1);
        }
    }
    return str_take(&text);
}

static char **synthetic_argv(const struct executor_setup *setup, bool busy,
                             const struct executor_task *task)
{
    char **argv = xcalloc(SYNTHETIC_WORDS, sizeof *argv);
    size_t n = 0;
    argv[n++] = xstrdup(setup->task_program);
    argv[n++] = xstrdup(busy ? "busy" : "sleep");
    argv[n++] = str_format("%.6f", task->duration_s);
    if (busy)
        argv[n++] = str_format("%d", task->slots > 0 ? task->ranks * task->slots : 1);
    if (task->fails)
        argv[n++] = xstrdup("1");
    return argv;
}

/* What a phase's computing is of the set's in all. */
static double compute_share(const struct task_set *s, const struct phase *phase)
{
    double all = dist_mean(s->duration);
    return !phase->compute ? 1 : all > 0 ? dist_mean(phase->compute) / all : 0;
}

/* Phases for real: flows are token buckets in the run's folder, which all tasks share (dagcast-task
 * phases). Amounts that vary take their mean. */
static char **phases_argv(const struct task_set *s, const struct executor_setup *setup,
                          const struct executor_task *task)
{
    size_t phases = phases_count(s), n = 0;
    char **argv = xcalloc(phases + 3, sizeof *argv);
    argv[n++] = xstrdup(setup->task_program);
    argv[n++] = xstrdup("phases");
    for (size_t k = 0; k < phases; k++) {
        const struct phase *phase = phases_at(s, k);
        const struct flow_rule *flow =
            phase->flow ? phases_flow(setup->platform, phase->flow) : NULL;
        if (!flow) {
            argv[n++] =
                str_format("%.6f", phase->flow ? 0 : task->duration_s * compute_share(s, phase));
            continue;
        }
        unsigned node = flow->per == FLOW_PER_NODE && task->n_parts > 0 ? task->parts[0].node : 0;
        argv[n++] = str_format("%s/flow.%zu.%u:%.17g:%.17g:%.17g", setup->folder,
                               (size_t)(flow - setup->platform->flows), node,
                               dist_mean(phase->amount), flow->rate, phase->rate);
    }
    return argv;
}

static char **environment_of(const struct executor_setup *setup, const struct executor_task *task,
                             const char *gpus, const struct word words[WORDS])
{
    char **environment = xcalloc(WORDS + 9, sizeof *environment);
    size_t n = 0;
    environment[n++] = str_format("DAGCAST_RUN=%s", setup->run_id);
    environment[n++] = str_format("DAGCAST_TIMES=%s.times", task->output);
    environment[n++] = str_format("DAGCAST_DECISION=%s.decision", task->output);
    environment[n++] = str_format("CUDA_VISIBLE_DEVICES=%s", gpus);
    environment[n++] = str_format("ROCR_VISIBLE_DEVICES=%s", gpus);
    environment[n++] = str_format("OMP_NUM_THREADS=%d", task->slots > 0 ? task->slots : 1);
    for (int i = 0; i < WORDS; i++)
        if (words[i].variable)
            environment[n++] = str_format("%s=%s", words[i].variable, words[i].text);
    return environment;
}

struct task_command task_command_of(const struct attempt_of *a, const struct executor_setup *setup,
                                    bool busy, const struct executor_task *task)
{
    const struct task_set *s = &a->workflow->sets[a->set];
    struct task_command c = { 0 };
    struct word words[WORDS] = {
        { "set", "DAGCAST_SET", xstrdup(s->name) },
        { "task", "DAGCAST_TASK", str_format("%u", a->task) },
        { "attempt", "DAGCAST_ATTEMPT", str_format("%u", a->attempt) },
        { "ranks", "DAGCAST_RANKS", str_format("%d", task->ranks) },
        { "node", "DAGCAST_NODES", node_names(setup->platform, task) },
        { "cores", "DAGCAST_CORES", slots_or_gpus(task, false) },
        { "gpus", NULL, slots_or_gpus(task, true) },
        { "duration", NULL, number(task->duration_s) },
    };
    c.environment = environment_of(setup, task, words[6].text, words);
    if (s->traits->n_command == 0) {
        bool moves = phases_count(s) > 0 && setup->folder && !task->fails;
        c.argv = moves ? phases_argv(s, setup, task) : synthetic_argv(setup, busy, task);
    } else {
        c.argv = xcalloc(s->traits->n_command + 1, sizeof *c.argv);
        for (size_t i = 0; i < s->traits->n_command; i++)
            c.argv[i] = filled_in(s->traits->command[i], words);
    }
    for (int i = 0; i < WORDS; i++)
        free(words[i].text);
    return c;
}

void task_command_clear(struct task_command *c)
{
    str_free_texts(c->argv);
    str_free_texts(c->environment);
    *c = (struct task_command){ 0 };
}

static const char *path_of(char *const *environment)
{
    for (; *environment; environment++)
        if (str_starts(*environment, "PATH="))
            return *environment + strlen("PATH=");
    return "/bin:/usr/bin";
}

/* 0, or why not. */
static int executable(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0)
        return errno;
    if (S_ISDIR(st.st_mode))
        return EISDIR;
    return access(path, X_OK) == 0 ? 0 : errno;
}

static int find_in_path(const char *name, const char *path)
{
    int why = ENOENT;
    for (size_t n; why != 0 && *path; path += n + (path[n] == ':')) {
        n = strcspn(path, ":");
        char *file = str_format("%.*s%s%s", (int)n, path, n ? "/" : "", name);
        /* a folder that may not be searched holds nothing for us */
        int status = file_exists(file) ? executable(file) : ENOENT;
        why = status == 0 || status == EACCES ? status : why;
        free(file);
    }
    return why;
}

/* Only commands serve or ask: without one a request would take no time. */
static int check_services(const struct workflow *w, const struct task_set *s, struct error *err)
{
    if (s->traits->n_command > 0 || w->n_services == 0)
        return 0;
    bool asks = false;
    for (size_t i = 0; i < w->n_sets && phases_count(s) > 0; i++)
        asks = asks || (w->sets[i].traits->service.serves && phases_is_client(w, s, (int)i));
    return asks || s->traits->service.serves
               ? error_set(err, "task set '%s': %s a service, which only a command can do in a "
                                "real run; give it a `command`",
                           s->name, s->traits->service.serves ? "is" : "asks")
               : 0;
}

int task_command_check(const struct workflow *w, char *const *environment, struct error *err)
{
    for (size_t i = 0; i < w->n_sets; i++) {
        const struct task_set *s = &w->sets[i];
        if (check_services(w, s, err))
            return -1;
        if (s->traits->n_command == 0 || strchr(s->traits->command[0], '{'))
            continue;
        bool is_path = strchr(s->traits->command[0], '/');
        int why = is_path ? executable(s->traits->command[0])
                          : find_in_path(s->traits->command[0], path_of(environment));
        if (why)
            return error_set(err, "task set '%s': cannot run '%s': %s%s", s->name,
                             s->traits->command[0], strerror(why),
                             is_path || why != ENOENT ? "" : " in PATH");
    }
    return 0;
}

/* ---- environments ---- */

static size_t count(char *const *texts)
{
    size_t n = 0;
    while (texts[n])
        n++;
    return n;
}

static bool same_name(const char *a, const char *b)
{
    size_t n = strcspn(a, "=");
    return n == strcspn(b, "=") && strncmp(a, b, n) == 0;
}

static bool is_changed(const char *variable, char *const *changes)
{
    for (; *changes; changes++)
        if (same_name(variable, *changes))
            return true;
    return false;
}

char **environment_merge(char *const *base, char *const *changes)
{
    char **merged = xcalloc(count(base) + count(changes) + 1, sizeof *merged);
    size_t n = 0;
    for (; *base; base++)
        if (!is_changed(*base, changes))
            merged[n++] = *base;
    for (; *changes; changes++)
        merged[n++] = *changes;
    return merged;
}
