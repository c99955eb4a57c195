/* Nodes in groups of the same future: starts and ends, told one by one, give the groups that
 * reading all anew gives. */
#include <stdlib.h>

#include "base/xalloc.h"
#include "scheduling/alike_nodes.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

enum { NODES = 12, MOST = 60 };

struct running { uint32_t grant; double end_s; };

static bool are_alike(const struct alike_nodes *a, uint32_t n, uint32_t m)
{
    return a->of_node[n] == a->of_node[m];
}

/* What the node has free at the instant. */
static int64_t slots_at(const struct alike_nodes *a, uint32_t node, double at_s)
{
    const struct room_steps *s = &a->groups[a->of_node[node]].steps;
    return s->at[room_steps_at(s, at_s)].free.slots;
}

static void same_groups(const struct alike_nodes *told, const struct alike_nodes *read)
{
    int differ = 0;
    for (uint32_t n = 0; n < NODES; n++)
        for (uint32_t m = 0; m < n; m++)
            differ += are_alike(told, n, m) != are_alike(read, n, m);
    CU_ASSERT_EQUAL(differ, 0);
    for (uint32_t n = 0; n < NODES; n++)
        for (double at_s = 0; at_s < 12; at_s++)
            differ += slots_at(told, n, at_s) != slots_at(read, n, at_s);
    CU_ASSERT_EQUAL(differ, 0);
}

static void tell(struct alike_nodes *a, uint32_t grant, double end_s,
                 void (*change)(struct alike_nodes *, uint32_t, const struct room_amount *, double))
{
    struct grant_part part;
    for (struct grant_walk w = { grant, 0 }; pool_next_node(a->pool, &w, &part);) {
        struct room_amount by = room_amount_of_part(&part);
        change(a, part.node, &by, end_s);
    }
}

static void check(uint64_t number)
{
    struct platform *p =
        given_platform("{'nodes': [{'count': 8, 'cores': 4}, {'count': 4, 'cores': 6}]}");
    const struct slot_demand classes[] = { { .ranks = 1, .slots = 1 }, { .ranks = 1, .slots = 2 },
                                           { .ranks = 6, .slots = 2 } };
    struct pool *pool = pool_new(p, classes, 3);
    struct expected_ends ends = { 0 };
    struct running running[MOST];
    struct alike_nodes told, read;
    size_t n_running = 0;
    alike_nodes_init(&told, pool);
    alike_nodes_read(&told, &ends);
    for (uint64_t step = 0; step < 200; step++) {
        uint64_t at = 10 * step;
        size_t class = (size_t)given_choice(number, at, 0, 2);
        uint32_t last = POOL_NONE, grant = POOL_NONE;
        double end_s = given_choice(number, at + 1, 1, 9);
        if (given_choice(number, at + 2, 0, 1) && n_running > 0) {
            struct running *out =
                &running[given_choice(number, at + 3, 0, (int)n_running - 1)];
            tell(&told, out->grant, out->end_s, alike_nodes_end);
            expected_ends_remove(&ends, out->grant);
            pool_release(pool, out->grant);
            *out = running[--n_running];
        } else if (pool_holds_task(pool, class) && n_running < MOST) {
            for (int64_t left = classes[class].ranks; left > 0;) {
                uint32_t node = pool_first_fit(pool, class, 0),
                         ranks = pool_ranks_that_fit(pool, node, class);
                ranks = ranks < left ? ranks : (uint32_t)left;
                uint32_t part = pool_claim(pool, node, class, ranks, &last);
                grant = grant == POOL_NONE ? part : grant;
                left -= ranks;
            }
            expected_ends_add(&ends, grant, end_s);
            running[n_running++] = (struct running){ grant, end_s };
            tell(&told, grant, end_s, alike_nodes_start);
        }
        alike_nodes_init(&read, pool);
        alike_nodes_read(&read, &ends);
        same_groups(&told, &read);
        alike_nodes_clear(&read);
    }
    alike_nodes_clear(&told);
    expected_ends_clear(&ends);
    pool_free(pool);
    platform_free(p);
}

static void told_one_by_one_as_read_anew(void)
{
    for (uint64_t number = 0; number < 20; number++)
        check(number);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(told_one_by_one_as_read_anew),
                                              { NULL, NULL } };
    return unit_run("alike_nodes", tests);
}
