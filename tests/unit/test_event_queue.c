#include "sim/event_queue.h"

#include <stdlib.h>

#include "tests/support/unit.h"

static void ties_leave_in_push_order(void)
{
    struct event_queue *q = event_queue_new();
    struct event ev;
    event_queue_push(q, (struct event){ .time_s = 2.385, .rank = 1, .subject = 7 });
    event_queue_push(q, (struct event){ .time_s = 2.385, .rank = 1, .subject = 5 });
    event_queue_push(q, (struct event){ .time_s = 2.385, .rank = 0, .subject = 9 });
    CU_ASSERT(event_queue_pop(q, &ev) && ev.subject == 9 && ev.rank == 0);
    CU_ASSERT(event_queue_pop(q, &ev) && ev.subject == 7);
    CU_ASSERT(event_queue_pop_at(q, 2.385, &ev) && ev.subject == 5);
    CU_ASSERT(!event_queue_pop(q, &ev));
    event_queue_free(q);
}

struct reference { struct event event; size_t inserted; bool gone; };

static bool earlier(const struct reference *a, const struct reference *b)
{
    if (a->event.time_s != b->event.time_s)
        return a->event.time_s < b->event.time_s;
    if (a->event.rank != b->event.rank)
        return a->event.rank < b->event.rank;
    return a->inserted < b->inserted;
}

/* Second method: a list that is searched for its least element. */
static void agrees_with_a_searched_list(void)
{
    enum { N = 600 };
    static struct reference list[N];
    struct event_queue *q = event_queue_new();
    size_t n = 0, pending = 0;
    srand(17);
    while (n < N || pending > 0) {
        if (n < N && (pending == 0 || rand() % 5 < 3)) {
            struct event ev = { .time_s = (rand() % 40) * 0.125, .rank = (uint32_t)(rand() % 9), .subject = (uint32_t)n };
            list[n] = (struct reference){ ev, n, false };
            event_queue_push(q, ev);
            n++;
            pending++;
            continue;
        }
        struct reference *least = NULL;
        for (size_t i = 0; i < n; i++)
            if (!list[i].gone && (!least || earlier(&list[i], least)))
                least = &list[i];
        struct event ev;
        CU_ASSERT_FATAL(event_queue_pop(q, &ev));
        CU_ASSERT(ev.subject == least->event.subject && ev.rank == least->event.rank && ev.time_s == least->event.time_s);
        least->gone = true;
        pending--;
    }
    CU_ASSERT(event_queue_size(q) == 0);
    event_queue_free(q);
}

static void reset_counts_anew(void)
{
    struct event_queue *q = event_queue_new();
    struct event ev;
    event_queue_push(q, (struct event){ .time_s = 1.5, .subject = 3 });
    event_queue_reset(q);
    CU_ASSERT(!event_queue_pop(q, &ev) && event_queue_size(q) == 0);
    CU_ASSERT(!event_queue_pop_at(q, 1.5, &ev));
    event_queue_free(q);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(ties_leave_in_push_order), UNIT_TEST(agrees_with_a_searched_list),
                                              UNIT_TEST(reset_counts_anew), { NULL, NULL } };
    return unit_run("event_queue", tests);
}
