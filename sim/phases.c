#include "sim/phases.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "sim/services.h"

#define NO_WAY UINT32_MAX

struct plan {                            /* of a set */
    size_t n, inside, after;             /* phases [inside, after) hold slots */
    uint32_t *rule;                      /* of each phase's flow; NO_FLOW: it computes */
    uint32_t slows;                      /* the flow that it uses while it computes, or NO_FLOW */
    bool serves;                         /* it has two phases: until it is ready, and while it serves */
};
enum { SERVICE_PHASES = 2 };

struct way {
    uint32_t set, task, number;
    uint32_t attempt;                    /* NOBODY: being staged in */
    uint32_t phase, last;                /* under way, or the next; the first that it does not do */
    uint32_t uses, n_uses;               /* of flows, of this phase */
    uint32_t before, next;               /* neighbours in the order of starting, or the free list */
    bool pending, dead;                  /* an event of its own; it was lost, and that event is to come */
    double skip_s, done_s, phase_s;      /* of computing: saved by earlier attempts and still to skip,
                                            done in this one before this phase, in this phase */
    double phase_began_s;
    double extra_s, submitted_s;
    double left;                         /* of what it would take alone, until it fails */
    double began_s;
};

struct phases {
    struct simulator *simulator;
    struct flows *flows;
    struct services *services;           /* NULL: no set serves */
    struct plan *plans;                  /* by set */
    size_t most;                         /* phases of a set */
    struct way *ways;
    size_t n_ways, room;
    uint32_t unused, first, last;        /* free list; attempts under way, oldest first */
    double *ends;                        /* most x ways */
    size_t ends_room;
    uint32_t *way_of;                    /* by attempt */
    size_t way_of_room;
    double *notified_s;                  /* by task, of those that are staged out; NULL: none is */
    double *saved_s;                     /* by task: computing up to its last checkpoint; NULL: none */
};

/* ---- plans ---- */

/* What only computes has a phase too if its end may change. */
static size_t count_phases(const struct phases *p, const struct task_set *set)
{
    const struct platform *platform = p->simulator->drive.scenario.platform;
    size_t n = phases_count(set);
    bool changes = platform->failures.mtbf_s > 0 || set->checkpoint.interval_s > 0 ||
                   set->slowdown.flow;
    return set->service.serves ? SERVICE_PHASES : n == 0 && changes ? 1 : n;
}

static void make_plan(struct phases *p, size_t i, const struct task_set *set)
{
    struct plan *plan = &p->plans[i];
    plan->serves = set->service.serves;
    plan->slows = flows_of_slowdown(p->flows, set);
    plan->n = plan->after = count_phases(p, set);
    p->most = plan->n > p->most ? plan->n : p->most;
    if (plan->n == 0 || plan->serves)
        return;
    plan->rule = xcalloc(plan->n, sizeof *plan->rule);
    while (phases_at(set, plan->inside)->staging == STAGING_OUTSIDE)
        plan->inside++;
    while (phases_at(set, plan->after - 1)->staging == STAGING_OUTSIDE)
        plan->after--;
    for (size_t k = 0; k < plan->n; k++) {
        const struct phase *phase = phases_at(set, k);
        plan->rule[k] = phase->flow ? flows_find(p->flows, set, phase) : NO_FLOW;
    }
    if (plan->after < plan->n && !p->notified_s)
        p->notified_s = xcalloc(p->simulator->drive.scenario.workflow->n_tasks,
                                sizeof *p->notified_s);
}

static bool saves_any(const struct workflow *w)
{
    for (size_t i = 0; i < w->n_sets; i++)
        if (w->sets[i].checkpoint.interval_s > 0)
            return true;
    return false;
}

