#include "scheduling/sequence.h"

#include <stdbool.h>

#include "num/rng.h"
#include "tests/support/unit.h"

enum { MOST = 4000 };

/* The same as an array. */
struct plain { uint32_t tasks[MOST]; size_t n; };

static bool same(struct sequence *s, const struct plain *p)
{
    static uint32_t listed[MOST];
    if (sequence_length(s) != p->n)
        return false;
    sequence_list(s, listed);
    for (size_t i = 0; i < p->n; i++)
        if (sequence_at(s, i) != p->tasks[i] || listed[i] != p->tasks[i])
            return false;
    return true;
}

static void append(struct sequence *s, struct plain *p, uint32_t first, uint32_t count)
{
    sequence_append(s, first, count);
    for (uint32_t i = 0; i < count; i++)
        p->tasks[p->n++] = first + i;
}

static void fill(struct sequence *s, struct plain *p)
{
    static const uint32_t counts[] = { 1, 370, 5, 800, 2, 750 };
    p->n = 0;
    for (uint32_t r = 0; r < 6; r++)
        append(s, p, 1000 * (r % 3) + 5000 * r, counts[r]);
}

/* Cuts the indexes at random into stretches, leaves out every seventh, and picks the others from
 * the end and from the beginning in turn. */
static void rearrange(struct sequence *s, struct plain *p, const struct rng_stream *stream,
                      uint32_t step)
{
    static struct plain was;
    size_t low = 0, high = p->n;
    was = *p;
    p->n = 0;
    for (uint32_t k = 0; low < high; k++) {
        size_t n = 1 + (size_t)(rng_uniform(stream, step, k) * 90), from;
        n = n < high - low ? n : high - low;
        from = k % 2 ? low : high - n;
        *(k % 2 ? &low : &high) = k % 2 ? low + n : high - n;
        if (k % 7 == 6)
            continue;
        sequence_pick(s, from, from + n - 1);
        for (size_t i = from + n; i-- > from;)
            p->tasks[p->n++] = was.tasks[i];
    }
    sequence_keep_picked(s);
}

/* Some ninety pieces more each time, so that they are written out now and then, and again after
 * that. */
static void agrees_with_an_array(void)
{
    static struct plain p;
    struct sequence *s = sequence_new();
    struct rng_stream stream = rng_stream(7, 0, RNG_TEST, 0);
    fill(s, &p);
    CU_ASSERT(same(s, &p));
    for (uint32_t step = 0; step < 40 && p.n > 2; step++) {
        rearrange(s, &p, &stream, step);
        CU_ASSERT_FATAL(same(s, &p));
        if (step % 5 == 0)
            append(s, &p, 90000 + 100 * step, step);
    }
    sequence_free(s);
}

static void a_list_becomes_the_same_sequence(void)
{
    static struct plain p;
    struct sequence *s = sequence_new();
    struct rng_stream stream = rng_stream(8, 0, RNG_TEST, 0);
    fill(s, &p);
    rearrange(s, &p, &stream, 0);
    struct sequence *other = sequence_new();
    sequence_append(other, 385, 40);
    sequence_assign(other, p.tasks, p.n);
    CU_ASSERT(same(other, &p));
    rearrange(other, &p, &stream, 1);
    CU_ASSERT(same(other, &p));
    sequence_assign(other, p.tasks, 0);
    unit_is(sequence_length(other), ==, 0);
    sequence_free(other);
    sequence_free(s);
}

static void what_is_not_picked_is_gone(void)
{
    struct sequence *s = sequence_new();
    sequence_append(s, 385, 40);
    sequence_append(s, 500, 0);
    sequence_append(s, 7, 2);
    sequence_pick(s, 40, 41);
    sequence_pick(s, 39, 39);
    sequence_keep_picked(s);
    CU_ASSERT_EQUAL_FATAL(sequence_length(s), 3);
    CU_ASSERT_EQUAL(sequence_at(s, 0), 8);
    CU_ASSERT_EQUAL(sequence_at(s, 1), 7);
    CU_ASSERT_EQUAL(sequence_at(s, 2), 424);
    sequence_keep_picked(s);
    CU_ASSERT_EQUAL(sequence_length(s), 0);
    sequence_append(s, 11, 2);
    CU_ASSERT_EQUAL_FATAL(sequence_length(s), 2);
    CU_ASSERT_EQUAL(sequence_at(s, 1), 12);
    sequence_free(s);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(agrees_with_an_array), UNIT_TEST(a_list_becomes_the_same_sequence),
        UNIT_TEST(what_is_not_picked_is_gone), { NULL, NULL },
    };
    return unit_run("sequence", tests);
}
