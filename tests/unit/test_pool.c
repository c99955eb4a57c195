#include "scheduling/pool.h"

#include <stdlib.h>

#include "base/bits.h"
#include "tests/support/unit.h"

/* Nodes of 70 slots (two words), slots 3 and 66 blocked, 3 GPUs, 1,000 MiB. */
static struct node_shape shape;
static struct platform platform;
static int blocked[] = { 3, 66 };
static uint16_t shape_of[200];

static const struct platform *nodes(size_t n)
{
    shape = (struct node_shape){ .name = (char[]){ "node" },
                                 .cores = 70,
                                 .threads_per_core = 1,
                                 .n_slots = 70,
                                 .n_gpus = 3,
                                 .memory_mib = 1000,
                                 .n_blocked = 2,
                                 .blocked = blocked };
    platform = (struct platform){ .n_shapes = 1, .shapes = &shape, .n_nodes = n,
                                  .shape_of = shape_of };
    return &platform;
}

static struct slot_demand demand(int ranks, int slots, int gpus)
{
    return (struct slot_demand){ .ranks = ranks, .slots = slots, .gpus = gpus };
}

static uint32_t claim(struct pool *pool, uint32_t node, size_t c)
{
    uint32_t last = POOL_NONE;
    return pool_claim(pool, node, c, 1, &last);
}

static void lowest_unblocked_ids_are_given_first(void)
{
    struct slot_demand classes[] = { demand(1, 5, 2), demand(1, 63, 0) };
    struct pool *pool = pool_new(nodes(1), classes, 2);
    unit_is(pool_free_slots(pool, 0), ==, 68);
    struct grant_part a = pool_grant_part(pool, claim(pool, 0, 0));
    /* 0 1 2 4 5; GPUs 0 1 */
    unit_is(grant_part_slots(&a, 0), ==, 0x37);
    unit_is(grant_part_slots(&a, 1), ==, 0);
    unit_is(a.gpus, ==, 3);
    struct grant_part b = pool_grant_part(pool, claim(pool, 0, 1));
    /* 6 .. 63, then 64 65 67 68 69 */
    unit_is(bits_count(grant_part_slots(&b, 0)), ==, 58);
    unit_is(grant_part_slots(&b, 1), ==, 0x3b);
    unit_is(pool_free_slots(pool, 0), ==, 0);
    CU_ASSERT_FALSE(pool_fits(pool, 0, 0));
    CU_ASSERT_FALSE(pool_fits(pool, 0, 1));
    pool_free(pool);
}

/* Of a wide node it holds the words that it has slots in, wherever they lie. */
static void few_slots_may_lie_far_apart(void)
{
    struct node_shape wide = { .cores = 200, .threads_per_core = 1, .n_slots = 200 };
    struct platform p = { .n_nodes = 1, .shape_of = shape_of, .shapes = &wide, .n_shapes = 1 };
    struct slot_demand classes[] = { demand(1, 1, 0), demand(1, 3, 0) };
    struct pool *pool = pool_new(&p, classes, 2);
    uint32_t one[200];
    for (int i = 0; i < 200; i++)
        one[i] = claim(pool, 0, 0);
    pool_release(pool, one[5]);
    pool_release(pool, one[70]);
    pool_release(pool, one[199]);
    uint32_t grant = claim(pool, 0, 1);
    struct grant_part far = pool_grant_part(pool, grant);
    unit_is(grant_part_slots(&far, 0), ==, UINT64_C(1) << 5);
    unit_is(grant_part_slots(&far, 1), ==, UINT64_C(1) << (70 - 64));
    unit_is(grant_part_slots(&far, 2), ==, 0);
    unit_is(grant_part_slots(&far, 3), ==, UINT64_C(1) << (199 - 192));
    pool_release(pool, grant);
    unit_is(pool_free_slots(pool, 0), ==, 3);
    pool_free(pool);
}

static void first_fit_skips_full_nodes_at_any_height_of_the_tree(void)
{
    struct slot_demand classes[] = { demand(1, 60, 0) };
    struct pool *pool = pool_new(nodes(200), classes, 1);
    for (uint32_t node = 0; node < 200; node++)
        if (node != 131)
            claim(pool, node, 0);
    unit_is(pool_first_fit(pool, 0, 0), ==, 131);
    unit_is(pool_first_fit(pool, 0, 131), ==, 131);
    unit_is(pool_first_fit(pool, 0, 132), ==, POOL_NONE);
    pool_drain(pool, 131);
    unit_is(pool_first_fit(pool, 0, 0), ==, POOL_NONE);
    CU_ASSERT_FALSE(pool_holds_task(pool, 0));
    pool_free(pool);
}

