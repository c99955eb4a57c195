#include "drive/far_events.h"

#include <stdlib.h>

#include "tests/support/unit.h"

static struct event_entry entry_at(double time_s, uint64_t tag)
{
    struct event_entry e = { .tag = tag };
    memcpy(&e.time, &time_s, sizeof time_s);
    return e;
}

enum { N = 60000, MOST_AT_ONCE = 192 };

/* Nearly all within a second, one after 11 days, and clusters of all widths between. */
static double skewed_s(void)
{
    static const double widths[] = { 1e-6, 1e-3, 1, 1, 1, 1, 1e3 };
    return 5 + widths[rand() % 7] * (rand() / (double)RAND_MAX);
}

/* The first and the last instant of a bucket, all of which are taken. */
static void take_all(struct event_bucket *b, double *first_s, double *last_s)
{
    *first_s = *last_s = event_entry_s(&b->entry[0]);
    for (size_t i = 1; i < b->n; i++) {
        double t = event_entry_s(&b->entry[i]);
        *first_s = t < *first_s ? t : *first_s;
        *last_s = t > *last_s ? t : *last_s;
    }
    b->n = 0;
}

static void few_leave_at_once_however_skewed_the_times(void)
{
    struct far_events f = { 0 };
    double reached_s = 0, first_s, last_s;
    size_t left = N;
    srand(7);
    for (size_t i = 0; i < N; i++)
        far_events_add_beyond(&f, entry_at(i == 77 ? 1e6 : skewed_s(), i));
    while (f.n > 4096) {                 /* fewer are given all at once */
        struct event_bucket *b = far_events_take(&f);
        unit_must_be(b->n, >, 0);
        unit_must_be(b->n, <=, MOST_AT_ONCE);
        left -= b->n;
        unit_must_be(f.n, ==, left);
        take_all(b, &first_s, &last_s);
        unit_must_be(first_s, >, reached_s);
        reached_s = last_s;
    }
    far_events_clear(&f);
}

/* What is refused comes before all that are here; what is added leaves in its place. */
static void what_comes_meanwhile_is_refused_or_leaves_in_order(void)
{
    struct far_events f = { 0 };
    double reached_s = 0, first_s, last_s;
    size_t n_refused = 0, n_added = 0;
    srand(11);
    for (size_t i = 0; i < N; i++)
        far_events_add_beyond(&f, entry_at(skewed_s(), i));
    for (size_t i = N; f.n > 0; i++) {
        take_all(far_events_take(&f), &first_s, &last_s);
        unit_must_be(first_s, >, reached_s);
        reached_s = last_s;
        double t = last_s + skewed_s() - 5;
        if (f.n == 0 || i > 2 * N)
            continue;
        if (far_events_add(&f, entry_at(t, i))) {
            n_added++;
            unit_must_be(t, >, reached_s);
        } else {
            n_refused++;
            reached_s = t > reached_s ? t : reached_s;
        }
    }
    unit_is(n_refused, >, 100);
    unit_is(n_added, >, 100);
    far_events_clear(&f);
}

/* None of them can be told apart by its time: they leave together, the first added last. */
static void many_at_one_instant_leave_together(void)
{
    enum { MANY = EVENT_BUCKET_MANY + 1000 };
    struct far_events f = { 0 };
    for (size_t i = 0; i < MANY; i++)
        far_events_add_beyond(&f, entry_at(3.5, i));
    struct event_bucket *b = far_events_take(&f);
    unit_must_be(b->n, ==, MANY);
    unit_is(f.n, ==, 0);
    for (size_t i = 0; i < MANY; i++)
        unit_must_be(far_events_take_last(b).tag, ==, i);
    far_events_clear(&f);
}

struct told { int next[N]; size_t n, steps; };

static void hear(const void *context, uint32_t subject, int step)
{
    struct told *told = *(struct told *const *)context;
    unit_is(step, ==, told->next[subject]);
    told->next[subject] = step - 1;
    told->steps++;
}

/* Those of the first buckets of a rung too, step by step. */
static void each_is_told_of_at_each_step_before_it_leaves(void)
{
    struct told *told = calloc(1, sizeof *told);
    struct far_events f = { .soon = hear, .soon_context = &told };
    srand(13);
    for (size_t i = 0; i < N; i++) {
        far_events_add_beyond(&f, entry_at(rand() / (double)RAND_MAX, i));
        told->next[i] = EVENT_QUEUE_STEPS - 1;
    }
    while (f.n > 0) {
        struct event_bucket *b = far_events_take(&f);
        for (size_t i = 0; i < b->n; i++)
            unit_must_be(told->next[event_entry_subject(&b->entry[i])], ==, -1);
        b->n = 0;
    }
    unit_is(told->steps, ==, (size_t)N * EVENT_QUEUE_STEPS);
    far_events_clear(&f);
    free(told);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(few_leave_at_once_however_skewed_the_times),
        UNIT_TEST(what_comes_meanwhile_is_refused_or_leaves_in_order),
        UNIT_TEST(many_at_one_instant_leave_together),
        UNIT_TEST(each_is_told_of_at_each_step_before_it_leaves),
        { NULL, NULL } };
    return unit_run("far_events", tests);
}
