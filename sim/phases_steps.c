/* One phase after another: a way computes, uses flows, or serves. */
#include <math.h>

#include "sim/phases_impl.h"

static void expect(struct phases *p, uint32_t way, double after_s)
{
    struct driver *d = &p->simulator->drive;
    p->ways[way].pending = true;
    driver_push(d, d->engine.now_s + after_s, EVENT_PHASE, way);
}

/* Computes `work_s` seconds but for what earlier attempts have saved, with its checkpoints. */
static void compute(struct phases *p, uint32_t way, double work_s)
{
    struct way *w = &p->ways[way];
    const struct checkpoint_rule *c = way_checkpoints(p, w);
    double skip_s = w->skip_s < work_s ? w->skip_s : work_s, extra_s = w->extra_s;
    w->skip_s -= skip_s;
    work_s -= skip_s;
    w->done_s += w->phase_s; /* what the last one computed */
    w->phase_s = work_s;
    w->phase_began_s = p->simulator->drive.engine.now_s + extra_s;
    way_note_begin(p, way, w->phase_began_s, work_s * phases_slope(p), NAN);
    w->extra_s = 0;
    w->n_uses = 1;
    expect(p, way,
           work_s * phases_slope(p) + extra_s + checkpoints_in(c, w->done_s, work_s) * c->cost_s);
}

/* What the phase under way uses: its flow, or if it computes, what slows it down; or NO_FLOW. */
static uint32_t flow_of(const struct phases *p, const struct way *w)
{
    uint32_t rule = p->plans[w->set].rule[w->phase];
    return rule == NO_FLOW ? p->plans[w->set].slows : rule;
}

static void use_flow(struct phases *p, uint32_t way, uint32_t node, double amount, double cap)
{
    struct way *w = &p->ways[way];
    uint32_t use = flows_use(p->flows, flow_of(p, w), node, amount, cap, way);
    flows_link(p->flows, use, &w->uses);
    w->n_uses++;
}

/* Each node of the attempt moves what its slots are of the task's; without slots, equal parts.
 * Returns the rate at which it moves all if it has the flows alone. */
static double use_node_flows(struct phases *p, uint32_t way, double amount, double cap)
{
    struct driver *d = &p->simulator->drive;
    const struct pool *pool = dispatch_pool(d->dispatch);
    uint32_t grant = d->attempts.at[p->ways[way].attempt].grant;
    double slots = 0, parts = 0, full = INFINITY;
    struct grant_part part;
    for (struct grant_walk g = { grant, 0 }; pool_next_node(pool, &g, &part); parts++)
        slots += part.n_slots;
    for (struct grant_walk g = { grant, 0 }; pool_next_node(pool, &g, &part);) {
        double share = slots > 0 ? part.n_slots / slots : 1 / parts;
        if (share > 0) {
            use_flow(p, way, part.node, amount * share, cap * share);
            full = fmin(full, flows_rate(p->flows, flow_of(p, &p->ways[way])) / share);
        }
    }
    return full < cap ? full : cap;
}

/* A task of a service: gets ready, then serves until phases_task_over() ends it. */
static void begin_service(struct phases *p, uint32_t way)
{
    struct way *w = &p->ways[way];
    w->n_uses = 1;
    way_note_begin(p, way, p->simulator->drive.engine.now_s, NAN, NAN);
    if (services_is_over(p->services, p->simulator->drive.readiness, w->set)) {
        w->last = w->phase + 1;
        expect(p, way, 0);
        return;
    }
    if (w->phase > 0) {
        services_add(p->services, w->set, way);
        flows_serve(p->flows, (int)w->set, 1);
        return;
    }
    double ready_s = durations_ready(p->simulator->durations, (int)w->set, w->task, w->number);
    expect(p, way, ready_s + w->extra_s);
}