static void shares_of_a_device_fill_the_lowest_with_room(void)
{
    struct slot_demand classes[] = { { .ranks = 1, .slots = 1, .gpu_share = 400000 },
                                     demand(1, 1, 1) };
    struct pool *pool = pool_new(nodes(1), classes, 2);
    uint32_t first = claim(pool, 0, 0);
    unit_is(pool_grant_part(pool, first).gpus, ==, 1);
    unit_is(pool_free_gpus(pool, 0), ==, 2);
    unit_is(pool_grant_part(pool, claim(pool, 0, 0)).gpus, ==, 1);
    /* the first device has 0.2 left */
    unit_is(pool_grant_part(pool, claim(pool, 0, 0)).gpus, ==, 2);
    unit_is(pool_grant_part(pool, claim(pool, 0, 1)).gpus, ==, 4);
    CU_ASSERT_FALSE(pool_fits(pool, 0, 1));
    CU_ASSERT(pool_fits(pool, 0, 0));
    pool_release(pool, first);
    /* its neighbour still holds a share */
    unit_is(pool_free_gpus(pool, 0), ==, 0);
    pool_free(pool);
}

/* Words cut memory off at 2^41 - 1 MiB: a need beyond is compared in full. */
static void more_memory_than_a_word_holds(void)
{
    struct slot_demand classes[] = { demand(1, 1, 0), demand(1, 1, 0) };
    const struct platform *p = nodes(1);
    classes[0].memory_mib = INT64_C(1) << 42;
    classes[1].memory_mib = 1;
    shape.memory_mib = (INT64_C(1) << 42) + 5;
    struct pool *pool = pool_new(p, classes, 2);
    CU_ASSERT(pool_fits(pool, 0, 0));
    uint32_t small[6];
    for (size_t i = 0; i < 6; i++) {
        small[i] = claim(pool, 0, 1);
        unit_is(pool_fits(pool, 0, 0), ==, i < 5);
    }
    pool_release(pool, small[2]);
    CU_ASSERT(pool_fits(pool, 0, 0));
    pool_free(pool);
}

static void memory_limits_what_fits(void)
{
    struct slot_demand classes[] = { { .ranks = 1, .slots = 1, .memory_mib = 400 } };
    struct pool *pool = pool_new(nodes(2), classes, 1);
    claim(pool, 0, 0);
    claim(pool, 0, 0);
    CU_ASSERT_FALSE(pool_fits(pool, 0, 0));
    unit_is(pool_free_memory(pool, 0), ==, 200);
    unit_is(pool_first_fit(pool, 0, 0), ==, 1);
    pool_free(pool);
}

static void a_task_over_nodes_is_a_chain(void)
{
    struct slot_demand classes[] = { demand(5, 30, 0) };
    struct pool *pool = pool_new(nodes(3), classes, 1);
    uint32_t last = POOL_NONE;
    CU_ASSERT(pool_holds_task(pool, 0));
    unit_is(pool_ranks_that_fit(pool, 0, 0), ==, 2);
    uint32_t chain = pool_claim(pool, 0, 0, 2, &last);
    pool_claim(pool, 1, 0, 2, &last);
    pool_claim(pool, 2, 0, 1, &last);
    unit_is(pool_grant_part(pool, pool_grant_next(pool, chain)).node, ==, 1);
    CU_ASSERT_FALSE(pool_holds_task(pool, 0));
    pool_release(pool, chain);
    unit_is(pool_free_slots(pool, 2), ==, 68);
    CU_ASSERT(pool_holds_task(pool, 0));
    pool_free(pool);
}

enum { ALIKE_NODES = 90, ALIKE_CLASSES = 3 };

static uint32_t claim_one_by_one(struct pool *pool, size_t c, const struct pool_ranks *at, size_t n)
{
    uint32_t first = POOL_NONE, last = POOL_NONE;
    for (size_t i = 0; i < n; i++) {
        uint32_t part = pool_claim(pool, at[i].node, c, at[i].ranks, &last);
        first = first == POOL_NONE ? part : first;
    }
    return first;
}

