/* Which node each placement chooses, by what its summary says, on three unlike nodes; that it finds
 * them again as they were is what the plain scheduler of tests/oracle checks, of random events. */
#include "scheduling/placement.h"

#include <stdio.h>

#include "base/str.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

/* Node 0: 8 cores and 2 GPUs, node 1: 8 cores, node 2: 4 cores and 1 GPU. */
static const char nodes[] = "{'name': 'p', 'nodes': [{'cores': 8, 'gpus': 2}, {'cores': 8}, "
                            "{'cores': 4, 'gpus': 1}]}";
static const struct slot_demand classes[] = {
    { .ranks = 1, .slots = 2 },
    { .ranks = 1, .slots = 1, .gpus = 1 },
    { .ranks = 4, .slots = 3 },
    { .ranks = 6, .slots = 3 },
};

struct world {
    struct platform *platform;
    struct pool *pool;
    struct placement *placement;
};

static struct world world_of(const char *placement)
{
    struct world w = { .platform = given_platform(nodes) };
    w.pool = pool_new(w.platform, classes, sizeof classes / sizeof *classes);
    w.placement = placement_new(placement_find(placement), w.pool);
    return w;
}

static void world_clear(struct world *w)
{
    placement_free(w->placement);
    pool_free(w->pool);
    platform_free(w->platform);
}

/* A task of two cores, with no more than two nodes left to it, each given a task before. */
static uint32_t chosen(const char *placement, bool among, uint32_t first, uint32_t second)
{
    struct world w = world_of(placement);
    uint32_t nodes_left[] = { first, second };
    for (uint32_t node = 0; node < 3; node++) {
        uint32_t last = POOL_NONE;
        if (node == first || node == second)
            pool_claim(w.pool, node, 0, 1, &last);
        else
            placement_drain(w.placement, node);
    }
    uint32_t grant = among ? placement_place_among(w.placement, 0, nodes_left, 2)
                           : placement_place(w.placement, 0);
    uint32_t node = grant == POOL_NONE ? POOL_NONE : pool_grant_node(w.pool, grant);
    world_clear(&w);
    return node;
}

static void among_few_nodes_it_chooses_as_among_all(void)
{
    static const char *const names[] = { "first_fit", "next_fit", "worst_fit", "reserve_gpu" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (uint32_t first = 0; first < 3; first++)
            for (uint32_t second = 0; second < 3; second++)
                CU_ASSERT_EQUAL(chosen(names[i], true, first, second),
                                chosen(names[i], false, first, second));
}

/* The letters are tasks: c of two cores, g of one and a GPU, r and R of 4 and 6 ranks of three
 * cores. What each was given is the nodes of its parts, or "-". */
static void places(struct world *w, const char *tasks, const char *expected)
{
    struct str got = { 0 };
    struct grant_part part;
    for (const char *t = tasks; *t; t++) {
        size_t c = *t == 'c' ? 0 : *t == 'g' ? 1 : *t == 'r' ? 2 : 3;
        uint32_t grant = placement_place(w->placement, c);
        str_add(&got, grant == POOL_NONE ? "-" : "");
        for (struct grant_walk g = { grant, 0 }; pool_next_node(w->pool, &g, &part);)
            str_addf(&got, "%u", part.node);
        str_add(&got, " ");
    }
    CU_ASSERT_STRING_EQUAL(got.text, expected);
    if (!str_equal(got.text, expected))
        printf("    %s: %s, not %s\n", tasks, got.text, expected);
    str_clear(&got);
}

static void each_chooses_as_its_summary_says(void)
{
    static const struct { const char *placement, *tasks, *nodes; } known[] = {
        { "first_fit", "cccccggg", "0 0 0 0 1 2 - - " },
        { "first_fit", "gggg", "0 0 2 - " },
        { "next_fit", "cccccgcc", "0 0 0 0 1 2 2 1 " },
        { "best_fit", "ccccccg", "2 2 0 0 0 0 - " },
        { "best_fit", "ggg", "2 0 0 " },
        { "worst_fit", "cccccc", "0 1 0 1 2 0 " },
        { "pack_gpu", "cccccccg", "1 1 1 1 2 2 0 0 " },
        /* nothing is reserved yet */
        { "reserve_gpu", "cccccg", "0 0 0 0 1 2 " },
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct world w = world_of(known[i].placement);
        places(&w, known[i].tasks, known[i].nodes);
        world_clear(&w);
    }
}

/* Three slots a free GPU: six of node 0 and three of node 2. */
static void slots_beside_free_gpus_are_left(void)
{
    struct world w = world_of("reserve_gpu");
    placement_set_slots_per_gpu(w.placement, 3);
    places(&w, "cccccc", "0 1 1 1 1 - ");
    places(&w, "gcc", "0 0 - ");         /* of 5, three are for the other GPU */
    placement_set_slots_per_gpu(w.placement, 0);
    places(&w, "c", "0 ");
    world_clear(&w);
}

/* The best node is filled before the next; a task without room changes nothing. */
static void ranks_fill_one_node_after_another(void)
{
    struct world w = world_of("first_fit"), best = world_of("best_fit");
    places(&w, "R", "- ");
    unit_near(pool_free_slots(w.pool, 0), 8, 0);
    places(&w, "rc", "01 0 ");
    places(&best, "r", "201 ");
    world_clear(&w);
    world_clear(&best);
}

static void a_drained_node_takes_none_until_it_returns(void)
{
    CU_ASSERT_PTR_NOT_NULL_FATAL(placement_at(0));
    for (size_t i = 0; placement_at(i); i++) {
        struct world w = world_of(placement_at(i)->name);
        placement_drain(w.placement, 0);
        placement_drain(w.placement, 2);
        places(&w, "cg", "1 - ");
        placement_undrain(w.placement, 2);
        places(&w, "g", "2 ");
        world_clear(&w);
    }
}

static void what_is_released_is_there_again(void)
{
    for (size_t i = 0; placement_at(i); i++) {
        struct world w = world_of(placement_at(i)->name);
        uint32_t grants[3];
        for (int k = 0; k < 3; k++)
            grants[k] = placement_place(w.placement, 1);
        places(&w, "g", "- ");
        placement_release(w.placement, grants[1]);
        uint32_t node = pool_first_fit(w.pool, 1, 0), again = placement_place(w.placement, 1);
        unit_near(pool_grant_part(w.pool, again).node, node, 0);
        places(&w, "g", "- ");
        world_clear(&w);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(each_chooses_as_its_summary_says),
        UNIT_TEST(among_few_nodes_it_chooses_as_among_all),
        UNIT_TEST(slots_beside_free_gpus_are_left),
        UNIT_TEST(ranks_fill_one_node_after_another),
        UNIT_TEST(a_drained_node_takes_none_until_it_returns),
        UNIT_TEST(what_is_released_is_there_again),
        { NULL, NULL },
    };
    return unit_run("placement", tests);
}
