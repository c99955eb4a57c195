/* What was in use at once on each node. */
#include "traces/importer/task_steps_impl.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"

/* When something starts and ends to be in use on a node: a place of a row, or, without named nodes,
 * a row. */
struct turns {
    size_t n;
    struct sort_key *keys; /* by time; items: its number, doubled, 1 more for its end */
    uint32_t *row_of; /* of each place; NULL: it is the row */
};

const struct demand *place_demand_of(const struct placer *b, size_t row)
{
    return &b->d->tasks[b->d->task_of[row]].demand;
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

static struct turns find_turns(const struct task_records *t)
{
    struct turns turns = { .n = 0 };
    size_t most = t->n_nodes ? t->n_places : t->n;
    turns.keys = xcalloc(2 * most + 1, sizeof *turns.keys);
    turns.row_of = t->n_nodes ? xcalloc(most + 1, sizeof *turns.row_of) : NULL;
    for (size_t i = 0; i < t->n; i++) {
        const struct task_row *row = &t->rows[i];
        double end = row->status == TASK_CUT ? INFINITY : row->end_s;
        if (isnan(row->start_s) || isnan(end))
            continue;
        size_t n = t->n_nodes ? row->n_places : 1, first = t->n_nodes ? row->first_place : i;
        for (size_t place = first; place < first + n; place++) {
            turns.keys[turns.n++] = (struct sort_key){ sort_key_of(row->start_s), 2 * place };
            turns.keys[turns.n++] = (struct sort_key){ sort_key_of(end), 2 * place + 1 };
            if (turns.row_of)
                turns.row_of[place] = (uint32_t)i;
        }
    }
    sort_keys(turns.keys, turns.n);
    return turns;
}

struct change {
    int node;
    double amount;
};

SORT_BY_2(compare_changes, struct change, node, amount)

static struct change change_of(const struct placer *b, const struct turns *t, size_t item,
                               int resource)
{
    size_t place = item / 2, row = t->row_of ? t->row_of[place] : place;
    double amount = share_of(b, row, t->row_of ? place - b->r->rows[row].first_place : 0, resource);
    return (struct change){ t->row_of ? b->r->places[place].node : 0, item % 2 ? -amount : amount };
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

void place_find_peaks(const struct placer *b, struct node_use *nodes)
{
    struct turns turns = find_turns(b->r);
    double *sums = xcalloc(b->r->n_nodes + 1, sizeof *sums);
    struct change *changes = NULL;
    size_t room = 0;
    for (int resource = 0; resource < RESOURCES; resource++) {
        for (size_t i = 0; i <= b->r->n_nodes; i++)
            sums[i] = 0;
        for (size_t i = 0, n = 0; i < turns.n; i++) {
            xgrow(&changes, &room, n + 1, sizeof *changes);
            changes[n++] = change_of(b, &turns, turns.keys[i].item, resource);
            if (i + 1 < turns.n && turns.keys[i + 1].key == turns.keys[i].key)
                continue;
            add_changes(changes, n, resource, sums, nodes);
            n = 0;
        }
    }
    xfree(turns.keys, turns.row_of, sums, changes);
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
