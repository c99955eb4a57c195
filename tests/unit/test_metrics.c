#include "core/metrics.h"

#include <math.h>

#include "tests/support/unit.h"
#include "tests/support/world.h"

static const char workflow[] = "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 4, "
                               "\"cores\": 2, \"gpus\": 1, \"duration\": 5}, "
                               "{\"name\": \"b\", \"tasks\": 3, \"cores\": 3, \"duration\": 3}]}";
/* 2 x (10 - 2) = 16 slots that may be used, 4 GPUs. */
static const char platform[] = "{\"name\": \"p\", \"nodes\": [{\"count\": 2, \"cores\": 10, "
                               "\"gpus\": 2, \"blocked\": [0, 9]}]}";
static const char no_gpus[] = "{\"name\": \"p\", \"nodes\": [{\"count\": 2, \"cores\": 10}]}";

/* By hand: a[0] 2.5 .. 6.5 and a[1] 2.5 .. 8.5, both held a second longer at each end; b[0] 6.5
 * .. 12.5; b[1] failed 3.5 .. 4.5. */
static struct world by_hand(const char *platform_json)
{
    struct world w = world_new(workflow, platform_json);

    world_ran(&w, 0, 0, 2.5, 6.5);
    world_ran(&w, 0, 1, 2.5, 8.5);
    for (size_t i = 0; i < 2; i++) {
        w.timeline->records[i].scheduled_s -= 1;
        w.timeline->records[i].freed_s += 1;
    }
    world_ran(&w, 1, 0, 6.5, 12.5);
    world_ran(&w, 1, 1, 3.5, 4.5);
    w.timeline->status[3] = TASK_FAILED;
    timeline_add(w.timeline,
                 &(struct timeline_record){ NAN, NAN, NAN, NAN, NAN, NAN, NAN, .task = 6 },
                 TASK_CANCELLED, 0);
    return w;
}

static void figures_of_a_timeline_counted_by_hand(void)
{
    struct world w = by_hand(platform);
    struct metrics m = metrics_of(w.timeline);

    unit_is(m.first_start_s, ==, 2.5);
    unit_is(m.last_stop_s, ==, 12.5);
    unit_is(m.makespan_s, ==, 10);
    unit_alike(m.utilisation_slots, (2 * 4 + 2 * 6 + 3 * 6 + 3 * 1) / 160.0, 1e-12);
    unit_alike(m.utilisation_gpus, (4 + 6) / 40.0, 1e-12);
    /* before the first start is not counted */
    unit_alike(m.held_slots, (2 * 5 + 2 * 7 + 3 * 6 + 3 * 1) / 160.0, 1e-12);
    unit_alike(m.held_gpus, (5 + 7) / 40.0, 1e-12);
    unit_alike(m.node_hours, 2 * 10 / 3600.0, 1e-12);
    /* a[0] stops in the instant in which b[0] starts */
    unit_is(m.max_running, ==, 3);
    unit_is(m.n_done, ==, 3);
    unit_is(m.n_failed, ==, 1);
    unit_is(m.n_cancelled, ==, 1);
    unit_is(m.n_killed, ==, 0);
    unit_is(m.n_cut, ==, 0);
    world_clear(&w);
}

static void without_gpus_there_is_no_gpu_utilisation(void)
{
    struct world w = world_new("{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 1, "
                               "\"cores\": 4, \"duration\": 5}]}",
                               no_gpus);

    world_ran(&w, 0, 0, 1.5, 3.5);
    struct metrics m = metrics_of(w.timeline);
    unit_near(m.utilisation_gpus, NAN, 0);
    unit_near(m.held_gpus, NAN, 0);
    unit_alike(m.utilisation_slots, 4 / 20.0, 1e-12);
    world_clear(&w);
}

/* A task of 0 s is no time in which slots could be used: 0/0 is no share. */
static void no_makespan_no_shares(void)
{
    struct world w = world_new(workflow, platform);

    world_ran(&w, 0, 0, 1.5, 1.5);
    struct metrics m = metrics_of(w.timeline);
    unit_near(m.makespan_s, 0, 0);
    unit_near(m.utilisation_slots, NAN, 0);
    unit_near(m.held_slots, NAN, 0);
    unit_near(m.utilisation_gpus, NAN, 0);
    world_clear(&w);
}

