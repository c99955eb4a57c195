#include "scheduling/sequence.h"

#include <stdbool.h>
#include <string.h>

#include "num/rng.h"
#include "tests/support/unit.h"

enum { MOST = 4000 };

/* The same as an array. */
struct plain { struct sequence_task tasks[MOST]; size_t n; };

static bool same(struct sequence *s, const struct plain *p)
{
    static struct sequence_task listed[MOST];
    if (sequence_length(s) != p->n)
        return false;
    sequence_list(s, listed);
    for (size_t i = 0; i < p->n; i++) {
        struct sequence_task at = sequence_at(s, i), want = p->tasks[i];
        if (memcmp(&at, &want, sizeof at) != 0 || memcmp(&listed[i], &want, sizeof want) != 0)
            return false;
    }
    return true;
}

static void append(struct sequence *s, struct plain *p, uint32_t set, uint32_t first, uint32_t count, uint32_t attempt)
{
    sequence_append(s, set, first, count, attempt);
    for (uint32_t i = 0; i < count; i++)
        p->tasks[p->n++] = (struct sequence_task){ set, first + i, attempt };
}

static void fill(struct sequence *s, struct plain *p)
{
    static const uint32_t counts[] = { 1, 370, 5, 800, 2, 750 };
    p->n = 0;
    for (uint32_t r = 0; r < 6; r++)
        append(s, p, r % 3, 1000 * r, counts[r], r / 4);
}

/* Cuts the indexes at random into stretches, leaves out every seventh, and picks the others from the end and from the beginning in turn. */
static void rearrange(struct sequence *s, struct plain *p, const struct rng_stream *stream, uint32_t step)
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

/* Some ninety pieces more each time, so that they are written out now and then, and again after that. */
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
            append(s, &p, 2, 90000 + 100 * step, step, 1);
        size_t gone = step % 3 < p.n ? step % 3 : p.n;
        sequence_drop_first(s, gone);
        memmove(p.tasks, p.tasks + gone, (p.n - gone) * sizeof *p.tasks);
        p.n -= gone;
        CU_ASSERT_FATAL(same(s, &p));
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
    sequence_append(other, 2, 385, 40, 1);
    sequence_assign(other, p.tasks, p.n);
    CU_ASSERT(same(other, &p));
    rearrange(other, &p, &stream, 1);
    CU_ASSERT(same(other, &p));
    sequence_assign(other, p.tasks, 0);
    CU_ASSERT(sequence_length(other) == 0);
    sequence_free(other);
    sequence_free(s);
}

static void what_is_gone_from_the_front_is_not_counted(void)
{
    struct sequence *s = sequence_new();
    sequence_append(s, 2, 385, 40, 1);
    sequence_append(s, 2, 500, 0, 1);
    sequence_append(s, 1, 7, 2, 0);
    sequence_drop_first(s, 39);
    CU_ASSERT(sequence_length(s) == 3 && sequence_at(s, 0).task == 424 && sequence_at(s, 2).task == 8);
    sequence_pick(s, 1, 2);
    sequence_pick(s, 0, 0);
    sequence_keep_picked(s);
    CU_ASSERT(sequence_length(s) == 3 && sequence_at(s, 0).task == 8 && sequence_at(s, 1).task == 7 && sequence_at(s, 2).task == 424);
    sequence_drop_first(s, 3);
    CU_ASSERT(sequence_length(s) == 0);
    sequence_append(s, 3, 11, 2, 0);
    CU_ASSERT(sequence_length(s) == 2 && sequence_at(s, 1).task == 12);
    sequence_keep_picked(s);
    CU_ASSERT(sequence_length(s) == 0);
    sequence_free(s);
}

/* Tasks that are no run, so that each is a piece: fed behind and taken in front, as a queue is. */
static void a_queue_may_go_on_for_ever(void)
{
    struct sequence *s = sequence_new();
    bool right = true;
    for (uint32_t i = 0; i < 5000; i++) {
        sequence_append(s, i % 2, i, 2, 0);
        right &= sequence_pieces(s) <= 20;
        if (i < 7)
            continue;
        struct sequence_task first = sequence_at(s, 0), last = sequence_at(s, sequence_length(s) - 1);
        right &= sequence_length(s) == 16 && first.set == (i - 7) % 2 && first.task == i - 7 && last.task == i + 1;
        sequence_drop_first(s, 1);
        right &= sequence_at(s, 0).task == i - 6 && sequence_at(s, 0).set == (i - 7) % 2;
        sequence_drop_first(s, 1);
    }
    CU_ASSERT(right);
    sequence_free(s);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(agrees_with_an_array), UNIT_TEST(a_list_becomes_the_same_sequence),
        UNIT_TEST(what_is_gone_from_the_front_is_not_counted),
        UNIT_TEST(a_queue_may_go_on_for_ever), { NULL, NULL },
    };
    return unit_run("sequence", tests);
}
