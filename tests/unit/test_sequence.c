#include "scheduling/sequence.h"

#include <stdbool.h>

#include "num/rng.h"
#include "tests/support/unit.h"

/* up to some 40 chunks */
enum { MOST = 8000, CLASSES = 100 };
/* A task's number tells its class. */
static uint32_t class_of(uint32_t task)
{
    return task / 50 % CLASSES;
}

/* The same as an array. */
struct plain {
    uint32_t tasks[MOST];
    size_t n;
};

static bool same(const struct sequence *s, const struct plain *p)
{
    if (sequence_length(s) != p->n)
        return false;
    for (size_t i = 0; i < p->n; i++) {
        struct sequence_item item = sequence_at(s, i);
        if (item.task != p->tasks[i] || item.demand_class != class_of(item.task))
            return false;
    }
    return true;
}

static void append(struct sequence *s, struct plain *p, uint32_t first, uint32_t count)
{
    for (uint32_t i = 0, n; i < count; i += n) {
        n = 50 - (first + i) % 50 < count - i ? 50 - (first + i) % 50 : count - i;
        sequence_append(s, first + i, n, class_of(first + i));
    }
    for (uint32_t i = 0; i < count; i++)
        p->tasks[p->n++] = first + i;
}

static void fill(struct sequence *s, struct plain *p)
{
    static const uint32_t counts[] = { 1, 370, 5, 3800, 2, 750 };
    p->n = 0;
    for (uint32_t r = 0; r < 6; r++)
        append(s, p, 1000 * (r % 3) + 5000 * r, counts[r]);
}

/* Cuts the indexes at random into stretches, leaves out every seventh, and picks the others from
 * the end and from the beginning in turn, some turned round. */
static void rearrange(struct sequence *s, struct plain *p, const struct rng_stream *stream,
                      uint32_t step, size_t longest)
{
    static struct plain was;
    size_t low = 0, high = p->n;
    was = *p;
    p->n = 0;
    for (uint32_t k = 0; low < high; k++) {
        size_t n = 1 + (size_t)(rng_uniform(stream, step, k) * (double)longest), from;
        n = n < high - low ? n : high - low;
        from = k % 2 ? low : high - n;
        *(k % 2 ? &low : &high) = k % 2 ? low + n : high - n;
        if (k % 7 == 6)
            continue;
        if (k % 3 == 1)
            sequence_pick_up(s, from, from + n - 1);
        else
            sequence_pick(s, from, from + n - 1);
        for (size_t i = 0; i < n; i++)
            p->tasks[p->n++] = was.tasks[k % 3 == 1 ? from + i : from + n - 1 - i];
    }
    sequence_keep_picked(s);
}

/* Long and short stretches; what is left out and comes in takes the sequence from one to forty
 * chunks, to a plain array, and back. */
static void agrees_with_an_array(void)
{
    static struct plain p;
    struct sequence *s = sequence_new();
    struct rng_stream stream = rng_stream(7, 0, RNG_TEST, 0);
    fill(s, &p);
    CU_ASSERT(same(s, &p));
    for (uint32_t step = 0; step < 120; step++) {
        rearrange(s, &p, &stream, step, step % 2 ? 90 : 900);
        CU_ASSERT_FATAL(same(s, &p));
        if (step % 5 == 0 && p.n < 4000)
            append(s, &p, 90000 + 100 * step, 40 * (step % 30));
    }
    sequence_free(s);
}

/* As a wait pool does: all is turned, but for a few that are picked earlier, and gone. */
static void a_pass_leaves_nearly_all_where_it_is(void)
{
    static struct plain p, was;
    struct sequence *s = sequence_new();
    p.n = 0;
    append(s, &p, 0, 7000);
    for (size_t step = 0; step < 300; step++) {
        was = p;
        p.n = 0;
        for (size_t high = was.n, low; high > 0; high = low) {
            low = high / 2;
            sequence_pick(s, low, low);
            p.tasks[p.n++] = was.tasks[low];
            /* the last one of each fourth pass is gone */
            size_t end = step % 4 == 0 ? low + 2 : low + 1;
            if (end < high)
                sequence_pick(s, end, high - 1);
            for (size_t i = high; i-- > end;)
                p.tasks[p.n++] = was.tasks[i];
        }
        sequence_keep_picked(s);
        CU_ASSERT_FATAL(same(s, &p));
    }
    sequence_free(s);
}

/* Of random classes few are not skipped; from random indexes both ways. */
static void classes_are_skipped(void)
{
    static struct plain p;
    struct sequence *s = sequence_new();
    struct rng_stream stream = rng_stream(9, 0, RNG_TEST, 0);
    size_t far = 0;
    fill(s, &p);
    for (uint32_t step = 0; step < 2000; step++) {
        bool skipped[CLASSES] = { false };
        if (step % 100 == 0)
            rearrange(s, &p, &stream, step, 700);
        for (size_t c = 0; c < CLASSES; c++)
            skipped[c] = c != step / 2 % CLASSES;
        size_t from = (size_t)(rng_uniform(&stream, step, 90000) * (double)p.n), expected = 0,
               n = step % 2 ? from + 1 : p.n - from;
        while (expected < n &&
               skipped[class_of(p.tasks[step % 2 ? from - expected : from + expected])])
            expected++;
        struct sequence_item at;
        struct sequence_skipped skip = { skipped, CLASSES };
        CU_ASSERT_EQUAL_FATAL(sequence_skip(s, from, n, step % 2, &skip, &at), expected);
        if (expected < n)
            CU_ASSERT_EQUAL_FATAL(at.task, p.tasks[step % 2 ? from - expected : from + expected]);
        far += expected > 1000 && expected < n;
    }
    unit_is(far, >, 50);
    sequence_free(s);
}

static void what_is_not_picked_is_gone(void)
{
    struct sequence *s = sequence_new();
    sequence_append(s, 385, 40, 1);
    sequence_append(s, 500, 0, 2);
    sequence_append(s, 7, 2, 1);
    sequence_pick(s, 40, 41);
    sequence_pick(s, 39, 39);
    sequence_keep_picked(s);
    CU_ASSERT_EQUAL_FATAL(sequence_length(s), 3);
    CU_ASSERT_EQUAL(sequence_at(s, 0).task, 8);
    CU_ASSERT_EQUAL(sequence_at(s, 1).task, 7);
    CU_ASSERT_EQUAL(sequence_at(s, 2).task, 424);
    sequence_keep_picked(s);
    CU_ASSERT_EQUAL(sequence_length(s), 0);
    sequence_append(s, 11, 2, 1);
    CU_ASSERT_EQUAL_FATAL(sequence_length(s), 2);
    CU_ASSERT_EQUAL(sequence_at(s, 1).task, 12);
    sequence_free(s);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(agrees_with_an_array),
        UNIT_TEST(a_pass_leaves_nearly_all_where_it_is),
        UNIT_TEST(classes_are_skipped),
        UNIT_TEST(what_is_not_picked_is_gone),
        { NULL, NULL },
    };
    return unit_run("sequence", tests);
}
