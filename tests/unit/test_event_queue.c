#include "drive/event_queue.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/unit.h"

static void ties_leave_in_push_order(void)
{
    struct event_queue *q = event_queue_new();
    struct event ev;
    event_queue_push(q, (struct event){ .time_s = 2.385, .rank = 1, .subject = 7 });
    event_queue_push(q, (struct event){ .time_s = 2.385, .rank = 1, .subject = 5 });
    event_queue_push(q, (struct event){ .time_s = 2.385, .rank = 0, .subject = 9 });
    CU_ASSERT(event_queue_pop(q, &ev));
    unit_is(ev.subject, ==, 9);
    unit_is(ev.rank, ==, 0);
    CU_ASSERT(event_queue_pop(q, &ev));
    unit_is(ev.subject, ==, 7);
    CU_ASSERT(event_queue_pop_at(q, 2.385, &ev));
    unit_is(ev.subject, ==, 5);
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
            struct event ev = { .time_s = (rand() % 40) * 0.125, .rank = (uint32_t)(rand() % 9),
                                .subject = (uint32_t)n };
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
        unit_is(ev.subject, ==, least->event.subject);
        unit_is(ev.rank, ==, least->event.rank);
        unit_is(ev.time_s, ==, least->event.time_s);
        least->gone = true;
        pending--;
    }
    unit_is(event_queue_size(q), ==, 0);
    event_queue_free(q);
}

static int compare_events(const void *a, const void *b)
{
    const struct event *x = a, *y = b;
    if (x->time_s != y->time_s)
        return x->time_s < y->time_s ? -1 : 1;
    if (x->rank != y->rank)
        return x->rank < y->rank ? -1 : 1;
    return (x->subject > y->subject) - (x->subject < y->subject);
}

/* Far more than the near heap holds, in clumps and with stragglers, pushed while others are popped.
 * Oracle: a sort. */
static void many_events_leave_sorted(void)
{
    enum { N = 120000, LATER = 60000 };
    struct event_queue *q = event_queue_new();
    struct event *all = calloc(N + LATER, sizeof *all), ev;
    size_t n = 0, popped = 0;
    double now = 0;
    srand(29);
    for (; n < N; n++) {
        double t = n % 3 == 0 ? (rand() % 50) * 2.5
                              : rand() / (double)RAND_MAX * (n % 1000 == 1 ? 1e6 : 300);
        all[n] = (struct event){ .time_s = t, .rank = (uint32_t)(n % 3), .subject = (uint32_t)n };
        event_queue_push(q, all[n]);
    }
    qsort(all, N, sizeof *all, compare_events);
    for (; popped < N / 2; popped++) {
        CU_ASSERT_FATAL(event_queue_pop(q, &ev));
        unit_is(ev.subject, ==, all[popped].subject);
        unit_is(ev.time_s, ==, all[popped].time_s);
        now = ev.time_s;
    }
    for (size_t i = 0; i < LATER; i++, n++) {
        all[n] = (struct event){ .time_s = now + rand() / (double)RAND_MAX * 40, .rank = 5,
                                 .subject = (uint32_t)n };
        event_queue_push(q, all[n]);
    }
    unit_is(event_queue_size(q), ==, N + LATER - popped);
    qsort(all + popped, N + LATER - popped, sizeof *all, compare_events);
    for (; popped < N + LATER; popped++) {
        unit_must_be(event_queue_next_s(q), ==, all[popped].time_s);
        CU_ASSERT_FATAL(event_queue_pop(q, &ev));
        unit_is(ev.subject, ==, all[popped].subject);
    }
    CU_ASSERT(!event_queue_pop(q, &ev));
    free(all);
    event_queue_free(q);
}

/* A list kept in order by insertion: what the queue is held against while events come and go. */
enum { SORTED_ROOM = 40000 };
struct sorted { struct event events[SORTED_ROOM]; size_t first, end; };

static void sorted_insert(struct sorted *s, struct event ev)
{
    size_t low = s->first, high = s->end;
    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct event *at = &s->events[middle];
        if (at->time_s < ev.time_s || (at->time_s == ev.time_s && at->rank <= ev.rank))
            low = middle + 1;
        else
            high = middle;
    }
    memmove(&s->events[low + 1], &s->events[low], (s->end - low) * sizeof ev);
    s->events[low] = ev;
    s->end++;
}

static void push_both(struct event_queue *q, struct sorted *s, struct event ev)
{
    event_queue_push(q, ev);
    sorted_insert(s, ev);
}

