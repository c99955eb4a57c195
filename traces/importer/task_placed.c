/* The platform that a table of tasks speaks of: the nodes named, of kinds by what ran where. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/infer.h"
#include "traces/importer/task_steps_impl.h"

#define MORE_THAN_A_NODE                                                                           \
    "more than " RESOURCE_DIGITS(NODE_MOST_SLOTS) " cores or " RESOURCE_DIGITS(NODE_MOST_GPUS)     \
    " GPUs in use on one node: cut to that"

enum { MOST_UNNAMED = 1000000 };

/* Tasks whose rows name no nodes must fit somewhere too: nodes that are assumed beside those named,
 * of which the largest such task needs *n_nodes. Returns how many tasks need them. */
static size_t fit_others(const struct placer *b, const struct kind *kinds, size_t n,
                         struct kind *other, size_t *n_nodes)
{
    size_t count = 0;
    double most = 0;
    *other = (struct kind){ .partition = -1, .stem = "" };
    for (size_t i = 0; i < b->d->n; i++) {
        const struct demand *d = b->d->tasks[i].demand;
        double room = 0;
        for (size_t k = 0; k < n && room < d->ranks; k++)
            room += (double)kinds[k].n_nodes * place_ranks_on(kinds[k].most, d);
        if (room >= d->ranks)
            continue;
        place_raise_to(other->most, d);
        most = fmax(most, d->ranks);
        count++;
    }
    *n_nodes = (size_t)most;
    return count;
}

static size_t cut(double most[RESOURCES])
{
    bool large = most[0] > NODE_MOST_SLOTS || most[1] > NODE_MOST_GPUS;
    most[0] = fmin(fmax(most[0], 1), NODE_MOST_SLOTS);
    most[1] = fmin(most[1], NODE_MOST_GPUS);
    return large;
}

static int add_shape(struct platform *p, struct kind *kind, const char *name)
{
    size_t same_name = 0;
    for (size_t s = 0; s < p->n_shapes; s++) {
        const struct node_shape *shape = &p->shapes[s];
        if (shape->cores == (int)kind->most[0] && shape->n_gpus == (int)kind->most[1] &&
            shape->memory_mib == (int64_t)kind->most[2] && shape->joins_s == kind->joins_s)
            return (int)s;
        same_name += str_starts(shape->name, name);
    }
    p->shapes = xrealloc(p->shapes, p->n_shapes + 1, sizeof *p->shapes);
    p->shapes[p->n_shapes] = (struct node_shape){
        .name = same_name ? str_format("%s.%zu", name, same_name + 1) : xstrdup(name),
        .cores = (int)kind->most[0], .threads_per_core = 1,
        .n_slots = (int)kind->most[0], .n_gpus = (int)kind->most[1],
        .memory_mib = (int64_t)kind->most[2],
        .joins_s = kind->joins_s,
    };
    return (int)p->n_shapes++;
}

struct placed_node { const char *name; int number, shape; };

SORT_ORDER(compare_placed, struct placed_node,
           SORT_FIRST(shape) infer_compare_names(x->name, y->name))

/* Puts the records' nodes in the platform's order: by kind, then by name. */
static void place_nodes(struct placer *b, struct platform *p, const struct node_use *nodes,
                        const struct kind *kinds)
{
    const struct task_records *t = b->r;
    struct placed_node *placed = xcalloc(t->n_nodes, sizeof *placed);
    for (size_t i = 0; i < t->n_nodes; i++)
        placed[i] = (struct placed_node){ t->nodes[i].name, (int)i, kinds[nodes[i].kind].shape };
    qsort(placed, t->n_nodes, sizeof *placed, compare_placed);
    for (size_t i = 0; i < t->n_nodes; i++) {
        p->shape_of[i] = (uint16_t)placed[i].shape;
        p->node_names[i] = xstrdup(placed[i].name);
        b->placed.node_of[placed[i].number] = (int)i;
    }
    p->n_nodes = t->n_nodes;
    free(placed);
}

static void add_assumed(const struct placer *b, struct platform *p, size_t n, int shape)
{
    for (size_t i = 1; n; i++) {
        char *name = str_format("assumed-%zu", i);
        if (name_index_find(b->r->memory.node_index, name) >= 0) {
            free(name);
            continue;
        }
        p->shape_of[p->n_nodes] = (uint16_t)shape;
        p->node_names[p->n_nodes++] = name;
        n--;
    }
}