static void curves_step_where_tasks_start_and_stop(void)
{
    static const double times[] = { 2.5, 3.5, 4.5, 6.5, 8.5, 12.5 },
                        running[] = { 2, 3, 2, 2, 1, 0 }, slots[] = { 4, 7, 4, 5, 3, 0 };
    struct world w = by_hand(platform);
    struct step_curve tasks = curve_of(w.timeline, CURVE_TASKS, -1),
                      cores = curve_of(w.timeline, CURVE_SLOTS, -1);

    unit_must_be(tasks.n, ==, 6);
    unit_must_be(cores.n, ==, 6);
    for (size_t i = 0; i < 6; i++) {
        unit_is(tasks.time_s[i], ==, times[i]);
        unit_is(tasks.value[i], ==, running[i]);
        unit_is(cores.time_s[i], ==, times[i]);
        unit_is(cores.value[i], ==, slots[i]);
    }
    step_curve_clear(&tasks);
    step_curve_clear(&cores);
    struct step_curve of_b = curve_of(w.timeline, CURVE_GPUS, 1);
    for (size_t i = 0; i < of_b.n; i++)
        unit_is(of_b.value[i], ==, 0);
    step_curve_clear(&of_b);
    world_clear(&w);
}

/* Shares of GPUs sum without rounding: a curve that has gone up by tenths comes down to nothing. */
static void shares_sum_exactly(void)
{
    static const uint16_t gpu = 0;
    struct world w = world_new("{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 10, "
                               "\"gpus\": 0.1, \"cores\": 1, "
                               "\"duration\": 5}]}",
                               platform);

    for (uint32_t i = 0; i < 10; i++) {
        world_ran(&w, 0, i, 1.5 + 0.1 * i, 3.5 + 0.3 * i);
        timeline_add_slots(w.timeline, &(struct timeline_slots){ .node = 0,
                                           .cores = (const uint16_t[]){ (uint16_t)(i % 8 + 1) },
                                           .n_cores = 1, .gpus = &gpu, .n_gpus = 1,
                                           .gpu_share = 100000 });
    }
    struct step_curve c = curve_of(w.timeline, CURVE_GPUS, -1);
    unit_must_be(c.n, ==, 20);
    unit_is(c.value[9], ==, 1);
    unit_is(c.value[19], ==, 0);
    step_curve_clear(&c);
    world_clear(&w);
}

static void area_between_is_that_of_the_difference(void)
{
    double ta[] = { 1.5, 4.5 }, va[] = { 2, 0 }, tb[] = { 2.5, 3.5, 7.5 }, vb[] = { 5, 1, 0 };
    struct step_curve a = { 2, ta, va }, b = { 3, tb, vb }, none = { 0 };

    /* 1.5 .. 2.5: 2; 2.5 .. 3.5: 3; 3.5 .. 4.5: 1; 4.5 .. 7.5: 1 */
    unit_is(step_curve_area_between(&a, &b), ==, 2 + 3 + 1 + 3);
    unit_is(step_curve_area_between(&b, &a), ==, 9);
    unit_is(step_curve_area_between(&a, &a), ==, 0);
    unit_is(step_curve_area_between(&a, &none), ==, 6);
}

static void spans_are_first_start_and_last_stop(void)
{
    struct world w = by_hand(platform);
    double start_s[2], stop_s[2];

    metrics_set_spans(w.timeline, start_s, stop_s);
    unit_is(start_s[0], ==, 2.5);
    unit_is(stop_s[0], ==, 8.5);
    unit_is(start_s[1], ==, 3.5);
    unit_is(stop_s[1], ==, 12.5);
    timeline_clear(w.timeline);
    world_ran(&w, 0, 0, 2.5, 6.5);
    metrics_set_spans(w.timeline, start_s, stop_s);
    unit_is(start_s[0], ==, 2.5);
    unit_near(start_s[1], NAN, 0);
    unit_near(stop_s[1], NAN, 0);
    world_clear(&w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(figures_of_a_timeline_counted_by_hand),
        UNIT_TEST(without_gpus_there_is_no_gpu_utilisation), UNIT_TEST(no_makespan_no_shares),
        UNIT_TEST(curves_step_where_tasks_start_and_stop),
        UNIT_TEST(shares_sum_exactly),
        UNIT_TEST(area_between_is_that_of_the_difference),
        UNIT_TEST(spans_are_first_start_and_last_stop),
        { NULL, NULL },
    };
    return unit_run("metrics", tests);
}