static uint32_t claim_first_fit(struct pool *pool, size_t c, bool one_by_one)
{
    struct pool_ranks at[ALIKE_NODES];
    uint32_t left = (uint32_t)pool_class(pool, c)->ranks, node = 0;
    size_t n = 0;
    for (; left > 0; left -= at[n++].ranks, node++) {
        node = pool_first_fit(pool, c, node);
        uint32_t fit = pool_ranks_that_fit(pool, node, c);
        at[n] = (struct pool_ranks){ node, fit < left ? fit : left };
    }
    return one_by_one ? claim_one_by_one(pool, c, at, n) : pool_claim_ranks(pool, c, at, n);
}

static void are_the_same(const struct pool *a, const struct pool *b, uint32_t ga, uint32_t gb)
{
    struct grant_walk wa = { ga, 0 }, wb = { gb, 0 };
    struct grant_part pa, pb;
    while (pool_next_node(a, &wa, &pa)) {
        unit_must_be(pool_next_node(b, &wb, &pb), ==, true);
        unit_must_be(pa.node, ==, pb.node);
        unit_must_be(pa.gpus, ==, pb.gpus);
        unit_must_be(grant_part_slots(&pa, 0), ==, grant_part_slots(&pb, 0));
        unit_must_be(grant_part_slots(&pa, 1), ==, grant_part_slots(&pb, 1));
    }
    unit_must_be(wb.grant, ==, POOL_NONE);
    for (size_t c = 0; c < ALIKE_CLASSES; c++) {
        unit_must_be(pool_ranks_of_task(a, c), ==, pool_ranks_of_task(b, c));
        for (uint32_t n = 0; n < ALIKE_NODES; n++)
            unit_must_be(pool_ranks_that_fit(a, n, c), ==, pool_ranks_that_fit(b, n, c));
    }
    unit_must_be(pool_all_free_slots(a), ==, pool_all_free_slots(b));
}

/* Second method: node by node. Some nodes are drained meanwhile, so that those of a part differ. */
static void alike_nodes_are_given_as_one_by_one(void)
{
    enum { LIVE = 20 };
    struct slot_demand classes[ALIKE_CLASSES] = { demand(60, 34, 0), demand(40, 60, 1),
                                                  demand(1, 7, 1) };
    struct pool *a = pool_new(nodes(ALIKE_NODES), classes, ALIKE_CLASSES),
                *b = pool_new(nodes(ALIKE_NODES), classes, ALIKE_CLASSES);
    uint32_t live[LIVE][2], most = 0;
    size_t n = 0;
    pool_keep_totals(a);
    pool_keep_totals(b);
    srand(7);
    for (int i = 0; i < 1500; i++) {
        size_t c = (size_t)(rand() % ALIKE_CLASSES), k = n > 0 ? (size_t)rand() % n : 0;
        uint32_t node = (uint32_t)(rand() % ALIKE_NODES);
        bool drains = rand() % 2;
        (drains ? pool_drain : pool_undrain)(a, node);
        (drains ? pool_drain : pool_undrain)(b, node);
        if (n < LIVE && pool_holds_task(a, c) && rand() % 3) {
            live[n][0] = claim_first_fit(a, c, false);
            live[n][1] = claim_first_fit(b, c, true);
            uint32_t alike = pool_grant_part(a, live[n][0]).n_nodes;
            most = alike > most ? alike : most;
            are_the_same(a, b, live[n][0], live[n][1]);
            n++;
        } else if (n > 0) {
            pool_release(a, live[k][0]);
            pool_release(b, live[k][1]);
            live[k][0] = live[--n][0];
            live[k][1] = live[n][1];
            are_the_same(a, b, POOL_NONE, POOL_NONE);
        }
    }
    unit_is(most, >, 3);
    pool_free(a);
    pool_free(b);
}

/* Invariant under 20,000 random claims and releases: what fits is what a count of the free ids
 * says; nothing is given twice. */
