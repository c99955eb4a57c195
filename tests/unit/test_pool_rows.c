/* Tasks over many nodes, taken and given back row by row. Second method: node by node. */
#include <stdlib.h>

#include "scheduling/pool.h"
#include "tests/support/unit.h"

enum { NODES = 150, CLASSES = 4, LIVE = 40 };

/* One word of slots: 64 of a machine's 150 nodes have 12 of them and 4 GPUs, the others 8. */
static struct node_shape shapes[2];
static struct platform platform;
static uint16_t shape_of[NODES];

static const struct platform *nodes(size_t n_shapes)
{
    for (int i = 0; i < 2; i++)
        shapes[i] = (struct node_shape){ .name = (char[]){ "node" },
                                         .cores = 12 - 4 * i,
                                         .threads_per_core = 1,
                                         .n_slots = 12 - 4 * i,
                                         .n_gpus = 4,
                                         .memory_mib = 1000 };
    for (int n = 0; n < NODES; n++)
        shape_of[n] = n_shapes == 2 && (n < 60 || n >= 64);
    platform = (struct platform){
        .n_shapes = n_shapes, .shapes = shapes, .n_nodes = NODES, .shape_of = shape_of
    };
    return &platform;
}

/* Of nodes with room the lowest first, from `from` on, and then those below it. */
static uint32_t claim_one_by_one(struct pool *pool, size_t c, uint32_t from, uint32_t *end)
{
    uint32_t left = (uint32_t)pool_class(pool, c)->ranks, first = POOL_NONE, last = POOL_NONE;
    for (uint32_t node = from; left > 0; node++) {
        node = pool_first_fit(pool, c, node);
        node = node == POOL_NONE ? pool_first_fit(pool, c, 0) : node;
        uint32_t fit = pool_ranks_that_fit(pool, node, c), here = fit < left ? fit : left;
        uint32_t part = pool_claim(pool, node, c, here, &last);
        first = first == POOL_NONE ? part : first;
        left -= here;
        *end = node + 1;
    }
    return first;
}

static void release_one_by_one(struct pool *pool, uint32_t grant)
{
    while (grant != POOL_NONE)
        grant = pool_release_part(pool, grant);
}

static void are_the_same(const struct pool *a, const struct pool *b, uint32_t ga, uint32_t gb)
{
    struct grant_walk wa = { ga, 0 }, wb = { gb, 0 };
    struct grant_part pa, pb;
    while (pool_next_node(a, &wa, &pa)) {
        unit_must_be(pool_next_node(b, &wb, &pb), ==, true);
        unit_must_be(pa.node, ==, pb.node);
        unit_must_be(pa.gpus, ==, pb.gpus);
        unit_must_be(pa.n_slots, ==, pb.n_slots);
        unit_must_be(grant_part_slots(&pa, 0), ==, grant_part_slots(&pb, 0));
    }
    unit_must_be(wb.grant, ==, POOL_NONE);
    for (size_t c = 0; c < CLASSES; c++) {
        unit_must_be(pool_ranks_of_task(a, c), ==, pool_ranks_of_task(b, c));
        unit_must_be(pool_holds_task(a, c), ==, pool_holds_task(b, c));
        for (uint32_t n = 0; n < NODES; n++)
            unit_must_be(pool_ranks_that_fit(a, n, c), ==, pool_ranks_that_fit(b, n, c));
    }
    for (uint32_t n = 0; n < NODES; n++)
        unit_must_be(pool_free_memory(a, n), ==, pool_free_memory(b, n));
    unit_must_be(pool_all_free_slots(a), ==, pool_all_free_slots(b));
    unit_must_be(pool_all_free_gpus(a), ==, pool_all_free_gpus(b));
}

struct both {
    struct pool *rows, *single;
    uint32_t live[LIVE][2], longest;
    size_t n;
};

