/* What was in use at once on each node. */
#include "traces/importer/task_steps_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/infer.h"

struct node_load { int node; struct infer_load load; };

SORT_BY(compare_nodes, struct node_load, node)

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
    if (!b->r->n_nodes) {             /* of all nodes together */
        const double whole[RESOURCES] = { d->cores,
                                          d->gpus + d->gpu_share / (double)DEMAND_WHOLE_GPU,
                                          (double)d->memory_mib };
        return whole[resource] * d->ranks;
    }
    struct task_place share = task_share(b->r, row, d, place);
    return resource == 0 ? share.cores : resource == 1 ? share.gpus : memory_share(row, d);
}

void place_find_peaks(const struct placer *b, int resource, struct node_use *nodes)
{
    const struct task_records *t = b->r;
    struct node_load *at = xcalloc(2 * (t->n_places + t->n) + 1, sizeof *at);
    struct infer_load *loads = xcalloc(2 * (t->n_places + t->n) + 1, sizeof *loads);
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++) {
        const struct task_row *row = &t->rows[i];
        double end = row->status == TASK_CUT ? INFINITY : row->end_s;
        if (isnan(row->start_s) || isnan(end))
            continue;
        for (size_t k = 0; k < (t->n_nodes ? row->n_places : 1); k++) {
            int node = t->n_nodes ? t->places[row->first_place + k].node : 0;
            double amount = share_of(b, i, k, resource);
            at[n++] = (struct node_load){ node, { row->start_s, amount } };
            at[n++] = (struct node_load){ node, { end, -amount } };
        }
    }
    qsort(at, n, sizeof *at, compare_nodes);
    for (size_t i = 0; i < n; i++)
        loads[i] = at[i].load;
    for (size_t i = 0, first = 0; i < n; i++) {
        if (i + 1 < n && at[i + 1].node == at[i].node)
            continue;
        nodes[at[i].node].most[resource] =
            fmax(nodes[at[i].node].most[resource], infer_peak(loads + first, i + 1 - first));
        first = i + 1;
    }
    xfree(at, loads);
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
