#include "sim/draw_ahead.h"

#include "num/rng.h"
#include "tests/support/unit.h"

/* more sets than lines, one set too large to be made whole */
enum { SETS = 40, COLUMNS = 3, LARGE = 200000 };

struct source { double replica; size_t numbers, calls; };
static struct task_set sets[SETS];

static struct workflow workflow_of(void)
{
    for (uint32_t s = 0; s < SETS; s++)
        sets[s].n_tasks = s == 1 ? LARGE : 1 + 37 * s;
    return (struct workflow){ .n_sets = SETS, .sets = sets };
}

static double number_of(const struct source *from, size_t column, uint32_t set, uint32_t task)
{
    return from->replica + (double)column * 0.25 + set * 1e-3 + task * 7.0;
}

static void block(const void *source, size_t column, uint32_t set, uint32_t first, uint32_t count,
                  double *out)
{
    struct source *from = *(struct source *const *)source;
    from->calls++;
    from->numbers += count;
    for (uint32_t i = 0; i < count; i++)
        out[i] = number_of(from, column, set, first + i);
}

static void of_sets(const void *source, size_t column, uint32_t first, uint32_t count, double *out)
{
    struct source *from = *(struct source *const *)source;
    from->calls++;
    from->numbers += count;
    for (uint32_t i = 0; i < count; i++)
        out[i] = number_of(from, column, first + i, 0);
}

static struct draw_ahead *ahead(const struct workflow *w, size_t width, struct source *const *at)
{
    return draw_ahead_new(w, width, &(struct draw_source){ block, of_sets, at });
}

static bool right(struct draw_ahead *d, const struct source *from, size_t width, uint32_t set,
                  uint32_t task)
{
    bool ok = true;
    for (size_t c = 0; c < width; c++)
        ok &= draw_ahead_at(d, c, set, task) == number_of(from, c, set, task);
    return ok;
}

static void any_order_gives_the_tasks_their_own(void)
{
    struct source from = { .replica = 0 }, *at = &from;
    struct workflow w = workflow_of();
    for (size_t width = 1; width <= COLUMNS; width++) {
        struct draw_ahead *d = ahead(&w, width, &at);
        bool ok = true;
        for (uint32_t replica = 0; replica < 3; replica++) {
            struct rng_stream stream = rng_stream(5, replica, RNG_TEST, width);
            from.replica = replica * 0.125;
            draw_ahead_begin(d);
            for (uint32_t i = 0; i < 20000; i++) {
                uint32_t set = (uint32_t)(rng_uniform(&stream, i, 0) * SETS);
                uint32_t task = (uint32_t)(rng_uniform(&stream, i, 1) * sets[set].n_tasks);
                draw_ahead_expect(d, set, task);
                ok &= right(d, &from, width, set, task);
            }
        }
        CU_ASSERT(ok);
        draw_ahead_free(d);
    }
}

static void in_order_each_is_made_once_in_blocks(void)
{
    struct source from = { 0 }, *at = &from;
    struct workflow w = workflow_of();
    struct draw_ahead *d = ahead(&w, 1, &at);
    bool ok = true;
    for (uint32_t task = 0; task < LARGE; task++)
        ok &= right(d, &from, 1, 1, task);
    CU_ASSERT(ok);
    unit_is(from.numbers, ==, LARGE);
    unit_is(from.calls, <=, LARGE / 32 + 1);
    draw_ahead_free(d);
}

/* The first that is not in order has all made; nothing is made twice after that. */
static void out_of_order_a_set_is_made_at_once(void)
{
    struct source from = { 0 }, *at = &from;
    struct workflow w = workflow_of();
    struct draw_ahead *d = ahead(&w, COLUMNS, &at);
    uint32_t n = sets[20].n_tasks;
    bool ok = true;
    for (uint32_t task = n; task-- > 0;)
        ok &= right(d, &from, COLUMNS, 20, task);
    CU_ASSERT(ok);
    unit_is(from.numbers, <=, (size_t)COLUMNS *(n + 32));
    draw_ahead_free(d);
}

enum { ONES = 10000 };
static struct task_set ones[ONES];

static struct workflow workflow_of_ones(void)
{
    for (uint32_t s = 0; s < ONES; s++)
        ones[s].n_tasks = s % 1000 == 500 ? 50 : 1;
    return (struct workflow){ .n_sets = ONES, .sets = ones };
}

/* One set in 1000 has more tasks, which begins a block anew. */
static void sets_of_one_task_in_order_are_made_once_in_blocks(void)
{
    struct source from = { 0 }, *at = &from;
    struct workflow w = workflow_of_ones();
    struct draw_ahead *d = ahead(&w, 1, &at);
    bool ok = true;
    for (int replica = 0; replica < 2; replica++) {
        from = (struct source){ .replica = replica * 0.125 };
        draw_ahead_begin(d);
        for (uint32_t set = 0; set < ONES; set++)
            for (uint32_t task = 0; task < ones[set].n_tasks; task++)
                ok &= right(d, &from, 1, set, task);
        unit_is(from.numbers, ==, ONES + 49 * (ONES / 1000));
        unit_is(from.calls, <=, ONES / 32 + 1 + 4 * (ONES / 1000));
    }
    CU_ASSERT(ok);
    draw_ahead_free(d);
}

/* Hardly any is made that nobody asks for. */
static void sets_of_one_task_in_any_order_give_their_own(void)
{
    struct source from = { 0 }, *at = &from;
    struct workflow w = workflow_of_ones();
    struct rng_stream stream = rng_stream(5, 0, RNG_TEST, 0);
    struct draw_ahead *d = ahead(&w, COLUMNS, &at);
    bool ok = true;
    uint32_t asked = 0;
    for (uint32_t i = 0; i < 20000; i++) {
        uint32_t set = (uint32_t)(rng_uniform(&stream, i, 0) * ONES);
        if (ones[set].n_tasks > 1)
            continue;
        ok &= right(d, &from, COLUMNS, set, 0);
        asked += COLUMNS;
    }
    CU_ASSERT(ok);
    unit_is(from.numbers, <, 1.1 * asked);
    draw_ahead_free(d);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(any_order_gives_the_tasks_their_own),
        UNIT_TEST(in_order_each_is_made_once_in_blocks),
        UNIT_TEST(out_of_order_a_set_is_made_at_once),
        UNIT_TEST(sets_of_one_task_in_order_are_made_once_in_blocks),
        UNIT_TEST(sets_of_one_task_in_any_order_give_their_own),
        { NULL, NULL },
    };
    return unit_run("draw_ahead", tests);
}
