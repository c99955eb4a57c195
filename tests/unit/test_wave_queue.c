#include "model/wave_queue.h"

#include "tests/support/given.h"
#include "tests/support/unit.h"

/* 2,000 events of 40 different times leave in order of time, and at one time in the order in which
 * they came. */
static void leaves_in_order_of_time_then_of_coming(void)
{
    enum { N = 2000 };
    struct wave_queue q = { 0 };
    for (uint32_t i = 0; i < N; i++)
        wave_queue_push(&q,
                        (struct wave_event){ .time_s = given_choice(5, i, 1, 40) / 8.0, .set = i });
    struct wave_event last = wave_queue_pop(&q);
    for (int i = 1; i < N; i++) {
        struct wave_event ev = wave_queue_pop(&q);
        CU_ASSERT(ev.time_s > last.time_s || (ev.time_s == last.time_s && ev.set > last.set));
        last = ev;
    }
    CU_ASSERT_EQUAL(q.n, 0);
    wave_queue_clear(&q);
}

/* Pushes between pops: the smallest of what is inside, found by looking at all of it. */
static void pushes_and_pops_mix(void)
{
    struct wave_queue q = { 0 };
    for (uint32_t i = 0; i < 500; i++) {
        wave_queue_push(&q, (struct wave_event){ .time_s = given_draw(6, i), .set = i });
        if (i % 3 != 0)
            continue;
        double smallest = q.heap[0].time_s;
        for (size_t k = 0; k < q.n; k++)
            smallest = q.heap[k].time_s < smallest ? q.heap[k].time_s : smallest;
        CU_ASSERT_EQUAL(wave_queue_pop(&q).time_s, smallest);
    }
    wave_queue_reset(&q);
    CU_ASSERT_EQUAL(q.n, 0);
    wave_queue_clear(&q);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(leaves_in_order_of_time_then_of_coming),
        UNIT_TEST(pushes_and_pops_mix),
        { NULL, NULL },
    };
    return unit_run("wave_queue", tests);
}
