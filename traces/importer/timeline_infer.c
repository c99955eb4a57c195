#include "traces/importer/timeline_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/infer.h"

enum { MOST_RETRIES = 250 };             /* what a workflow file may say */

/* --- tasks ------------------------------------------------------------------------------------ */

struct row_key { int set; uint32_t task, attempt; size_t row; };

SORT_BY_4(compare_keys, struct row_key, set, task, attempt, row)

static struct row_key *sorted_rows(const struct timeline_rows *r)
{
    struct row_key *keys = xcalloc(r->n, sizeof *keys);
    for (size_t i = 0; i < r->n; i++)
        keys[i] = (struct row_key){ r->rows[i].set, r->rows[i].task, r->rows[i].attempt, i };
    qsort(keys, r->n, sizeof *keys, compare_keys);
    return keys;
}

/* Numbers the tasks of each set through, fills the sets' sizes and retries. */
static void number_tasks(const struct timeline_rows *r, const struct row_key *keys,
                         struct workflow *w, struct session *s, uint32_t *task_of)
{
    size_t again = 0, renumbered = 0;
    for (size_t k = 0; k < r->n; k++) {
        const struct row_key *key = &keys[k], *before = k ? &keys[k - 1] : NULL;
        struct task_set *set = &w->sets[key->set];
        bool same_set = before && before->set == key->set,
             same_task = same_set && before->task == key->task;
        if (!same_set)
            set->n_tasks = 0;
        if (same_task && before->attempt == key->attempt) {
            task_of[key->row] = TIMELINE_NO_TASK;
            again++;
            continue;
        }
        set->n_tasks += !same_task;
        task_of[key->row] = set->n_tasks - 1;
        renumbered += key->task != set->n_tasks - 1;
        if ((int)key->attempt > set->traits->retries)
            task_traits_own(set)->retries =
                key->attempt < MOST_RETRIES ? (int)key->attempt : MOST_RETRIES;
    }
    session_note(s, again, "rows", "the same attempt of the same task again");
    session_note(s, renumbered, "rows", "numbers of tasks have gaps: numbered anew");
}

/* Measured, or NAN. */
static double duration_of(const struct timeline_row *row)
{
    double d = row->at[INSTANT_STOPPED] - row->at[INSTANT_STARTED];
    return row->status == TASK_DONE && d >= 0 && isfinite(d) ? d : (double)NAN;
}

static void set_durations(const struct timeline_rows *r, struct workflow *w, struct session *s,
                          const uint32_t *task_of)
{
    size_t unknown = 0;
    for (size_t k = 0; k < w->n_sets; k++) {
        w->sets[k].durations = xcalloc(w->sets[k].n_tasks, sizeof *w->sets[k].durations);
        for (uint32_t i = 0; i < w->sets[k].n_tasks; i++)
            w->sets[k].durations[i] = NAN;
    }
    for (size_t i = 0; i < r->n; i++) {
        double d = duration_of(&r->rows[i]);
        if (task_of[i] != TIMELINE_NO_TASK && !isnan(d))
            w->sets[r->rows[i].set].durations[task_of[i]] = d;
    }
    for (size_t k = 0; k < w->n_sets; k++)
        unknown += infer_durations(w->sets[k].durations, NULL, w->sets[k].n_tasks);
    session_note(s, unknown, "tasks",
                 "not done, or without start and stop: the mean duration of their set is taken");
}

/* --- demands ---------------------------------------------------------------------------------- */

/* What the rows of one set say of its demand: sums of the first that has slots, and over the parts
 * of all with the same sums the largest unit that each part is a multiple of. */
struct unit {
    bool known;
    size_t first_part;                   /* of the first row, as the next three */
    uint32_t parts;
    uint32_t cores, gpus;                /* sums */
    uint32_t unit_cores, unit_gpus;
    int32_t share;
};

static struct unit unit_of_row(const struct timeline_rows *r, const struct timeline_row *row)
{
    struct unit u = { .known = true, .parts = (uint32_t)row->n_parts,
                      .first_part = row->first_part };
    for (size_t k = 0; k < row->n_parts; k++) {
        const struct timeline_part *p = &r->parts[row->first_part + k];
        u.cores += p->n_cores;
        u.gpus += p->n_gpus;
        u.unit_cores = infer_common_divisor(u.unit_cores, p->n_cores);
        u.unit_gpus = p->gpu_share ? 1 : infer_common_divisor(u.unit_gpus, p->n_gpus);
        u.share = p->n_gpus ? p->gpu_share : u.share;
    }
    return u;
}

