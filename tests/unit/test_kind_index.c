/* The kinds that fit into given rooms, in order, against a plain look at each kind. */
#include "scheduling/kind_index.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

struct world {
    size_t n;
    struct kind_need *needs;
    struct waiting_run *first;           /* count 0: none waits */
};

static bool fits(const struct kind_need *need, const struct kind_rooms *rooms)
{
    for (size_t r = 0; r < rooms->n; r++) {
        int held = 0;
        for (int d = 0; d < NEED_DIMENSIONS; d++)
            held += need->of[d] <= rooms->at[r].of[d];
        if (held == NEED_DIMENSIONS)
            return true;
    }
    return false;
}

static int plain_next(const struct world *w, const struct kind_rooms *rooms,
                      const struct waiting_run *after)
{
    int best = -1;
    for (size_t k = 0; k < w->n; k++)
        if (w->first[k].count > 0 && (!after || waiting_before(after, &w->first[k])) &&
            fits(&w->needs[k], rooms) &&
            (best < 0 || waiting_before(&w->first[k], &w->first[best])))
            best = (int)k;
    return best;
}

static struct kind_need some_need(uint64_t number, uint64_t at, int most)
{
    struct kind_need need;
    for (int d = 0; d < NEED_DIMENSIONS; d++)
        need.of[d] = given_choice(number, at + (uint64_t)d, 0, d == NEED_NO_GPU ? 1 : most);
    return need;
}

static void same_kinds_in_the_same_order(struct kind_index *ix, const struct world *w,
                                         const struct kind_rooms *rooms,
                                         const struct waiting_run *after)
{
    struct kind_search search = { 0 };
    kind_index_begin(ix, &search, rooms, after);
    for (;;) {
        int expected = plain_next(w, rooms, after), actual = kind_index_next(ix, &search);
        CU_ASSERT_EQUAL_FATAL(actual, expected);
        if (expected < 0) {
            free(search.open);
            return;
        }
        after = &w->first[expected];
    }
}

/* Odd numbers: whole ones. Others: fractions, some of which differ by their last bits only. */
static double some_key(uint64_t number, uint64_t at)
{
    static const double fractions[] = { 0.25, 0.25 + 0x1p-53, 0.75, 1 - 0x1p-53 };
    int key = given_choice(number, at, 0, 3);
    return number % 2 ? key : fractions[key];
}

static void check(uint64_t number, size_t n)
{
    struct world w = { n, xcalloc(n, sizeof *w.needs), xcalloc(n, sizeof *w.first) };
    for (size_t k = 0; k < n; k++)
        w.needs[k] = some_need(number, 100 * k, number % 3 ? 30 : 3);
    struct room whole = { { given_choice(number, 1, 1, 40), given_choice(number, 2, 0, 40), 90 } };
    struct kind_index *ix = kind_index_new(w.needs, n, &whole, number % 2 ? 4 : 0);
    CU_ASSERT_EQUAL(kind_index_first(ix), -1);
    for (uint64_t step = 0; step < 300; step++) {
        uint64_t at = 1000000 + 1000 * step;
        size_t k = (size_t)given_choice(number, at, 0, (int)n - 1);
        w.first[k] = (struct waiting_run){ .key = some_key(number, at + 1),
                                           .arrival = step,
                                           .count = given_choice(number, at + 2, 0, 4) > 0 };
        kind_index_set(ix, k, w.first[k].count > 0 ? &w.first[k] : NULL);
        struct kind_rooms rooms = { 0 }, all = { 0 };
        for (uint64_t r = 0; r < step % 5; r++) {
            struct kind_need room = some_need(number, at + 10 * (r + 1), 70);
            kind_rooms_add(&rooms, &room);
        }
        kind_rooms_add(&all, &(struct kind_need){ { 99, 99, 99, 99, 99, 99, 99, 99 } });
        same_kinds_in_the_same_order(ix, &w, &rooms, step % 2 ? &w.first[k] : NULL);
        CU_ASSERT_EQUAL(kind_index_first(ix), plain_next(&w, &all, NULL));
        free(rooms.at);
        free(all.at);
    }
    kind_index_free(ix);
    free(w.needs);
    free(w.first);
}

