#include "scheduling/sequence.h"

#include <stdbool.h>
#include <string.h>

#include "num/rng.h"
#include "tests/support/unit.h"

enum { MOST = 200 };

struct plain { struct sequence_task tasks[2 * MOST]; size_t n; };

static bool same(struct sequence_arena *a, uint32_t s, const struct plain *p)
{
    struct sequence_task listed[2 * MOST];
    if (sequence_length(a, s) != p->n)
        return false;
    sequence_list(a, s, listed);
    for (size_t i = 0; i < p->n; i++) {
        struct sequence_task at = sequence_at(a, s, i), want = p->tasks[i];
        if (memcmp(&at, &want, sizeof at) != 0 || memcmp(&listed[i], &want, sizeof want) != 0)
            return false;
    }
    return true;
}

static void reverse(struct plain *p, size_t from, size_t to)
{
    for (; from + 1 < to; from++, to--) {
        struct sequence_task t = p->tasks[from];
        p->tasks[from] = p->tasks[to - 1];
        p->tasks[to - 1] = t;
    }
}

static uint32_t fill(struct sequence_arena *a, struct plain *p)
{
    static const uint32_t counts[] = { 1, 37, 5, 80, 2, 75 };
    uint32_t s = SEQUENCE_EMPTY;
    for (uint32_t r = 0; r < 6; r++) {
        s = sequence_append(a, s, r % 3, 1000 * r, counts[r], r / 4);
        for (uint32_t i = 0; i < counts[r]; i++)
            p->tasks[p->n++] = (struct sequence_task){ r % 3, 1000 * r + i, r / 4 };
    }
    return s;
}

/* Against an array: turn a random stretch round, move another to the end, drop a task now and then. */
static void agrees_with_an_array(void)
{
    struct sequence_arena *a = sequence_arena_new();
    struct plain p = { .n = 0 };
    uint32_t s = fill(a, &p);
    struct rng_stream stream = rng_stream(7, 0, RNG_TEST, 0);
    CU_ASSERT(same(a, s, &p));
    for (uint32_t step = 0; step < 400 && p.n > 2; step++) {
        size_t from = (size_t)(rng_uniform(&stream, step, 0) * (double)p.n);
        size_t to = from + (size_t)(rng_uniform(&stream, step, 1) * (double)(p.n - from));
        uint32_t head, middle, tail;
        sequence_cut(a, s, to, &head, &tail);
        sequence_cut(a, head, from, &head, &middle);
        middle = sequence_reverse(a, middle);
        reverse(&p, from, to);
        if (step % 3 == 0 && to > from) {        /* drop the stretch's first task */
            uint32_t first;
            sequence_cut(a, middle, 1, &first, &middle);
            sequence_drop(a, first);
            memmove(&p.tasks[from], &p.tasks[from + 1], (p.n - from - 1) * sizeof *p.tasks);
            p.n--;
        }
        s = sequence_join(a, sequence_join(a, head, middle), tail);
        CU_ASSERT_FATAL(same(a, s, &p));
    }
    sequence_arena_free(a);
}

static void a_list_becomes_the_same_sequence(void)
{
    struct sequence_arena *a = sequence_arena_new();
    struct plain p = { .n = 0 };
    fill(a, &p);
    reverse(&p, 10, 150);
    uint32_t s = sequence_of(a, p.tasks, p.n);
    CU_ASSERT(same(a, s, &p));
    sequence_reverse(a, s);
    reverse(&p, 0, p.n);
    CU_ASSERT(same(a, s, &p));
    CU_ASSERT(sequence_of(a, p.tasks, 0) == SEQUENCE_EMPTY);
    sequence_arena_free(a);
}

static void cutting_at_the_ends_leaves_all_on_one_side(void)
{
    struct sequence_arena *a = sequence_arena_new();
    uint32_t s = sequence_append(a, SEQUENCE_EMPTY, 2, 385, 40, 1), head, tail;
    sequence_cut(a, s, 0, &head, &tail);
    CU_ASSERT(head == SEQUENCE_EMPTY && sequence_length(a, tail) == 40);
    sequence_cut(a, tail, 40, &head, &tail);
    CU_ASSERT(sequence_length(a, head) == 40 && tail == SEQUENCE_EMPTY);
    CU_ASSERT(sequence_append(a, SEQUENCE_EMPTY, 2, 385, 0, 1) == SEQUENCE_EMPTY);
    sequence_arena_free(a);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(agrees_with_an_array), UNIT_TEST(a_list_becomes_the_same_sequence),
        UNIT_TEST(cutting_at_the_ends_leaves_all_on_one_side), { NULL, NULL },
    };
    return unit_run("sequence", tests);
}
