#include "traces/could_start.h"

#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "core/task_deps.h"

/* ---- parents ---- */

/* When the last of a link's parents stopped; NAN: one has no known stop. */
static double last_stop(const struct session *s, const size_t *record, uint32_t first, uint32_t n)
{
    double last_s = -INFINITY;
    for (uint32_t t = first; t < first + n; t++) {
        double stop_s =
            record[t] == SIZE_MAX ? (double)NAN : s->timeline->records[record[t]].stopped_s;
        last_s = later_of_both(last_s, stop_s);
    }
    return last_s;
}

static void take_dependency(struct could_start *out, const struct session *s, const size_t *record,
                            int set, const struct dependency *d)
{
    const struct workflow *w = s->workflow;
    struct task_deps deps = task_deps_of(w, set, d);
    struct task_link link;
    while (task_deps_next(&deps, &link)) {
        double stop_s =
            last_stop(s, record, w->sets[d->parent].first_task + link.parent, link.n_parents);
        for (uint32_t t = 0; t < link.n_children; t++) {
            size_t child = record[w->sets[set].first_task + link.child + t];
            if (child != SIZE_MAX)
                out[child].parents_s = later_of_both(out[child].parents_s, stop_s);
        }
    }
}

/* Of last attempts. An earlier attempt's parents were over, too, but a later one waited for
 * something else. */
static void take_parents(struct could_start *out, const struct session *s)
{
    size_t *record = timeline_last_attempts(s->timeline);
    for (size_t i = 0; i < s->timeline->n; i++)
        out[i].parents_s = timeline_attempt(s->timeline, i) > 0 ? (double)NAN : -INFINITY;
    for (size_t k = 0; k < s->workflow->n_sets; k++)
        for (size_t d = 0; d < s->workflow->sets[k].n_dependencies; d++)
            take_dependency(out, s, record, (int)k, &s->workflow->sets[k].dependencies[d]);
    free(record);
}

/* ---- room ---- */

struct need { /* one demand of the workflow */
    struct slot_demand demand;
    double fits; /* tasks (one node) or ranks that fit now, over all nodes */
};

struct free_room {
    double slots, gpus;
}; /* on a node; may fall below 0 where more ran than there is room for */

enum { NO_NODE = -1 };

struct change {
    double at_s;
    size_t record;
    bool takes;
    int node; /* that joins, and gives its room; NO_NODE: the record's room changes */
};

/* A task takes its room when it could start, not when it did: else the next one seems to have had
 * that room already. */
struct rooms {
    const struct session *session;
    bool pooled; /* no slots recorded: one node stands for all */
    size_t n_needs, n_nodes, n_past, past_room;
    struct need *needs;
    size_t *need_of; /* of each set */
    struct free_room *nodes;
    struct change *past; /* all that led to what is free now, in order of time */
};

/* Back in time, and beyond the instant at which the task was ready; room that was free so long is
 * taken for always free. */
enum { MOST_STEPS = 1000, MOST_STEPS_BEYOND = 64 };

static double gpus_of(const struct slot_demand *d)
{
    return d->gpus + (double)d->gpu_share / DEMAND_WHOLE_GPU;
}

/* Ranks that fit on a node; of a task on one node 1 if all do. */
static double fitting(const struct need *n, struct free_room room)
{
    const double ranks =
        fmin(n->demand.slots > 0 ? floor(room.slots / n->demand.slots) : INFINITY,
             gpus_of(&n->demand) > 0 ? floor(room.gpus / gpus_of(&n->demand) + 1e-9) : INFINITY);
    if (isinf(ranks))
        return n->demand.ranks;
    return n->demand.one_node ? ranks >= n->demand.ranks : fmax(0, ranks);
}

static bool fits(const struct need *n)
{
    return n->fits >= (n->demand.one_node ? 1 : n->demand.ranks);
}

static struct need *need_of(const struct rooms *r, size_t record)
{
    return &r->needs[r->need_of[workflow_set_of_task(r->session->workflow,
                                                     r->session->timeline->records[record].task)]];
}

/* For all needs; or for one alone, where the others will soon be as they are. */
static void change_node(struct rooms *r, struct need *alone, size_t node, double slots, double gpus)
{
    struct free_room before = r->nodes[node], after = { before.slots + slots, before.gpus + gpus };
    r->nodes[node] = after;
    for (struct need *n = alone ? alone : r->needs; n < (alone ? alone + 1 : r->needs + r->n_needs);
         n++)
        n->fits += fitting(n, after) - fitting(n, before);
}

/* `sign` -1: the record's slots are taken; 1: they are free again. */
static void apply(struct rooms *r, struct need *alone, size_t record, double sign)
{
    struct timeline_slots slots;
    if (r->pooled) {
        const struct slot_demand *d = &need_of(r, record)->demand;
        change_node(r, alone, 0, sign * d->ranks * d->slots, sign * d->ranks * gpus_of(d));
        return;
    }
    for (bool more = timeline_slots_first(r->session->timeline, record, &slots); more;
         more = timeline_slots_next(&slots))
        change_node(r, alone, slots.node, sign * (double)slots.n_cores,
                    sign * (double)slots.n_gpus *
                        (slots.gpu_share > 0 ? (double)slots.gpu_share / DEMAND_WHOLE_GPU : 1));
}

static void join(struct rooms *r, struct need *alone, size_t node, double sign)
{
    const struct node_shape *shape = platform_node(r->session->platform, node);
    change_node(r, alone, r->pooled ? 0 : node, sign * node_shape_usable(shape),
                sign * shape->n_gpus);
}