static void start(struct both *b, size_t c, uint32_t from)
{
    uint32_t end[2], *grants = b->live[b->n++];
    grants[0] = pool_claim_gang(b->rows, c, from, &end[0]);
    grants[1] = claim_one_by_one(b->single, c, from, &end[1]);
    unit_must_be(end[0], ==, end[1]);
    are_the_same(b->rows, b->single, grants[0], grants[1]);
    uint32_t n = pool_grant_part(b->rows, grants[0]).n_nodes;
    b->longest = n > b->longest ? n : b->longest;
}

static void stop(struct both *b, size_t k)
{
    pool_release(b->rows, b->live[k][0]);
    release_one_by_one(b->single, b->live[k][1]);
    b->n--;
    b->live[k][0] = b->live[b->n][0];
    b->live[k][1] = b->live[b->n][1];
    are_the_same(b->rows, b->single, POOL_NONE, POOL_NONE);
}

static void drain(struct both *b, uint32_t node, bool drains)
{
    (drains ? pool_drain : pool_undrain)(b->rows, node);
    (drains ? pool_drain : pool_undrain)(b->single, node);
}

/* Returns the longest row that was given. */
static uint32_t agree(const struct slot_demand *classes, size_t n_shapes, bool drains)
{
    const struct platform *p = nodes(n_shapes);
    struct both b = { .rows = pool_new(p, classes, CLASSES),
                      .single = pool_new(p, classes, CLASSES) };
    pool_keep_totals(b.rows);
    pool_keep_totals(b.single);
    srand(7);
    for (int i = 0; i < 1500; i++) {
        size_t c = (size_t)(rand() % CLASSES);
        uint32_t from = (uint32_t)(rand() % NODES);
        if (drains && rand() % 4 == 0)
            drain(&b, (uint32_t)(rand() % NODES), rand() % 2);
        if (b.n < LIVE && pool_holds_task(b.rows, c) && rand() % 5 < 3)
            start(&b, c, rand() % 2 ? from : 0);
        else if (b.n > 0)
            stop(&b, (size_t)rand() % b.n);
    }
    pool_free(b.rows);
    pool_free(b.single);
    return b.longest;
}

/* Tasks that take whole nodes, beside some that take parts of them, and of which a node has room
 * for a rank when others are there. */
static void rows_are_given_as_node_by_node(void)
{
    struct slot_demand classes[CLASSES] = {
        { .ranks = 70, .slots = 12 },
        { .ranks = 90, .slots = 4, .memory_mib = 100 },
        { .ranks = 25, .slots = 5, .gpus = 1 },
        { .ranks = 3, .slots = 8 },
    };
    unit_is(agree(classes, 1, false), >, 60);
    unit_is(agree(classes, 1, true), >, 5);
}

static void rows_of_two_shapes(void)
{
    struct slot_demand classes[CLASSES] = {
        { .ranks = 70, .slots = 8 },
        { .ranks = 2, .slots = 12 },
        { .ranks = 90, .slots = 4, .memory_mib = 100 },
        { .ranks = 2, .slots = 4, .gpus = 2, .one_node = true },
    };
    unit_is(agree(classes, 2, false), >, 30);
    unit_is(agree(classes, 2, true), >, 5);
}

/* Something runs without a slot: then a node with all slots free need not be empty. */
static void gpu_tasks_without_slots(void)
{
    struct slot_demand classes[CLASSES] = {
        { .ranks = 70, .slots = 12, .memory_mib = 600 },
        { .ranks = 33, .gpus = 1, .memory_mib = 100 },
        { .ranks = 20, .slots = 12, .gpus = 2 },
        { .ranks = 9, .slots = 3 },
    };
    unit_is(agree(classes, 1, false), >, 30);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(rows_are_given_as_node_by_node),
        UNIT_TEST(rows_of_two_shapes),
        UNIT_TEST(gpu_tasks_without_slots),
        { NULL, NULL },
    };
    return unit_run("pool_rows", tests);
}
