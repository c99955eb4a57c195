#include "validation/replay_steps.h"

#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "scheduling/bisection.h"
#include "scheduling/node_search.h"
#include "scheduling/radical.h"
#include "validation/replay_run.h"

struct moment { double time_s; uint32_t tie, record; };
struct moments { struct moment *at; size_t n, next; };

/* Many members: cursors into the columns of one session. */
struct steps {
    const struct session *session;
    struct replay_outcome measured;
    struct moments arrivals, frees, placements;
    struct pool *pool;                   /* a class for each set of the workflow */
    struct node_search search;
    struct bisection bisection;
    uint32_t *size;                      /* of each set: rank by size, 0 the largest */
    size_t n_sizes;
    uint32_t *waiting_of_set, *waiting_of_size;
    /* n_sizes + 1 indexes into the pool as the pass at hand began */
    size_t *first_of_size;
    bool *waits;                         /* each record */
    uint32_t *grant;                     /* of each record; POOL_NONE */
    size_t end;                          /* of the step at hand, in placements */
    bool impossible;                     /* the walk has come to a refusal that cannot have been */
    struct replay_steps *out;
};

SORT_BY_2(by_time, struct moment, time_s, tie)

static void add_moment(struct moments *list, double time_s, uint32_t tie, size_t record)
{
    if (is_known(time_s))
        list->at[list->n++] = (struct moment){ time_s, tie, (uint32_t)record };
}

/* Records without slots, arrival or instant are left out. */
static void list_moments(struct steps *t)
{
    const struct session *s = t->session;
    struct moments *lists[] = { &t->arrivals, &t->frees, &t->placements };
    for (int i = 0; i < 3; i++)
        lists[i]->at = xcalloc(s->timeline->n + 1, sizeof *lists[i]->at);
    for (size_t i = 0; i < s->timeline->n; i++) {
        const struct timeline_record *r = &s->timeline->records[i];
        if (t->measured.slots[i] == 0 || !is_known(r->arrived_s) || !is_known(r->scheduled_s))
            continue;
        add_moment(&t->arrivals, r->arrived_s, s->tasks[i].arrival, i);
        add_moment(&t->frees, r->freed_s, (uint32_t)i, i);
        add_moment(&t->placements, r->scheduled_s, s->tasks[i].placement, i);
    }
    for (int i = 0; i < 3; i++)
        qsort(lists[i]->at, lists[i]->n, sizeof *lists[i]->at, by_time);
}

static size_t set_of(const struct steps *t, uint32_t record)
{
    return (size_t)workflow_set_of_task(t->session->workflow,
                                        t->session->timeline->records[record].task);
}

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

static void rank_sizes(struct steps *t, const char *generation)
{
    size_t n = pool_classes(t->pool);
    double *sizes = xcalloc(n + 1, sizeof *sizes);
    for (size_t i = 0; i < n; i++)
        sizes[i] = radical_size(generation, pool_class(t->pool, i));
    qsort(sizes, n, sizeof *sizes, descending);
    for (size_t i = 0; i < n; i++)
        if (t->n_sizes == 0 || sizes[i] != sizes[t->n_sizes - 1])
            sizes[t->n_sizes++] = sizes[i];
    for (size_t i = 0; i < n; i++) {
        double own = radical_size(generation, pool_class(t->pool, i));
        const double *found = bsearch(&own, sizes, t->n_sizes, sizeof *sizes, descending);
        t->size[i] = (uint32_t)(found - sizes);
    }
    free(sizes);
}

static void steps_init(struct steps *t, const char *generation)
{
    const struct session *s = t->session;
    size_t n_sets = s->workflow->n_sets, n = s->timeline->n;
    struct slot_demand *classes = xcalloc(n_sets + 1, sizeof *classes);
    for (size_t i = 0; i < n_sets; i++)
        classes[i] = platform_slots(s->platform, &s->workflow->sets[i].traits->demand);
    replay_measured(s, &t->measured);
    list_moments(t);
    t->pool = pool_new(s->platform, classes, n_sets);
    node_search_init(&t->search, t->pool, true);
    free(classes);
    t->size = xcalloc(n_sets + 1, sizeof *t->size);
    rank_sizes(t, generation);
    t->waiting_of_set = xcalloc(n_sets + 1, sizeof *t->waiting_of_set);
    t->waiting_of_size = xcalloc(t->n_sizes + 1, sizeof *t->waiting_of_size);
    t->first_of_size = xcalloc(t->n_sizes + 1, sizeof *t->first_of_size);
    t->waits = xcalloc(n + 1, sizeof *t->waits);
    t->grant = xcalloc(n + 1, sizeof *t->grant);
    for (size_t i = 0; i < n; i++)
        t->grant[i] = POOL_NONE;
}

static void steps_clear(struct steps *t)
{
    replay_outcome_clear(&t->measured);
    xfree(t->arrivals.at, t->frees.at, t->placements.at);
    node_search_clear(&t->search);
    pool_free(t->pool);
    bisection_clear(&t->bisection);
    xfree(t->size, t->waiting_of_set, t->waiting_of_size, t->first_of_size, t->waits, t->grant);
}

static void set_waiting(struct steps *t, uint32_t record, bool waits)
{
    if (t->waits[record] == waits)
        return;
    size_t set = set_of(t, record);
    t->waits[record] = waits;
    t->waiting_of_set[set] += waits ? 1 : UINT32_MAX;
    t->waiting_of_size[t->size[set]] += waits ? 1 : UINT32_MAX;
}