static void random_claims_keep_the_index_true(void)
{
    enum { NODES = 9, CLASSES = 4, LIVE = 60 };
    struct slot_demand classes[CLASSES] = { demand(1, 1, 0), demand(1, 16, 1), demand(1, 40, 0),
                                            demand(1, 7, 3) };
    struct pool *pool = pool_new(nodes(NODES), classes, CLASSES);
    uint32_t live[LIVE];
    size_t n = 0;
    srand(5);
    for (int i = 0; i < 20000; i++) {
        size_t c = (size_t)(rand() % CLASSES);
        uint32_t node = pool_first_fit(pool, c, (uint32_t)(rand() % NODES));
        if (node != POOL_NONE && n < LIVE && rand() % 2) {
            live[n++] = claim(pool, node, c);
        } else if (n > 0) {
            size_t k = (size_t)rand() % n;
            pool_release(pool, live[k]);
            live[k] = live[--n];
        }
        uint64_t taken[NODES][2] = { { 0 } }, gpus[NODES] = { 0 };
        for (size_t k = 0; k < n; k++) {
            struct grant_part p = pool_grant_part(pool, live[k]);
            CU_ASSERT_FALSE(taken[p.node][0] & grant_part_slots(&p, 0));
            CU_ASSERT_FALSE(taken[p.node][1] & grant_part_slots(&p, 1));
            CU_ASSERT_FALSE(gpus[p.node] & p.gpus);
            taken[p.node][0] |= grant_part_slots(&p, 0);
            taken[p.node][1] |= grant_part_slots(&p, 1);
            gpus[p.node] |= p.gpus;
        }
        bool held[CLASSES] = { false };
        for (uint32_t m = 0; m < NODES; m++) {
            int left = 68 - bits_count(taken[m][0]) - bits_count(taken[m][1]),
                gpus_left = 3 - bits_count(gpus[m]);
            for (size_t d = 0; d < CLASSES; d++) {
                bool fits = left >= classes[d].slots && gpus_left >= classes[d].gpus;
                unit_is(pool_fits(pool, m, d), ==, fits);
                held[d] |= fits;
            }
        }
        for (size_t d = 0; d < CLASSES; d++)
            unit_is((pool_held_shapes(pool) & pool_shape_bit(pool, d)) != 0, ==, held[d]);
    }
    pool_free(pool);
}

/* What runs already holds its own slots, wherever they lie, until it is released. */
static void given_slots_can_be_claimed(void)
{
    struct slot_demand classes[] = { demand(2, 5, 1), demand(1, 2, 0) };
    struct slot_demand share = { .ranks = 1, .slots = 1, .gpu_share = 400000 };
    struct slot_demand all[] = { classes[0], classes[1], share };
    struct pool *to = pool_new(nodes(2), all, 3);
    const uint16_t slots[] = { 7, 8, 9, 10, 64, 65, 67, 11, 12, 13 }, gpus[] = { 0, 2 };
    const uint16_t low[] = { 1 };
    const struct pool_part parts[] = { { 1, 2, 10, 2, slots, gpus } };
    const struct pool_part shared[] = { { 1, 1, 1, 1, &slots[0], low } };
    uint32_t grant = pool_claim_these(to, 0, parts, 1);
    struct grant_part p = pool_grant_part(to, grant);
    unit_is(p.node, ==, 1);
    unit_is(p.gpus, ==, 5);
    unit_is(pool_grant_next(to, grant), ==, POOL_NONE);
    unit_is(grant_part_slots(&p, 0), ==, 0x3f80);
    unit_is(grant_part_slots(&p, 1), ==, 0xb);
    unit_is(pool_free_slots(to, 1), ==, 58);
    unit_is(pool_free_gpus(to, 1), ==, 1);
    p = pool_grant_part(to, claim(to, 1, 1));            /* the lowest of those that are left */
    unit_is(grant_part_slots(&p, 0), ==, 3);
    unit_is(grant_part_slots(&p, 1), ==, 0);
    pool_release(to, grant);
    unit_is(pool_free_slots(to, 1), ==, 66);
    unit_is(pool_free_gpus(to, 1), ==, 3);
    uint32_t part = pool_claim_these(to, 2, shared, 1);
    unit_is(pool_device_room(to, 1, 1), ==, 600000);
    unit_is(pool_free_gpus(to, 1), ==, 2);
    pool_release(to, part);
    unit_is(pool_device_room(to, 1, 1), ==, 1000000);
    unit_is(pool_free_gpus(to, 1), ==, 3);
    pool_free(to);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(lowest_unblocked_ids_are_given_first),
        UNIT_TEST(few_slots_may_lie_far_apart),
        UNIT_TEST(given_slots_can_be_claimed),
        UNIT_TEST(first_fit_skips_full_nodes_at_any_height_of_the_tree),
        UNIT_TEST(shares_of_a_device_fill_the_lowest_with_room),
        UNIT_TEST(memory_limits_what_fits),
        UNIT_TEST(more_memory_than_a_word_holds),
        UNIT_TEST(a_task_over_nodes_is_a_chain),
        UNIT_TEST(alike_nodes_are_given_as_one_by_one),
        UNIT_TEST(random_claims_keep_the_index_true),
        { NULL, NULL }
    };
    return unit_run("pool", tests);
}
