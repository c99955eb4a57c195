/* In which order tasks began that the launcher keeps apart. Who is first when one ends is a race
 * of milliseconds, and no decision of the workflow's; but it may move hours. */
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "validation/predict_session_impl.h"

uint32_t *session_begin_order(const struct session *s, const size_t *record, uint32_t n_tasks)
{
    const struct timeline *t = s->timeline;
    size_t n_nodes = s->platform->n_nodes;
    uint32_t *after = xmalloc((n_tasks + 1) * sizeof *after),
             *last = xmalloc((n_nodes + 1) * sizeof *last);
    bool any = false;
    memset(after, 0xff, (n_tasks + 1) * sizeof *after);
    memset(last, 0xff, (n_nodes + 1) * sizeof *last);
    for (size_t i = 0; i < t->n; i++) {
        struct timeline_slots part;
        uint32_t task = t->records[i].task;
        if (record[task] != i || !is_known(t->records[i].started_s))
            continue;
        size_t before = SIZE_MAX;        /* the last of those on its nodes */
        for (bool more = timeline_slots_first(t, i, &part); more;
             more = timeline_slots_next(&part)) {
            uint32_t other = last[part.node];
            last[part.node] = task;
            if (other == UINT32_MAX || other == task)
                continue;
            before = before == SIZE_MAX || record[other] > before ? record[other] : before;
        }
        if (before == SIZE_MAX)
            continue;
        after[task] = t->records[before].task;
        any = true;
    }
    free(last);
    if (any)
        return after;
    free(after);
    return NULL;
}
