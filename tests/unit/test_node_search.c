#include "scheduling/node_search.h"

#include "base/bits.h"
#include "num/rng.h"
#include "tests/support/unit.h"

enum { NODES = 7, SLOTS = 12, GPUS = 3 };

static uint16_t shape_of[NODES];
static char shape_name[] = "node";

static struct platform small_platform(struct node_shape *shape)
{
    *shape = (struct node_shape){ .name = shape_name, .cores = SLOTS, .threads_per_core = 1,
                                  .n_slots = SLOTS, .n_gpus = GPUS };
    return (struct platform){ .name = shape_name, .n_shapes = 1, .shapes = shape, .n_nodes = NODES,
                              .shape_of = shape_of };
}

static const struct slot_demand classes[] = {
    { .ranks = 1, .slots = 5 },
    { .ranks = 1, .slots = 1, .gpus = 2 },
    { .ranks = 6, .slots = 3, .one_node = true },
    { .ranks = 4, .slots = 3, .one_node = true },
    { .ranks = 6, .slots = 3 },
    { .ranks = 9, .slots = 4, .gpus = 1 },
    { .ranks = 2, .slots = 11 },
};
enum { CLASSES = sizeof classes / sizeof *classes };

/* The same search on plain numbers, node by node. */
struct plain { int slots[NODES], gpus[NODES]; uint32_t pointer; };
struct row { struct pool_ranks parts[NODES]; size_t n; };

static uint32_t plain_fits(const struct plain *p, uint32_t node, const struct slot_demand *d)
{
    int n = p->slots[node] / d->slots;
    if (d->gpus > 0 && p->gpus[node] / d->gpus < n)
        n = p->gpus[node] / d->gpus;
    return (uint32_t)n;
}

static bool plain_find(const struct plain *p, const struct slot_demand *d, struct row *row)
{
    uint32_t full = (uint32_t)(SLOTS / d->slots), left = (uint32_t)d->ranks;
    if (d->gpus > 0 && (uint32_t)(GPUS / d->gpus) < full)
        full = (uint32_t)(GPUS / d->gpus);
    bool first = true, last = false;
    row->n = 0;
    for (uint32_t i = 0; i < NODES && left > 0; i++) {
        uint32_t node = (p->pointer + i) % NODES, here = plain_fits(p, node, d),
                 want = left < full ? left : full;
        last |= left < full;
        bool partial = (first || last) && !d->one_node;
        if (d->one_node)
            want = left;
        if (here == 0 || (!partial && here < want)) {
            row->n = 0;
            left = (uint32_t)d->ranks;
            first = true;
            last = false;
            continue;
        }
        uint32_t take = here < want ? here : want;
        row->parts[row->n++] = (struct pool_ranks){ node, take };
        left -= take;
        first = false;
    }
    return left == 0;
}

static void plain_take(struct plain *p, const struct slot_demand *d, const struct row *row,
                       bool rotates)
{
    for (size_t i = 0; i < row->n; i++) {
        p->slots[row->parts[i].node] -= (int)row->parts[i].ranks * d->slots;
        p->gpus[row->parts[i].node] -= (int)row->parts[i].ranks * d->gpus;
    }
    if (rotates)
        p->pointer = row->parts[row->n - 1].node;
}

static bool same_parts(const struct pool *pool, uint32_t grant, const struct slot_demand *d,
                       const struct row *row)
{
    struct grant_walk walk = { grant, 0 };
    struct grant_part part;
    for (size_t i = 0; i < row->n; i++) {
        if (!pool_next_node(pool, &walk, &part))
            return false;
        if (part.node != row->parts[i].node ||
            bits_count(grant_part_slots(&part, 0)) != (int)row->parts[i].ranks * d->slots)
            return false;
    }
    return walk.grant == POOL_NONE;
}

struct held { uint32_t grant; struct row row; size_t class; };

static void release(struct pool *pool, struct plain *p, struct held *held, size_t *n, size_t which)
{
    const struct slot_demand *d = &classes[held[which].class];
    pool_release(pool, held[which].grant);
    for (size_t i = 0; i < held[which].row.n; i++) {
        p->slots[held[which].row.parts[i].node] += (int)held[which].row.parts[i].ranks * d->slots;
        p->gpus[held[which].row.parts[i].node] += (int)held[which].row.parts[i].ranks * d->gpus;
    }
    held[which] = held[--*n];
}

