#include "scheduling/node_set.h"

#include <string.h>

#include "num/rng.h"
#include "tests/support/unit.h"

/* Puts nodes from `from` on in, or out, as the first of them is not; returns how many more are in.
 */
static size_t change_range(struct node_set *s, bool *in, size_t n_nodes, uint32_t from, uint32_t n)
{
    size_t end = from + n < n_nodes ? from + n : n_nodes, more = 0;
    bool adds = !in[from];
    (adds ? node_set_add : node_set_remove)(s, from, end);
    for (size_t i = from; i < end; i++) {
        more += (size_t)adds - (size_t)in[i];
        in[i] = adds;
    }
    return more;
}

/* Second method: a flag a node, searched one by one. 300,000 nodes are four levels. */
static void agrees_with_flags(size_t n_nodes)
{
    static bool in[300000];
    struct node_set s;
    struct rng_stream stream = rng_stream(5, 0, RNG_TEST, n_nodes);
    size_t members = 0;
    node_set_init(&s, n_nodes);
    for (size_t i = 0; i < n_nodes; i++)
        in[i] = false;
    for (uint32_t step = 0; step < 3000; step++) {
        uint32_t node = (uint32_t)(rng_uniform(&stream, step, 0) * (double)n_nodes),
                 from = (uint32_t)(rng_uniform(&stream, step, 1) * (double)n_nodes);
        /* few stay members */
        node = step % 3 == 2 && node_set_first(&s, node) != NODE_SET_NONE ? node_set_first(&s, node)
                                                                          : node;
        members += in[node] ? (size_t)-1 : 1;
        in[node] = !in[node];
        node_set_flip(&s, node);
        if (step % 5 == 0)
            members += change_range(&s, in, n_nodes, from, step / 5 % 200);
        uint32_t first = from;
        while (first < n_nodes && !in[first])
            first++;
        unit_must_be(node_set_has(&s, node), ==, in[node]);
        unit_must_be(node_set_is_empty(&s), ==, (members == 0));
        unit_must_be(node_set_first(&s, from), ==, first < n_nodes ? first : NODE_SET_NONE);
    }
    node_set_clear(&s);
}

static void agrees_with_flags_at_every_height(void)
{
    static const size_t sizes[] = { 1, 63, 64, 65, 4096, 4097, 300000 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        agrees_with_flags(sizes[i]);
}

/* Second method: one by one. */
static void adds_runs_as_one_by_one(void)
{
    static const size_t runs[][2] = { { 0, 1 },       { 3, 64 },         { 60, 70 },
                                      { 64, 128 },    { 130, 4097 },     { 4000, 9000 },
                                      { 9001, 9001 }, { 262100, 299999 } };
    struct node_set whole, single;
    node_set_init(&whole, 300000);
    node_set_init(&single, 300000);
    for (size_t i = 0; i < sizeof runs / sizeof *runs; i++) {
        node_set_add(&whole, runs[i][0], runs[i][1]);
        for (size_t n = runs[i][0]; n < runs[i][1]; n++)
            if (!node_set_has(&single, (uint32_t)n))
                node_set_flip(&single, (uint32_t)n);
        for (size_t l = 0; l < single.n_levels; l++)
            unit_near(memcmp(whole.level[l], single.level[l], single.n_words[l] * 8), 0, 0);
    }
    node_set_clear(&whole);
    node_set_clear(&single);
}

/* Second method: one by one. */
static void rows_are_flipped_as_one_by_one(void)
{
    static const uint32_t rows[][2] = { { 0, 1 },      { 3, 61 },     { 64, 64 },
                                        { 130, 4000 }, { 4200, 17 },  { 9001, 64 },
                                        { 299999, 1 }, { 130, 4000 }, { 3, 61 } };
    struct node_set whole, single;
    node_set_init(&whole, 300000);
    node_set_init(&single, 300000);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        node_set_flip_row(&whole, rows[i][0], rows[i][1]);
        for (uint32_t n = 0; n < rows[i][1]; n++)
            node_set_flip(&single, rows[i][0] + n);
        for (size_t l = 0; l < single.n_levels; l++)
            unit_is(memcmp(whole.level[l], single.level[l], single.n_words[l] * 8), ==, 0);
        if (i == 6) {
            unit_is(node_set_row(&whole, 4, 300000), ==, 124);
            unit_is(node_set_row(&whole, 64, 300000), ==, 64);
            unit_is(node_set_row(&whole, 130, 300000), ==, 4000);
            unit_is(node_set_row(&whole, 131, 128), ==, 128);
            unit_is(node_set_row(&whole, 299999, 7), ==, 1);
        }
    }
    node_set_clear(&whole);
    node_set_clear(&single);
}

static void becomes_empty_again(void)
{
    struct node_set s;
    node_set_init(&s, 5000);
    CU_ASSERT(node_set_is_empty(&s));
    unit_is(node_set_first(&s, 0), ==, NODE_SET_NONE);
    node_set_flip(&s, 4999);
    CU_ASSERT_FALSE(node_set_is_empty(&s));
    unit_is(node_set_first(&s, 0), ==, 4999);
    unit_is(node_set_first(&s, 4999), ==, 4999);
    node_set_flip(&s, 4999);
    CU_ASSERT(node_set_is_empty(&s));
    unit_is(node_set_first(&s, 0), ==, NODE_SET_NONE);
    node_set_clear(&s);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(agrees_with_flags_at_every_height),
        UNIT_TEST(adds_runs_as_one_by_one),
        UNIT_TEST(rows_are_flipped_as_one_by_one),
        UNIT_TEST(becomes_empty_again),
        { NULL, NULL },
    };
    return unit_run("node_set", tests);
}
