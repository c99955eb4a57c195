#include "plots/gantt_data.h"

#include <string.h>

#include "core/timeline_phases.h"
#include "tests/support/unit.h"
#include "tests/support/world.h"

static const char platform[] =
    "{\"name\": \"p\", \"nodes\": [{\"count\": 2, \"cores\": 8, \"gpus\": 2}]}";
static const char workflow[] = "{\"name\": \"w\", \"task_sets\": [{\"name\": \"</script>\", "
                               "\"tasks\": 2, \"cores\": 2, \"gpus\": 1, \"duration\": 5},"
                               "{\"name\": \"b\", \"cores\": 3, \"duration\": 3}]}";

static cJSON *data_of(const struct timeline *t)
{
    const struct picture_panel panel = { .name = "one", .timeline = t };
    struct str out = { 0 };
    gantt_data_add(&out, &(struct picture){ .panels = &panel, .n_panels = 1 });
    CU_ASSERT_PTR_NULL(strstr(out.text, "</"));
    cJSON *data = cJSON_Parse(out.text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(data);
    str_clear(&out);
    return data;
}

static const cJSON *member(const cJSON *object, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(object, key);
}

/* Tasks as they ran, in order of their starts, times from the first. */
static void tasks_with_their_lanes(void)
{
    struct world w = world_new(workflow, platform);
    world_ran_on(&w, 1, 0, 7.5, 10.5, (struct world_place){ 1, 3, 3, -1 });
    world_ran_on(&w, 0, 0, 1.5, 6.5, (struct world_place){ 0, 0, 2, 1 });
    world_ran_on(&w, 0, 1, 2.5, 7.5, (struct world_place){ 1, 4, 2, 0 });
    cJSON *data = data_of(w.timeline);
    const cJSON *panel = cJSON_GetArrayItem(member(data, "panels"), 0),
                *tasks = member(panel, "tasks");
    static const double expected[3][8] = { { 0, 0, 0, 2, 0, 1, 1, 1 }, { 1, 0, 4, 2, 1, 1, 0, 1 },
                                           { 1, 0, 3, 3 } };
    static const double starts[] = { 0, 1, 6 }, lengths[] = { 8, 8, 4 };

    CU_ASSERT_EQUAL(
        gantt_data_records(&(struct picture){
            .panels = &(struct picture_panel){ .timeline = w.timeline }, .n_panels = 1 }),
        3);
    CU_ASSERT_EQUAL(cJSON_GetArraySize(tasks), 3);
    CU_ASSERT_EQUAL(cJSON_GetArraySize(member(panel, "nodes")), 2);
    CU_ASSERT_EQUAL(member(panel, "makespan")->valuedouble, 9);
    for (int i = 0; i < 3; i++) {
        const cJSON *task = cJSON_GetArrayItem(tasks, i), *slots = cJSON_GetArrayItem(task, 12);
        CU_ASSERT_EQUAL(cJSON_GetArraySize(task), cJSON_GetArraySize(member(data, "columns")));
        CU_ASSERT_EQUAL(cJSON_GetArrayItem(task, 8)->valuedouble, starts[i]);
        CU_ASSERT_EQUAL(cJSON_GetArraySize(slots), (int)lengths[i]);
        for (int k = 0; k < cJSON_GetArraySize(slots); k++)
            CU_ASSERT_EQUAL(cJSON_GetArrayItem(slots, k)->valuedouble, expected[i][k]);
    }
    const cJSON *set = cJSON_GetArrayItem(member(data, "sets"), 0);
    CU_ASSERT_STRING_EQUAL(member(set, "name")->valuestring, "</script>");
    CU_ASSERT_STRING_EQUAL(member(set, "demand")->valuestring, "2 cores + 1 GPU");
    cJSON_Delete(data);
    world_clear(&w);
}

/* Kind, flow, from and to of each phase; a column only where there are some. */
static void phases_of_tasks(void)
{
    struct world w = world_new(workflow, platform);
    world_ran_on(&w, 1, 0, 7.5, 10.5, (struct world_place){ 1, 3, 3, -1 });
    timeline_add_phase(w.timeline,
                       &(struct timeline_phase){ .from_s = 7.5,
                                                 .to_s = 9,
                                                 .kind = PHASE_MOVES,
                                                 .name = timeline_name_flow(w.timeline, "</x>") });
    cJSON *data = data_of(w.timeline);
    const cJSON *columns = member(data, "columns"),
                *task = member(cJSON_GetArrayItem(member(data, "panels"), 0), "tasks")->child;
    const cJSON *phases = cJSON_GetArrayItem(task, 13);
    CU_ASSERT_STRING_EQUAL(cJSON_GetArrayItem(columns, 13)->valuestring, "phases");
    CU_ASSERT_EQUAL(cJSON_GetArraySize(phases), 4);
    CU_ASSERT_STRING_EQUAL(cJSON_GetArrayItem(phases, 0)->valuestring, "move");
    CU_ASSERT_STRING_EQUAL(cJSON_GetArrayItem(phases, 1)->valuestring, "</x>");
    unit_near(cJSON_GetArrayItem(phases, 3)->valuedouble, 1.5, 1e-12);
    cJSON_Delete(data);
    world_clear(&w);
}

/* Three iterations, which begin at 1, 4 and 9 s: the second is shaded. */
static void iterations_are_shaded(void)
{
    struct world w = world_new(
        "{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": 3, \"cores\": 1, "
        "\"duration\": 5}, {\"name\": \"b\", \"cores\": 1, \"duration\": 5}, {\"name\": \"c\", "
        "\"cores\": 1, \"duration\": 5}]}",
        platform);
    for (int set = 0; set < 3; set++)
        w.workflow->sets[set].iteration = set + 1;
    world_ran_on(&w, 0, 0, 1, 6, (struct world_place){ 0, 0, 1, -1 });
    world_ran_on(&w, 0, 1, 2, 7, (struct world_place){ 0, 1, 1, -1 });
    world_ran_on(&w, 1, 0, 4, 9, (struct world_place){ 1, 0, 1, -1 });
    world_ran_on(&w, 2, 0, 9, 14, (struct world_place){ 1, 1, 1, -1 });
    cJSON *data = data_of(w.timeline);
    const cJSON *shaded = member(cJSON_GetArrayItem(member(data, "panels"), 0), "shaded");
    static const double expected[] = { 2, 4 - 1, 9 - 1 };
    CU_ASSERT_EQUAL(cJSON_GetArraySize(shaded), 1);
    for (int k = 0; k < 3; k++)
        unit_near(cJSON_GetArrayItem(shaded->child, k)->valuedouble, expected[k], 1e-9);
    cJSON_Delete(data);
    world_clear(&w);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(tasks_with_their_lanes),
                                              UNIT_TEST(phases_of_tasks),
                                              UNIT_TEST(iterations_are_shaded), { NULL, NULL } };
    return unit_run("gantt_data", tests);
}
