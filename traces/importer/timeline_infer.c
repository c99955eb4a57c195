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

double timeline_row_duration(const struct timeline_row *row)
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
        double d = timeline_row_duration(&r->rows[i]);
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
