/* A timeline as columns, through JSON and back: the same records, to the last bit; broken columns
 * are refused. */
#include "core/timeline_columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/timeline_phases.h"
#include "tests/support/unit.h"
#include "tests/support/world.h"

static const char machine[] = "{'nodes': [{'count': 3, 'cores': 8, 'gpus': 4}], "
                              "'flows': [{'name': 'scratch', 'rate': 100}]}";
static const char work[] = "{'task_sets': [{'name': 'a', 'tasks': 9, 'cores': 2, 'duration': 10}]}";

static struct world world_of_all(void)
{
    struct world w = world_new(work, machine);
    world_ran(&w, 0, 7, 0.1, 6.25);
    timeline_add_slots(w.timeline, &(struct timeline_slots){ .node = 0,
                                       .cores = (const uint16_t[]){ 5, 0, 1, 2 }, .n_cores = 4,
                                       .gpus = (const uint16_t[]){ 3 }, .n_gpus = 1 });
    timeline_add_slots(w.timeline, &(struct timeline_slots){ .node = 2,
                                       .cores = (const uint16_t[]){ 7 }, .n_cores = 1,
                                       .gpus = (const uint16_t[]){ 2, 2 }, .n_gpus = 2,
                                       .gpu_share = 400000 });
    timeline_set_at(w.timeline, 0, INSTANT_LAUNCHED, 1.0 / 3);
    timeline_add_phase(w.timeline, &(struct timeline_phase){
        .from_s = 0.5, .to_s = 2, .amount = 120.5, .full_rate = 100, .kind = PHASE_MOVES,
        .name = timeline_name_flow(w.timeline, "scratch") });
    timeline_add(w.timeline,
                 &(struct timeline_record){ 2.5, NAN, NAN, NAN, NAN, NAN, NAN, .task = 8 },
                 TASK_CANCELLED, 2);
    world_ran_on(&w, 0, 3, 7, 8, (struct world_place){ 1, 4, 2, -1 });
    w.timeline->session_start_s = -3.5;
    return w;
}

/* Through text, as a stored result. NULL: what *err says. */
static struct timeline *through_json(const struct timeline *t, struct error *err)
{
    struct timeline_columns columns, again = { .n_phases = 0 };
    struct timeline *back = NULL;
    cJSON *json = cJSON_CreateObject();
    timeline_columns_of(t, &columns);
    schema_save(&timeline_columns_schema, &columns, json);
    char *text = json_print(json);
    struct json_document *doc = json_parse(text, strlen(text), "t", err);
    struct json root = json_root(doc);
    if (schema_read(&timeline_columns_schema, &root, &again, err) == 0)
        back = timeline_of_columns(&again, t->workflow, t->platform, err);
    schema_clear(&timeline_columns_schema, &columns);
    schema_clear(&timeline_columns_schema, &again);
    json_free(doc);
    free(text);
    cJSON_Delete(json);
    return back;
}

static void same_number(double a, double b)
{
    CU_ASSERT_EQUAL(memcmp(&a, &b, sizeof a), 0);
}

static void same_slots(const struct timeline *a, const struct timeline *b, size_t i)
{
    struct timeline_slots x, y;
    bool more = timeline_slots_first(a, i, &x), there = timeline_slots_first(b, i, &y);
    for (; more && there; more = timeline_slots_next(&x), there = timeline_slots_next(&y)) {
        CU_ASSERT_EQUAL(x.node, y.node);
        CU_ASSERT_EQUAL(x.gpu_share, y.gpu_share);
        CU_ASSERT_EQUAL_FATAL(x.n_cores, y.n_cores);
        CU_ASSERT_EQUAL_FATAL(x.n_gpus, y.n_gpus);
        CU_ASSERT_EQUAL(memcmp(x.cores, y.cores, x.n_cores * sizeof *x.cores), 0);
        CU_ASSERT_EQUAL(memcmp(x.gpus, y.gpus, x.n_gpus * sizeof *x.gpus), 0);
    }
    CU_ASSERT_EQUAL(more, there);
}

static void all_comes_back(void)
{
    struct world w = world_of_all();
    struct error err = { "" };
    struct timeline *t = through_json(w.timeline, &err);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    CU_ASSERT_EQUAL_FATAL(t->n, 3);
    for (size_t i = 0; i < t->n; i++) {
        struct str before = { 0 }, after = { 0 };
        CU_ASSERT_EQUAL(t->records[i].task, w.timeline->records[i].task);
        CU_ASSERT_EQUAL(t->status[i], w.timeline->status[i]);
        CU_ASSERT_EQUAL(timeline_attempt(t, i), timeline_attempt(w.timeline, i));
        for (int k = 0; k < TIMELINE_INSTANTS; k++)
            if (!isnan(timeline_at(w.timeline, i, timeline_instants[k])))
                same_number(timeline_at(t, i, timeline_instants[k]),
                            timeline_at(w.timeline, i, timeline_instants[k]));
            else
                CU_ASSERT(isnan(timeline_at(t, i, timeline_instants[k])));
        same_slots(w.timeline, t, i);
        timeline_phases_format(&before, w.timeline, i);
        timeline_phases_format(&after, t, i);
        CU_ASSERT_STRING_EQUAL(after.text ? after.text : "", before.text ? before.text : "");
        str_clear(&before);
        str_clear(&after);
    }
    same_number(t->session_start_s, -3.5);
    CU_ASSERT(isnan(t->session_end_s));
    timeline_free(t);
    world_clear(&w);
}

/* `change` of one number, and the timeline is refused with this sentence. */
static void refuses(void (*change)(struct timeline_columns *c), const char *sentence)
{
    struct world w = world_of_all();
    struct timeline_columns c;
    struct error err = { "" };
    timeline_columns_of(w.timeline, &c);
    change(&c);
    CU_ASSERT_PTR_NULL(timeline_of_columns(&c, w.workflow, w.platform, &err));
    CU_ASSERT_STRING_EQUAL(err.text, sentence);
    schema_clear(&timeline_columns_schema, &c);
    world_clear(&w);
}

static void another_task(struct timeline_columns *c) { c->task.at[1] = 9; }
static void half_a_task(struct timeline_columns *c) { c->task.at[1] = 2.5; }
static void no_status(struct timeline_columns *c) { c->status.at[2] = 5; }
static void short_column(struct timeline_columns *c) { c->at[4].n--; }
static void another_node(struct timeline_columns *c) { c->slots.at[1] = 3; }
static void another_core(struct timeline_columns *c) { c->slots.at[5] = 4; }
static void another_record(struct timeline_columns *c) { c->slots.at[c->slots.n - 6] = 7; }
static void broken_phase(struct timeline_columns *c) { strcpy(c->phases[0], "dance"); }

static void what_is_broken_is_refused(void)
{
    static const char column[] = "a column of its timeline is broken",
                      first[] = "record 0 of its timeline has slots or phases that cannot be read",
                      last[] = "record 2 of its timeline has slots or phases that cannot be read";
    refuses(another_task, column);
    refuses(half_a_task, column);
    refuses(no_status, column);
    refuses(short_column, column);
    refuses(another_node, first);
    refuses(another_core, first);
    refuses(another_record, last);
    refuses(broken_phase, first);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(all_comes_back),
                                              UNIT_TEST(what_is_broken_is_refused),
                                              { NULL, NULL } };
    return unit_run("timeline_columns", tests);
}
