#include "validation/attribution.h"

#include <math.h>

#include "tests/support/unit.h"
#include "tests/support/world.h"

static const char workflow_json[] =
    "{\"name\": \"chain\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 2, \"cores\": 4, "
    "\"duration\": 10},"
    "{\"name\": \"b\", \"tasks\": 1, \"cores\": 1, \"duration\": 4, \"after\": [\"a\"]}]}";
static const char platform_json[] =
    "{\"name\": \"m\", \"slots\": \"cores\", \"nodes\": [{\"count\": 1, \"cores\": 4}]}";

static void add(struct world *w, uint32_t task, const double t[5], double freed_s)
{
    struct timeline_record r = { .submitted_s = t[0] - 1, .arrived_s = t[0], .scheduled_s = t[1],
                                 .started_s = t[2], .stopped_s = t[3],
                                 .freed_s = freed_s, .notified_s = t[4], .task = task };
    timeline_add(w->timeline, &r, TASK_DONE, 0);
}

/* Task 1 waits for the slots of task 0, b for both: each second of the chain is laid out by hand.
 */
static void each_second_falls_to_one_part(void)
{
    struct world w = world_new(workflow_json, platform_json);
    add(&w, 0, (const double[]){ 99, 99.5, 100, 110, 111.5 }, 110.25);
    add(&w, 1, (const double[]){ 99, 110.375, 110.5, 120.5, 121.75 }, 120.625);
    add(&w, 2, (const double[]){ 125, 125.0625, 126, 130, 132 }, 130.5);
    struct attribution a = attribution_of(w.timeline, w.workflow);
    CU_ASSERT_EQUAL(a.n_tasks, 3);
    unit_near(a.of_s[PART_EXECUTE], 10 + 10 + 4, 1e-9);
    /* the first launch lies before the first start */
    unit_near(a.of_s[PART_LAUNCH], 0 + 0.125 + 0.9375, 1e-9);
    unit_near(a.of_s[PART_QUEUE], 0.125 + 0.0625, 1e-9);
    unit_near(a.of_s[PART_FREE], 0.25, 1e-9);
    unit_near(a.of_s[PART_SUBMIT], 4.5, 1e-9);
    unit_near(a.of_s[PART_FIRST], 0, 1e-9);
    world_clear(&w);
}

/* A task that waits for nothing, but was submitted late. */
static void late_arrivals_count_from_the_first_start(void)
{
    struct world w = world_new(workflow_json, platform_json);
    add(&w, 0, (const double[]){ 10, 10.25, 10.5, 20.5, 22 }, 20.75);
    add(&w, 1, (const double[]){ 40.5, 40.75, 41, 51, 52 }, 51.25);
    struct attribution a = attribution_of(w.timeline, w.workflow);
    CU_ASSERT_EQUAL(a.n_tasks, 1);
    unit_near(a.of_s[PART_FIRST], 30, 1e-9);
    unit_near(a.of_s[PART_QUEUE], 0.25, 1e-9);
    unit_near(a.of_s[PART_EXECUTE], 10, 1e-9);
    world_clear(&w);
}

/* The same chain; the record of when b was placed is lost. Its launch counts as scheduling; no
 * second counts twice. */
static void a_lost_time_makes_no_part_longer_than_the_chain(void)
{
    struct world w = world_new(workflow_json, platform_json);
    add(&w, 0, (const double[]){ 99, 99.5, 100, 110, 111.5 }, 110.25);
    add(&w, 1, (const double[]){ 99, 110.375, 110.5, 120.5, 121.75 }, 120.625);
    add(&w, 2, (const double[]){ 125, NAN, 126, 130, 132 }, 130.5);
    struct attribution a = attribution_of(w.timeline, w.workflow);
    double sum = 0;
    for (int p = 0; p < PARTS; p++)
        sum += a.of_s[p];
    unit_near(sum, 30, 1e-9);
    unit_near(a.of_s[PART_LAUNCH], 0.125, 1e-9);
    unit_near(a.of_s[PART_QUEUE], 0.125 + 1, 1e-9);
    CU_ASSERT_EQUAL(a.n_tasks, 3);
    world_clear(&w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(each_second_falls_to_one_part),
        UNIT_TEST(late_arrivals_count_from_the_first_start),
        UNIT_TEST(a_lost_time_makes_no_part_longer_than_the_chain),
        { NULL, NULL },
    };
    return unit_run("attribution", tests);
}
