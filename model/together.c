#include "model/together.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "model/packing.h"
#include "model/placing.h"

/* of one search, about a second; of one packing in it */
enum { RESOURCES = 3, STEPS_LIMIT = 2000000, PACKING_STEPS = 20000 };

struct candidate {
    struct together_item item;
    /* of the whole item: slots, GPUs, memory, as shares of the platform's total */
    double need[RESOURCES];
    double dominant;                             /* the largest of them */
    /* exact search: candidates that may run beside it, a bit each */
    uint32_t unordered;
    /* exact search: ranks that the empty platform holds of its demand */
    double held;
};
struct search {
    const struct platform *platform;
    const struct demand_classes *classes;
    struct pool *pool;
    struct candidate *candidates;
    size_t n;
    int by_need[RESOURCES][TOGETHER_EXACT_SETS]; /* smallest first */
    double free[RESOURCES];
    uint32_t chosen;
    /* undecided: how many sets a packing that first fit missed could hold at most */
    size_t count, best, undecided;
    /* of the chosen: since first fit missed the packing that there is */
    size_t not_in_pool;
    size_t steps;                                /* parts claimed and packings tried so far */
};

static void measure_platform(const struct platform *p, double total[RESOURCES])
{
    total[0] = (double)platform_usable_slots(p);
    total[1] = (double)platform_gpus(p);
    total[2] = 0;
    for (size_t n = 0, end; n < p->n_nodes; n = end) {
        int64_t memory_mib = platform_node(p, n)->memory_mib;
        end = platform_alike_until(p, n);
        total[2] += memory_mib > 0 ? (double)(end - n) * (double)memory_mib : INFINITY;
    }
}

static void measure(struct candidate *c, const struct slot_demand *d, const double total[RESOURCES])
{
    double ranks = (double)c->item.tasks * d->ranks;
    double need[RESOURCES] = { ranks * d->slots,
                               ranks * (d->gpus + (double)d->gpu_share / DEMAND_WHOLE_GPU),
                               ranks * (double)d->memory_mib };
    for (int r = 0; r < RESOURCES; r++) {
        /* infinite where the platform has none */
        c->need[r] = need[r] > 0 ? need[r] / total[r] : 0;
        c->dominant = fmax(c->dominant, c->need[r]);
    }
}

SORT_ORDER(compare_largest_first, struct candidate, SORT_DOWN(dominant) SORT_LAST(item.element))

/* Packs one more item if all its tasks fit; else leaves the pool as it was and returns POOL_NONE.
 */
static uint32_t pack(struct pool *pool, const struct together_item *item, size_t *steps)
{
    struct placed placed = placing_put(pool, item->demand_class, item->tasks);
    *steps += placed.parts + 1;
    if (placed.tasks == item->tasks)
        return placed.grant;
    if (placed.grant != POOL_NONE)
        pool_release(pool, placed.grant);
    return POOL_NONE;
}

/* a's ranks take at least what b's take. */
static bool covers(const struct slot_demand *a, const struct slot_demand *b)
{
    double a_gpus = a->gpus + (double)a->gpu_share / DEMAND_WHOLE_GPU,
           b_gpus = b->gpus + (double)b->gpu_share / DEMAND_WHOLE_GPU;
    return a->slots >= b->slots && a->memory_mib >= b->memory_mib && a_gpus >= b_gpus &&
           (a->gpu_share == 0 || b->gpus == 0);
}

/* Surely too much: ranks that take at least a demand of one of the chosen are more than the
 * platform holds of it. */
static bool surely_too_much(const struct search *s)
{
    for (size_t i = 0; i < s->n; i++) {
        const struct slot_demand *least = &s->classes->demand[s->candidates[i].item.demand_class];
        double ranks = 0;
        for (size_t j = 0; s->chosen >> i & 1 && j < s->n; j++) {
            const struct slot_demand *d = &s->classes->demand[s->candidates[j].item.demand_class];
            if (s->chosen >> j & 1 && covers(d, least))
                ranks += (double)s->candidates[j].item.tasks * d->ranks;
        }
        if (ranks > s->candidates[i].held)
            return true;
    }
    return false;
}

