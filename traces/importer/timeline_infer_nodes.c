/* The platform of the rows of a timeline. */
#include "traces/importer/timeline_rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/infer.h"

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
        if (isnan(timeline_row_duration(row)))
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