struct phases *phases_new(struct simulator *s)
{
    const struct workflow *w = s->drive.scenario.workflow;
    bool fails = s->drive.scenario.platform->failures.mtbf_s > 0, saves = saves_any(w);
    if (!phases_any(w) && !fails && !saves)
        return NULL;
    struct phases *p = xcalloc(1, sizeof *p);
    p->simulator = s;
    p->flows = flows_new(&s->drive);
    p->services = services_new(w);
    p->plans = xcalloc(w->n_sets, sizeof *p->plans);
    for (size_t i = 0; i < w->n_sets; i++)
        make_plan(p, i, &w->sets[i]);
    if (saves && (fails || s->drive.scenario.allocation.jobs > 1))
        p->saved_s = xcalloc(w->n_tasks, sizeof *p->saved_s);
    return p;
}

void phases_free(struct phases *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->simulator->drive.scenario.workflow->n_sets; i++)
        free(p->plans[i].rule);
    flows_free(p->flows);
    services_free(p->services);
    free(p->plans);
    free(p->ways);
    free(p->ends);
    free(p->way_of);
    free(p->notified_s);
    free(p->saved_s);
    free(p);
}

void phases_begin(struct phases *p, bool goes_on)
{
    flows_begin(p->flows);
    if (p->services)
        services_begin(p->services);
    const struct workflow *w = p->simulator->drive.scenario.workflow;
    for (size_t t = 0; p->notified_s && t < w->n_tasks; t++)
        p->notified_s[t] = NAN;
    for (size_t t = 0; p->saved_s && !goes_on && t < w->n_tasks; t++)
        p->saved_s[t] = 0;
    p->n_ways = 0;
    p->unused = p->first = p->last = NO_WAY;
}

bool phases_has(const struct phases *p, uint32_t set)
{
    return p->plans[set].n > 0;
}

/* ---- ways ---- */

static uint32_t new_way(struct phases *p)
{
    uint32_t way = p->unused;
    if (way != NO_WAY) {
        p->unused = p->ways[way].next;
        return way;
    }
    xgrow(&p->ways, &p->room, p->n_ways + 1, sizeof *p->ways);
    xgrow(&p->ends, &p->ends_room, (p->n_ways + 1) * p->most, sizeof *p->ends);
    return (uint32_t)p->n_ways++;
}

static void forget(struct phases *p, uint32_t way)
{
    p->ways[way].next = p->unused;
    p->unused = way;
}

static void append(struct phases *p, uint32_t way)
{
    p->ways[way].before = p->last;
    p->ways[way].next = NO_WAY;
    *(p->last == NO_WAY ? &p->first : &p->ways[p->last].next) = way;
    p->last = way;
}

static void unlink_way(struct phases *p, uint32_t way)
{
    const struct way *w = &p->ways[way];
    *(w->before == NO_WAY ? &p->first : &p->ways[w->before].next) = w->next;
    *(w->next == NO_WAY ? &p->last : &p->ways[w->next].before) = w->before;
}

static void set_way(struct phases *p, uint32_t attempt, uint32_t way)
{
    xgrow(&p->way_of, &p->way_of_room, (size_t)attempt + 1, sizeof *p->way_of);
    p->way_of[attempt] = way;
}

double phases_oldest_s(const struct phases *p)
{
    return p->first == NO_WAY ? INFINITY : p->ways[p->first].began_s;
}

const double *phases_ends(const struct phases *p, uint32_t attempt, size_t *n)
{
    const struct way *w = &p->ways[p->way_of[attempt]];
    *n = w->phase - p->plans[w->set].inside;
    return p->ends + (size_t)p->way_of[attempt] * p->most;
}

/* ---- one phase ---- */

static const struct phase *phase_of(const struct phases *p, const struct way *w)
{
    return phases_at(&p->simulator->drive.scenario.workflow->sets[w->set], w->phase);
}

/* What the phase would take alone, s. */
static double alone_s(const struct phases *p, const struct way *w, uint32_t rule, double x)
{
    const struct scenario *s = &p->simulator->drive.scenario;
    struct flow_rule flow;
    if (rule == NO_FLOW || !phases_resolve(s->workflow, s->platform, &s->workflow->sets[w->set],
                                           phase_of(p, w), &flow))
        return x;
    return x / phases_rate_alone(phase_of(p, w), &flow);
}

