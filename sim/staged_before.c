#include "sim/staged_before.h"

#include <math.h>

#include "base/xalloc.h"
#include "core/timeline_phases.h"
#include "sim/phases.h"

#define NONE UINT32_MAX

struct staged_before {
    size_t n_tasks;
    struct timeline *kept, *session;     /* a record a task and job; of the session in hand */
    uint32_t *first;                     /* by task: its oldest record in `kept`, or NONE */
    uint32_t *next;                      /* by record: the task's next one, or NONE */
    size_t room;
};

struct staged_before *staged_before_new(const struct workflow *w, const struct platform *p)
{
    struct staged_before *b = xcalloc(1, sizeof *b);
    b->n_tasks = w->n_tasks;
    b->kept = timeline_new(w, p);
    b->session = timeline_new(w, p);
    b->first = xcalloc(b->n_tasks, sizeof *b->first);
    staged_before_clear(b);
    return b;
}

void staged_before_free(struct staged_before *b)
{
    if (!b)
        return;
    timeline_free(b->kept);
    timeline_free(b->session);
    xfree(b->first, b->next, b);
}

void staged_before_clear(struct staged_before *b)
{
    timeline_clear(b->kept);
    for (size_t t = 0; t < b->n_tasks; t++)
        b->first[t] = NONE;
}

void staged_before_keep(struct staged_before *b, const struct timeline *t, size_t record,
                        double by_s)
{
    struct timeline_phase *first;
    uint32_t *link = &b->first[t->records[record].task];
    if (timeline_phases_of(t, record, &first) == 0)
        return;
    while (*link != NONE)                /* at most one a job */
        link = &b->next[*link];
    size_t i = timeline_add(b->kept, &t->records[record], TASK_CANCELLED, 0);
    *link = (uint32_t)i;
    xgrow(&b->next, &b->room, i + 1, sizeof *b->next);
    b->next[i] = NONE;
    timeline_copy_phases(b->kept, t, record, by_s);
}

void staged_before_keep_rest(struct staged_before *b, struct phases *p, double by_s)
{
    timeline_clear(b->session);
    for (uint32_t task = 0; task < b->n_tasks; task++) {
        if (!phases_is_unplaced(p, task))
            continue;
        size_t i = timeline_add(b->session, &(struct timeline_record){ .task = task },
                                TASK_CANCELLED, 0);
        phases_add_unplaced(p, b->session, task);
        staged_before_keep(b, b->session, i, by_s);
    }
}

void staged_before_add(struct staged_before *b, uint32_t task, struct timeline *to)
{
    for (uint32_t i = b->first[task]; i != NONE; i = b->next[i])
        timeline_copy_phases(to, b->kept, i, 0);
    b->first[task] = NONE;
}
