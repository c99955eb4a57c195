/* What was in use at once on each node. */
#include "traces/importer/task_steps_impl.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"

/* What is in use on a node, a place of a row or (without named nodes) a row: in the order in which
 * they start, and in which they end. */
struct uses {
    size_t n;
    uint32_t *by_start, *by_end;
    uint32_t *row_of;                    /* of each place; NULL: it is the row */
};

const struct demand *place_demand_of(const struct placer *b, size_t row)
{
    return b->d->tasks[b->d->task_of[row]].demand;
}

static double memory_share(const struct task_row *row, const struct demand *d)
{
    return (double)d->memory_mib *
           ceil((double)d->ranks / (row->n_places ? (double)row->n_places : 1));
}

static double share_of(const struct placer *b, size_t i, size_t place, int resource)
{
    const struct task_row *row = &b->r->rows[i];
    const struct demand *d = place_demand_of(b, i);
    if (!b->r->n_nodes) { /* of all nodes together */
        const double whole[RESOURCES] = { d->cores,
                                          d->gpus + d->gpu_share / (double)DEMAND_WHOLE_GPU,
                                          (double)d->memory_mib };
        return whole[resource] * d->ranks;
    }
    struct task_place share = task_share(b->r, row, d, place);
    return resource == 0 ? share.cores : resource == 1 ? share.gpus : memory_share(row, d);
}

static double end_of(const struct task_row *row)
{
    return row->status == TASK_CUT ? INFINITY : row->end_s;
}

static double start_at(const struct placer *b, const struct uses *u, size_t place)
{
    return b->r->rows[u->row_of ? u->row_of[place] : place].start_s;
}

static double end_at(const struct placer *b, const struct uses *u, size_t place)
{
    return end_of(&b->r->rows[u->row_of ? u->row_of[place] : place]);
}

/* Places of rows with a start and an end. */
static struct uses list_uses(const struct task_records *t)
{
    size_t most = t->n_nodes ? t->n_places : t->n;
    struct uses u = { .by_start = xcalloc(most + 1, sizeof *u.by_start),
                      .by_end = xcalloc(most + 1, sizeof *u.by_end),
                      .row_of = t->n_nodes ? xcalloc(most + 1, sizeof *u.row_of) : NULL };
    for (size_t i = 0; i < t->n; i++) {
        const struct task_row *row = &t->rows[i];
        if (isnan(row->start_s) || isnan(end_of(row)))
            continue;
        size_t n = t->n_nodes ? row->n_places : 1, first = t->n_nodes ? row->first_place : i;
        for (size_t place = first; place < first + n; place++) {
            u.by_start[u.n] = u.by_end[u.n] = (uint32_t)place;
            u.n++;
            if (u.row_of)
                u.row_of[place] = (uint32_t)i;
        }
    }
    return u;
}

static void sort_places(const struct placer *b, const struct uses *u, uint32_t *places, bool ends)
{
    struct sort_key *keys = xcalloc(u->n + 1, sizeof *keys);
    for (size_t k = 0; k < u->n; k++) {
        double at_s = ends ? end_at(b, u, places[k]) : start_at(b, u, places[k]);
        keys[k] = (struct sort_key){ sort_key_of(at_s), places[k] };
    }
    sort_keys(keys, u->n);
    for (size_t k = 0; k < u->n; k++)
        places[k] = (uint32_t)keys[k].item;
    free(keys);
}

struct change {
    int node;
    double amount;
};

SORT_BY_2(compare_changes, struct change, node, amount)

/* One place's, as it starts, or as it ends (sign -1). */
static struct change change_of(const struct placer *b, const struct uses *u, size_t place,
                               int resource, int sign)
{
    size_t row = u->row_of ? u->row_of[place] : place;
    double amount = share_of(b, row, u->row_of ? place - b->r->rows[row].first_place : 0, resource);
    return (struct change){ u->row_of ? b->r->places[place].node : 0, sign < 0 ? -amount : amount };
}

/* At one instant the least come first: what ends, and then what begins. */
static void add_changes(struct change *changes, size_t n, int resource, double *sums,
                        struct node_use *nodes)
{
    sort_items(changes, n, sizeof *changes, compare_changes);
    for (size_t k = 0; k < n; k++) {
        double *most = &nodes[changes[k].node].most[resource], *sum = &sums[changes[k].node];
        *sum += changes[k].amount;
        *most = fmax(*most, *sum);
    }
}

/* All changes of one resource, instant by instant. */
static void find_peaks(const struct placer *b, const struct uses *u, int resource, double *sums,
                       struct node_use *nodes)
{
    struct change *changes = NULL;
    size_t room = 0, started = 0, ended = 0;
    while (started < u->n || ended < u->n) {
        size_t n = 0;
        double start_s = started < u->n ? start_at(b, u, u->by_start[started]) : INFINITY,
               end_s = ended < u->n ? end_at(b, u, u->by_end[ended]) : INFINITY,
               at_s = fmin(start_s, end_s);
        for (; started < u->n && start_at(b, u, u->by_start[started]) == at_s; started++) {
            xgrow(&changes, &room, n + 1, sizeof *changes);
            changes[n++] = change_of(b, u, u->by_start[started], resource, 1);
        }
        for (; ended < u->n && end_at(b, u, u->by_end[ended]) == at_s; ended++) {
            xgrow(&changes, &room, n + 1, sizeof *changes);
            changes[n++] = change_of(b, u, u->by_end[ended], resource, -1);
        }
        add_changes(changes, n, resource, sums, nodes);
    }
    free(changes);
}

void place_find_peaks(const struct placer *b, struct node_use *nodes)
{
    struct uses u = list_uses(b->r);
    double *sums = xcalloc(b->r->n_nodes + 1, sizeof *sums);
    sort_places(b, &u, u.by_start, false);
    sort_places(b, &u, u.by_end, true);
    for (int resource = 0; resource < RESOURCES; resource++) {
        for (size_t i = 0; i <= b->r->n_nodes; i++)
            sums[i] = 0;
        find_peaks(b, &u, resource, sums, nodes);
    }
    xfree(u.by_start, u.by_end, u.row_of, sums);
}

void place_raise_to(double most[RESOURCES], const struct demand *d)
{
    most[0] = fmax(most[0], d->cores);
    most[1] = fmax(most[1], d->gpus + (d->gpu_share > 0));
    most[2] = fmax(most[2], (double)d->memory_mib);
}

void place_raise_to_recorded(struct node_use *node, const struct task_node *recorded)
{
    const double sizes[RESOURCES] = { recorded->cores, recorded->gpus, recorded->memory_mib };
    for (int k = 0; k < RESOURCES; k++)
        node->most[k] = later_known(node->most[k], sizes[k]);
}

size_t place_count_unrecorded(const struct task_records *r)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n_nodes; i++)
        n += isnan(r->nodes[i].cores);
    return n;
}

void place_round_up(double most[RESOURCES])
{
    for (int k = 0; k < RESOURCES; k++)
        most[k] = ceil(most[k] - 1e-6);
}

double place_ranks_on(const double most[RESOURCES], const struct demand *d)
{
    double n = d->cores ? floor(most[0] / d->cores) : MOST_RANKS;
    if (d->gpus)
        n = fmin(n, floor(most[1] / d->gpus));
    if (d->gpu_share)
        n = fmin(n, floor(most[1]) * (DEMAND_WHOLE_GPU / d->gpu_share));
    return d->memory_mib ? fmin(n, floor(most[2] / (double)d->memory_mib)) : n;
}
