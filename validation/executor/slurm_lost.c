/* Nodes that Slurm loses, and what their loss means for steps on others. */
#include <signal.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "validation/executor/slurm_commands.h"
#include "validation/executor/slurm_impl.h"
#include "validation/executor/slurm_step.h"

#define HEALTH_PERIOD_S 5 /* between questions whether nodes are lost */
#define CREATION_S 10 /* after which an srun without a step waits in vain */

void slurm_lose_node(struct executor *e, uint32_t node)
{
    e->lost[node] = e->some_lost = true;
    slurm_add_event(e, (struct executor_event){ .kind = EXECUTOR_NODE_LOST, .id = node }, NULL);
}

static bool has_step(const struct slurm_steps *found, size_t id)
{
    for (size_t i = 0; i < found->n; i++)
        if (found->steps[i].task == id)
            return true;
    return false;
}

static bool waits_in_vain(const struct executor *e, const struct step *s)
{
    struct slurm_step_record record;
    return s->state == STEP_LIVE && !s->again &&
           children_now(e->children) > s->launched_s + CREATION_S &&
           !slurm_step_load_record(s->output, s->ranks, &record);
}

/* A job that loses a node keeps the slots of the steps that ran then, on its other nodes too: an
 * srun there waits for ever. It is ended, and its step and all further ones overlap what Slurm
 * believes to be held; which slots are free is dagcast's to know. */
static void end_waiting(struct executor *e)
{
    struct slurm_steps found = { 0 };
    size_t n = 0, first = 0;
    while (first < e->room && !waits_in_vain(e, &e->steps[first]))
        first++;
    if (first == e->room ||
        slurm_steps_of_run(e->setup->run_id, e->setup->environment, &found, NULL))
        return;
    for (size_t id = first; id < e->room; id++)
        if (waits_in_vain(e, &e->steps[id]) && !has_step(&found, id)) {
            e->steps[id].again = true;
            children_signal(e->children, (uint32_t)id, SIGKILL);
            n++;
        }
    slurm_steps_clear(&found);
    if (n > 0 && !e->overlaps)
        slurm_add_event(e, (struct executor_event){ .kind = EXECUTOR_TOLD },
                        xstrdup("Slurm does not give back the slots of steps that ran when a node "
                                "was lost: steps overlap from now on"));
    e->overlaps = e->overlaps || n > 0;
}

/* Is the allocation still there, and are its nodes? */
void slurm_check_health(struct executor *e)
{
    size_t n = e->setup->platform->n_nodes;
    bool *lost = xmemdup(e->lost, e->allocation.n * sizeof *lost);
    char **names = xcalloc(n + 1, sizeof *names);
    for (size_t i = 0; i < n; i++)
        names[i] = e->allocation.nodes[i].name;
    bool runs = slurm_job_runs(e->allocation.job, names, n, e->setup->environment, lost);
    if (!runs && !e->gone)
        slurm_add_event(e, (struct executor_event){ .kind = EXECUTOR_INTERRUPTED },
                        str_format("the Slurm allocation %s has ended", e->allocation.job));
    for (size_t i = 0; i < n; i++)
        if (lost[i] && !e->lost[i])
            slurm_lose_node(e, (uint32_t)i);
    e->gone = !runs;
    xfree(lost, names);
    if (e->some_lost && runs)
        end_waiting(e);
    e->health_due_s = children_now(e->children) + HEALTH_PERIOD_S;
}

/* Of an srun that was ended since it waited in vain. */
bool slurm_start_again(struct executor *e, uint32_t id)
{
    struct step *s = &e->steps[id];
    struct slurm_step_record record;
    struct error err = { "" };
    if (!s->again || s->wanted_signal || slurm_step_load_record(s->output, s->ranks, &record))
        return false;
    e->n_live--;
    s->again = false;
    slurm_step_overlap(&s->environment);
    int status = slurm_launch(e, id, &err);
    if (status == EXECUTOR_NO_ROOM) {
        s->next = NOBODY;
        slurm_enqueue(e, id);
    } else if (status) {
        slurm_free_step(s);
        slurm_never_ran(e, id, err.text);
    }
    return true;
}
