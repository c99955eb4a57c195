#include "scheduling/waiting_walk.h"

#include <string.h>

#include "base/min_heap.h"
#include "base/xalloc.h"
#include "scheduling/queue_scheduler_impl.h"

/* A run of a kind whose first one was passed over; behind it come the next of the ring, or its
 * children in the heap. */
struct open_run { const struct waiting_run *run; uint32_t kind; bool of_heap; };

struct waiting_walk {
    const struct queue_scheduler *q;
    struct kind_search search;           /* with an index: the first run of each kind */
    int first;                           /* the kind it has found, or -1 */
    uint64_t first_arrival;              /* and its first task then */
    struct open_run *open;               /* a heap */
    size_t n_open, open_room;
    uint32_t *passed;                    /* kinds of which a run was passed over */
    size_t n_passed, passed_room;
    bool *is_passed;
    bool at_open;                        /* the run at hand is open[0], not a kind's first */
};

struct waiting_walk *waiting_walk_new(const struct queue_scheduler *q)
{
    struct waiting_walk *w = xcalloc(1, sizeof *w);
    w->q = q;
    w->is_passed = xcalloc(q->kinds.n, sizeof *w->is_passed);
    return w;
}

void waiting_walk_free(struct waiting_walk *w)
{
    if (!w)
        return;
    xfree(w->search.open, w->open, w->passed, w->is_passed, w);
}

void waiting_walk_begin(struct waiting_walk *w)
{
    for (size_t i = 0; i < w->n_passed; i++)
        w->is_passed[w->passed[i]] = false;
    w->n_passed = w->n_open = 0;
    if (!w->q->index)
        return;
    kind_index_begin(w->q->index, &w->search, NULL, NULL);
    w->first = kind_index_next(w->q->index, &w->search);
    w->first_arrival = w->first < 0 ? 0 : waiting_first(&w->q->waiting[w->first])->arrival;
}

static int first_not_passed(const struct waiting_walk *w)
{
    const struct waiting_run *best = NULL;
    int best_kind = -1;
    for (size_t k = 0; k < w->q->kinds.n; k++) {
        const struct waiting_run *run =
            w->is_passed[k] ? NULL : waiting_first(&w->q->waiting[k]);
        if (run && (!best || waiting_before(run, best))) {
            best = run;
            best_kind = (int)k;
        }
    }
    return best_kind;
}

/* The kind that goes first of those of which nothing was passed over; -1. */
static int first_kind(struct waiting_walk *w)
{
    if (!w->q->index)
        return first_not_passed(w);
    while (w->first >= 0) {
        const struct waiting_run *run = waiting_first(&w->q->waiting[w->first]);
        if (!w->is_passed[w->first] && run && run->arrival == w->first_arrival)
            break;
        w->first = kind_index_next(w->q->index, &w->search);
        run = w->first < 0 ? NULL : waiting_first(&w->q->waiting[w->first]);
        w->first_arrival = run ? run->arrival : 0;
    }
    return w->first;
}

const struct waiting_run *waiting_walk_at(struct waiting_walk *w, uint32_t *kind)
{
    int first = first_kind(w);
    const struct waiting_run *run = first < 0 ? NULL : waiting_first(&w->q->waiting[first]);
    w->at_open = w->n_open > 0 && (!run || waiting_before(w->open[0].run, run));
    *kind = w->at_open ? w->open[0].kind : (uint32_t)first;
    return w->at_open ? w->open[0].run : run;
}

static bool opens_before(const void *a, const void *b)
{
    const struct open_run *x = a, *y = b;
    return waiting_before(x->run, y->run);
}

static void open_run(struct waiting_walk *w, uint32_t kind, const struct waiting_run *run,
                     bool of_heap)
{
    struct open_run o = { run, kind, of_heap };
    xgrow(&w->open, &w->open_room, w->n_open + 1, sizeof *w->open);
    heap_push(w->open, w->n_open++, sizeof *w->open, opens_before, &o);
}

static void open_next(struct waiting_walk *w, const struct open_run *o)
{
    const struct waiting *q = &w->q->waiting[o->kind];
    size_t at = (size_t)(o->run - (o->of_heap ? q->late->run : q->ring));
    if (!o->of_heap && at + 1 < q->ring_end)
        open_run(w, o->kind, &q->ring[at + 1], false);
    for (size_t child = 2 * at + 1;
         o->of_heap && child < q->late->n && child <= 2 * at + 2; child++)
        open_run(w, o->kind, &q->late->run[child], true);
}

/* Of both the ring and the heap the first run is the first; then those behind that one. */
static void pass_first(struct waiting_walk *w, uint32_t kind)
{
    const struct waiting *q = &w->q->waiting[kind];
    const struct waiting_run *first = waiting_first(q);
    bool of_heap = waiting_late_runs(q) > 0 && first == q->late->run;
    xgrow(&w->passed, &w->passed_room, w->n_passed + 1, sizeof *w->passed);
    w->passed[w->n_passed++] = kind;
    w->is_passed[kind] = true;
    open_next(w, &(struct open_run){ first, kind, of_heap });
    if (of_heap && q->ring_first < q->ring_end)
        open_run(w, kind, &q->ring[q->ring_first], false);
    if (!of_heap && waiting_late_runs(q) > 0)
        open_run(w, kind, q->late->run, true);
}

void waiting_walk_pass(struct waiting_walk *w)
{
    uint32_t kind;
    if (!waiting_walk_at(w, &kind))
        return;
    if (!w->at_open) {
        pass_first(w, kind);
        return;
    }
    struct open_run o = w->open[0];
    heap_pop(w->open, w->n_open--, sizeof *w->open, opens_before);
    open_next(w, &o);
}

bool waiting_walk_passed(const struct waiting_walk *w, size_t kind)
{
    return w->is_passed[kind];
}
