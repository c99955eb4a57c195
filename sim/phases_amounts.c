/* How much a phase is, and how long it would take alone. */
#include <math.h>

#include "sim/phases_impl.h"

const struct phase *way_phase(const struct phases *p, const struct way *w)
{
    return phases_at(&p->simulator->drive.scenario.workflow->sets[w->set], w->phase);
}

/* What the phase would take alone, s. */
static double alone_s(const struct phases *p, const struct way *w, uint32_t rule, double x)
{
    const struct scenario *s = &p->simulator->drive.scenario;
    struct flow_rule flow;
    if (rule == NO_FLOW || !phases_resolve(s->workflow, s->platform, &s->workflow->sets[w->set],
                                           way_phase(p, w), &flow))
        return x;
    return x / phases_rate_alone(way_phase(p, w), &flow);
}

static double draw(const struct phases *p, const struct way *w)
{
    struct simulator *s = p->simulator;
    if (w->number == 0 && phases_is_duration(way_phase(p, w)))
        return draw_ahead_at(s->draws, 0, w->set, w->task);
    return durations_phase(s->durations, (int)w->set, w->phase, w->task, w->number);
}

double way_amount(struct phases *p, struct way *w, uint32_t rule)
{
    double x = draw(p, w);
    if (w->resumed) {
        x = fmin(x, w->rest);
        w->rest = INFINITY;
    }
    if (w->left == INFINITY)
        return x;
    double alone = alone_s(p, w, rule, x);
    if (alone < w->left) {
        w->left -= alone;
        return x;
    }
    w->last = w->phase + 1;
    return alone > 0 ? x * (w->left / alone) : x;
}

double way_total_alone_s(struct phases *p, struct way *w)
{
    double sum = 0;
    const struct plan *plan = &p->plans[w->set];
    for (w->phase = (uint32_t)plan->inside; w->phase < plan->after; w->phase++)
        sum += alone_s(p, w, plan->rule[w->phase], draw(p, w));
    w->phase = (uint32_t)plan->inside;
    return sum;
}