/* One more row of the set; false: it took something else. */
static bool join_unit(struct unit *u, const struct unit *row)
{
    if (!u->known) {
        *u = *row;
        return true;
    }
    if (u->cores != row->cores || u->gpus != row->gpus || u->share != row->share)
        return false;
    u->unit_cores = infer_common_divisor(u->unit_cores, row->unit_cores);
    u->unit_gpus = infer_common_divisor(u->unit_gpus, row->unit_gpus);
    return true;
}

/* How many such ranks a node holds; at most `most`. */
static int64_t room_on(int n_slots, int n_gpus, const struct demand *d, int64_t most)
{
    int64_t n = most;
    if (d->cores > 0 && n_slots / d->cores < n)
        n = n_slots / d->cores;
    return d->gpus > 0 && n_gpus / d->gpus < n ? n_gpus / d->gpus : n;
}

/* Have the nodes of the file, or (if it lists none) the parts of the row, room for all ranks at
 * once? */
static bool has_room(const struct timeline_rows *r, const struct unit *u, const struct demand *d)
{
    int64_t room = 0;
    for (size_t k = 0; k < r->n_listed && room < d->ranks; k++)
        room += room_on(r->listed[k].n_slots - (int)r->listed[k].n_blocked, r->listed[k].n_gpus, d,
                        d->ranks);
    for (size_t k = 0; !r->n_listed && k < u->parts && room < d->ranks; k++)
        room += room_on((int)r->parts[u->first_part + k].n_cores,
                        (int)r->parts[u->first_part + k].n_gpus, d, d->ranks);
    return room >= d->ranks;
}

static struct demand equal_ranks(const struct unit *u, uint32_t ranks)
{
    return (struct demand){ .ranks = (int)ranks, .cores = (int)(u->cores / ranks),
                            .gpus = (int32_t)(u->gpus / ranks) };
}

/* Parts with both cores and GPUs, else with cores, else with GPUs: as many ranks, as small as the
 * smallest. The nodes held these. */
static struct demand smallest_parts(const struct timeline_rows *r, const struct unit *u)
{
    for (int kind = 0; kind < 3; kind++) {
        struct demand d = { .cores = kind < 2 ? INT32_MAX : 0, .gpus = kind != 1 ? INT32_MAX : 0 };
        for (size_t k = 0; k < u->parts; k++) {
            int cores = (int)r->parts[u->first_part + k].n_cores,
                gpus = (int)r->parts[u->first_part + k].n_gpus;
            if ((kind < 2 && !cores) || (kind != 1 && !gpus))
                continue;
            d.ranks++;
            d.cores = cores < d.cores ? cores : d.cores;
            d.gpus = gpus < d.gpus ? gpus : d.gpus;
        }
        if (d.ranks)
            return d;
    }
    return (struct demand){ .ranks = 1, .cores = 1 };
}

/* Equal ranks of exactly the sums, as large as there is room for; else of less. */
static struct demand uneven_demand(const struct timeline_rows *r, const struct unit *u)
{
    struct demand by_parts = equal_ranks(u, infer_ranks(u->cores, u->gpus, u->parts));
    struct demand finest = equal_ranks(u, infer_ranks(u->cores, u->gpus, 0));
    if (has_room(r, u, &by_parts))
        return by_parts;
    return has_room(r, u, &finest) ? finest : smallest_parts(r, u);
}

