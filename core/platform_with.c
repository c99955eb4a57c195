/* Copies of a platform with other nodes: more or fewer, side by side as pilots, or with slots that
 * are blocked. */
#include "core/platform.h"

#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/platform_impl.h"

void platform_drop_names(struct platform *p)
{
    for (size_t i = 0; p->node_names && i < p->n_nodes; i++)
        free(p->node_names[i]);
    free(p->node_names);
    p->node_names = NULL;
}

size_t platform_most_nodes(const struct platform *p)
{
    size_t most = p->n_shapes == 1 ? p->machine_nodes : p->n_nodes;
    return most > 0 && most < PLATFORM_MOST_NODES ? most : PLATFORM_MOST_NODES;
}

struct platform *platform_with_nodes(const struct platform *p, size_t n, struct error *err)
{
    size_t most = platform_most_nodes(p);
    if (n == 0 || n > most) {
        error_set(err, "platform %s: %zu nodes asked for; it has 1 to %zu", platform_title(p), n,
                  most);
        return NULL;
    }
    struct platform *copy = platform_copy(p);
    copy->shape_of = xrealloc(copy->shape_of, n, sizeof *copy->shape_of);
    for (size_t i = p->n_nodes; i < n; i++)
        copy->shape_of[i] = 0;
    if (n > p->n_nodes)                  /* no names for what the file does not name */
        platform_drop_names(copy);
    for (size_t i = n; copy->node_names && i < p->n_nodes; i++)
        free(copy->node_names[i]);
    copy->n_nodes = n;
    copy->pilots = 0;
    return copy;
}

struct platform *platform_with_pilots(const struct platform *p, size_t k, struct error *err)
{
    size_t n = platform_job_nodes(p),
           machine = p->machine_nodes > 0 ? p->machine_nodes : PLATFORM_MOST_NODES;
    if (k == 0 || n > machine / k) {
        error_set(
            err,
            "platform %s: %zu jobs side by side of %zu node%s each asked for; it has %zu nodes",
            platform_title(p), k, n, n == 1 ? "" : "s", machine);
        return NULL;
    }
    struct platform *copy = platform_copy(p);
    if (n * k != p->n_nodes)
        platform_drop_names(copy);
    copy->shape_of = xrealloc(copy->shape_of, n * k, sizeof *copy->shape_of);
    for (size_t i = n; i < n * k; i++)
        copy->shape_of[i] = copy->shape_of[i - n];
    copy->n_nodes = n * k;
    copy->pilots = k > 1 ? k : 0;
    return copy;
}

static void block_slots(struct node_shape *shape, const int *slots, size_t n)
{
    shape->blocked = xrealloc(shape->blocked, shape->n_blocked + n + 1, sizeof *shape->blocked);
    for (size_t i = 0; i < n; i++)
        if (slots[i] < shape->n_slots)
            shape->blocked[shape->n_blocked++] = slots[i];
    qsort(shape->blocked, shape->n_blocked, sizeof *shape->blocked, sort_by_int);
    size_t kept = 0;
    for (size_t i = 0; i < shape->n_blocked; i++)
        if (i == 0 || shape->blocked[i] != shape->blocked[i - 1])
            shape->blocked[kept++] = shape->blocked[i];
    shape->n_blocked = kept;
}

struct platform *platform_with_blocked(const struct platform *p, const int *slots, size_t n,
                                       struct error *err)
{
    struct platform *copy = platform_copy(p);
    for (size_t s = 0; s < copy->n_shapes; s++) {
        block_slots(&copy->shapes[s], slots, n);
        if (node_shape_usable(&copy->shapes[s]) > 0)
            continue;
        error_set(err, "platform %s: with the blocked slots, a node '%s' has none left",
                  platform_title(p),
                  p->shapes[s].name);
        platform_free(copy);
        return NULL;
    }
    return copy;
}