/* `many`: of so many classes that the pool keeps nothing for each. */
static struct pool *new_pool(const struct platform *p, bool many)
{
    struct slot_demand all[CLASSES + 4 * SLOTS];
    size_t n = 0;
    for (; n < CLASSES; n++)
        all[n] = classes[n];
    for (int i = 0; many && i < 4 * SLOTS; i++)
        all[n++] = (struct slot_demand){ .ranks = 1, .slots = 1 + i % SLOTS, .gpus = i / SLOTS };
    struct pool *pool = pool_new(p, all, n);
    unit_is(pool_tracks_classes(pool), ==, !many);
    return pool;
}

static void compare(bool rotates, bool many)
{
    struct node_shape shape;
    struct platform platform = small_platform(&shape);
    struct pool *pool = new_pool(&platform, many);
    struct node_search search;
    struct plain p = { .pointer = 0 };
    struct held held[64];
    struct row other;
    size_t n_held = 0, placed = 0, refused = 0;
    for (size_t i = 0; i < NODES; i++) {
        p.slots[i] = SLOTS;
        p.gpus[i] = GPUS;
    }
    node_search_init(&search, pool, rotates);
    struct rng_stream stream = rng_stream(3, rotates, RNG_TEST, 0);
    for (uint32_t step = 0; step < 5000; step++) {
        struct held *h = &held[n_held];
        h->class = (size_t)(rng_uniform(&stream, step, 0) * CLASSES);
        bool fits = plain_find(&p, &classes[h->class], &h->row);
        unit_must_be(node_search_can(&search, h->class), ==, fits);
        h->grant = node_search_place(&search, h->class);
        unit_must_be(h->grant != POOL_NONE, ==, fits);
        placed += fits;
        refused += !fits;
        if (fits) {
            CU_ASSERT_FATAL(same_parts(pool, h->grant, &classes[h->class], &h->row));
            plain_take(&p, &classes[h->class], &h->row, rotates);
            n_held++;
        }
        unit_is(search.pointer, ==, p.pointer);
        unit_is(node_search_can(&search, 4), ==, plain_find(&p, &classes[4], &other));
        while (n_held > 0 && rng_uniform(&stream, step, 1 + (uint32_t)n_held) < 0.12) {
            release(pool, &p, held, &n_held, n_held / 2);
            node_search_changed(&search);
        }
    }
    unit_is(placed, >, 500);
    unit_is(refused, >, 500);
    node_search_clear(&search);
    pool_free(pool);
}

static void agrees_with_a_plain_search_from_the_first_node(void)
{
    compare(false, false);
    compare(false, true);
}

static void agrees_with_a_plain_search_from_the_last_placement(void)
{
    compare(true, false);
    compare(true, true);
}

static void a_failed_search_leaves_the_pointer(void)
{
    struct node_shape shape;
    struct platform platform = small_platform(&shape);
    struct pool *pool = pool_new(&platform, classes, CLASSES);
    struct node_search search;
    node_search_init(&search, pool, true);
    for (int i = 0; i < 5; i++)
        node_search_place(&search, 0);           /* two of 5 slots a node: nodes 0 0 1 1 2 */
    unit_is(search.pointer, ==, 2);
    while (node_search_place(&search, 1) != POOL_NONE)
        continue;                                /* one pair of GPUs a node */
    unit_is(search.pointer, ==, 1);
    unit_is(node_search_place(&search, 1), ==, POOL_NONE);
    unit_is(search.pointer, ==, 1);
    node_search_reset(&search);
    unit_is(search.pointer, ==, 0);
    node_search_clear(&search);
    pool_free(pool);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(agrees_with_a_plain_search_from_the_first_node),
        UNIT_TEST(agrees_with_a_plain_search_from_the_last_placement),
        UNIT_TEST(a_failed_search_leaves_the_pointer),
        { NULL, NULL },
    };
    return unit_run("node_search", tests);
}
