#include "plots/gantt_boxes.h"

#include "core/timeline_phases.h"
#include "num/rng.h"
#include "tests/support/unit.h"
#include "tests/support/world.h"

static const char platform[] =
    "{\"name\": \"p\", \"nodes\": [{\"count\": 4, \"cores\": 20, \"gpus\": 4}]}";
static const char workflow[] =
    "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 60000, \"cores\": 2, \"gpus\": "
    "1, \"duration\": 5}, "
    "{\"name\": \"b\", \"tasks\": 40000, \"cores\": 3, \"duration\": 3}]}";

static double area(const struct gantt_boxes *b, size_t label)
{
    double sum = 0;

    for (size_t i = 0; i < b->n; i++)
        if (b->boxes[i].label == label)
            sum += (b->boxes[i].to_s - b->boxes[i].from_s) * (b->boxes[i].bottom - b->boxes[i].top);
    return sum;
}

static void a_box_for_each_run_of_lanes(void)
{
    struct world w = world_new(workflow, platform);
    struct style_labels labels = style_labels_of(w.workflow);

    world_ran(&w, 0, 0, 2.5, 7.5);
    timeline_add_slots(w.timeline, &(struct timeline_slots){ .node = 1,
                                       .cores = (const uint16_t[]){ 3, 4, 9 }, .n_cores = 3,
                                       .gpus = (const uint16_t[]){ 2 }, .n_gpus = 1 });
    world_ran_on(&w, 1, 0, 8.5, 9.5, (struct world_place){ 3, 0, 3, -1 });
    struct gantt_boxes b = gantt_boxes_of(w.timeline, &labels, 7, 100, 10, 10);
    struct gantt_band band = gantt_band_of(platform_node(w.platform, 0));
    double lane = (band.core_bottom - band.core_top) / 20;

    unit_must_be(b.n, ==, 4);
    CU_ASSERT_FATAL(b.by_node);
    CU_ASSERT_FALSE_FATAL(b.merged);
    unit_must_be(b.height, ==, 4);
    unit_is(b.boxes[0].from_s, ==, 0);
    unit_is(b.boxes[0].to_s, ==, 5);
    unit_is(b.boxes[3].from_s, ==, 6);
    unit_is(b.boxes[3].to_s, ==, 7);
    unit_alike(b.boxes[0].top, 1 + band.core_top + 3 * lane, 1e-12);
    unit_alike(b.boxes[0].bottom - b.boxes[0].top, 2 * lane, 1e-9);
    unit_alike(b.boxes[1].bottom - b.boxes[1].top, lane, 1e-9);
    unit_is(b.boxes[2].top, >, 1 + band.gpu_top);
    unit_is(b.boxes[2].bottom, <=, 1 + band.gpu_bottom);
    unit_is(b.boxes[3].label, ==, 1);
    unit_is(b.boxes[2].label, ==, 0);
    gantt_boxes_clear(&b);
    style_labels_clear(&labels);
    world_clear(&w);
}

/* 10^5 tasks in dense random rows: merged boxes are few and cover what the exact ones cover. */
static void many_boxes_merge_into_few_of_the_same_area(void)
{
    struct world w = world_new(workflow, platform);
    struct style_labels labels = style_labels_of(w.workflow);
    struct rng_stream stream = rng_stream(5, 0, RNG_TEST, 3);
    double free_s[8] = { 0 };

    for (uint32_t i = 0; i < 100000; i++) {
        uint32_t node = i % 8 / 2, half = i % 2;
        double duration_s = 3 * rng_uniform(&stream, i, 0) + (free_s[i % 8] > 10000 ? 0.5 : 0);

        if (i < 60000)
            world_ran_on(&w, 0, i, free_s[i % 8], free_s[i % 8] + duration_s,
                         (struct world_place){ node, (int)(10 * half), 10, (int)half });
        else
            world_ran_on(&w, 1, i - 60000, free_s[i % 8], free_s[i % 8] + duration_s,
                         (struct world_place){ node, (int)(10 * half), 10, -1 });
        free_s[i % 8] += duration_s;
    }
    double span_s = timeline_makespan(w.timeline);
    struct gantt_boxes exact = gantt_boxes_of(w.timeline, &labels, span_s, 1000000, 0, 0);
    struct gantt_boxes merged = gantt_boxes_of(w.timeline, &labels, span_s, 4000, 1000, 320);

    CU_ASSERT_FALSE(exact.merged);
    unit_is(exact.n, ==, 160000);
    CU_ASSERT(merged.merged);
    unit_is(merged.n, <, 4000);
    unit_alike(area(&exact, 0), area(&merged, 0), 0.02);
    unit_alike(area(&exact, 1), area(&merged, 1), 0.02);
    for (size_t i = 0; i < merged.n; i++) {
        unit_is(merged.boxes[i].to_s, <=, span_s *(1 + 1e-9));
        unit_is(merged.boxes[i].bottom, <=, 4);
        unit_is(merged.boxes[i].from_s, <, merged.boxes[i].to_s);
    }
    gantt_boxes_clear(&exact);
    gantt_boxes_clear(&merged);
    style_labels_clear(&labels);
    world_clear(&w);
}

/* A task that outlasts all others is seen, however thin: nothing else would say why the run takes
 * so long. */