static bool within_area(const struct search *s)
{
    for (int r = 0; r < RESOURCES; r++)
        if (s->free[r] < -1e-9)
            return false;
    return true;
}

/* Whether the chosen fit at once, when first fit does not say so. */
static enum packing decide(struct search *s)
{
    if (!within_area(s) || surely_too_much(s))
        return PACKING_IMPOSSIBLE;
    struct packing_need needs[TOGETHER_EXACT_SETS];
    uint32_t class_of[TOGETHER_EXACT_SETS];
    size_t n = 0;
    for (size_t i = 0; i < s->n; i++) {
        const struct together_item *item = &s->candidates[i].item;
        size_t k = 0;
        while (k < n && class_of[k] != item->demand_class)
            k++;
        if (!(s->chosen >> i & 1))
            continue;
        if (k == n) {
            class_of[n] = item->demand_class;
            needs[n++] = (struct packing_need){ .demand = s->classes->demand[item->demand_class] };
        }
        needs[k].tasks += item->tasks;
    }
    return packing_decide(s->platform, needs, n, PACKING_STEPS, &s->steps);
}

/* How many of the candidates `open` could be added at most: by each resource alone, smallest first.
 */
static size_t most_more(const struct search *s, uint32_t open)
{
    size_t most = s->n;
    for (int r = 0; r < RESOURCES; r++) {
        double left = s->free[r] + 1e-9;
        size_t count = 0;
        for (size_t k = 0; k < s->n; k++) {
            int i = s->by_need[r][k];
            if (!(open >> i & 1))
                continue;
            left -= s->candidates[i].need[r];
            if (left < 0)
                break;
            count++;
        }
        most = count < most ? count : most;
    }
    return most;
}

static void choose(struct search *s, size_t i)
{
    for (int r = 0; r < RESOURCES; r++)
        s->free[r] -= s->candidates[i].need[r];
    s->chosen |= UINT32_C(1) << i;
    s->count++;
}

static void unchoose(struct search *s, size_t i)
{
    for (int r = 0; r < RESOURCES; r++)
        s->free[r] += s->candidates[i].need[r];
    s->chosen &= ~(UINT32_C(1) << i);
    s->count--;
}

/* Decides candidate i and those after it; `open` are those not ruled out. */
static void search_from(struct search *s, size_t i, uint32_t open)
{
    s->best = s->count > s->best ? s->count : s->best;
    while (i < s->n && !(open >> i & 1))
        i++;
    size_t most = s->count + most_more(s, open);
    if (i == s->n || most <= s->best)
        return;
    if (s->steps > STEPS_LIMIT) {
        s->undecided = most > s->undecided ? most : s->undecided;
        return;
    }
    uint32_t rest = open & ~(UINT32_C(1) << i), beside = rest & s->candidates[i].unordered;
    uint32_t grant =
        s->not_in_pool > 0 ? POOL_NONE : pack(s->pool, &s->candidates[i].item, &s->steps);
    bool in_pool = grant != POOL_NONE;
    choose(s, i);
    enum packing fits = in_pool ? PACKING_POSSIBLE : decide(s);
    if (fits == PACKING_UNDECIDED) {
        size_t could = s->count + most_more(s, beside);
        s->undecided = could > s->undecided ? could : s->undecided;
    }
    if (fits == PACKING_POSSIBLE) {
        s->not_in_pool += !in_pool;
        search_from(s, i + 1, beside);
        s->not_in_pool -= !in_pool;
    }
    if (in_pool)
        pool_release(s->pool, grant);
    unchoose(s, i);
    search_from(s, i + 1, rest);
}

static void sort_by_need(struct search *s)
{
    for (int r = 0; r < RESOURCES; r++)
        for (size_t i = 0; i < s->n; i++) {
            size_t k = i;
            for (; k > 0 && s->candidates[s->by_need[r][k - 1]].need[r] > s->candidates[i].need[r];
                 k--)
                s->by_need[r][k] = s->by_need[r][k - 1];
            s->by_need[r][k] = (int)i;
        }
}

