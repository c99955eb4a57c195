#include "study/attempt_index.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define NONE UINT32_MAX                  /* its bytes are all ones */

static uint32_t *nones(size_t n)
{
    uint32_t *list = xmalloc((n + 1) * sizeof *list);
    memset(list, 0xff, (n + 1) * sizeof *list);
    return list;
}

/* Attempts of a task stand in their order. */
struct attempt_index attempt_index_of(const struct timeline *t)
{
    struct attempt_index x = { .latest = nones(t->workflow->n_tasks) };
    assert(t->n < NONE);
    for (size_t i = 0; i < t->n; i++) {
        uint32_t *latest = &x.latest[t->records[i].task];
        if (*latest != NONE && !x.previous)
            x.previous = nones(t->n);
        if (x.previous)
            x.previous[i] = *latest;
        if (isfinite(t->records[i].started_s))
            *latest = (uint32_t)i;
    }
    return x;
}

void attempt_index_clear(struct attempt_index *x)
{
    free(x->latest);
    free(x->previous);
    *x = (struct attempt_index){ 0 };
}

size_t attempt_index_latest(const struct attempt_index *x, size_t task)
{
    return x->latest[task] == NONE ? WALK_NONE : x->latest[task];
}

size_t attempt_index_previous(const struct attempt_index *x, size_t record)
{
    return !x->previous || x->previous[record] == NONE ? WALK_NONE : x->previous[record];
}