void way_begin_phase(struct phases *p, uint32_t way)
{
    if (p->plans[p->ways[way].set].serves) {
        begin_service(p, way);
        return;
    }
    struct way *w = &p->ways[way];
    struct driver *d = &p->simulator->drive;
    uint32_t rule = flow_of(p, w);
    bool computes = p->plans[w->set].rule[w->phase] == NO_FLOW;
    if (rule != NO_FLOW && w->extra_s > 0) {
        double wait_s = w->extra_s; /* before it moves anything */
        w->extra_s = 0;
        expect(p, way, wait_s);
        return;
    }
    double x = way_amount(p, w, p->plans[w->set].rule[w->phase]);
    w->uses = NO_FLOW;
    w->n_uses = 0;
    if (rule == NO_FLOW) {
        compute(p, way, x);
        return;
    }
    double cap = computes ? d->scenario.workflow->sets[w->set].traits->slowdown.rate
                          : flows_cap(p->flows, rule),
           alone = x * phases_slope(p), now_s = d->engine.now_s;
    x *= computes ? cap * phases_slope(p) : 1;
    if (!computes && way_phase(p, w)->rate > 0 && way_phase(p, w)->rate < cap)
        cap = way_phase(p, w)->rate;
    if (!computes)
        w->phase_began_s = now_s;
    double full = fmin(cap, flows_rate(p->flows, rule));
    if (flows_is_per_node(p->flows, rule) && w->attempt != NOBODY &&
        d->attempts.at[w->attempt].grant != POOL_NONE)
        full = use_node_flows(p, way, x, cap);
    else
        use_flow(p, way, 0, x, cap);
    way_note_begin(p, way, now_s, computes ? alone : x, computes ? cap : full);
}

static void staged_in(struct phases *p, uint32_t way)
{
    struct way w = p->ways[way];
    way_note_staged(p, way);
    p->ways[way].stages_in = false;
    way_forget(p, way);
    p->simulator->out.wait_s[WAIT_AGENT] += p->simulator->drive.engine.now_s - w.began_s;
    driver_staged(
        &p->simulator->drive,
        &(struct submission){ .set = w.set, .first = w.task, .count = 1, .attempt = w.number },
        w.submitted_s);
}

/* What the phase took, which ends now. */
static void add_spent(struct phases *p, const struct way *w)
{
    const struct plan *plan = &p->plans[w->set];
    const struct checkpoint_rule *c = way_checkpoints(p, w);
    double *spent_s = p->simulator->out.spent_s;
    if (plan->serves)
        return;
    double took_s = p->simulator->drive.engine.now_s - w->phase_began_s;
    switch (phases_kind_of_rule(p, plan->rule[w->phase])) {
    case PHASE_MOVES: spent_s[SPENT_MOVING] += took_s; break;
    case PHASE_ASKS: spent_s[SPENT_ASKING] += took_s; break;
    default: spent_s[SPENT_SAVING] += checkpoints_in(c, w->done_s, w->phase_s) * c->cost_s; break;
    }
}

/* The phase that was under way has ended. */
static void way_end_phase(struct phases *p, uint32_t way)
{
    struct way *w = &p->ways[way];
    const struct plan *plan = &p->plans[w->set];
    uint32_t attempt = w->attempt;
    way_note_end(p, way);
    add_spent(p, w);
    w->phase++;
    if (w->phase < w->last) {
        way_begin_phase(p, way);
        return;
    }
    if (w->resumed) {
        way_resumed_staged(p, way);
        return;
    }
    if (w->attempt == NOBODY) {
        staged_in(p, way);
        return;
    }
    if (w->phase <= plan->after) {
        execute_ended(p->simulator, attempt);
        return;
    }
    way_note_staged(p, way);
    way_unlink(p, way);
    way_forget(p, way);
    execute_staged_out(p->simulator, attempt);
}

void phases_on_phase(struct phases *p, uint32_t way)
{
    p->ways[way].pending = false;
    if (p->ways[way].dead)
        way_forget(p, way);
    else if (p->ways[way].cut)
        return;
    else if (p->ways[way].told)
        way_resumed_over(p, way);
    else if (p->ways[way].n_uses == 0)
        way_begin_phase(p, way); /* what came before it is over */
    else
        way_end_phase(p, way);
}

void phases_on_flow(struct phases *p, struct event ev)
{
    for (uint32_t use; (use = flows_ended(p->flows, ev)) != NO_FLOW;) {
        uint32_t way = flows_owner(p->flows, use);
        flows_drop(p->flows, use, &p->ways[way].uses);
        if (--p->ways[way].n_uses == 0)
            way_end_phase(p, way);
    }
}

void phases_task_over(struct phases *p, uint32_t set, bool failed)
{
    const struct readiness *r = p->simulator->drive.readiness;
    for (uint32_t way;
         p->services && (way = services_idle(p->services, r, set, failed)) != SERVICES_NONE;) {
        uint32_t service = p->ways[way].set;
        services_drop(p->services, service, way);
        flows_serve(p->flows, (int)service, -1);
        way_end_phase(p, way);
    }
}
