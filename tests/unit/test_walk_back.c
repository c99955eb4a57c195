#include "study/walk_back.h"

#include <math.h>

#include "tests/support/unit.h"

/* Three tasks, each waiting for the one before: at its arrival for the notification, the last one
 * when it is placed for slots that are freed. The first attempt to start is task 0, placed before
 * the first start. */
static struct timeline *chain(void)
{
    static const double at_s[3][7] = {
        { 0.5, 1, 1.5, 2.25, 12.25, 13, 14 },
        { 15, 16.5, 17, 18, 28.5, 29, 29.75 },
        { 16, 17.5, 29.5, 30, 41.125, 42, 43 },
    };
    struct timeline *t = timeline_new(NULL, NULL);
    for (uint32_t i = 0; i < 3; i++) {
        const double *a = at_s[i];
        timeline_add(t, &(struct timeline_record){ a[0], a[1], a[2], a[3], a[4], a[5], a[6], i, 0 },
                     TASK_DONE, 0);
    }
    return t;
}

struct seen {
    const struct timeline *timeline;
    double reached_s;                    /* the last step began then */
    double of_leg_s[LEGS], waited_s;
    size_t tasks, gaps;
};

static double at(void *context, size_t record, enum instant i)
{
    const struct seen *s = context;
    return timeline_at(s->timeline, record, walk_recorded(i));
}

static struct walk_hop before(void *context, size_t record)
{
    static const struct walk_hop hops[] = {
        { INSTANT_SUBMITTED, WALK_NONE, INSTANT_NOTIFIED },
        { INSTANT_SUBMITTED, 0, INSTANT_NOTIFIED },
        { INSTANT_SCHEDULED, 1, INSTANT_FREED },
    };
    ((struct seen *)context)->tasks++;
    return hops[record];
}

static void reach(struct seen *s, double from_s, double to_s)
{
    s->gaps += to_s != s->reached_s;
    s->reached_s = from_s;
}

static void pass(void *context, size_t record, enum leg leg, double from_s, double to_s)
{
    struct seen *s = context;
    (void)record;
    reach(s, from_s, to_s);
    s->of_leg_s[leg] += to_s - from_s;
}

static void wait_for(void *context, size_t record, const struct walk_hop *hop, double from_s,
                     double to_s)
{
    struct seen *s = context;
    (void)record, (void)hop;
    reach(s, from_s, to_s);
    s->waited_s += to_s - from_s;
}

static void steps_have_no_gap_and_end_at_the_first_start(void)
{
    static const struct walk_ops ops = { at, before, pass, wait_for };
    struct timeline *t = chain();
    struct seen s = { .timeline = t, .reached_s = 41.125 };
    walk_back(t, &ops, &s);
    CU_ASSERT_EQUAL(s.gaps, 0);
    CU_ASSERT_EQUAL(s.reached_s, 2.25);
    CU_ASSERT_EQUAL(s.tasks, 3);
    CU_ASSERT_EQUAL(s.of_leg_s[LEG_EXECUTE], 11.125 + 10.5 + 10);
    CU_ASSERT_EQUAL(s.of_leg_s[LEG_STARTUP], 0.5 + 1);
    /* of task 1; task 2 waited for slots from 29 on */
    CU_ASSERT_EQUAL(s.of_leg_s[LEG_QUEUE], 0.5);
    CU_ASSERT_EQUAL(s.of_leg_s[LEG_NOTIFY], 1);
    CU_ASSERT_EQUAL(s.waited_s, 0.5 + 1);
    timeline_free(t);
}

static void nothing_stopped_is_no_walk(void)
{
    static const struct walk_ops ops = { at, before, pass, wait_for };
    struct timeline *t = timeline_new(NULL, NULL);
    struct seen s = { .timeline = t };
    timeline_add(t, &(struct timeline_record){ 1, 2, 3, 4, NAN, NAN, NAN, 0, 0 }, TASK_CUT, 0);
    CU_ASSERT_EQUAL(walk_last_stopped(t), WALK_NONE);
    walk_back(t, &ops, &s);
    CU_ASSERT_EQUAL(s.tasks, 0);
    timeline_free(t);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(steps_have_no_gap_and_end_at_the_first_start),
        UNIT_TEST(nothing_stopped_is_no_walk),
        { NULL, NULL },
    };
    return unit_run("walk_back", tests);
}
