#include <math.h>

#include "scheduling/radical_impl.h"

/* Tasks of one demand, which are tried side by side, are often of one set. */
static uint32_t set_of_task(struct radical *r, uint32_t task)
{
    const struct workflow *w = r->common->workflow;
    const struct task_set *near = &w->sets[r->near_set];
    if (r->set_of_task)
        return r->set_of_task[task];
    if (task - near->first_task >= near->n_tasks)        /* wraps when it is before */
        r->near_set = (uint32_t)workflow_set_of_task(w, task);
    return r->near_set;
}

static bool place_waiting(void *state, uint32_t task)
{
    struct radical *r = state;
    const struct workflow *w = r->common->workflow;
    uint32_t set = set_of_task(r, task);
    if (!radical_place(r, set, task - w->sets[set].first_task, r->attempt ? r->attempt[task] : 0))
        return false;
    radical_remove_waiting(r, r->common->class_of_set[set], 1);
    return true;
}

static bool may_place(void *state, size_t demand_class)
{
    const struct radical *r = state;
    return node_search_may(&r->search, demand_class);
}

static const struct wait_pool_ops waiting_ops = { .may = may_place, .place = place_waiting };

/* Asked once a class, until count_vain() is done. */
static bool could_place(void *state, size_t demand_class)
{
    struct radical *r = state;
    if (!r->fits[demand_class] && !r->refused[demand_class]) {
        bool *answer = node_search_can(&r->search, demand_class) ? r->fits : r->refused;
        answer[demand_class] = true;
        r->tried[r->n_tried++] = (uint32_t)demand_class;
    }
    return r->fits[demand_class];
}

/* Passes in vain that follow each other go through the pool in a fixed way: the next one that could
 * place something is worked out. */
static size_t count_vain(struct radical *r)
{
    const struct wait_pool_could who = { .could = could_place, .user = r, .refused = r->refused };
    size_t n = wait_pool_length(r->pool) > 0 ? wait_pool_vain_passes(r->pool, &who) : 0;
    for (; r->n_tried > 0; r->n_tried--)
        r->fits[r->tried[r->n_tried - 1]] = r->refused[r->tried[r->n_tried - 1]] = false;
    return n;
}

static bool none_of_few_fits(struct radical *r)
{
    for (size_t c = 0; c < pool_classes(r->common->pool); c++)
        if (r->n_waiting[c] > 0 && node_search_can(&r->search, c))
            return false;
    return true;
}

/* Looks at a few of the classes that could fit; a "no" that is not certain only costs passes. */
static bool none_of_many_fits(struct radical *r)
{
    enum { FEW = 8 };
    const struct pool *pool = r->common->pool;
    r->rooms.n = 0;
    for (uint32_t n = 0; n < pool_nodes(pool); n++) {
        struct room free_room = pool_room(pool, n);
        struct kind_need room = kind_room_of(pool, &free_room);
        kind_rooms_add(&r->rooms, &room);
    }
    kind_index_begin(r->index, &r->asked, &r->rooms, NULL);
    for (int i = 0, c; i < FEW; i++) {
        if ((c = kind_index_next(r->index, &r->asked)) < 0)
            return true;
        if (node_search_can(&r->search, (size_t)c))
            return false;
    }
    return false;
}

/* Among many classes that is asked only once a few passes were in vain: a pass costs less than the
 * answer. */
static bool nothing_fits(struct radical *r)
{
    enum { PATIENCE = 8 };
    if (r->index && r->vain < PATIENCE) {
        r->vain++;
        return false;
    }
    if (!r->some_fit)
        r->some_fit = !(r->index ? none_of_many_fits(r) : none_of_few_fits(r));
    return !r->some_fit;
}

/* A pass in vain is in vain again where each index holds a task of the same demand as before, or
 * where nothing fits at all; or it is known for how often. Among few classes a pass costs more than
 * to ask whether anything fits. */
size_t radical_try_pool(struct radical *r)
{
    if (!r->stuck && r->known_vain == 0 && !r->index)
        r->stuck = nothing_fits(r);
    if (r->stuck || r->known_vain > 0) {
        wait_pool_idle_passes(r->pool, 1);
        r->known_vain -= !r->stuck;
        return 0;
    }
    size_t placed = wait_pool_pass(r->pool, &waiting_ops, r);
    r->stuck = placed == 0 && (wait_pool_sizes_are_classes(r->pool) || nothing_fits(r));
    if (placed == 0 && !r->stuck) {
        r->known_vain = count_vain(r);
        r->stuck = r->known_vain == SIZE_MAX;
    }
    return placed;
}

/* The classes that a pass has to try: all of which some wait if the first that fails blocks, else
 * those that could fit. */
static void list_tried(struct radical *r)
{
    r->n_tried = 0;
    for (size_t c = 0; c < pool_classes(r->common->pool); c++)
        if (waiting_first(&r->queue[c]) &&
            (r->generation == FIRST_COME || pool_holds_task(r->common->pool, c)))
            r->tried[r->n_tried++] = (uint32_t)c;
}

/* Where in that list the first task in order of arrival is. */
static size_t first_tried(const struct radical *r)
{
    size_t best = 0;
    for (size_t i = 1; i < r->n_tried; i++)
        if (waiting_before(waiting_first(&r->queue[r->tried[i]]),
                           waiting_first(&r->queue[r->tried[best]])))
            best = i;
    return best;
}

static bool place_first(struct radical *r, size_t demand_class)
{
    struct waiting *queue = &r->queue[demand_class];
    const struct waiting_run *run = waiting_first(queue);
    if (!radical_place(r, run->set, run->first, run->attempt))
        return false;
    waiting_take(queue, run);
    radical_remove_waiting(r, demand_class, 1);
    radical_queue_changed(r, demand_class);
    r->n_queued--;
    return true;
}

/* Room only shrinks while they are tried, so one that is refused speaks for its class; or for all,
 * if it blocks. */
static size_t try_few(struct radical *r)
{
    size_t placed = 0;
    for (list_tried(r); r->n_tried > 0;) {
        size_t at = first_tried(r), demand_class = r->tried[at];
        bool fits = place_first(r, demand_class);
        placed += fits;
        if (!fits && r->generation == FIRST_COME)
            break;
        if (!fits || !waiting_first(&r->queue[demand_class]))
            r->tried[at] = r->tried[--r->n_tried];
    }
    return placed;
}

/* The same by the index, which goes through the classes that could fit in order of their first
 * tasks, and back to one that was placed. */
static size_t try_many(struct radical *r)
{
    const struct pool *pool = r->common->pool;
    struct room most = { { INFINITY, INFINITY, INFINITY } };
    if (!pool_tracks_classes(pool))      /* else it is not at hand */
        most = pool_most_room(pool);
    struct kind_need room = kind_room_of(pool, &most);
    size_t placed = 0;
    r->rooms.n = 0;
    kind_rooms_add(&r->rooms, &room);
    kind_index_begin(r->index, &r->asked, &r->rooms, NULL);
    for (int c; (c = kind_index_next(r->index, &r->asked)) >= 0;)
        placed += place_first(r, (size_t)c);
    return placed;
}

static size_t try_head(struct radical *r)
{
    size_t placed = 0;
    for (int c; (c = kind_index_first(r->index)) >= 0 && place_first(r, (size_t)c);)
        placed++;
    return placed;
}

size_t radical_try_queue(struct radical *r)
{
    if (!r->index)
        return try_few(r);
    return r->generation == FIRST_COME ? try_head(r) : try_many(r);
}