/* Smallest first, whatever fits beside those already taken. */
static size_t greedy(struct search *s, const struct poset *order)
{
    size_t words = order ? poset_words(order) : 0, count = 0;
    uint64_t *taken = xcalloc(words ? words : 1, sizeof *taken),
             *before_taken = xcalloc(words ? words : 1, sizeof *before_taken);
    for (size_t i = s->n; i-- > 0 && s->steps <= STEPS_LIMIT;) {
        const struct together_item *item = &s->candidates[i].item;
        size_t word = (size_t)item->element / 64;
        uint64_t bit = UINT64_C(1) << (item->element % 64);
        bool ordered = order && before_taken[word] & bit;
        for (size_t w = 0; w < words && !ordered; w++)
            ordered = poset_before(order, item->element)[w] & taken[w];
        if (ordered || pack(s->pool, item, &s->steps) == POOL_NONE)
            continue;
        count++;
        if (order)
            taken[word] |= bit;
        for (size_t w = 0; w < words; w++)
            before_taken[w] |= poset_before(order, item->element)[w];
    }
    xfree(taken, before_taken);
    return count;
}

/* What the exact search asks of the candidates: who may run beside whom, and how much of each
 * demand the platform holds. */
static void relate(struct search *s, const struct poset *order)
{
    for (size_t i = 0; i < s->n; i++) {
        struct slot_demand one_rank = s->classes->demand[s->candidates[i].item.demand_class];
        one_rank.ranks = 1;
        one_rank.one_node = false;
        s->candidates[i].held = (double)platform_capacity(s->platform, &one_rank);
        for (size_t j = 0; j < s->n; j++) {
            int a = s->candidates[i].item.element, b = s->candidates[j].item.element;
            if (i != j && !(order && (poset_precedes(order, a, b) || poset_precedes(order, b, a))))
                s->candidates[i].unordered |= UINT32_C(1) << j;
        }
    }
}

/* Those that the platform could hold at all, the largest first. */
static void list_candidates(struct search *s, const struct together_item *items, size_t n)
{
    double total[RESOURCES];
    measure_platform(s->platform, total);
    s->candidates = xcalloc(n, sizeof *s->candidates);
    for (size_t i = 0; i < n; i++) {
        struct candidate c = { .item = items[i] };
        measure(&c, &s->classes->demand[items[i].demand_class], total);
        if (c.dominant <= 1)
            s->candidates[s->n++] = c;
    }
    qsort(s->candidates, s->n, sizeof *s->candidates, compare_largest_first);
}

SORT_BY_3(compare_alike, struct together_item, demand_class, tasks, element)

/* Of items that are alike no more than the platform holds; none is ordered. Returns how many. */
static size_t list_useful(const struct platform *p, const struct demand_classes *classes,
                          struct together_item *items, size_t n)
{
    size_t kept = 0, alike = 0;
    qsort(items, n, sizeof *items, compare_alike);
    for (size_t i = 0; i < n; i++) {
        const struct together_item *last = kept > 0 ? &items[kept - 1] : NULL;
        if (!last || last->demand_class != items[i].demand_class || last->tasks != items[i].tasks)
            alike = 0;
        if ((int64_t)alike++ < platform_capacity(p, &classes->demand[items[i].demand_class]))
            items[kept++] = items[i];
    }
    return kept;
}

struct together together_most(const struct platform *p, const struct demand_classes *classes,
                              const struct poset *order, const struct together_item *items,
                              size_t n)
{
    struct search s = { .platform = p, .classes = classes, .free = { 1, 1, 1 } };
    struct together_item *useful = xcalloc(n + 1, sizeof *useful);
    for (size_t i = 0; i < n; i++)
        useful[i] = items[i];
    s.pool = pool_new(p, classes->demand, classes->n);
    pool_claims_tasks(s.pool);
    list_candidates(&s, useful, order ? n : list_useful(p, classes, useful, n));
    free(useful);
    s.best = greedy(&s, order);
    bool small = s.n <= TOGETHER_EXACT_SETS;
    if (small && s.n > 0) {
        pool_reset(s.pool);
        s.steps = 0;
        relate(&s, order);
        sort_by_need(&s);
        search_from(&s, 0, UINT32_MAX >> (32 - s.n));
    }
    pool_free(s.pool);
    free(s.candidates);
    return (struct together){ .count = s.best, .exact = small && s.undecided <= s.best };
}
