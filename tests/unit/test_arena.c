/* Oracle: an array that remembers of each piece where it is and what was written into it. */
#include "base/arena.h"

#include <stdint.h>
#include <string.h>

#include "num/rng.h"
#include "tests/support/unit.h"

enum { PIECES = 3000 };

struct piece { unsigned char *at; size_t size; bool is_text; };

static void no_piece_touches_another(void)
{
    static struct piece pieces[PIECES];
    struct rng_stream stream = rng_stream(11, 0, RNG_TEST, 7);
    struct arena a = { .block_bytes = 700 };
    unsigned char text[1000];
    for (size_t i = 0; i < PIECES; i++) {
        double draw = rng_uniform(&stream, 2 * i, 0);
        /* some are larger than a block */
        size_t size = 1 + (size_t)(draw < 0.03 ? 30000 * draw : 60 * draw);
        bool is_text = rng_uniform(&stream, 2 * i + 1, 0) < 0.4;
        memset(text, 1 + (int)(i % 255), sizeof text);
        void *at = is_text ? arena_keep(&a, (char *)text, size - 1) : arena_alloc(&a, size);
        pieces[i] = (struct piece){ at, size, is_text };
        if (!is_text)
            unit_is((uintptr_t)pieces[i].at % 8, ==, 0);
        if (!is_text)
            memcpy(pieces[i].at, text, size);
    }
    size_t held = 0;
    for (size_t i = 0; i < PIECES; i++)
        held += arena_holds(&a, pieces[i].at);
    unit_is(held, ==, PIECES);
    CU_ASSERT_FALSE(arena_holds(&a, text));
    CU_ASSERT_FALSE(arena_holds(&a, NULL));
    for (size_t i = 0; i < PIECES; i++) {
        memset(text, 1 + (int)(i % 255), sizeof text);
        text[pieces[i].size - 1] = pieces[i].is_text ? '\0' : text[0];
        unit_must_be(memcmp(pieces[i].at, text, pieces[i].size), ==, 0);
    }
    arena_clear(&a);
}

/* Blocks as large as huge pages come another way; and what was cleared begins anew. */
static void large_blocks_and_again(void)
{
    struct arena a = { .block_bytes = (3 << 20) + 7 };
    for (int round = 0; round < 2; round++) {
        double *first = arena_alloc(&a, sizeof *first);
        *first = 2.385;
        char *large = arena_alloc(&a, 5 << 20), *end = large + (5 << 20) - 1;
        *large = *end = 'x';
        CU_ASSERT_STRING_EQUAL(arena_keep(&a, "training.17", 8), "training");
        unit_is(*first, ==, 2.385);
        unit_is(*end, ==, 'x');
        arena_clear(&a);
        CU_ASSERT_PTR_NULL(a.blocks);
    }
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(no_piece_touches_another),
                                              UNIT_TEST(large_blocks_and_again), { NULL, NULL } };
    return unit_run("arena", tests);
}
