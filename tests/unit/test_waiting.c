#include "scheduling/waiting.h"

#include <stdlib.h>

#include "tests/support/unit.h"

static void runs_of_one_set_merge_and_leave_in_order(void)
{
    struct waiting q = { 0 };
    waiting_push(&q, &(struct waiting_run){ .arrival = 0, .set = 4, .first = 0, .count = 3 });
    waiting_push(&q, &(struct waiting_run){ .arrival = 3, .set = 4, .first = 3, .count = 2 });
    unit_is(q.n_tasks, ==, 5);
    unit_is(q.ring_end - q.ring_first, ==, 1);
    for (uint32_t t = 0; t < 5; t++) {
        unit_is(waiting_first(&q)->first, ==, t);
        waiting_take(&q, waiting_first(&q));
    }
    CU_ASSERT(!waiting_first(&q));
    waiting_clear(&q);
}

/* Second method: all keys drawn, the least looked for each time. */
static void any_keys_leave_least_first(void)
{
    enum { N = 400 };
    struct { double key; bool gone; } all[N];
    struct waiting q = { 0 };
    srand(23);
    for (uint32_t i = 0; i < N; i++) {
        all[i].key = rand() % 30;
        all[i].gone = false;
        waiting_push(&q, &(struct waiting_run){
                             .key = all[i].key, .arrival = i, .set = 1, .first = i, .count = 1 });
    }
    for (size_t left = N; left > 0; left--) {
        size_t least = N;
        for (size_t i = 0; i < N; i++)
            if (!all[i].gone && (least == N || all[i].key < all[least].key))
                least = i;
        CU_ASSERT_PTR_NOT_NULL_FATAL(waiting_first(&q));
        unit_is(waiting_first(&q)->arrival, ==, least);
        all[least].gone = true;
        waiting_take(&q, waiting_first(&q));
    }
    unit_is(q.n_tasks, ==, 0);
    waiting_clear(&q);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(runs_of_one_set_merge_and_leave_in_order),
                                              UNIT_TEST(any_keys_leave_least_first),
                                              { NULL, NULL } };
    return unit_run("waiting", tests);
}