/* `sign` 1: as it came; -1: taken back. */
static void change_room(struct rooms *r, struct need *alone, const struct change *c, double sign)
{
    if (c->node != NO_NODE)
        join(r, alone, (size_t)c->node, sign);
    else
        apply(r, alone, c->record, c->takes ? -sign : sign);
}

/* Back in time until the record's task does not fit. */
static double room_since(struct rooms *r, size_t record, double ready_s)
{
    struct need *n = need_of(r, record);
    size_t at = r->n_past, last = r->n_past > MOST_STEPS ? r->n_past - MOST_STEPS : 0, beyond = 0;
    double since_s = fits(n) ? -INFINITY : (double)NAN;
    while (at > last && isinf(since_s) && beyond < MOST_STEPS_BEYOND) {
        beyond += r->past[at - 1].at_s < ready_s;
        change_room(r, n, &r->past[--at], -1);
        if (!fits(n))
            since_s = r->past[at].at_s;
    }
    for (; at < r->n_past; at++)
        change_room(r, n, &r->past[at], 1);
    return since_s;
}

static void add_past(struct rooms *r, struct change c)
{
    xgrow(&r->past, &r->past_room, r->n_past + 1, sizeof *r->past);
    size_t at = r->n_past++;
    for (; at > 0 && r->past[at - 1].at_s > c.at_s; at--)
        r->past[at] = r->past[at - 1];
    r->past[at] = c;
    change_room(r, NULL, &c, 1);
}

static void add_node(struct rooms *r, const struct node_shape *shape)
{
    struct free_room *room = &r->nodes[r->pooled ? 0 : r->n_nodes];
    bool there = !(shape->joins_s > 0);
    room->slots += there ? node_shape_usable(shape) : 0;
    room->gpus += there ? shape->n_gpus : 0;
    r->n_nodes += !r->pooled || r->n_nodes == 0;
}

static void add_needs(struct rooms *r)
{
    const struct workflow *w = r->session->workflow;
    r->needs = xcalloc(w->n_sets + 1, sizeof *r->needs);
    r->need_of = xcalloc(w->n_sets + 1, sizeof *r->need_of);
    for (size_t k = 0; k < w->n_sets; k++) {
        struct slot_demand d = platform_slots(r->session->platform, &w->sets[k].traits->demand);
        d.memory_mib = 0;
        d.one_node = d.one_node && !r->pooled;
        size_t at = 0;
        while (at < r->n_needs && !slot_demand_equal(&r->needs[at].demand, &d))
            at++;
        r->need_of[k] = at;
        r->needs[at].demand = d;
        r->n_needs += at == r->n_needs;
    }
}

static struct rooms rooms_of(const struct session *s)
{
    struct rooms r = { .session = s, .pooled = !timeline_has_slots(s->timeline) };
    r.nodes = xcalloc(s->platform->n_nodes + 1, sizeof *r.nodes);
    for (size_t i = 0; i < s->platform->n_nodes; i++)
        add_node(&r, platform_node(s->platform, i));
    add_needs(&r);
    for (size_t k = 0; k < r.n_needs; k++)
        for (size_t i = 0; i < r.n_nodes; i++)
            r.needs[k].fits += fitting(&r.needs[k], r.nodes[i]);
    return r;
}

/* At one instant ends come first. */
SORT_BY_4(in_time, struct change, at_s, takes, record, node)

static struct change *changes_of(const struct session *s, size_t *n)
{
    const struct timeline *t = s->timeline;
    struct change *list = xcalloc(2 * t->n + s->platform->n_nodes + 1, sizeof *list);
    *n = 0;
    for (size_t i = 0; i < s->platform->n_nodes; i++) {
        double joins_s = platform_node(s->platform, i)->joins_s;
        if (joins_s > 0)
            list[(*n)++] = (struct change){ joins_s, 0, false, (int)i };
    }
    for (size_t i = 0; i < t->n; i++) {
        const struct timeline_record *r = &t->records[i];
        if (!is_known(r->started_s) || r->stopped_s <= r->started_s)
            continue; /* one that took no time took no room */
        list[(*n)++] = (struct change){ r->started_s, i, true, NO_NODE };
        if (is_known(r->stopped_s))
            list[(*n)++] = (struct change){ r->stopped_s, i, false, NO_NODE };
    }
    qsort(list, *n, sizeof *list, in_time);
    return list;
}

/* When it was submitted and its parents were over; -INFINITY: neither is known. */
static double ready_s(const struct could_start *c)
{
    return fmax(known_or(c->submitted_s, -INFINITY), known_or(c->parents_s, -INFINITY));
}

static double could_s(const struct could_start *c, double started_s)
{
    double from_s = fmax(ready_s(c), known_or(c->room_s, -INFINITY));
    return isfinite(from_s) && from_s < started_s ? from_s : started_s;
}

static void take_room(struct could_start *out, const struct session *s)
{
    struct rooms r = rooms_of(s);
    size_t n;
    struct change *list = changes_of(s, &n);
    for (size_t i = 0; i < n; i++) {
        struct change c = list[i];
        if (c.takes) {
            out[c.record].room_s = room_since(&r, c.record, ready_s(&out[c.record]));
            c.at_s = could_s(&out[c.record], c.at_s);
        }
        add_past(&r, c);
    }
    xfree(list, r.past, r.needs, r.need_of, r.nodes);
}

struct could_start *could_start_of(const struct session *s)
{
    struct could_start *out = xcalloc(s->timeline->n + 1, sizeof *out);
    for (size_t i = 0; i < s->timeline->n; i++)
        out[i] = (struct could_start){ session_submission_s(s, i), NAN, NAN };
    take_parents(out, s);
    take_room(out, s);
    return out;
}
