#include "scheduling/permutation.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

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
    p->done = xcalloc(n, sizeof *p->done);
}

/* Each cycle is shifted by `times` mod its length. */
void permutation_apply(struct permutation *p, size_t n, size_t times)
{
    memset(p->done, 0, n * sizeof *p->done);
    for (uint32_t start = 0; start < n; start++) {
        size_t length = 0;
        for (uint32_t at = start; !p->done[at]; at = p->from[at]) {
            p->done[at] = true;
            p->cycle[length++] = at;
        }
        for (size_t i = 0, from = length > 0 ? times % length : 0; i < length;
             i++, from = from + 1 < length ? from + 1 : 0)
            p->after[p->cycle[i]] = p->before[p->cycle[from]];
    }
}

void permutation_clear(struct permutation *p)
{
    free(p->from);
    free(p->before);
    free(p->after);
    free(p->cycle);
    free(p->done);
    *p = (struct permutation){ 0 };
}
