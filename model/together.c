#include "model/together_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"

static void measure_platform(const struct platform *p, double total[TOGETHER_RESOURCES])
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

static void measure(struct together_candidate *c, const struct slot_demand *d,
                    const double total[TOGETHER_RESOURCES])
{
    double ranks = (double)c->item.tasks * d->ranks;
    double need[TOGETHER_RESOURCES] = { ranks * d->slots,
                               ranks * (d->gpus + (double)d->gpu_share / DEMAND_WHOLE_GPU),
                               ranks * (double)d->memory_mib };
    for (int r = 0; r < TOGETHER_RESOURCES; r++) {
        /* infinite where the platform has none */
        c->need[r] = need[r] > 0 ? need[r] / total[r] : 0;
        c->dominant = fmax(c->dominant, c->need[r]);
    }
}

SORT_ORDER(compare_largest_first, struct together_candidate,
           SORT_DOWN(dominant) SORT_LAST(item.element))

static void sort_by_need(struct together_search *s)
{
    for (int r = 0; r < TOGETHER_RESOURCES; r++)
        for (size_t i = 0; i < s->n; i++) {
            size_t k = i;
            for (; k > 0 && s->candidates[s->by_need[r][k - 1]].need[r] > s->candidates[i].need[r];
                 k--)
                s->by_need[r][k] = s->by_need[r][k - 1];
            s->by_need[r][k] = (int)i;
        }
}

/* Smallest first, whatever fits beside those already taken. */
static size_t greedy(struct together_search *s, const struct poset *order)
{
    size_t words = order ? poset_words(order) : 0, count = 0;
    uint64_t *taken = xcalloc(words ? words : 1, sizeof *taken),
             *before_taken = xcalloc(words ? words : 1, sizeof *before_taken);
    for (size_t i = s->n; i-- > 0 && s->steps <= TOGETHER_STEPS;) {
        const struct together_item *item = &s->candidates[i].item;
        size_t word = (size_t)item->element / 64;
        uint64_t bit = UINT64_C(1) << (item->element % 64);
        bool ordered = order && before_taken[word] & bit;
        for (size_t w = 0; w < words && !ordered; w++)
            ordered = poset_before(order, item->element)[w] & taken[w];
        if (ordered || together_pack(s->pool, item, &s->steps) == POOL_NONE)
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
static void relate(struct together_search *s, const struct poset *order)
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
static void list_candidates(struct together_search *s, const struct together_item *items, size_t n)
{
    double total[TOGETHER_RESOURCES];
    measure_platform(s->platform, total);
    s->candidates = xcalloc(n, sizeof *s->candidates);
    for (size_t i = 0; i < n; i++) {
        struct together_candidate c = { .item = items[i] };
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
    struct together_search s = { .platform = p, .classes = classes, .free = { 1, 1, 1 } };
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
        together_search_from(&s, 0, UINT32_MAX >> (32 - s.n));
    }
    pool_free(s.pool);
    free(s.candidates);
    return (struct together){ .count = s.best, .exact = small && s.undecided <= s.best };
}
