/* What passes on without being released is what would be given again: of every placement, demand
 * and drained node. */
#include "scheduling/placement.h"

#include <string.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

enum { NODES = 3, CLASSES = 8, LIVE = 64, PARTS = 8, STEPS = 20000, ROUND = 250 };

static const struct slot_demand classes[CLASSES] = {
    { .ranks = 1, .slots = 1 },
    { .ranks = 1, .slots = 3, .gpus = 1 },
    { .ranks = 1, .slots = 0, .gpus = 1 },
    { .ranks = 1, .slots = 8 },
    { .ranks = 1, .slots = 1, .memory_mib = 300 },
    { .ranks = 1, .slots = 1, .gpu_share = 400000 },
    { .ranks = 4, .slots = 3 },
    { .ranks = 2, .slots = 1, .gpu_share = 300000, .one_node = true },
};

struct held { size_t n; uint32_t grant[PARTS], node[PARTS]; uint64_t slots[PARTS], gpus[PARTS]; };

static struct held held_by(const struct pool *pool, uint32_t grant)
{
    struct held h;
    memset(&h, 0, sizeof h);
    for (; grant != POOL_NONE && h.n < PARTS; grant = pool_grant_next(pool, grant), h.n++) {
        struct grant_part part = pool_grant_part(pool, grant);
        h.grant[h.n] = grant;
        h.node[h.n] = part.node;
        h.slots[h.n] = part.slots[0];
        h.gpus[h.n] = part.gpus;
    }
    return h;
}

struct world {
    struct pool *pool;
    struct placement *pl;
    uint32_t live[LIVE];
    size_t n;
    uint64_t number;
};

static int choice(const struct world *w, uint64_t step, uint64_t what, int high)
{
    return given_choice(w->number, 8 * step + what, 0, high);
}

static void begin_round(struct world *w, uint64_t step)
{
    pool_reset(w->pool);
    placement_reset(w->pl);
    placement_set_slots_per_gpu(w->pl, choice(w, step, 0, 4));
    w->n = 0;
}

/* Whether it passes on; *same is false where that is not what it would have been given. */
static bool released_and_placed(struct world *w, size_t k, bool *same)
{
    struct held before = held_by(w->pool, w->live[k]);
    size_t c = pool_grant_part(w->pool, w->live[k]).demand_class;
    bool passes_on = placement_can_pass_on(w->pl, w->live[k]);
    placement_release(w->pl, w->live[k]);
    if (!passes_on) {
        w->live[k] = w->live[--w->n];
        return false;
    }
    uint32_t grant = placement_place(w->pl, c);
    struct held after = held_by(w->pool, grant);
    *same &= memcmp(&before, &after, sizeof before) == 0;
    if (grant == POOL_NONE)
        w->live[k] = w->live[--w->n];
    return true;
}

static size_t passed_on(const struct placement_ops *ops, uint64_t number, bool *same)
{
    struct platform *platform = given_platform(
        "{'name': 'p', 'nodes': [{'count': 3, 'cores': 8, 'gpus': 2, 'memory_mib': 1000}]}");
    struct world w = { .pool = pool_new(platform, classes, CLASSES), .number = number };
    size_t n = 0;
    w.pl = placement_new(ops, w.pool);
    for (uint64_t step = 0; step < STEPS; step++) {
        if (step % ROUND == 0)
            begin_round(&w, step);
        if (step % ROUND == ROUND / 2)
            placement_drain(w.pl, (uint32_t)choice(&w, step, 2, NODES - 1));
        bool mixed = step / ROUND % 2;                   /* one kind, or all of them */
        size_t c = mixed ? (size_t)choice(&w, step, 3, CLASSES - 1) : step / (2 * ROUND) % CLASSES;
        uint32_t grant = w.n < LIVE ? placement_place(w.pl, c) : POOL_NONE;
        if (grant != POOL_NONE)
            w.live[w.n++] = grant;
        else if (w.n > 0)
            n += released_and_placed(&w, (size_t)choice(&w, step, 4, (int)w.n - 1), same);
    }
    placement_free(w.pl);
    pool_free(w.pool);
    platform_free(platform);
    return n;
}

static void what_passes_on_would_be_given_again(void)
{
    for (size_t i = 0; placement_at(i); i++) {
        bool same = true;
        size_t n = passed_on(placement_at(i), i, &same);
        CU_ASSERT(same);
        CU_ASSERT(placement_at(i)->score ? n == 0 : n > 1000);
    }
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(what_passes_on_would_be_given_again),
                                              { NULL, NULL } };
    return unit_run("placement", tests);
}
