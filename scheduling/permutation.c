#include "scheduling/permutation.h"

#include <stdlib.h>

#include "base/xalloc.h"

#define DONE UINT32_MAX                  /* in place of a place in `from` */

void permutation_make_room(struct permutation *p, size_t n)
{
    if (n <= p->room)
        return;
    permutation_clear(p);
    p->room = n;
    p->from = xcalloc(n, sizeof *p->from);
    p->before = xcalloc(n, sizeof *p->before);
    p->after = xcalloc(n, sizeof *p->after);
    p->cycle = xcalloc(n, sizeof *p->cycle);
}

/* Each cycle is shifted by `times` mod its length. */
void permutation_apply(struct permutation *p, size_t n, size_t times)
{
    uint32_t *cycle = p->cycle;
    for (uint32_t start = 0; start < n; start++) {
        size_t length = 0;
        for (uint32_t at = start, next; (next = p->from[at]) != DONE; at = next) {
            p->from[at] = DONE;
            cycle[length++] = at;
        }
        size_t shift = length > 0 ? times % length : 0;
        for (size_t i = shift; i < length; i++)
            p->after[cycle[i - shift]] = p->before[cycle[i]];
        for (size_t i = 0; i < shift; i++)
            p->after[cycle[length - shift + i]] = p->before[cycle[i]];
    }
}

void permutation_clear(struct permutation *p)
{
    free(p->from);
    free(p->before);
    free(p->after);
    free(p->cycle);
    *p = (struct permutation){ 0 };
}