static struct demand demand_of(const struct timeline_rows *r, const struct unit *u, bool *uneven)
{
    uint32_t by_cores = u->unit_cores ? u->cores / u->unit_cores : 0,
             by_gpus = u->unit_gpus ? u->gpus / u->unit_gpus : 0;
    struct demand d = { .ranks = (int)(by_gpus ? by_gpus : by_cores), .cores = (int)u->unit_cores,
                        .gpus = (int32_t)u->unit_gpus };
    *uneven = false;
    if (d.ranks == 0)
        return (struct demand){ .ranks = 1, .cores = 1 };
    if (by_cores &&
        by_gpus) { /* as many ranks as the coarser says, if the finer is whole in them */
        uint32_t ranks = by_cores < by_gpus && !u->share ? by_cores : by_gpus;
        d = equal_ranks(u, ranks);
        *uneven = u->cores % ranks || u->gpus % ranks || !has_room(r, u, &d);
        if (*uneven)
            d = uneven_demand(r, u);
    }
    if (u->share) {
        d.gpus = 0;
        d.gpu_share = u->share;
    }
    return d;
}

static void set_demands(const struct timeline_rows *r, struct workflow *w, struct session *s)
{
    struct unit *units = xcalloc(w->n_sets, sizeof *units);
    size_t other = 0, n_uneven = 0, unknown = 0;
    for (size_t i = 0; i < r->n; i++) {
        if (!r->rows[i].n_parts)
            continue;
        struct unit u = unit_of_row(r, &r->rows[i]);
        other += !join_unit(&units[r->rows[i].set], &u);
    }
    for (size_t k = 0; k < w->n_sets; k++) {
        bool uneven;
        task_traits_own(&w->sets[k])->demand = demand_of(r, &units[k], &uneven);
        n_uneven += uneven;
        unknown += units[k].cores + units[k].gpus == 0;
    }
    session_note(s, other, "rows", "took other slots than the first of their set");
    session_note(s, n_uneven, "sets",
                 "their tasks' parts are not whole ranks: equal ranks of the same totals, or (no "
                 "room) of the smallest part");
    session_note(s, unknown, "sets", "no slots recorded: one core a task is assumed");
    free(units);
}

struct workflow *timeline_infer_workflow(const struct timeline_rows *r, struct session *s,
                                         uint32_t *task_of, struct error *err)
{
    struct workflow *w = workflow_new(s->name, r->n_sets);
    struct row_key *keys = sorted_rows(r);
    for (size_t k = 0; k < r->n_sets; k++)
        w->sets[k].name = xstrdup(r->sets[k]);
    number_tasks(r, keys, w, s, task_of);
    set_durations(r, w, s, task_of);
    set_demands(r, w, s);
    w->source = str_format("inferred from the timeline %s; dependencies unknown", s->path);
    session_note(s, w->n_sets, "sets", "a timeline holds no dependencies: none are assumed");
    free(keys);
    if (workflow_finish(w, err) == 0)
        return w;
    error_prefix(err, "%s: ", s->path);
    workflow_free(w);
    return NULL;
}

/* --- platform --------------------------------------------------------------------------------- */

struct named_node { const char *name; int number; };

static int compare_nodes(const void *a, const void *b)
{
    return infer_compare_names(((const struct named_node *)a)->name,
                               ((const struct named_node *)b)->name);
}

static void highest_ids(const struct timeline_rows *r, int *cores, int *gpus)
{
    for (size_t k = 0; k < r->n_parts; k++) {
        const uint16_t *id = r->ids + r->parts[k].first_id;
        for (uint32_t i = 0; i < r->parts[k].n_cores; i++, id++)
            *cores = *id >= *cores ? *id + 1 : *cores;
        for (uint32_t i = 0; i < r->parts[k].n_gpus; i++, id++)
            *gpus = *id >= *gpus ? *id + 1 : *gpus;
    }
}

/* Most cores in use at once, by the demands. */
static double peak_cores(const struct timeline_rows *r, const struct workflow *w)
{
    struct infer_load *loads = xcalloc(2 * r->n, sizeof *loads);
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        const struct timeline_row *row = &r->rows[i];
        const struct demand *d = &w->sets[row->set].traits->demand;
        if (isnan(duration_of(row)))
            continue;
        loads[n++] = (struct infer_load){ row->at[INSTANT_STARTED], (double)d->ranks * d->cores };
        loads[n++] = (struct infer_load){ row->at[INSTANT_STOPPED], -(double)d->ranks * d->cores };
    }
    double peak = infer_peak(loads, n);
    free(loads);
    return peak;
}

/* Nodes in the order of the platform: those that are listed in the file's order, then the others in
 * natural order. */