static void a_thin_straggler_is_a_line(void)
{
    static const char wide[] = "{\"name\": \"p\", \"nodes\": [{\"count\": 400, \"cores\": 20}]}";
    struct world w = world_new(workflow, wide);
    struct style_labels labels = style_labels_of(w.workflow);
    double thin_s = 0;

    for (uint32_t i = 0; i < 8000; i++)
        world_ran_on(&w, 0, i, 0, i == 4321 ? 1000 : 10,
                     (struct world_place){ i / 20, (int)(i % 20), 1, -1 });
    struct gantt_boxes b = gantt_boxes_of(w.timeline, &labels, 1000, 4000, 500, 100);

    CU_ASSERT(b.merged);
    unit_is(b.n, <, 20);
    for (size_t i = 0; i < b.n; i++)
        if (b.boxes[i].to_s > 10) {
            unit_is(b.boxes[i].top, >=, 216);
            unit_is(b.boxes[i].bottom, <=, 220);
            thin_s += b.boxes[i].to_s - b.boxes[i].from_s;
        }
    unit_alike(thin_s, 990, 1e-6);
    gantt_boxes_clear(&b);
    style_labels_clear(&labels);
    world_clear(&w);
}

static void what_did_not_end_well_is_marked_at_its_end(void)
{
    struct world w = world_new(workflow, platform);
    struct style_labels labels = style_labels_of(w.workflow);

    world_ran_on(&w, 1, 0, 1.5, 9.5, (struct world_place){ 1, 0, 3, -1 });
    world_ran_on(&w, 1, 1, 2.5, 7.5, (struct world_place){ 2, 0, 20, -1 });
    w.timeline->status[1] = TASK_KILLED;
    struct gantt_boxes b = gantt_boxes_of(w.timeline, &labels, 8, 100, 10, 10);
    struct gantt_band band = gantt_band_of(platform_node(w.platform, 2));

    unit_must_be(b.n_lost, ==, 1);
    unit_is(b.lost[0].at_s, ==, 6);
    unit_alike(b.lost[0].y, 2 + (band.core_top + band.core_bottom) / 2, 1e-12);
    gantt_boxes_clear(&b);
    style_labels_clear(&labels);
    world_clear(&w);
}

static void without_slots_tasks_lie_side_by_side(void)
{
    struct world w = world_new(workflow, platform);
    struct style_labels labels = style_labels_of(w.workflow);

    world_ran(&w, 0, 0, 2.5, 7.5);
    world_ran(&w, 0, 1, 3.5, 4.5);
    world_ran(&w, 1, 0, 4.5, 9.5);
    struct gantt_boxes b = gantt_boxes_of(w.timeline, &labels, 7, 100, 10, 10);

    unit_must_be(b.n, ==, 3);
    CU_ASSERT_FALSE_FATAL(b.by_node);
    unit_must_be(b.height, ==, 2);
    unit_is(b.boxes[1].top, ==, b.boxes[2].top);
    unit_is(b.boxes[0].bottom, <, b.boxes[1].top);
    gantt_boxes_clear(&b);
    style_labels_clear(&labels);
    world_clear(&w);
}

/* A task of 10 s that reads 2 s, computes 5 s and writes 3 s; and one that is lost. Together they
 * fill the same boxes as without phases. */
static void boxes_end_where_phases_do(void)
{
    struct world w = world_new(workflow, platform);
    struct style_labels labels = style_labels_of(w.workflow);
    world_ran_on(&w, 1, 0, 5, 15, (struct world_place){ 1, 0, 3, -1 });
    uint16_t disk = timeline_name_flow(w.timeline, "disk");
    const struct timeline_phase phases[] = {
        { .from_s = 5, .to_s = 7, .kind = PHASE_MOVES, .name = disk },
        { .from_s = 7, .to_s = 12, .kind = PHASE_COMPUTES },
        { .from_s = 12, .to_s = 15, .kind = PHASE_ASKS, .name = disk }
    };
    for (size_t k = 0; k < 3; k++)
        timeline_add_phase(w.timeline, &phases[k]);
    world_ran_on(&w, 1, 1, 5, 9, (struct world_place){ 2, 0, 3, -1 });
    w.timeline->status[1] = TASK_KILLED;
    struct gantt_boxes b = gantt_boxes_of(w.timeline, &labels, 10, 100, 10, 10);
    static const double ends[] = { 0, 2, 7, 10 };
    static const size_t doing[] = { GANTT_MOVES, GANTT_COMPUTES, GANTT_MOVES };
    CU_ASSERT_EQUAL_FATAL(b.n, 4);
    for (size_t i = 0; i < 3; i++) {
        unit_near(b.boxes[i].from_s, ends[i], 1e-12);
        unit_near(b.boxes[i].to_s, ends[i + 1], 1e-12);
        CU_ASSERT_EQUAL(b.boxes[i].doing, doing[i]);
    }
    CU_ASSERT_EQUAL(b.boxes[3].doing, GANTT_LOST);
    CU_ASSERT(b.does[GANTT_MOVES]);
    CU_ASSERT(b.does[GANTT_LOST]);
    CU_ASSERT_FALSE(b.does[GANTT_LOADS]);
    struct gantt_boxes merged = gantt_boxes_of(w.timeline, &labels, 10, 1, 200, 400);
    CU_ASSERT_TRUE(merged.merged);
    unit_near(area(&merged, 1), area(&b, 1), 0.05 * area(&b, 1));     /* cells of 0.01 by 0.05 */
    for (size_t i = 0; i < merged.n; i++)
        CU_ASSERT_EQUAL(merged.boxes[i].label, 1);
    gantt_boxes_clear(&merged);
    gantt_boxes_clear(&b);
    style_labels_clear(&labels);
    world_clear(&w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_box_for_each_run_of_lanes), UNIT_TEST(boxes_end_where_phases_do),
        UNIT_TEST(many_boxes_merge_into_few_of_the_same_area),
        UNIT_TEST(a_thin_straggler_is_a_line),
        UNIT_TEST(what_did_not_end_well_is_marked_at_its_end),
        UNIT_TEST(without_slots_tasks_lie_side_by_side),
        { NULL, NULL },
    };
    return unit_run("gantt_boxes", tests);
}
