/* core/node_names.c - unique names of nodes. */
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/name_index.h"
#include "core/platform.h"

/* "localhost-2", or the first number that no node has; *last is the last number of this name that was in use. */
static char *free_name(const struct name_index *taken, const char *name, int *last)
{
    for (;;) {
        char *candidate = str_format("%s-%d", name, ++*last);
        if (name_index_find(taken, candidate) < 0)
            return candidate;
        free(candidate);
    }
}

size_t platform_unique_node_names(struct platform *p)
{
    size_t renamed = 0;
    struct name_index *taken = name_index_new();
    int *first = xcalloc(p->n_nodes + 1, sizeof *first), *last = xcalloc(p->n_nodes + 1, sizeof *last);
    for (size_t i = 0; p->node_names && i < p->n_nodes; i++)
        first[i] = name_index_add(taken, p->node_names[i], (int)i);
    for (size_t i = 0; p->node_names && i < p->n_nodes; i++) {
        if (first[i] < 0)
            continue;
        int *number = &last[first[i]];
        *number = *number ? *number : 1;
        char *name = free_name(taken, p->node_names[i], number);
        free(p->node_names[i]);
        p->node_names[i] = name;
        name_index_add(taken, name, (int)i);
        renamed++;
    }
    name_index_free(taken);
    free(first);
    free(last);
    return renamed;
}