static void expect_next(struct event_queue *q, struct sorted *s, struct event *ev)
{
    const struct event *next = &s->events[s->first++];
    unit_must_be(event_queue_next_s(q), ==, next->time_s);
    CU_ASSERT_FATAL(event_queue_pop(q, ev));
    unit_must_be(ev->time_s, ==, next->time_s);
    unit_must_be(ev->rank, ==, next->rank);
    unit_must_be(ev->subject, ==, next->subject);
}

/* At its instant only, whatever stands where the last one was taken away. */
static void expect_next_at(struct event_queue *q, struct sorted *s, double time_s, struct event *ev)
{
    bool is_there = s->first < s->end && s->events[s->first].time_s == time_s;
    unit_must_be(event_queue_pop_at(q, time_s, ev), ==, is_there);
    if (!is_there)
        return;
    unit_must_be(ev->time_s, ==, time_s);
    unit_must_be(ev->subject, ==, s->events[s->first].subject);
    s->first++;
}

/* In `clumped` of 8 the time and rank of the event before it, if that is not over. */
static struct event one_more(double now_s, uint32_t subject, int clumped, struct event *last)
{
    double ahead_s = rand() % 4 ? (rand() % 4000) * 0.25 : rand() / (double)RAND_MAX * 5000;
    if (last->time_s < now_s || rand() % 8 >= clumped)
        *last = (struct event){ .time_s = now_s + ahead_s, .rank = (uint32_t)(rand() % 3) };
    last->subject = subject;
    return *last;
}

/* Pops, pops at the instant reached, and pushes in turn, from few events to more than the near heap
 * holds (8,192) and back to none. */
static void come_and_go(int clumped)
{
    const uint32_t all = clumped ? 39000 : 24000;
    struct event_queue *q = event_queue_new();
    struct sorted *s = calloc(1, sizeof *s);
    struct event ev = { .time_s = 0 }, last = { .time_s = -1 };
    size_t most = 0;
    srand(41);
    for (uint32_t subject = 0; s->first < s->end || subject < all;) {
        bool grows = subject < all && rand() % 5 < (subject < all / 4 * 3 ? 4 : 2);
        for (int n = grows ? 1 + rand() % 6 : 0; n > 0; n--, subject++)
            push_both(q, s, one_more(ev.time_s, subject, clumped, &last));
        if (s->first < s->end)
            expect_next(q, s, &ev);
        expect_next_at(q, s, ev.time_s, &ev);
        most = s->end - s->first > most ? s->end - s->first : most;
        unit_must_be(event_queue_size(q), ==, s->end - s->first);
    }
    unit_must_be(most, >, 8192);
    free(s);
    event_queue_free(q);
}

static void events_come_and_go_beyond_the_near_heap(void)
{
    come_and_go(0);
}

static void so_do_runs_of_one_time_and_rank(void)
{
    come_and_go(3);
    come_and_go(7);
}

/* One left of each number of children, at the instant or later. */
static void pop_at_sees_all_behind_the_last_one_taken(void)
{
    for (uint32_t n = 1; n <= 4; n++)
        for (uint32_t now = 0; now <= n; now++) {
            struct event_queue *q = event_queue_new();
            struct event ev;
            event_queue_push(q, (struct event){ .time_s = 2.385, .subject = 99 });
            for (uint32_t i = 0; i < n; i++)
                event_queue_push(
                    q, (struct event){ .time_s = i == now ? 2.385 : 4.5 + i, .subject = i });
            CU_ASSERT_FATAL(event_queue_pop(q, &ev));
            unit_must_be(ev.subject, ==, 99);
            unit_must_be(event_queue_pop_at(q, 2.385, &ev), ==, (now < n));
            unit_must_be(ev.subject, ==, now < n ? now : 99);
            CU_ASSERT_FALSE_FATAL(event_queue_pop_at(q, 2.385, &ev));
            unit_must_be(event_queue_size(q), ==, n - (now < n));
            event_queue_free(q);
        }
}

/* Once with many, far ones and a hole among them, once more with few and again with many: nothing
 * of what was before comes back. */
