#include "validation/compare.h"

#include <math.h>

#include "tests/support/unit.h"
#include "tests/support/world.h"

static const char workflow_json[] =
    "{\"name\": \"two\", \"task_sets\": ["
    "{\"name\": \"a\", \"tasks\": 3, \"cores\": 2, \"gpus\": 1, \"duration\": 10},"
    "{\"name\": \"b\", \"tasks\": 1, \"cores\": 1, \"duration\": 4.5}]}";
static const char platform_json[] = "{\"name\": \"m\", \"slots\": \"cores\", \"nodes\": "
                                    "[{\"count\": 2, \"cores\": 8, \"gpus\": 4}]}";

struct times { double arrived_s, start_s, stop_s; };

static void ran(struct world *w, int set, uint32_t task, struct times at, uint32_t node)
{
    struct world_place place = { node, (int)task * 2, set == 0 ? 2 : 1, set == 0 ? (int)task : -1 };
    size_t i = world_ran_on(w, set, task, at.start_s, at.stop_s, place);
    w->timeline->records[i].arrived_s = at.arrived_s;
}

/* Zero is the first start, and the i-th is the i-th to arrive, whatever its number. */
static void starts_count_from_the_first_by_arrival(void)
{
    struct world w = world_new(workflow_json, platform_json);
    ran(&w, 0, 0, (struct times){ 7, 12.5, 22.5 }, 0);
    ran(&w, 0, 1, (struct times){ 5, 8.25, 18.25 }, 0);
    ran(&w, 1, 0, (struct times){ 6, 9, 13.5 }, 1);
    double start[4], stop[4];
    compare_starts(w.timeline, start, stop);
    unit_near(start[0], 0, 1e-12); /* task 1 arrived first */
    unit_near(start[1], 4.25, 1e-12);
    CU_ASSERT(isnan(start[2]));                          /* never ran */
    unit_near(start[3], 0.75, 1e-12);
    unit_near(stop[1], 14.25, 1e-12);
    world_clear(&w);
}

static void errors_are_over_what_both_know(void)
{
    const double a[] = { 1, NAN, 4, 10 }, b[] = { 2.5, 3, NAN, 9.5 };
    struct mean_error e = compare_times(a, b, 4);
    CU_ASSERT_EQUAL(e.n, 2);
    unit_near(e.mean_s, 1, 1e-12);
    unit_near(e.largest_s, 1.5, 1e-12);
    e = compare_times(a, b + 1, 1);
    CU_ASSERT_EQUAL(e.n, 1);
    e = compare_times(a + 1, b, 1);
    CU_ASSERT(isnan(e.mean_s));
}

/* One of three equal tasks runs 3 s later: of 30 task-seconds, 3 are missing early and 3 are too
 * many late. */
static void areas_are_shares_of_the_measured(void)
{
    struct world a = world_new(workflow_json, platform_json),
                 b = world_new(workflow_json, platform_json);
    for (uint32_t t = 0; t < 3; t++) {
        ran(&a, 0, t, (struct times){ 0, 100, 110 }, 0);
        ran(&b, 0, t, (struct times){ 0, t == 2 ? 53 : 50, t == 2 ? 63 : 60 }, 0);
    }
    struct area_between area = compare_areas(a.timeline, b.timeline);
    unit_near(area.tasks, 6.0 / 30, 1e-12);
    unit_near(area.slots, 12.0 / 60, 1e-12);
    unit_near(area.gpus, 6.0 / 30, 1e-12);
    area = compare_areas(a.timeline, a.timeline);
    CU_ASSERT_EQUAL(area.tasks, 0);
    world_clear(&a);
    world_clear(&b);
}

static void places_differ_by_node_slot_and_gpu(void)
{
    struct world a = world_new(workflow_json, platform_json),
                 b = world_new(workflow_json, platform_json);
    for (uint32_t t = 0; t < 3; t++)
        ran(&a, 0, t, (struct times){ t, 1, 2 }, 0);
    ran(&a, 1, 0, (struct times){ 9, 1, 2 }, 1);
    ran(&b, 0, 0, (struct times){ 0, 5, 6 }, 0);                           /* the same */
    ran(&b, 0, 1, (struct times){ 1, 5, 6 }, 1);                           /* another node */
    size_t i = world_ran_on(&b, 0, 2, 5, 6, (struct world_place){ 0, 4, 2, 3 }); /* another GPU */
    b.timeline->records[i].arrived_s = 2;
    struct same_places same = compare_places(a.timeline, b.timeline);
    CU_ASSERT_EQUAL(same.n, 3);                          /* set b ran in one of them only */
    CU_ASSERT_EQUAL(same.n_equal, 1);
    world_clear(&a);
    world_clear(&b);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(starts_count_from_the_first_by_arrival),
        UNIT_TEST(errors_are_over_what_both_know),
        UNIT_TEST(areas_are_shares_of_the_measured),
        UNIT_TEST(places_differ_by_node_slot_and_gpu),
        { NULL, NULL },
    };
    return unit_run("compare", tests);
}