static void order_nodes(const struct timeline_rows *r, int *node_of, const char **names)
{
    struct named_node *others = xcalloc(r->n_nodes, sizeof *others);
    size_t n = 0, n_others = 0;
    for (size_t k = 0; k < r->n_nodes; k++)
        node_of[k] = -1;
    for (; n < r->n_listed; n++)
        node_of[r->listed[n].node] = (int)n;
    for (size_t k = 0; k < r->n_nodes; k++)
        if (node_of[k] < 0)
            others[n_others++] = (struct named_node){ r->nodes[k], (int)k };
    sort_items(others, n_others, sizeof *others, compare_nodes);
    for (size_t k = 0; k < n_others; k++)
        node_of[others[k].number] = (int)n++;
    for (size_t k = 0; k < r->n_nodes; k++)
        names[node_of[k]] = r->nodes[k];
    free(others);
}

static bool same_kind(const struct timeline_rows *r, const struct timeline_node *a,
                      const struct timeline_node *b)
{
    return a->n_slots == b->n_slots && a->n_gpus == b->n_gpus && a->n_blocked == b->n_blocked &&
           (!a->n_blocked || !memcmp(r->ids + a->first_blocked, r->ids + b->first_blocked,
                                     a->n_blocked * sizeof *r->ids));
}

static struct node_shape shape_of(const struct timeline_rows *r, const struct timeline_node *node)
{
    struct node_shape shape = { .name = xstrdup("node"), .cores = node->n_slots,
                                .threads_per_core = 1, .n_slots = node->n_slots,
                                .n_gpus = node->n_gpus, .n_blocked = node->n_blocked };
    shape.blocked = xcalloc(node->n_blocked + 1, sizeof *shape.blocked);
    for (size_t i = 0; i < node->n_blocked; i++)
        shape.blocked[i] = r->ids[node->first_blocked + i];
    return shape;
}

/* Gives nodes that the file lists the slots that it lists; the first shape is that of nodes that it
 * does not. */
static void set_listed_shapes(const struct timeline_rows *r, struct platform *p)
{
    size_t room = p->n_shapes;
    const struct timeline_node *before = NULL;
    for (size_t k = 0; k < r->n_listed; before = &r->listed[k++]) {
        if (!before || !same_kind(r, before, &r->listed[k])) {
            xgrow(&p->shapes, &room, p->n_shapes + 1, sizeof *p->shapes);
            p->shapes[p->n_shapes++] = shape_of(r, &r->listed[k]);
        }
        p->shape_of[k] = (uint16_t)(p->n_shapes - 1);
    }
    if (r->n_listed < p->n_nodes || !r->n_listed)
        return;
    xfree(p->shapes[0].name, p->shapes[0].blocked);
    memmove(p->shapes, p->shapes + 1, --p->n_shapes * sizeof *p->shapes);
    for (size_t k = 0; k < p->n_nodes; k++)
        p->shape_of[k]--;
}

struct platform *timeline_infer_platform(const struct timeline_rows *r, const struct workflow *w,
                                         struct session *s, int *node_of)
{
    int cores = 0, gpus = 0;
    highest_ids(r, &cores, &gpus);
    if (!r->n_nodes) {
        double peak = peak_cores(r, w);
        session_note(s, 1, "platform",
                     "no nodes recorded: one that holds what ran at once is assumed");
        return infer_platform(s->name, 1,
                              peak < 1                 ? 1
                              : peak > NODE_MOST_SLOTS ? NODE_MOST_SLOTS
                                                       : (int)peak,
                              0, NULL, "assumed: the timeline names no nodes");
    }
    const char **names = xcalloc(r->n_nodes, sizeof *names);
    order_nodes(r, node_of, names);
    session_note(s, r->n_listed ? r->n_nodes - r->n_listed : 0, "nodes",
                 "in rows of tasks only: slots up to the highest id in use");
    struct platform *p =
        infer_platform(s->name, r->n_nodes, cores ? cores : 1, gpus, names,
                       r->n_listed ? "the nodes of a timeline"
                                   : "inferred from a timeline: the nodes that were used, slots "
                                     "and GPUs up to the highest ids");
    set_listed_shapes(r, p);
    free(names);
    return p;
}
