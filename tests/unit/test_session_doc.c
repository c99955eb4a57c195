#include "cli/session_doc.h"

#include <math.h>
#include <string.h>

#include "doc/render.h"
#include "tests/support/scratch.h"
#include "tests/support/session_world.h"
#include "tests/support/unit.h"

static const double run_started_s[] = { 90, 155 };

static struct session *staged(const char *folder, struct world *w)
{
    *w = session_world_new(session_world_staged);
    struct session_writer writer = { .timeline = w->timeline, .dialect = DIALECT_TASK, .entk = true,
                                     .run_started_s = run_started_s,
                                     .n_runs = 2 };
    return session_world_load(folder, &writer);
}

static struct doc *doc_of(const struct session *s)
{
    struct doc *d = doc_new("import", "0");
    session_doc_add(d, s, 0);
    return d;
}

static void the_text_says_what_the_session_holds(void)
{
    static const char *const said[] = { "rp.session.host.user.019000.0000",
                                        "with EnTK",
                                        "3 x 40 threads, 4 GPUs",
                                        "9 in 3 sets, 9 done",
                                        "2 with 3 stages, in 2 run() calls, 3 bulks",
                                        "run() calls",
                                        "freed -> client knows" };
    char *folder = scratch_new();
    struct world w;
    struct session *s = staged(folder, &w);
    struct str out = { 0 };
    struct doc *d = doc_of(s);
    doc_render_text(d, &(struct doc_text_options){ 0 }, &out);
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        CU_ASSERT_PTR_NOT_NULL(strstr(out.text, said[i]));
    CU_ASSERT_PTR_NULL(strstr(out.text, "nan"));
    str_clear(&out);
    doc_free(d);
    session_free(s);
    world_clear(&w);
    scratch_free(folder);
}

static double number(const cJSON *object, const char *key)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(object, key);
    return cJSON_IsNumber(v) ? v->valuedouble : (double)NAN;
}

static void gaps_are_last_stop_to_first_start(void)
{
    char *folder = scratch_new();
    struct world w;
    struct session *s = staged(folder, &w);
    const struct timeline_record *r = w.timeline->records;
    struct doc *d = doc_of(s);
    cJSON *json = doc_render_json(d);
    const cJSON *stages = cJSON_GetObjectItemCaseSensitive(json, "stages"), *step;
    CU_ASSERT_EQUAL_FATAL(cJSON_GetArraySize(stages), 3);
    CU_ASSERT(isnan(number(cJSON_GetArrayItem(stages, 0), "gap_s")));
    unit_near(number(cJSON_GetArrayItem(stages, 1), "gap_s"), r[4].started_s - r[3].stopped_s,
              1e-5);
    unit_near(number(cJSON_GetArrayItem(stages, 2), "gap_s"), r[7].started_s - r[6].stopped_s,
              1e-5);
    size_t launches = 0;
    cJSON_ArrayForEach(step, cJSON_GetObjectItemCaseSensitive(json, "steps"))
    {
        const char *name = cJSON_GetObjectItemCaseSensitive(step, "step")->valuestring;
        if (strcmp(name, "launch -> start") != 0)
            continue;
        launches++;
        unit_near(number(step, "tasks"), 9, 0);
        unit_near(number(step, "mean_s"), 0.25, 1e-3);
        unit_is(number(step, "min_s"), <=, number(step, "max_s"));
    }
    CU_ASSERT_EQUAL(launches, 1);
    cJSON_Delete(json);
    doc_free(d);
    session_free(s);
    world_clear(&w);
    scratch_free(folder);
}

static void json_and_text_tell_the_same(void)
{
    char *folder = scratch_new();
    struct world w;
    struct session *s = staged(folder, &w);
    struct doc *d = doc_of(s);
    cJSON *json = doc_render_json(d);
    const cJSON *tasks = cJSON_GetObjectItemCaseSensitive(json, "tasks");
    unit_is(number(tasks, "count"), ==, 9);
    unit_is(number(tasks, "done"), ==, 9);
    unit_is(number(tasks, "failed"), ==, 0);
    unit_is(fabs(number(json, "makespan_s") - timeline_makespan(w.timeline)), <, 1e-5);
    unit_alike(number(json, "critical_path_s"), session_critical_path_s(s), 1e-12);
    CU_ASSERT_EQUAL(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(json, "sets")), 3);
    CU_ASSERT_EQUAL(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(json, "stages")), 3);
    CU_ASSERT_EQUAL(cJSON_GetArraySize(cJSON_GetObjectItemCaseSensitive(json, "runs")), 2);
    CU_ASSERT_STRING_EQUAL(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(json, "session")),
                           s->name);
    CU_ASSERT_TRUE(cJSON_IsNull(cJSON_GetObjectItemCaseSensitive(json, "damaged")));
    unit_near(number(cJSON_GetObjectItemCaseSensitive(json, "platform"), "slots_per_node"), 40, 0);
    cJSON_Delete(json);
    doc_free(d);
    session_free(s);
    world_clear(&w);
    scratch_free(folder);
}

static void notes_of_one_kind_add_up(void)
{
    struct session *s = session_new("n", "p", "i");
    session_note(s, 0, "nothing", "at all");
    session_note(s, 2, "lines", "torn");
    session_note(s, 3, "lines", "torn");
    session_note(s, 1, "lines", "long");
    CU_ASSERT_EQUAL_FATAL(s->notes.n, 2);
    unit_is(s->notes.at[0].count, ==, 5);
    unit_is(s->notes.at[1].count, ==, 1);
    session_free(s);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_text_says_what_the_session_holds),
        UNIT_TEST(gaps_are_last_stop_to_first_start),
        UNIT_TEST(json_and_text_tell_the_same),
        UNIT_TEST(notes_of_one_kind_add_up),
        { NULL, NULL },
    };
    return unit_run("session_doc", tests);
}
