/* What checkpoints keep of a task's computing. */
#include <math.h>

#include "sim/phases_impl.h"

const struct checkpoint_rule *way_checkpoints(const struct phases *p, const struct way *w)
{
    return &p->simulator->drive.scenario.workflow->sets[w->set].traits->checkpoint;
}

double phases_slope(const struct phases *p)
{
    return p->simulator->instant_end ? 1 : p->simulator->drive.scenario.middleware->execute_slope;
}

double *phases_saved(const struct phases *p, const struct attempt *a)
{
    const struct workflow *w = p->simulator->drive.scenario.workflow;
    return p->saved_s ? &p->saved_s[w->sets[a->set].first_task + a->task] : NULL;
}

/* How many of at most `most` checkpoints are over `run_s` after a phase began, `since_s` of
 * computing after the one before. O(1). */
static double checkpoints_by(const struct phases *p, const struct checkpoint_rule *c,
                             double since_s, double run_s, double most)
{
    double slope = phases_slope(p), each_s = c->interval_s * slope + c->cost_s;
    double n = fmin(most, fmax(0, floor((run_s + since_s * slope) / each_s)));
    if (n < most && (n + 1) * each_s - since_s * slope <= run_s)
        n++; /* the division rounded */
    else if (n > 0 && n * each_s - since_s * slope > run_s)
        n--;
    return n;
}

/* Computing in this attempt up to its last checkpoint by now. */
static double saved_now_s(const struct phases *p, const struct way *w)
{
    const struct checkpoint_rule *c = way_checkpoints(p, w);
    bool computes = w->n_uses > 0 && p->plans[w->set].rule[w->phase] == NO_FLOW;
    double before_s = w->done_s + (computes ? 0 : w->phase_s),
           run_s = p->simulator->drive.engine.now_s - w->phase_began_s,
           first = floor(before_s / c->interval_s), n = 0;
    if (computes)
        n = checkpoints_by(p, c, before_s - first * c->interval_s, run_s,
                           checkpoints_in(c, before_s, w->phase_s));
    return (first + n) * c->interval_s;
}

void phases_keep(struct phases *p, uint32_t attempt)
{
    const struct way *w = &p->ways[p->way_of[attempt]];
    const struct attempt *a = &p->simulator->drive.attempts.at[attempt];
    if (!p->plans[w->set].serves && phases_saved(p, a) && way_checkpoints(p, w)->interval_s > 0)
        *phases_saved(p, a) += saved_now_s(p, w);
}
