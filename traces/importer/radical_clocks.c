#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "traces/importer/radical_impl.h"

/* Order that is broken by less is rounding; a clock that is off by less is left alone; by more,
 * uncorrected, is refused. */
static const double rounding_s = 0.01, least_offset_s = 1, most_offset_s = 60;

/* A node's clock shows `offset` more than the agent's. Each task that the agent launched there and
 * saw end bounds it: the launch precedes the start, offset <= start - launch; the agent sees the
 * end after the stop, offset >= stop - end. Of a node the median of the middles is taken, if 0 is
 * outside of the median bounds by least_offset_s or more. */
struct node_clock {
    size_t n, violations;
    double *low, *high;                  /* n entries each, NAN unknown */
    double offset_s;
    bool is_off;
};

static bool by_node(const struct radical_task *t)
{
    return t->clock == CLOCK_NODE || t->clock == CLOCK_RANK;
}

static size_t node_of(const struct radical *r, const struct radical_task *t)
{
    /* the last place: unknown */
    return t->n_parts ? r->parts[t->first_part].node : r->n_nodes;
}

/* The first record after the stop that a machine other than the node dates. */
static double seen_ended(const double *at)
{
    static const enum session_event later[] = { EVENT_AGENT_STOP, EVENT_UNSCHEDULE_STOP,
                                                EVENT_AGENT_PUSHED, EVENT_CLIENT_GOT,
                                                EVENT_CLIENT_DONE };
    for (size_t i = 0; i < sizeof later / sizeof *later; i++)
        if (!isnan(at[later[i]]))
            return at[later[i]];
    return NAN;
}

static size_t violations_of(const struct radical_task *t)
{
    const double *at = t->entity->at;
    const double order[] = { at[EVENT_CLIENT_SUBMITTED], at[EVENT_SCHEDULE_OK], t->started_s,
                             t->stopped_s, at[EVENT_UNSCHEDULE_STOP] };
    size_t n = 0;
    double before = NAN;
    for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
        n += order[i] < before - rounding_s;
        before = known_or(order[i], before);
    }
    return n;
}

static void bound(struct node_clock *c, const struct radical_task *t)
{
    const double *at = t->entity->at;
    double launched = known_or(at[EVENT_LAUNCH_START], at[EVENT_SCHEDULE_OK]);
    c->violations += violations_of(t);
    if (!by_node(t))
        return;
    c->low[c->n] = t->stopped_s - seen_ended(at);
    c->high[c->n++] = t->started_s - launched;
}

static void judge(struct node_clock *c)
{
    double low = radical_median(c->low, c->n), high = radical_median(c->high, c->n);
    c->is_off = low >= least_offset_s || high <= -least_offset_s;
    c->offset_s = isnan(low) ? high : isnan(high) ? low : (low + high) / 2;
}

static void correct(struct radical_task *t, double offset_s)
{
    for (int e = EVENT_NODE_START; e <= EVENT_NODE_STOP; e++)
        t->entity->at[e] -= offset_s;
    t->started_s -= offset_s;
    t->stopped_s -= offset_s;
}

/* Second 0 is the earliest record again, once what was too early has moved. */
static void set_zero_again(struct radical *r)
{
    struct session *s = r->session;
    double first = fmin(s->bootstrap_s, s->pilot_active_s), last = 0;
    for (size_t i = 0; i < r->n; i++)
        for (int e = 0; e < SESSION_EVENTS; e++)
            first = fmin(first, r->tasks[i].entity->at[e]);
    for (size_t i = 0; i < r->n; i++) {
        struct radical_task *t = &r->tasks[i];
        for (int e = 0; e < SESSION_EVENTS; e++) {
            t->entity->at[e] -= first;
            last = fmax(last, t->entity->at[e]);
        }
        t->started_s -= first;
        t->stopped_s -= first;
    }
    s->zero_epoch_s += first;
    s->bootstrap_s -= first;
    s->pilot_end_s -= first;
    s->pilot_active_s -= first;
    r->totals.last_s = last;
}

/* Starts and stops that cannot be, by minutes, and that no launch record explains: a makespan from
 * them would be false. */
static int refuse(const struct radical *r, struct error *err)
{
    for (size_t i = 0; i < r->n; i++) {
        const struct radical_task *t = &r->tasks[i];
        const double *at = t->entity->at;
        double early =
            known_or(at[EVENT_SCHEDULE_OK], at[EVENT_CLIENT_SUBMITTED]) - t->started_s;
        double late = t->stopped_s - known_or(at[EVENT_UNSCHEDULE_STOP], seen_ended(at));
        size_t node = node_of(r, t);
        if (early > most_offset_s || late > most_offset_s)
            return error_set(
                err,
                "%s: task %s on node %s %s %.1f s %s: the clock of the node is off, and the launch "
                "records of its tasks do not say by how much; expected submitted <= scheduled <= "
                "started <= stopped <= freed; leave out the profiles of this node's tasks",
                r->session->path, t->uid, node < r->n_nodes ? r->node_names[node] : "(unknown)",
                early > most_offset_s ? "starts" : "stops", early > most_offset_s ? early : late,
                early > most_offset_s ? "before it got its slots"
                                      : "after its slots were free or its end was recorded");
    }
    return 0;
}

static void keep(struct radical *r, const struct node_clock *c)
{
    struct session *s = r->session;
    s->skews = xcalloc(r->n_nodes + 1, sizeof *s->skews);
    for (size_t k = 0; k <= r->n_nodes; k++)
        if (c[k].violations || c[k].is_off)
            s->skews[s->n_skews++] = (struct session_skew){
                .node = k < r->n_nodes ? session_keep(s, r->node_names[k]) : "(unknown)",
                .violations = c[k].violations,
                .offset_s = isnan(c[k].offset_s) ? 0 : c[k].offset_s, .corrected = c[k].is_off,
            };
}

int radical_clocks(struct radical *r, struct error *err)
{
    struct node_clock *clocks = xcalloc(r->n_nodes + 1, sizeof *clocks);
    double *bounds = xcalloc(2 * r->n + 1, sizeof *bounds);
    size_t used = 0, off = 0;
    for (size_t i = 0; i < r->n; i++)
        clocks[node_of(r, &r->tasks[i])].n++;
    for (size_t k = 0; k <= r->n_nodes; k++) {
        clocks[k].low = bounds + used;
        clocks[k].high = bounds + r->n + used;
        used += clocks[k].n;
        clocks[k].n = 0;
    }
    for (size_t i = 0; i < r->n; i++)
        bound(&clocks[node_of(r, &r->tasks[i])], &r->tasks[i]);
    for (size_t k = 0; k <= r->n_nodes; k++) {
        judge(&clocks[k]);
        off += clocks[k].is_off;
    }
    for (size_t i = 0; i < r->n && off; i++) {
        const struct node_clock *c = &clocks[node_of(r, &r->tasks[i])];
        if (c->is_off && by_node(&r->tasks[i]))
            correct(&r->tasks[i], c->offset_s);
    }
    if (off)
        set_zero_again(r);
    keep(r, clocks);
    xfree(bounds, clocks);
    return refuse(r, err);
}
