/* model/together_search.c - the exact search: which of few candidates run at once, by branch and
 * bound. The chosen fit if first fit finds room for them; if it does not, packing decides. */
#include "model/together_impl.h"

#include "model/packing.h"
#include "model/placing.h"

enum { PACKING_STEPS = 20000 };          /* of one packing */

uint32_t together_pack(struct pool *pool, const struct together_item *item, size_t *steps)
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
static bool surely_too_much(const struct together_search *s)
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

static bool within_area(const struct together_search *s)
{
    for (int r = 0; r < TOGETHER_RESOURCES; r++)
        if (s->free[r] < -1e-9)
            return false;
    return true;
}

/* Whether the chosen fit at once, when first fit does not say so. */
static enum packing decide(struct together_search *s)
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
static size_t most_more(const struct together_search *s, uint32_t open)
{
    size_t most = s->n;
    for (int r = 0; r < TOGETHER_RESOURCES; r++) {
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

static void choose(struct together_search *s, size_t i)
{
    for (int r = 0; r < TOGETHER_RESOURCES; r++)
        s->free[r] -= s->candidates[i].need[r];
    s->chosen |= UINT32_C(1) << i;
    s->count++;
}

static void unchoose(struct together_search *s, size_t i)
{
    for (int r = 0; r < TOGETHER_RESOURCES; r++)
        s->free[r] += s->candidates[i].need[r];
    s->chosen &= ~(UINT32_C(1) << i);
    s->count--;
}

void together_search_from(struct together_search *s, size_t i, uint32_t open)
{
    s->best = s->count > s->best ? s->count : s->best;
    while (i < s->n && !(open >> i & 1))
        i++;
    size_t most = s->count + most_more(s, open);
    if (i == s->n || most <= s->best)
        return;
    if (s->steps > TOGETHER_STEPS) {
        s->undecided = most > s->undecided ? most : s->undecided;
        return;
    }
    uint32_t rest = open & ~(UINT32_C(1) << i), beside = rest & s->candidates[i].unordered;
    uint32_t grant =
        s->not_in_pool > 0 ? POOL_NONE : together_pack(s->pool, &s->candidates[i].item, &s->steps);
    bool in_pool = grant != POOL_NONE;
    choose(s, i);
    enum packing fits = in_pool ? PACKING_POSSIBLE : decide(s);
    if (fits == PACKING_UNDECIDED) {
        size_t could = s->count + most_more(s, beside);
        s->undecided = could > s->undecided ? could : s->undecided;
    }
    if (fits == PACKING_POSSIBLE) {
        s->not_in_pool += !in_pool;
        together_search_from(s, i + 1, beside);
        s->not_in_pool -= !in_pool;
    }
    if (in_pool)
        pool_release(s->pool, grant);
    unchoose(s, i);
    together_search_from(s, i + 1, rest);
}