/* Where the session put it, if there is room. */
static void claim_measured(struct steps *t, uint32_t record)
{
    size_t set = set_of(t, record);
    uint32_t last = POOL_NONE, slots = (uint32_t)pool_class(t->pool, set)->slots;
    struct timeline_slots part;
    for (bool more = timeline_slots_first(t->session->timeline, record, &part); more && slots > 0;
         more = timeline_slots_next(&part)) {
        uint32_t ranks = (uint32_t)part.n_cores / slots;
        if (ranks == 0 || pool_ranks_that_fit(t->pool, part.node, set) < ranks)
            continue;
        uint32_t made = pool_claim(t->pool, part.node, set, ranks, &last);
        t->grant[record] = t->grant[record] == POOL_NONE ? made : t->grant[record];
        t->search.pointer = part.node;
    }
    node_search_changed(&t->search);
}

/* The session's next placement is made: by the search, or as the session had it. Returns whether
 * these are the same. */
static bool place_next(struct steps *t)
{
    uint32_t record = t->placements.at[t->placements.next++].record, pointer = t->search.pointer;
    set_waiting(t, record, false);
    t->grant[record] = node_search_place(&t->search, set_of(t, record));
    if (t->grant[record] != POOL_NONE &&
        replay_slots_of_grant(t->pool, t->grant[record]) == t->measured.slots[record])
        return true;
    if (t->grant[record] != POOL_NONE)
        pool_release(t->pool, t->grant[record]);
    t->grant[record] = POOL_NONE;
    t->search.pointer = pointer;
    claim_measured(t, record);
    return false;
}

/* Whether one of this size that waits has no room. */
static bool may_be_refused(struct steps *t, uint32_t size)
{
    for (size_t set = 0; set < pool_classes(t->pool); set++)
        if (t->size[set] == size && t->waiting_of_set[set] > 0 && !node_search_can(&t->search, set))
            return true;
    return false;
}

static uint32_t size_at(const struct steps *t, size_t index)
{
    size_t low = 0, high = t->n_sizes;   /* first_of_size[low] <= index < first_of_size[high] */
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (t->first_of_size[middle] <= index)
            low = middle;
        else
            high = middle;
    }
    return (uint32_t)low;
}

static bool fits(void *user, size_t index)
{
    struct steps *t = user;
    uint32_t size = size_at(t, index);
    if (t->impossible)
        return false;
    if (t->placements.next < t->end) {
        uint32_t record = t->placements.at[t->placements.next].record;
        if (t->waits[record] && t->size[set_of(t, record)] == size) {
            t->out->n_explained += place_next(t);
            return true;
        }
    }
    t->impossible = !may_be_refused(t, size);
    return false;
}

static void pass(struct steps *t)
{
    for (size_t s = 0; s < t->n_sizes; s++)
        t->first_of_size[s + 1] = t->first_of_size[s] + t->waiting_of_size[s];
    t->impossible = false;
    bisection_run(&t->bisection, t->first_of_size[t->n_sizes], fits, t);
}

static int ranks_of(const struct steps *t, size_t arrival)
{
    return pool_class(t->pool, set_of(t, t->arrivals.at[arrival].record))->ranks;
}

static bool is_next(const struct steps *t, uint32_t record)
{
    return t->placements.next < t->end && t->placements.at[t->placements.next].record == record;
}

/* Most ranks first, equals in order of arrival; tried, unless they came in in a turn that placed
 * nothing. */
static void take_arrivals(struct steps *t, double until_s, bool tried)
{
    size_t first = t->arrivals.next, end = first;
    while (end < t->arrivals.n && t->arrivals.at[end].time_s <= until_s)
        end++;
    t->arrivals.next = end;
    for (int ranks = INT32_MAX, next = 0; first < end && ranks > 0; ranks = next) {
        next = 0;
        for (size_t i = first; i < end; i++) {
            int own = ranks_of(t, i);
            next = own < ranks && own > next ? own : next;
            if (own != ranks)
                continue;
            if (tried && is_next(t, t->arrivals.at[i].record))
                t->out->n_explained += place_next(t);
            else if (t->grant[t->arrivals.at[i].record] == POOL_NONE)
                set_waiting(t, t->arrivals.at[i].record, true);
        }
    }
}

/* What is freed before the next placement; then all placements up to the next freeing. */
static void take_step(struct steps *t)
{
    const double start_s = t->placements.at[t->placements.next].time_s;
    if (t->frees.next < t->frees.n && t->frees.at[t->frees.next].time_s <= start_s)
        take_arrivals(t, t->frees.at[t->frees.next].time_s, false);
    for (; t->frees.next < t->frees.n && t->frees.at[t->frees.next].time_s <= start_s;
         t->frees.next++) {
        uint32_t *grant = &t->grant[t->frees.at[t->frees.next].record];
        if (*grant != POOL_NONE)
            pool_release(t->pool, *grant);
    }
    node_search_changed(&t->search);
    const double next_s =
        t->frees.next < t->frees.n ? t->frees.at[t->frees.next].time_s : (double)INFINITY;
    t->end = t->placements.next;
    while (t->end < t->placements.n &&
           (t->end == t->placements.next || t->placements.at[t->end].time_s < next_s))
        t->end++;
    for (bool first = true; t->placements.next < t->end; first = false) {
        size_t before = t->placements.next;
        pass(t);
        if (first)
            take_arrivals(t, t->placements.at[t->end - 1].time_s, true);
        if (t->placements.next == before)
            place_next(t);               /* not explained */
    }
    t->out->n_steps++;
}

bool replay_steps(const struct session *s, const char *generation, struct replay_steps *out)
{
    *out = (struct replay_steps){ 0 };
    if (!s->tasks || !radical_polls(generation))
        return false;
    struct steps t = { .session = s, .out = out };
    steps_init(&t, generation);
    out->n_placements = t.placements.n;
    while (t.placements.next < t.placements.n)
        take_step(&t);
    steps_clear(&t);
    return out->n_placements > 0;
}
