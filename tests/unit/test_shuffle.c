#include "scheduling/shuffle.h"

#include <stdlib.h>

#include "num/rng.h"
#include "scheduling/bisection.h"
#include "tests/support/unit.h"

enum { MOST = 3000 };

/* What a pass in vain over n tasks does to those at begin .. end - 1, place by place. */
struct plain {
    size_t from[MOST], n;
};

static void make(struct shuffle *s, struct plain *p, const struct bisection *b, size_t begin,
                 size_t end)
{
    p->n = 0;
    shuffle_begin(s);
    for (size_t i = 0; i < b->n_refused; i++) {
        size_t high = b->refused[i].high + 1 < end ? b->refused[i].high + 1 : end,
               low = b->refused[i].low > begin ? b->refused[i].low : begin;
        if (high > low)
            shuffle_add(s, low - begin, high - 1 - begin);
        for (; high > low; high--)
            p->from[p->n++] = high - 1 - begin;
    }
}

/* Place 0 .. n - 1 after so many applications, one after the other. */
static void apply(const struct plain *p, size_t times, size_t *at)
{
    for (size_t i = 0; i < p->n; i++) {
        at[i] = i;
        for (size_t k = 0; k < times; k++)
            at[i] = p->from[at[i]];
    }
}

static size_t differences(const struct shuffle_list *list, const size_t *at)
{
    size_t different = 0;
    for (size_t k = 0; k < list->n; k++)
        for (size_t i = list->at[k].begin; i < list->at[k].end; i++)
            different += shuffle_from(&list->at[k], i) != at[i];
    return different;
}

static void powers_are_applications(void)
{
    static const size_t times[] = { 0, 1, 2, 3, 4, 17, 200, 1001 };
    static size_t at[MOST];
    static struct plain p;
    struct rng_stream stream = rng_stream(3, 0, RNG_TEST, 0);
    struct shuffle s = { 0 };
    struct bisection b = { 0 };
    size_t most_pieces = 0;
    for (uint32_t i = 0; i < 200; i++) {
        size_t n = 1 + (size_t)(rng_uniform(&stream, i, 0) * (i % 4 == 0 ? MOST - 1 : 40)),
               begin = i % 3 == 0 ? 0 : (size_t)(rng_uniform(&stream, i, 1) * (double)n),
               end = i % 5 == 0
                         ? n
                         : begin + 1 + (size_t)(rng_uniform(&stream, i, 2) * (double)(n - begin));
        bisection_refuse_all(&b, n);
        make(&s, &p, &b, begin, end < n ? end : n);
        for (size_t t = 0; t < sizeof times / sizeof *times; t++) {
            const struct shuffle_list *power = shuffle_power(&s, times[t]);
            apply(&p, times[t], at);
            CU_ASSERT_EQUAL_FATAL(power->at[power->n - 1].end, p.n);
            CU_ASSERT_EQUAL_FATAL(differences(power, at), 0);
            most_pieces = power->n > most_pieces ? power->n : most_pieces;
        }
    }
    unit_is(most_pieces, <, 150);
    bisection_clear(&b);
    shuffle_clear(&s);
}

static void a_place_is_found_in_its_piece(void)
{
    struct shuffle s = { 0 };
    shuffle_begin(&s);
    shuffle_add(&s, 5, 9);
    shuffle_add(&s, 0, 0);
    shuffle_add(&s, 1, 4);
    unit_is(shuffle_piece_at(&s.once, 4), ==, 0);
    unit_is(shuffle_piece_at(&s.once, 5), ==, 1);
    unit_is(shuffle_piece_at(&s.once, 9), ==, 2);
    unit_is(shuffle_from(&s.once.at[0], 1), ==, 8);
    unit_is(shuffle_from(&s.once.at[2], 7), ==, 3);
    shuffle_clear(&s);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(powers_are_applications),
        UNIT_TEST(a_place_is_found_in_its_piece),
        { NULL, NULL },
    };
    return unit_run("shuffle", tests);
}