static struct platform *named_platform(struct placer *b, struct node_use *nodes)
{
    const char **partitions;
    struct kind *kinds, other;
    size_t cut_kinds = 0, n_assumed;
    place_find_partitions(b, nodes, &partitions);
    size_t n = place_find_kinds(b, nodes, &kinds),
           without = fit_others(b, kinds, n, &other, &n_assumed), room = b->r->n_nodes + n_assumed;
    struct platform *p = infer_platform(
        b->name, 0, 0, 0, NULL, "inferred from a table of tasks: the nodes used, and their use");
    free(p->shapes[0].name);
    p->n_shapes = 0;
    for (size_t k = 0; k < n; k++) {
        cut_kinds += cut(kinds[k].most);
        kinds[k].shape = add_shape(
            p, &kinds[k], kinds[k].partition >= 0 ? partitions[kinds[k].partition] : "node");
    }
    p->shape_of = xrealloc(p->shape_of, room, sizeof *p->shape_of);
    p->node_names = xrealloc(p->node_names, room, sizeof *p->node_names);
    place_nodes(b, p, nodes, kinds);
    cut_kinds += cut(other.most);
    if (n_assumed)
        add_assumed(b, p, n_assumed, add_shape(p, &other, "assumed"));
    notes_add(&b->placed.notes, place_count_unrecorded(b->r), "nodes",
              "size: at least the most in use at once on one of a kind (kinds: partition, name, "
              "GPUs or not)");
    notes_add(&b->placed.notes, without, "tasks",
              "name no nodes and do not fit on those named: nodes beside them are assumed");
    notes_add(&b->placed.notes, cut_kinds, "platform", MORE_THAN_A_NODE);
    xfree(partitions, kinds);
    return p;
}

/* How many such nodes hold all ranks of the demand. */
static double nodes_for(const double node[RESOURCES], const struct demand *d)
{
    return ceil(d->ranks / fmax(1, place_ranks_on(node, d)));
}

/* As many of the largest nodes there are as hold what ran at once. */
static struct platform *unnamed_platform(struct placer *b, double most[RESOURCES])
{
    double total_cores = b->r->total_cores, total_nodes = b->r->total_nodes;
    bool recorded = total_cores >= most[0] || total_nodes >= 1;
    most[0] = total_cores >= most[0] ? total_cores : most[0];
    double n = fmax(1, fmax(ceil(most[0] / NODE_MOST_SLOTS), ceil(most[1] / NODE_MOST_GPUS)));
    n = total_nodes >= n && total_nodes <= MOST_UNNAMED ? total_nodes : n;
    double node[RESOURCES] = { ceil(most[0] / n), ceil(most[1] / n), ceil(most[2] / n) };
    for (size_t i = 0; i < b->d->n; i++)
        place_raise_to(node, b->d->tasks[i].demand);
    for (size_t i = 0; i < b->d->n; i++)
        n = fmax(n, nodes_for(node, b->d->tasks[i].demand));
    notes_add(
        &b->placed.notes, 1, "platform",
        recorded
            ? "its nodes have no names: alike, as many cores and nodes as recorded"
            : "no nodes are named: as few as hold what ran at once are assumed, a lower bound");
    notes_add(&b->placed.notes, cut(node), "platform", MORE_THAN_A_NODE);
    struct platform *p = infer_platform(b->name, (size_t)n, (int)node[0], (int)node[1], NULL,
                                        "inferred from a table of tasks: what was in use at once");
    p->shapes[0].memory_mib = (int64_t)node[2];
    return p;
}

struct placed task_place(const struct task_records *r, const struct described *d, const char *name)
{
    struct placer b = { .r = r, .d = d, .name = name, .texts.block_bytes = 1 << 12 };
    size_t n = r->n_nodes;
    struct node_use *nodes = xcalloc(n + 1, sizeof *nodes);
    b.placed.node_of = xcalloc(n + 1, sizeof *b.placed.node_of);
    for (size_t i = 0; i <= n; i++)
        nodes[i].partition = -1;
    place_find_peaks(&b, nodes);
    for (size_t i = 0; i < r->n; i++)
        for (size_t k = 0; k < r->rows[i].n_places; k++)
            place_raise_to(nodes[r->places[r->rows[i].first_place + k].node].most,
                           place_demand_of(&b, i));
    for (size_t i = 0; i <= n; i++)
        place_round_up(nodes[i].most);
    for (size_t i = 0; i < n; i++)
        place_raise_to_recorded(&nodes[i], &r->nodes[i]);
    if (n)
        place_find_joins(&b, nodes);
    b.placed.platform = n ? named_platform(&b, nodes) : unnamed_platform(&b, nodes[0].most);
    arena_clear(&b.texts);
    free(nodes);
    return b.placed;
}

void placed_clear(struct placed *p)
{
    platform_free(p->platform);
    free(p->node_of);
    notes_clear(&p->notes);
    *p = (struct placed){ 0 };
}
