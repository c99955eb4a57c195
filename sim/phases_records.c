/* What a timeline records of phases: when each was under way, and how much it was. */
#include <math.h>

#include "base/xalloc.h"
#include "sim/phases_impl.h"

static struct timeline_phase *did_of(const struct phases *p, uint32_t way, size_t phase)
{
    return &p->did[(size_t)way * p->most + phase];
}

enum phase_kind phases_kind_of_rule(const struct phases *p, uint32_t rule)
{
    return rule == NO_FLOW                                         ? PHASE_COMPUTES
           : rule < p->simulator->drive.scenario.platform->n_flows ? PHASE_MOVES
                                                                   : PHASE_ASKS;
}

/* Of a service's way it is given by the phase, else by what the phase uses. */
static enum phase_kind kind_of(const struct phases *p, const struct way *w)
{
    if (p->plans[w->set].serves)
        return w->phase > 0 ? PHASE_SERVES : PHASE_LOADS;
    return phases_kind_of_rule(p, p->plans[w->set].rule[w->phase]);
}

/* The number of its flow's rule, counted as in sim/flows.h; 0: it has none. */
static uint16_t name_of(const struct phases *p, const struct way *w)
{
    const struct plan *plan = &p->plans[w->set];
    size_t own = p->simulator->drive.scenario.platform->n_flows;
    if (plan->serves)
        return (uint16_t)(own + w->set + 1);
    uint32_t rule = plan->rule[w->phase];
    rule = rule == NO_FLOW ? plan->slows : rule;
    return rule == NO_FLOW ? 0 : (uint16_t)(rule + 1);
}

void way_note_begin(struct phases *p, uint32_t way, double from_s, double amount, double full_rate)
{
    const struct way *w = &p->ways[way];
    if (p->noted)
        *did_of(p, way, w->phase) = (struct timeline_phase){ .from_s = from_s,
                                                             .to_s = NAN,
                                                             .amount = amount,
                                                             .full_rate = full_rate,
                                                             .kind = (uint8_t)kind_of(p, w),
                                                             .name = name_of(p, w) };
}

void way_note_end(struct phases *p, uint32_t way)
{
    if (p->noted)
        did_of(p, way, p->ways[way].phase)->to_s = p->simulator->drive.engine.now_s;
}

void way_note_cut(struct phases *p, uint32_t way)
{
    struct timeline_phase *phase = did_of(p, way, p->ways[way].phase);
    if (!p->noted || p->ways[way].n_uses == 0)
        return;
    phase->to_s = p->simulator->drive.engine.now_s;
    phase->amount = NAN;
    phase->cut = true;
}

void way_note_left(struct phases *p, uint32_t way, double left)
{
    struct timeline_phase *phase = did_of(p, way, p->ways[way].phase);
    if (!p->noted)
        return;
    phase->to_s = p->simulator->drive.engine.now_s;
    phase->amount -= left;
    phase->cut = true;
    if (!p->ways[way].resumed)
        way_note_staged(p, way);
}

/* Where the phases of a task that are staged outside are kept, the first of them. */
static struct timeline_phase *outside_of(const struct phases *p, uint32_t set, uint32_t task)
{
    const struct plan *plan = &p->plans[set];
    return &p->outside[plan->first_outside + task * (plan->inside + plan->n - plan->after)];
}

void way_note_staged(struct phases *p, uint32_t way)
{
    const struct way *w = &p->ways[way];
    const struct plan *plan = &p->plans[w->set];
    if (!p->noted)
        return;
    if (!p->outside) {
        p->outside = xcalloc(p->n_outside, sizeof *p->outside);
        phases_forget_staged(p);
    }
    bool in = w->attempt == NOBODY;
    struct timeline_phase *to = outside_of(p, w->set, w->task) + (in ? 0 : plan->inside);
    size_t first = in ? 0 : plan->after, n = in ? plan->inside : plan->n - plan->after;
    for (size_t k = 0; k < n && first + k <= w->phase; k++)
        to[k] = *did_of(p, way, first + k);
}

void phases_forget_staged(struct phases *p)
{
    for (size_t k = 0; p->outside && k < p->n_outside; k++)
        p->outside[k].to_s = NAN;
}

void phases_end_staging_in(struct phases *p)
{
    for (uint32_t way = 0; p->noted && way < p->n_ways; way++) {
        if (p->ways[way].stages_in)
            way_note_left(p, way, flows_stop(p->flows, &p->ways[way].uses));
    }
}

/* ---- to a timeline ---- */

/* Numbers of rules become names: of flows and of sets that serve. */
static struct timeline_phase named(const struct phases *p, struct timeline *t,
                                   struct timeline_phase phase)
{
    const struct scenario *s = &p->simulator->drive.scenario;
    size_t own = s->platform->n_flows;
    if (phase.name > 0) {
        size_t rule = phase.name - 1U;
        phase.name = timeline_name_flow(t, rule < own ? s->platform->flows[rule].name
                                                      : s->workflow->sets[rule - own].name);
    }
    return phase;
}

static void add(const struct phases *p, struct timeline *t, struct timeline_phase phase)
{
    phase = named(p, t, phase);
    timeline_add_phase(t, &phase);
}

