/* Oracle: an array by task. */
#include "drive/arrivals.h"

#include "num/rng.h"
#include "tests/support/unit.h"

enum { TASKS = 500, STEPS = 40000 };

struct times { double submitted_s, arrived_s; };         /* arrived_s 0: it does not wait */

static void take(struct arrivals *a, struct times *t, uint32_t task)
{
    double submitted_s = -1, arrived_s = -1;

    arrivals_take(a, task, &submitted_s, &arrived_s);
    unit_is(submitted_s, ==, t[task].submitted_s);
    unit_is(arrived_s, ==, t[task].arrived_s);
    t[task].arrived_s = 0;
}

/* Runs of any length arrive, single tasks leave and come back, in any order. */
static void each_task_has_the_times_of_its_own_run(void)
{
    struct rng_stream stream = rng_stream(12, 0, RNG_TEST, 4);
    struct arrivals *a = arrivals_new();
    struct times t[TASKS] = { { 0 } };

    for (uint64_t step = 0; step < STEPS; step++) {
        uint32_t task = (uint32_t)(TASKS * rng_uniform(&stream, 3 * step, 0)), count = 0;
        uint32_t longest = (uint32_t)(60 * rng_uniform(&stream, 3 * step + 1, 0));

        if (rng_uniform(&stream, 3 * step + 2, 0) < 0.6) {
            if (t[task].arrived_s > 0)
                take(a, t, task);
            continue;
        }
        for (; count < longest && task + count < TASKS && t[task + count].arrived_s == 0; count++)
            t[task + count] = (struct times){ (double)step + 0.25, (double)step + 0.75 };
        arrivals_add(a, task, count, (double)step + 0.25, (double)step + 0.75);
    }
    for (uint32_t task = 0; task < TASKS; task++)
        if (t[task].arrived_s > 0)
            take(a, t, task);
    arrivals_free(a);
}

static void the_last_numbers_there_are_fit(void)
{
    struct arrivals *a = arrivals_new();
    double submitted_s = 0, arrived_s = 0;

    arrivals_add(a, 0, UINT32_MAX, 1.5, 2.5);
    arrivals_take(a, UINT32_MAX - 1, &submitted_s, &arrived_s);
    unit_is(submitted_s, ==, 1.5);
    unit_is(arrived_s, ==, 2.5);
    arrivals_reset(a);
    arrivals_add(a, UINT32_MAX, 1, 3.5, 4.5);
    arrivals_take(a, UINT32_MAX, &submitted_s, &arrived_s);
    unit_is(submitted_s, ==, 3.5);
    unit_is(arrived_s, ==, 4.5);
    arrivals_free(a);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(each_task_has_the_times_of_its_own_run),
        UNIT_TEST(the_last_numbers_there_are_fit),
        { NULL, NULL },
    };
    return unit_run("arrivals", tests);
}