static double draw(const struct phases *p, const struct way *w)
{
    struct simulator *s = p->simulator;
    if (w->number == 0 && phases_is_duration(phase_of(p, w)))
        return draw_ahead_at(s->draws, 0, w->set, w->task);
    return durations_phase(s->durations, (int)w->set, w->phase, w->task, w->number);
}

/* How much of the phase it does: less if the attempt fails in it, which is its last then. */
static double amount_of(struct phases *p, struct way *w, uint32_t rule)
{
    double x = draw(p, w);
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

static double total_alone_s(struct phases *p, struct way *w)
{
    double sum = 0;
    const struct plan *plan = &p->plans[w->set];
    for (w->phase = (uint32_t)plan->inside; w->phase < plan->after; w->phase++)
        sum += alone_s(p, w, plan->rule[w->phase], draw(p, w));
    w->phase = (uint32_t)plan->inside;
    return sum;
}

static void expect(struct phases *p, uint32_t way, double after_s)
{
    struct driver *d = &p->simulator->drive;
    p->ways[way].pending = true;
    driver_push(d, d->engine.now_s + after_s, EVENT_PHASE, way);
}

static const struct checkpoint_rule *checkpoints_of(const struct phases *p, const struct way *w)
{
    return &p->simulator->drive.scenario.workflow->sets[w->set].checkpoint;
}

static double slope_of(const struct phases *p)
{
    return p->simulator->instant_end ? 1
                                     : p->simulator->drive.scenario.middleware->execute_slope;
}

/* Computes `work_s` seconds but for what earlier attempts have saved, with its checkpoints. */
static void compute(struct phases *p, uint32_t way, double work_s)
{
    struct way *w = &p->ways[way];
    const struct checkpoint_rule *c = checkpoints_of(p, w);
    double skip_s = w->skip_s < work_s ? w->skip_s : work_s, extra_s = w->extra_s;
    w->skip_s -= skip_s;
    work_s -= skip_s;
    w->done_s += w->phase_s;             /* what the last one computed */
    w->phase_s = work_s;
    w->phase_began_s = p->simulator->drive.engine.now_s + extra_s;
    w->extra_s = 0;
    w->n_uses = 1;
    expect(p, way, work_s * slope_of(p) + extra_s + checkpoints_in(c, w->done_s, work_s) * c->cost_s);
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

/* Each node of the attempt moves what its slots are of the task's; without slots, equal parts. */
static void use_node_flows(struct phases *p, uint32_t way, double amount, double cap)
{
    struct driver *d = &p->simulator->drive;
    const struct pool *pool = dispatch_pool(d->dispatch);
    uint32_t grant = d->attempts.at[p->ways[way].attempt].grant;
    double slots = 0, parts = 0;
    for (uint32_t g = grant; g != POOL_NONE; g = pool_grant_next(pool, g), parts++)
        slots += pool_grant_part(pool, g).n_slots;
    for (uint32_t g = grant; g != POOL_NONE; g = pool_grant_next(pool, g)) {
        struct grant_part part = pool_grant_part(pool, g);
        double share = slots > 0 ? part.n_slots / slots : 1 / parts;
        if (share > 0)
            use_flow(p, way, part.node, amount * share, cap * share);
    }
}

/* A task of a service: gets ready, then serves until phases_task_over() ends it. */
static void begin_service(struct phases *p, uint32_t way)
{
    struct way *w = &p->ways[way];
    w->n_uses = 1;
    if (services_is_over(p->services, w->set)) {
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

static void begin_phase(struct phases *p, uint32_t way)
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
        double wait_s = w->extra_s;      /* before it moves anything */
        w->extra_s = 0;
        expect(p, way, wait_s);
        return;
    }
    double x = amount_of(p, w, p->plans[w->set].rule[w->phase]);
    w->uses = NO_FLOW;
    w->n_uses = 0;
    if (rule == NO_FLOW) {
        compute(p, way, x);
        return;
    }
    double cap = computes ? d->scenario.workflow->sets[w->set].slowdown.rate
                          : flows_cap(p->flows, rule);
    x *= computes ? cap * slope_of(p) : 1;
    if (!computes && phase_of(p, w)->rate > 0 && phase_of(p, w)->rate < cap)
        cap = phase_of(p, w)->rate;
    if (flows_is_per_node(p->flows, rule) && w->attempt != NOBODY &&
        d->attempts.at[w->attempt].grant != POOL_NONE)
        use_node_flows(p, way, x, cap);
    else
        use_flow(p, way, 0, x, cap);
}

static void staged_in(struct phases *p, uint32_t way)
{
    struct way w = p->ways[way];
    forget(p, way);
    p->simulator->out.wait_s[WAIT_AGENT] += p->simulator->drive.engine.now_s - w.began_s;
    driver_staged(&p->simulator->drive,
                  &(struct submission){ .set = w.set, .first = w.task, .count = 1,
                                        .attempt = w.number },
                  w.submitted_s);
}

/* The phase that was under way has ended. */
static void end_phase(struct phases *p, uint32_t way)
{
    struct way *w = &p->ways[way];
    const struct plan *plan = &p->plans[w->set];
    if (w->phase >= plan->inside && w->phase < plan->after)
        p->ends[(size_t)way * p->most + w->phase - plan->inside] =
            p->simulator->drive.engine.now_s;
    w->phase++;
    if (w->phase < w->last) {
        begin_phase(p, way);
        return;
    }
    if (w->attempt == NOBODY) {
        staged_in(p, way);
        return;
    }
    if (w->phase <= plan->after) {
        execute_ended(p->simulator, w->attempt);
        return;
    }
    unlink_way(p, way);
    forget(p, way);
    execute_staged_out(p->simulator, w->attempt);
}

void phases_on_phase(struct phases *p, uint32_t way)
{
    p->ways[way].pending = false;
    if (p->ways[way].dead)
        forget(p, way);
    else if (p->ways[way].n_uses == 0)
        begin_phase(p, way);             /* what came before it is over */
    else
        end_phase(p, way);
}

void phases_on_flow(struct phases *p, struct event ev)
{
    for (uint32_t use; (use = flows_ended(p->flows, ev)) != NO_FLOW;) {
        uint32_t way = flows_owner(p->flows, use);
        flows_drop(p->flows, use, &p->ways[way].uses);
        if (--p->ways[way].n_uses == 0)
            end_phase(p, way);
    }
}

void phases_task_over(struct phases *p, uint32_t set, bool failed)
{
    const struct readiness *r = p->simulator->drive.readiness;
    for (uint32_t way; p->services &&
                       (way = services_idle(p->services, r, set, failed)) != SERVICES_NONE;) {
        uint32_t service = p->ways[way].set;
        services_drop(p->services, service, way);
        flows_serve(p->flows, (int)service, -1);
        end_phase(p, way);
    }
}

/* ---- where a way begins and ends ---- */

/* What checkpoints have kept of the task; NULL: nothing is kept. */
static double *saved(const struct phases *p, const struct attempt *a)
{
    const struct workflow *w = p->simulator->drive.scenario.workflow;
    return p->saved_s ? &p->saved_s[w->sets[a->set].first_task + a->task] : NULL;
}

void phases_start(struct phases *p, uint32_t attempt, double extra_s)
{
    struct driver *d = &p->simulator->drive;
    const struct attempt *a = &d->attempts.at[attempt];
    const struct plan *plan = &p->plans[a->set];
    uint32_t way = new_way(p);
    struct way *w = &p->ways[way];
    *w = (struct way){ .set = a->set, .task = a->task, .number = driver_tries(d, a),
                       .attempt = attempt, .skip_s = saved(p, a) ? *saved(p, a) : 0,
                       .phase = (uint32_t)plan->inside, .last = (uint32_t)plan->after,
                       .uses = NO_FLOW, .extra_s = extra_s, .left = INFINITY,
                       .began_s = d->engine.now_s };
    double share;
    if (!plan->serves &&
        durations_fails(p->simulator->durations, (int)a->set, a->task, w->number, &share))
        w->left = share * total_alone_s(p, w);
    append(p, way);
    set_way(p, attempt, way);
    if (a->started_s > d->engine.now_s) {
        w->pending = true;
        driver_push(d, a->started_s, EVENT_PHASE, way);
    } else
        begin_phase(p, way);
}

/* How many of at most `most` checkpoints are over `run_s` after a phase began, `since_s` of computing
 * after the one before. O(1). */
static double checkpoints_by(const struct phases *p, const struct checkpoint_rule *c, double since_s,
                             double run_s, double most)
{
    double slope = slope_of(p), each_s = c->interval_s * slope + c->cost_s;
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
    const struct checkpoint_rule *c = checkpoints_of(p, w);
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
    if (!p->plans[w->set].serves && saved(p, a) && checkpoints_of(p, w)->interval_s > 0)
        *saved(p, a) += saved_now_s(p, w);
}

void phases_lose(struct phases *p, uint32_t attempt)
{
    uint32_t way = p->way_of[attempt];
    struct way *w = &p->ways[way];
    bool serves = p->plans[w->set].serves;
    if (serves && services_drop(p->services, w->set, way))
        flows_serve(p->flows, (int)w->set, -1);
    if (!serves)
        flows_stop(p->flows, &w->uses);
    phases_keep(p, attempt);
    unlink_way(p, way);
    if (w->pending)
        w->dead = true;
    else
        forget(p, way);
}

bool phases_stages_out(const struct phases *p, const struct attempt *a)
{
    return p->plans[a->set].after < p->plans[a->set].n && !a->fails;
}

void phases_note_notified(struct phases *p, const struct attempt *a, double notified_s)
{
    const struct workflow *w = p->simulator->drive.scenario.workflow;
    p->notified_s[w->sets[a->set].first_task + a->task] = notified_s;
}

void phases_add_notified(const struct phases *p, struct timeline *t, size_t n)
{
    for (size_t i = 0; p->notified_s && i < n; i++) {
        struct timeline_record *r = &t->records[i];
        double late_s = p->notified_s[r->task];
        if (isnan(r->notified_s) && t->status[i] == TASK_DONE && late_s >= r->freed_s)
            r->notified_s = late_s;
    }
}

bool phases_stage_out(struct phases *p, uint32_t attempt)
{
    uint32_t way = p->way_of[attempt];
    struct way *w = &p->ways[way];
    const struct plan *plan = &p->plans[w->set];
    if (phases_stages_out(p, &p->simulator->drive.attempts.at[attempt])) {
        w->phase = (uint32_t)plan->after;
        w->last = (uint32_t)plan->n;
        w->left = INFINITY;
        begin_phase(p, way);
        return true;
    }
    unlink_way(p, way);
    forget(p, way);
    return false;
}

bool phases_stage_in(void *simulator, const struct submission *part, double submitted_s)
{
    struct phases *p = ((struct simulator *)simulator)->phases;
    if (!p || p->plans[part->set].inside == 0)
        return false;
    for (uint32_t t = 0; t < part->count; t++) {
        uint32_t way = new_way(p);
        p->ways[way] = (struct way){ .set = part->set, .task = part->first + t,
                                     .number = part->attempt, .attempt = NOBODY,
                                     .last = (uint32_t)p->plans[part->set].inside,
                                     .uses = NO_FLOW, .submitted_s = submitted_s,
                                     .left = INFINITY,
                                     .began_s = p->simulator->drive.engine.now_s };
        begin_phase(p, way);
    }
    return true;
}
