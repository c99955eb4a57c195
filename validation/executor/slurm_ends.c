/* How steps ended: by what their ranks have recorded, else by what srun said. */
#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "base/str.h"
#include "validation/executor/children.h"
#include "validation/executor/executor.h"
#include "validation/executor/slurm_impl.h"
#include "validation/executor/slurm_step.h"

enum { SIGNALLED_BY = 128, SIGNALS = 64 };

static double time_of(const struct executor *e, double epoch_s, double from_s, double to_s)
{
    double t = floor((epoch_s - e->setup->zero_epoch_s) / EXECUTOR_TICK_S) * EXECUTOR_TICK_S;
    return fmin(fmax(t, from_s), to_s);
}

static void set_outcome(struct executor_event *ev, int status)
{
    bool by_signal = status > SIGNALLED_BY && status <= SIGNALLED_BY + SIGNALS;
    ev->code = by_signal ? status - SIGNALLED_BY : status;
    ev->outcome = by_signal ? EXECUTOR_SIGNAL : status == 0 ? EXECUTOR_OK : EXECUTOR_EXIT;
}

/* A start without an end: the task was killed, by what srun says, or else by something that it does
 * not know of. */
static void set_killed(struct executor_event *ev, int wait_status)
{
    set_outcome(ev, WIFSIGNALED(wait_status) ? SIGNALLED_BY + WTERMSIG(wait_status)
                                             : WEXITSTATUS(wait_status));
    if (ev->outcome == EXECUTOR_OK)
        set_outcome(ev, SIGNALLED_BY + SIGKILL);
}

/* What srun said; a node that it could not launch on gets no more tasks. */
static char *srun_said(struct executor *e, const struct step *s)
{
    char *node, *sentence = slurm_step_said(s->output, &node);
    for (size_t i = 0; node && i < e->setup->platform->n_nodes; i++)
        if (str_equal(e->allocation.nodes[i].name, node) && !e->lost[i])
            slurm_lose_node(e, (uint32_t)i);
    free(node);
    return sentence;
}

/* false: something other than the task may have ended it: an allocation that ends asks tasks to,
 * and they record that. */
static bool take_end(struct executor *e, const struct child_event *child, struct executor_event *ev,
                     char **why)
{
    struct step *s = &e->steps[child->id];
    struct slurm_step_record own;
    *ev = (struct executor_event){ .kind = EXECUTOR_ENDED,
                                   .id = child->id,
                                   .launched_s = child->spawned_s,
                                   .started_s = NAN,
                                   .stopped_s = NAN,
                                   .outcome = EXECUTOR_NEVER_RAN };
    *why = NULL;
    bool ran = slurm_step_load_record(s->output, s->ranks, &own);
    if (!ran) {
        *why = srun_said(e, s);
    } else {
        ev->own_times = true;
        ev->started_s = time_of(e, own.started_epoch_s, child->spawned_s, child->seen_s);
        ev->stopped_s = child->seen_s;
        if (own.status >= 0) {
            ev->stopped_s = time_of(e, own.stopped_epoch_s, ev->started_s, child->seen_s);
            set_outcome(ev, own.status);
        } else {
            set_killed(ev, child->status);
        }
    }
    slurm_free_step(s);
    e->n_live--;
    return ev->outcome == EXECUTOR_OK;
}

void slurm_take_ends(struct executor *e, const struct child_event *children, size_t n)
{
    struct executor_event ends[SLURM_EVENTS_AT_ONCE];
    char *why[SLURM_EVENTS_AT_ONCE];
    bool doubtful = false, again[SLURM_EVENTS_AT_ONCE];
    for (size_t i = 0; i < n; i++) {
        again[i] = !children[i].interrupted && slurm_start_again(e, children[i].id);
        if (!children[i].interrupted && !again[i])
            doubtful = !take_end(e, &children[i], &ends[i], &why[i]) || doubtful;
    }
    if (doubtful)
        slurm_check_health(e);
    for (size_t i = 0; i < n; i++) {
        if (children[i].interrupted)
            slurm_add_event(e, (struct executor_event){ .kind = EXECUTOR_INTERRUPTED }, NULL);
        else if (!again[i])
            slurm_add_event(e, ends[i], why[i]);
    }
}