/* Before its slots were given. Each is added once: an attempt is staged in anew. */
static void add_staged_in(struct phases *p, struct timeline *t, uint32_t set, uint32_t task)
{
    for (size_t k = 0; p->noted && p->outside && k < p->plans[set].inside; k++) {
        struct timeline_phase *phase = &outside_of(p, set, task)[k];
        if (isnan(phase->to_s))
            return;
        add(p, t, *phase);
        phase->to_s = NAN;
    }
}

void phases_add_unplaced(struct phases *p, struct timeline *t, uint32_t task)
{
    const struct workflow *w = p->simulator->drive.scenario.workflow;
    int set = workflow_set_of_task(w, task);
    add_staged_in(p, t, (uint32_t)set, task - w->sets[set].first_task);
}

bool phases_is_unplaced(const struct phases *p, uint32_t task)
{
    const struct workflow *w = p->simulator->drive.scenario.workflow;
    uint32_t set = (uint32_t)workflow_set_of_task(w, task);
    return p->noted && p->outside && p->plans[set].inside > 0 &&
           !isnan(outside_of(p, set, task - w->sets[set].first_task)->to_s);
}

/* What the way did up to now: its last phase inside the slots may be under way, and is cut then. */
static void add_way(struct phases *p, struct timeline *t, uint32_t way)
{
    const struct way *w = &p->ways[way];
    const struct plan *plan = &p->plans[w->set];
    add_staged_in(p, t, w->set, w->task);
    if (!w->cut && w->phase < w->last)
        way_note_cut(p, way); /* if it goes on, its end is noted anew */
    for (size_t k = plan->inside; k < plan->after && k <= w->phase && k < w->last; k++) {
        struct timeline_phase phase = *did_of(p, way, k);
        if ((k == w->phase && w->n_uses == 0) || phase.from_s > phase.to_s)
            break; /* it has not begun */
        add(p, t, phase);
    }
}

void phases_add_to(struct phases *p, struct timeline *t, uint32_t attempt)
{
    const struct attempt *a = &p->simulator->drive.attempts.at[attempt];
    const struct plan *plan = &p->plans[a->set];
    uint32_t way = p->noted && plan->n > 0 ? phases_begun_way(p, attempt) : NO_WAY;
    if (way == NO_WAY) {
        add_staged_in(p, t, a->set, a->task);
        return;
    }
    add_way(p, t, way);
    for (size_t k = plan->after; phases_stages_out(p, a) && k < plan->n; k++)
        timeline_add_phase(t, &(struct timeline_phase){ .from_s = NAN, .to_s = NAN });
}

void phases_add_lost(struct phases *p, struct timeline *t, uint32_t attempt)
{
    const struct attempt *a = &p->simulator->drive.attempts.at[attempt];
    if (p->noted && p->lost != NO_WAY)
        add_way(p, t, p->lost);
    else
        add_staged_in(p, t, a->set, a->task);
    p->lost = NO_WAY;
}

void phases_note_notified(struct phases *p, const struct attempt *a, double notified_s)
{
    const struct workflow *w = p->simulator->drive.scenario.workflow;
    p->notified_s[w->sets[a->set].first_task + a->task] = notified_s;
}

/* Where places were left for what is staged out: those that were staged, the last perhaps cut. */
static void fill_places(const struct phases *p, struct timeline *t, size_t record)
{
    uint32_t task = t->records[record].task;
    int set = workflow_set_of_task(t->workflow, task);
    const struct plan *plan = &p->plans[set];
    size_t places = p->noted ? plan->n - plan->after : 0, done = 0;
    struct timeline_phase *first;
    size_t n = timeline_phases_of(t, record, &first);
    if (places == 0 || n == 0 || !isnan(first[n - 1].from_s))
        return;
    const struct timeline_phase *staged =
        p->outside ? outside_of(p, (uint32_t)set, task - t->workflow->sets[set].first_task) +
                         plan->inside
                   : NULL;
    while (staged && done < places && !isnan(staged[done].to_s))
        done++;
    timeline_drop_phases(t, record, places - done);
    for (size_t k = 0; k < done; k++)
        first[n - places + k] = named(p, t, staged[k]);
}

void phases_add_notified(const struct phases *p, struct timeline *t, size_t n)
{
    for (size_t i = 0; p->notified_s && i < n; i++) {
        struct timeline_record *r = &t->records[i];
        double late_s = p->notified_s[r->task];
        if (isnan(r->notified_s) && t->status[i] == TASK_DONE && late_s >= r->freed_s)
            r->notified_s = late_s;
        fill_places(p, t, i);
    }
}

void phases_add_resumed(const struct phases *p, struct timeline *t, uint32_t way, double by_s)
{
    const struct way *w = &p->ways[way];
    for (uint32_t k = w->first_phase; p->noted && k < w->last && k <= w->phase; k++) {
        struct timeline_phase phase = named(p, t, *did_of(p, way, k));
        phase.from_s += by_s;
        phase.to_s += by_s;
        timeline_add_phase(t, &phase);
    }
}
