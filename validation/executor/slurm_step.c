#include "validation/executor/slurm_step.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/known.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "validation/executor/slurm_commands.h"
#include "validation/executor/task_command.h"
#include "validation/executor/task_times.h"

#define RANK_VARIABLE "SLURM_PROCID"

struct texts { char **texts; size_t n, room; };          /* NULL-terminated */

static void add(struct texts *t, char *text)
{
    xgrow(&t->texts, &t->room, t->n + 2, sizeof *t->texts);
    t->texts[t->n++] = text;
    t->texts[t->n] = NULL;
}

/* How many parts from `first` on lie on its node, and their ranks together. */
static size_t parts_of_node(const struct executor_task *task, size_t first, int *ranks)
{
    size_t n = 0;
    *ranks = 0;
    for (; first + n < task->n_parts && task->parts[first + n].node == task->parts[first].node; n++)
        *ranks += task->parts[first + n].ranks;
    return n;
}

/* The nodes from part `first` on that have equally many ranks; returns the part behind them. */
static size_t add_placement(struct texts *t, const struct slurm_allocation *a,
                            const struct executor_task *task, size_t first)
{
    struct str nodes = { 0 };
    int ranks, n_nodes = 0, next_ranks;
    size_t n = parts_of_node(task, first, &ranks), at = first;
    for (next_ranks = ranks; at < task->n_parts && next_ranks == ranks; n_nodes++) {
        str_addf(&nodes, "%s%s", n_nodes ? "," : "", a->nodes[task->parts[at].node].name);
        at += n;
        n = parts_of_node(task, at, &next_ranks);
    }
    add(t, str_format("--nodes=%d", n_nodes));
    add(t, str_format("--ntasks=%d", n_nodes * ranks));
    add(t, str_format("--ntasks-per-node=%d", ranks));
    add(t, str_format("--nodelist=%s", nodes.text));
    str_clear(&nodes);
    return at;
}

static void add_resources(struct texts *t, const struct executor_setup *setup,
                          const struct slurm_allocation *a, const struct executor_task *task)
{
    int cpus_per_slot = setup->platform->slot_kind == SLOT_CORE
                            ? a->nodes[task->parts[0].node].threads_per_core
                            : 1;
    add(t, str_format("--cpus-per-task=%d", task->slots * cpus_per_slot));
    add(t, task->gpus > 0 ? str_format("--gpus-per-task=%d", (int)task->gpus)
                          : xstrdup("--gres=none"));
    add(t, xstrdup("--exact"));
    /* memory is the scheduler's to count: a step would take all that is left */
    add(t, xstrdup("--mem=0"));
}

static void add_command(struct texts *t, const struct executor_setup *setup,
                        const struct executor_task *task)
{
    if (!str_equal(task->argv[0], setup->task_program)) {
        add(t, xstrdup(setup->task_program));
        add(t, xstrdup("run"));
    }
    for (char *const *word = task->argv; *word; word++)
        add(t, xstrdup(*word));
}

char **slurm_step_argv(const struct executor_setup *setup, const struct slurm_allocation *a,
                       const struct executor_task *task)
{
    struct texts t = { 0 };
    char *name = slurm_step_name(setup->run_id, task->id);
    add(&t, xstrdup("srun"));
    for (size_t part = 0; part < task->n_parts;) {
        if (part > 0)
            add(&t, xstrdup(":"));
        else
            add(&t, xstrdup("--quiet"));
        add(&t, str_format("--job-name=%s", name));
        add(&t, xstrdup("--kill-on-bad-exit=1"));
        part = add_placement(&t, a, task, part);
        add_resources(&t, setup, a, task);
        add_command(&t, setup, task);
    }
    free(name);
    return t.texts;
}

/* What options of salloc and sbatch leave behind, and srun takes for its own. */
static bool changes_steps(const char *variable)
{
    static const char *const prefixes[] = { "SLURM_GPUS",           "SLURM_NTASKS",
                                            "SLURM_NPROCS",         "SLURM_CPUS_PER_",
                                            "SLURM_TASKS_PER_NODE", "SLURM_TRES_PER_",
                                            "SLURM_MEM_PER_",       "SLURM_NNODES",
                                            "SLURM_DISTRIBUTION",   "SLURM_STEP_",
                                            "SLURM_GRES",           "SLURM_OVERLAP",
                                            "SLURM_WHOLE",          NULL };
    for (size_t i = 0; prefixes[i]; i++)
        if (str_starts(variable, prefixes[i]))
            return true;
    return false;
}

char **slurm_step_environment(const struct executor_setup *setup, const struct executor_task *task)
{
    struct texts t = { 0 };
    char **merged = environment_merge(setup->environment, task->environment);
    for (char **at = merged; *at; at++) {
        bool device =
            str_starts(*at, "CUDA_VISIBLE_DEVICES=") || str_starts(*at, "ROCR_VISIBLE_DEVICES=");
        if (!changes_steps(*at) && !(device && task->gpus > 0))
            add(&t, xstrdup(*at));
    }
    if (task->ranks > 1)
        add(&t, xstrdup("DAGCAST_RANK_VARIABLE=" RANK_VARIABLE));
    free(merged);
    return t.texts;
}

void slurm_step_overlap(char ***environment)
{
    struct texts t = { .texts = *environment };
    while (t.texts && t.texts[t.n])
        t.n++;
    t.room = t.n;
    add(&t, xstrdup("SLURM_OVERLAP=1"));
    *environment = t.texts;
}

/* "srun: error: Task launch for StepId=3.19 failed on node n2: Communication connection failure" */
static char *node_in(const char *line)
{
    static const char mark[] = " failed on node ";
    const char *at = strstr(line, mark);
    return at ? xstrndup(at + strlen(mark), strcspn(at + strlen(mark), ": ")) : NULL;
}

char *slurm_step_said(const char *output, char **node)
{
    char line[400] = "", *path = str_format("%s.err", output);
    FILE *f = fopen(path, "r");
    if (f && fgets(line, sizeof line, f))
        line[strcspn(line, "\n")] = '\0';
    if (f)
        fclose(f);
    *node = node_in(line);
    char *sentence = str_format("never ran: %s (%s)", *line ? line : "srun does not say why", path);
    free(path);
    return sentence;
}

static char *record_path(const char *output, int rank)
{
    return rank == 0 ? str_format("%s.times", output) : str_format("%s.times.%d", output, rank);
}

void slurm_step_forget_records(const char *output, int ranks)
{
    for (int rank = 0; rank < ranks; rank++) {
        char *path = record_path(output, rank);
        unlink(path);
        free(path);
    }
}

bool slurm_step_load_record(const char *output, int ranks, struct slurm_step_record *out)
{
    bool any = false, all_stopped = true;
    *out = (struct slurm_step_record){ .started_epoch_s = NAN, .stopped_epoch_s = NAN,
                                       .status = -1 };
    for (int rank = 0; rank < ranks; rank++) {
        struct task_times times;
        char *path = record_path(output, rank);
        any = task_times_load(path, &times) || any;
        out->started_epoch_s = earlier_known(out->started_epoch_s, times.started_real_s);
        out->stopped_epoch_s = later_known(out->stopped_epoch_s, times.stopped_real_s);
        out->status = times.status > out->status ? times.status : out->status;
        all_stopped = all_stopped && times.status >= 0;
        free(path);
    }
    if (!all_stopped) {
        out->stopped_epoch_s = NAN;
        out->status = -1;
    }
    return any;
}