static void finds_what_a_plain_look_finds(void)
{
    static const size_t sizes[] = { 1, 2, 7, 8, 9, 17, 100, 531 };
    for (uint64_t i = 0; i < 3 * sizeof sizes / sizeof *sizes; i++)
        check(i, sizes[i / 3]);
}

static bool needs_no_less(const struct kind_need *need, const struct kind_need *than)
{
    int held = 0;
    for (int d = 0; d < NEED_DIMENSIONS; d++)
        held += need->of[d] >= than->of[d];
    return held == NEED_DIMENSIONS;
}

/* Goes through all kinds, of which those of no less than `out` are left out; how many were. */
static int pass_over(const struct kind_index *ix, const struct world *w,
                     const struct kind_need *out)
{
    struct kind_search search = { 0 };
    const struct waiting_run *after = NULL;
    struct kind_rooms all = { 0 };
    int passed_over = 0;
    kind_rooms_add(&all, &(struct kind_need){ { 99, 99, 99, 99, 99, 99, 99, 99 } });
    kind_index_begin(ix, &search, &all, NULL);
    kind_index_leave_out(ix, &search, out);
    for (int actual = -1, next = 0; next >= 0;) {
        actual = kind_index_next(ix, &search);
        while ((next = plain_next(w, &all, after)) >= 0 && next != actual) {
            CU_ASSERT(needs_no_less(&w->needs[next], out));
            after = &w->first[next];
            passed_over++;
        }
        CU_ASSERT_EQUAL(next, actual);
        after = next >= 0 ? &w->first[next] : NULL;
    }
    free(search.open);
    free(all.at);
    return passed_over;
}

static void leaves_out_only_what_needs_no_less(void)
{
    enum { N = 300, MOST = 50 };
    static struct kind_need needs[N];
    static struct waiting_run first[N];
    struct world w = { N, needs, first };
    struct room whole = { { 40, 40, 90 } };
    int passed_over = 0, could = 0;
    for (uint64_t number = 0; number < 40; number++) {
        for (size_t k = 0; k < N; k++) {
            needs[k] = some_need(number, 100 * k, MOST);
            first[k] = (struct waiting_run){ .arrival = k, .count = 1 };
        }
        struct kind_index *ix = kind_index_new(needs, N, &whole, 1);
        for (size_t k = 0; k < N; k++)
            kind_index_set(ix, k, &first[k]);
        struct kind_need out = some_need(number, 50, MOST / 2);
        out.of[NEED_NO_GPU] = 0;
        passed_over += pass_over(ix, &w, &out);
        for (size_t k = 0; k < N; k++)
            could += needs_no_less(&needs[k], &out);
        kind_index_free(ix);
    }
    unit_is(passed_over, >, could / 2);
}

static void a_room_within_another_is_left_out(void)
{
    struct kind_rooms rooms = { 0 };
    kind_rooms_add(&rooms, &(struct kind_need){ { 2, 3, 4, 5, 6, 8, 7, 1 } });
    kind_rooms_add(&rooms, &(struct kind_need){ { 2, 3, 3, 5, 6, 8, 7, 1 } });
    CU_ASSERT_EQUAL(rooms.n, 1);
    kind_rooms_add(&rooms, &(struct kind_need){ { 3, 2, 4, 5, 6, 8, 7, 1 } });
    CU_ASSERT_EQUAL(rooms.n, 2);
    kind_rooms_add(&rooms, &(struct kind_need){ { 3, 3, 4, 5, 6, 8, 7, 1 } });
    CU_ASSERT_EQUAL(rooms.n, 1);
    free(rooms.at);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(finds_what_a_plain_look_finds),
                                              UNIT_TEST(leaves_out_only_what_needs_no_less),
                                              UNIT_TEST(a_room_within_another_is_left_out),
                                              { NULL, NULL } };
    return unit_run("kind_index", tests);
}
