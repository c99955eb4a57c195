/* A stretch of a task's way that has phases: its own time at full rate, and the waits for rates
 * that it shares with others. */
#include <math.h>

#include "core/timeline_phases.h"
#include "study/explain_impl.h"

/* What a phase is while it has its full rate, and what while it waits for it. */
static void kinds_of(const struct timeline_phase *p, enum explain_kind *own,
                     enum explain_kind *waits)
{
    *own = p->kind == PHASE_MOVES  ? EXPLAIN_TRANSFER
           : p->kind == PHASE_ASKS ? EXPLAIN_REQUEST
                                   : EXPLAIN_WORK;
    *waits = p->kind == PHASE_MOVES  ? EXPLAIN_SHARED
             : p->kind == PHASE_ASKS ? EXPLAIN_SERVICE
             : p->name > 0           ? EXPLAIN_SLOWED
                                     : EXPLAIN_CHECKPOINT;
}

/* Backwards: the time alone stands last, the waits before it. */
static void add_phase(const struct timeline *t, const struct timeline_phase *p,
                      struct explain_step step, const struct explain_adder *a)
{
    enum explain_kind own, waits;
    double alone_s = timeline_phase_alone_s(p), to_s = fmin(step.to_s, p->to_s),
           from_s = fmax(step.from_s, p->from_s);
    kinds_of(p, &own, &waits);
    double own_from_s = isnan(alone_s) ? from_s : fmax(from_s, p->to_s - alone_s);
    if (own_from_s - from_s < 1e-12 * to_s) /* rounding of sums of times */
        own_from_s = from_s;
    step.kind = own;
    step.from_s = own_from_s;
    step.to_s = to_s;
    a->add(a->context, &step);
    step.kind = waits;
    step.from_s = from_s;
    step.to_s = own_from_s;
    step.blame = waits == EXPLAIN_SERVICE
                     ? timeline_service_called(t, timeline_flow_name(t, p->name))
                     : step.blame;
    a->add(a->context, &step);
}

void explain_phases(const struct timeline *t, size_t record, const struct explain_step *whole,
                    const struct explain_adder *a)
{
    struct timeline_phase *p;
    struct explain_step rest = *whole;
    int set = workflow_set_of_task(t->workflow, whole->task);
    for (size_t k = timeline_phases_of(t, record, &p); k-- > 0;) {
        if (p[k].to_s <= rest.from_s || p[k].from_s >= rest.to_s)
            continue;
        struct explain_step step = rest;
        step.from_s = fmin(p[k].to_s, rest.to_s);
        a->add(a->context, &step); /* behind the phase */
        rest.to_s = step.from_s;
        step.from_s = fmax(p[k].from_s, rest.from_s);
        step.to_s = rest.to_s;
        step.blame = set;
        add_phase(t, &p[k], step, a);
        rest.to_s = step.from_s;
    }
    a->add(a->context, &rest);
}