static void a_reset_forgets_far_events(void)
{
    static const uint32_t counts[] = { 30000, 3, 30000 };
    struct event_queue *q = event_queue_new();
    struct event ev;
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        for (uint32_t i = 0; i < counts[c]; i++)
            event_queue_push(q,
                             (struct event){ .time_s = 7.5 + i * 7919 % counts[c], .subject = i });
        uint32_t n_taken = c < 2 ? counts[c] / 3 : counts[c];
        for (uint32_t i = 0; i < n_taken; i++) {
            CU_ASSERT_FATAL(event_queue_pop(q, &ev));
            unit_must_be(ev.time_s, ==, 7.5 + i);
        }
        unit_must_be(event_queue_size(q), ==, counts[c] - n_taken);
        event_queue_reset(q);
        unit_must_be(event_queue_size(q), ==, 0);
        unit_must_be(event_queue_next_s(q), ==, INFINITY);
        CU_ASSERT_FALSE_FATAL(event_queue_pop(q, &ev));
    }
    event_queue_push(q, (struct event){ .time_s = 1.5, .subject = 3 });
    CU_ASSERT_FATAL(event_queue_pop(q, &ev));
    unit_must_be(ev.subject, ==, 3);
    unit_must_be(event_queue_size(q), ==, 0);
    event_queue_free(q);
}

/* In one go, or in turn with those of another instant; so many that room is given back
 * meanwhile. */
static void many_events_at_one_instant(void)
{
    struct event_queue *q = event_queue_new();
    struct event ev;
    for (uint32_t instants = 1; instants <= 2; instants++) {
        for (uint32_t i = 0; i < 200000 * instants; i++)
            event_queue_push(q, (struct event){ .time_s = 7.25 + i % instants, .subject = i });
        for (uint32_t k = 0; k < instants; k++)
            for (uint32_t i = k; i < 200000 * instants; i += instants) {
                unit_must_be(event_queue_pop_at(q, 7.25 + k, &ev), ==, true);
                unit_is(ev.subject, ==, i);
            }
    }
    event_queue_free(q);
}

static void reset_counts_anew(void)
{
    struct event_queue *q = event_queue_new();
    struct event ev;
    event_queue_push(q, (struct event){ .time_s = 1.5, .subject = 3 });
    event_queue_reset(q);
    CU_ASSERT_FALSE(event_queue_pop(q, &ev));
    unit_is(event_queue_size(q), ==, 0);
    CU_ASSERT(!event_queue_pop_at(q, 1.5, &ev));
    event_queue_free(q);
}

enum { SOON = 40000 };
struct heard { unsigned steps[SOON]; size_t n_popped, late; bool popped[SOON]; };

static void hear(const void *context, uint32_t subject, int step)
{
    struct heard *h = *(struct heard *const *)context;
    h->steps[subject] |= 1u << step;
    h->late += h->popped[subject];
}

/* All but those of the first buckets, after each division, are heard of at each step, and none
 * after its end, `at_once` of them at one instant. */
static void hear_of(uint32_t at_once)
{
    struct event_queue *q = event_queue_new();
    struct heard *h = calloc(1, sizeof *h);
    struct event ev;
    size_t heard = 0;
    event_queue_on_soon(q, hear, &h);
    for (uint32_t i = 0; i < SOON; i++)
        event_queue_push(q, (struct event){ .time_s = i / at_once * 7919u % SOON, .subject = i });
    for (; event_queue_pop(q, &ev); h->n_popped++) {
        h->popped[ev.subject] = true;
        heard += h->steps[ev.subject] == (1u << EVENT_QUEUE_STEPS) - 1;
    }
    CU_ASSERT_EQUAL(h->n_popped, SOON);
    CU_ASSERT_EQUAL(h->late, 0);
    unit_is(heard, >, SOON / 2);
    free(h);
    event_queue_free(q);
}

static void far_events_are_heard_of_before_they_come(void)
{
    hear_of(1);
    hear_of(4);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(ties_leave_in_push_order),
                                              UNIT_TEST(agrees_with_a_searched_list),
                                              UNIT_TEST(many_events_leave_sorted),
                                              UNIT_TEST(a_reset_forgets_far_events),
                                              UNIT_TEST(events_come_and_go_beyond_the_near_heap),
                                              UNIT_TEST(so_do_runs_of_one_time_and_rank),
                                              UNIT_TEST(pop_at_sees_all_behind_the_last_one_taken),
                                              UNIT_TEST(many_events_at_one_instant),
                                              UNIT_TEST(reset_counts_anew),
                                              UNIT_TEST(far_events_are_heard_of_before_they_come),
        { NULL, NULL } };
    return unit_run("event_queue", tests);
}
