/* What a task without a command did when: the phases that `dagcast-task phases` went through. */
#include <math.h>

#include "base/xalloc.h"
#include "core/timeline_phases.h"
#include "validation/executor/run_impl.h"
#include "validation/executor/task_times.h"

/* What the k-th step was, which is what phases_argv() (task_command.c) asked for. */
static struct timeline_phase phase_of(struct timeline *t, const struct platform *p,
                                      const struct task_set *set, size_t k)
{
    const struct phase *phase = phases_at(set, k);
    const struct flow_rule *flow = phase->flow ? phases_flow(p, phase->flow) : NULL;
    struct timeline_phase out = { .kind = PHASE_COMPUTES, .amount = NAN, .full_rate = NAN };
    if (!flow)
        return out;
    out.kind = PHASE_MOVES;
    out.amount = dist_mean(phase->amount);
    out.full_rate = phases_rate_alone(phase, flow);
    out.name = timeline_name_flow(t, flow->name);
    return out;
}

void run_add_phases(struct run *r, const struct attempt *a, size_t record)
{
    const struct task_set *set = &r->drive.scenario.workflow->sets[a->set];
    size_t n = phases_count(set);
    char *parent =
        n > 0 && set->traits->n_command == 0 && !a->fails ? run_task_folder(r, a->set) : NULL;
    if (!parent)
        return;
    char *path = str_format("%s/%u.%u.times", parent, a->task, a->number);
    double *step_s = xcalloc(n, sizeof *step_s), from_s = r->timeline->records[record].started_s,
           stopped_s = r->timeline->records[record].stopped_s, started_s = from_s;
    bool all = task_times_steps(path, step_s, n) == n;
    for (size_t k = 0; all && k < n; k++) {
        struct timeline_phase phase = phase_of(r->timeline, r->drive.scenario.platform, set, k);
        phase.from_s = from_s;
        phase.to_s = from_s = fmin(stopped_s, fmax(from_s, started_s + step_s[k]));
        if (phase.kind == PHASE_COMPUTES)
            phase.amount = phase.to_s - phase.from_s;
        timeline_add_phase(r->timeline, &phase);
    }
    xfree(step_s, path, parent);
}
