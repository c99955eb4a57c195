/* core/node_names.c - unique names of nodes. */
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/platform.h"
#include "core/unique_names.h"

size_t platform_unique_node_names(struct platform *p)
{
    size_t renamed = 0, n = p->node_names ? p->n_nodes : 0;
    struct unique_names *names = unique_names_new("-");
    bool *first = xcalloc(n + 1, sizeof *first);
    for (size_t i = 0; i < n; i++)
        first[i] = unique_names_claim(names, p->node_names[i]);
    for (size_t i = 0; i < n; i++) {
        if (first[i])
            continue;
        char *name = unique_names_numbered(names, p->node_names[i]);
        free(p->node_names[i]);
        p->node_names[i] = name;
        renamed++;
    }
    unique_names_free(names);
    free(first);
    return renamed;
}
