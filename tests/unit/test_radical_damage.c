/* Sessions of RADICAL-Pilot of which some is lost: cut off, torn, without some of its files. */
#include "traces/importer/importers.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "tests/support/imported.h"
#include "tests/support/pack.h"
#include "tests/support/scratch.h"
#include "tests/support/session_world.h"
#include "tests/support/unit.h"
#include "traces/session_cautions.h"

static const double clock_s = 1e-6;      /* of profiles: seven digits */

static void a_session_cut_off_keeps_what_was_recorded(void)
{
    for (double cut_s = 95; cut_s < 175; cut_s += 2.7) {
        char *folder = scratch_new();
        struct world w = session_world_new(session_world_staged);
        struct session_writer writer = {
            .timeline = w.timeline, .dialect = DIALECT_TASK, .entk = true, .cut_s = cut_s
        };
        struct session *s = session_world_load(folder, &writer);
        size_t started = 0, ended = 0, censored = 0;
        for (size_t i = 0; i < w.timeline->n; i++) {
            started += w.timeline->launched_s[i] <=
                       cut_s; /* the start is the launch where nothing better is left */
            ended += w.timeline->records[i].stopped_s <= cut_s;
        }
        for (size_t i = 0; i < s->timeline->n; i++) {
            started -= !isnan(s->timeline->records[i].started_s);
            ended -= !isnan(s->timeline->records[i].stopped_s);
            censored += !isnan(s->timeline->records[i].started_s) &&
                        isnan(s->timeline->records[i].stopped_s);
        }
        CU_ASSERT_EQUAL(s->timeline->n, w.timeline->n);  /* the JSON knows all */
        unit_is(started, ==, 0);
        unit_is(ended, ==, 0);
        unit_near((double)noted_count(s, "tasks without a stop", "not recorded"), censored, 0);
        session_free(s);
        world_clear(&w);
        scratch_free(folder);
    }
}

static void without_json_or_client_the_rest_is_imported(void)
{
    char *folder = scratch_new();
    struct world w = session_world_new(session_world_staged);
    struct session_writer writer = { .timeline = w.timeline,
                                     .dialect = DIALECT_TASK,
                                     .without_json = true };
    struct session *s = session_world_load(folder, &writer);
    CU_ASSERT_EQUAL(s->timeline->n, w.timeline->n);
    unit_near((double)noted_count(s, "tasks without a description", "JSON is missing"), 9, 0);
    unit_is(fabs(timeline_makespan(s->timeline) - timeline_makespan(w.timeline)), <, clock_s);
    session_free(s);
    scratch_free(folder);

    folder = scratch_new();
    writer = (struct session_writer){
        .timeline = w.timeline, .dialect = DIALECT_TASK, .entk = true, .without_client = true
    };
    s = session_world_load(folder, &writer);
    unit_near((double)noted_count(s, "tasks without a submission", "not recorded"), 9, 0);
    CU_ASSERT_EQUAL(session_count(s, TASK_DONE), 9);
    CU_ASSERT_EQUAL(s->workflow->n_sets, 3);
    session_free(s);
    world_clear(&w);
    scratch_free(folder);
}

static void torn_lines_and_broken_json_are_counted(void)
{
    char *folder = scratch_new(), *path = str_format("%s/rp.session.host.user.019000.0000", folder);
    static const char torn[] =
        "1600000100.5,advance,tmgr\n\x01\x02,,,\n99999999999999,schedule_ok,agent,,task.000001,,\n"
        "1600000100.5,get,agent.0,T,t\x01sk,,\n1600000100.5,exec_start,agent_executing.0000,T,task."
        "000000,,";
    struct world w = session_world_new(session_world_staged);
    struct session_writer writer = { .timeline = w.timeline, .dialect = DIALECT_TASK };
    struct session *s = session_world_load(folder, &writer);
    unit_near((double)noted_count(s, "lines of profiles", "torn"), 0, 0);
    session_free(s);
    free(scratch_file(path, "zz.prof", torn, sizeof torn - 1));
    free(scratch_file(path, "rp.session.host.user.019000.0000.json", "{\"unit\": [}", 11));
    s = importer_radical_session.load(path, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_EQUAL(s->timeline->n, w.timeline->n);
    unit_near((double)noted_count(s, "lines of profiles", "torn"), 2, 0);
    unit_near((double)noted_count(s, "records", "a time that cannot be"), 1, 0);
    unit_near((double)noted_count(s, "records", "the same event of one task at another time"), 1,
              0);
    unit_near((double)noted_count(s, "session's JSON", "rp.session.host.user.019000.0000.json:1"),
              1, 0);
    session_free(s);
    free(path);
    world_clear(&w);
    scratch_free(folder);
}

/* Described in its JSON, and no profile says anything: imported, with what to fetch. */
static void profiles_that_are_missing_are_told(void)
{
    char *folder = scratch_new();
    struct world w = session_world_new(session_world_staged);
    struct session_writer writer = { .timeline = w.timeline,
                                     .dialect = DIALECT_TASK,
                                     .cut_s = 0.5 };
    struct session *s = session_world_load(folder, &writer);
    bool told = false;
    for (size_t i = 0; i < s->notes.n; i++)
        told |= str_starts(s->notes.at[i].what, "profiles") &&
                strstr(s->notes.at[i].why, "radical-pilot-fetch-profiles") != NULL;
    CU_ASSERT(told);
    session_free(s);
    writer.cut_s = 0;
    char *other = scratch_new();
    s = session_world_load(other, &writer);
    for (size_t i = 0; i < s->notes.n; i++)
        CU_ASSERT(!str_starts(s->notes.at[i].what, "profiles"));
    session_free(s);
    world_clear(&w);
    scratch_free(other);
    scratch_free(folder);
}

static void nothing_to_import_is_one_sentence(void)
{
    char *folder = scratch_new();
    struct error err = { "" };
    free(scratch_file(folder, "a.prof", "#time,event,comp,thread,uid,state,msg\n", 38));
    CU_ASSERT_PTR_NULL(importer_radical_session.load(folder, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "holds no task of RADICAL-Pilot"));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "radical-pilot-fetch-profiles brings"));
    scratch_free(folder);
}

/* Of a stage's tasks one has no end at the client: nobody knows when the stage was done. */
static void a_stage_of_which_one_end_is_lost_has_no_end(void)
{
    char *folder = scratch_new();
    struct world w = session_world_new(session_world_staged);
    w.timeline->records[2].notified_s = NAN;             /* of sim */
    struct session_writer writer = { .timeline = w.timeline,
                                     .dialect = DIALECT_TASK,
                                     .entk = true };
    struct session *s = session_world_load(folder, &writer);
    CU_ASSERT_EQUAL_FATAL(s->n_stages, 3);
    CU_ASSERT(isnan(s->stages[0].done_s));
    CU_ASSERT_FALSE(isnan(s->stages[0].stopped_s));
    CU_ASSERT_FALSE(isnan(s->stages[1].done_s));
    session_free(s);
    world_clear(&w);
    scratch_free(folder);
}

/* Whose makespan is that of the others: said first. */
static void tasks_without_an_end_are_said(void)
{
    static const double cut_s[] = { 120, 140, INFINITY };
    for (size_t i = 0; i < 3; i++) {
        char *folder = scratch_new();
        struct world w = session_world_new(session_world_staged);
        struct session_writer writer = { .timeline = w.timeline, .dialect = DIALECT_TASK,
                                         .entk = true, .cut_s = cut_s[i] };
        struct session *s = session_world_load(folder, &writer);
        size_t endless = 0;
        for (size_t r = 0; r < w.timeline->n; r++)
            endless += w.timeline->records[r].stopped_s > cut_s[i];
        char *begins = str_format("%zu of 9 tasks have no end", endless);
        cJSON *cautions = session_cautions(s);
        unit_must_be(cJSON_GetArraySize(cautions), ==, endless > 0);
        if (endless > 0)
            unit_has(cJSON_GetStringValue(cJSON_GetArrayItem(cautions, 0)), begins);
        cJSON_Delete(cautions);
        free(begins);
        session_free(s);
        world_clear(&w);
        scratch_free(folder);
    }
}

/* How many cautions of a session that was written so begin with `begins`. */
static size_t cautioned(struct session_writer writer, const char *workflow, const char *begins)
{
    char *folder = scratch_new();
    struct world w = session_world_new(workflow);
    size_t n = 0;
    writer.timeline = w.timeline;
    struct session *s = session_world_load(folder, &writer);
    cJSON *cautions = session_cautions(s);
    const cJSON *one;
    cJSON_ArrayForEach(one, cautions)
        n += str_starts(cJSON_GetStringValue(one), begins);
    cJSON_Delete(cautions);
    session_free(s);
    world_clear(&w);
    scratch_free(folder);
    return n;
}

static void demands_that_are_assumed_are_said(void)
{
    static const char says[] = "what 9 of 9 tasks need is in none of its files";
    for (int d = DIALECT_OLD_COLUMNS; d <= DIALECT_RANK; d++) {
        struct session_writer writer = { .dialect = (enum session_dialect)d };
        unit_is(cautioned(writer, session_world_staged, says), ==, 0);
        writer.without_json = true;
        unit_is(cautioned(writer, session_world_staged, says), ==, 1);
    }
}

static void dependencies_that_cannot_be_inferred_are_said(void)
{
    static const char says[] = "no submission of a task is in its files";
    for (int d = DIALECT_OLD_COLUMNS; d <= DIALECT_RANK; d++) {
        struct session_writer writer = { .dialect = (enum session_dialect)d };
        unit_is(cautioned(writer, session_world_bare, says), ==, 0);
        writer.without_client = true;
        unit_is(cautioned(writer, session_world_bare, says), ==, 1);
        writer.entk = true;              /* whose names say it */
        unit_is(cautioned(writer, session_world_staged, says), ==, 0);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(tasks_without_an_end_are_said),
        UNIT_TEST(demands_that_are_assumed_are_said),
        UNIT_TEST(dependencies_that_cannot_be_inferred_are_said),
        UNIT_TEST(a_session_cut_off_keeps_what_was_recorded),
        UNIT_TEST(without_json_or_client_the_rest_is_imported),
        UNIT_TEST(profiles_that_are_missing_are_told),
        UNIT_TEST(torn_lines_and_broken_json_are_counted),
        UNIT_TEST(nothing_to_import_is_one_sentence),
        UNIT_TEST(a_stage_of_which_one_end_is_lost_has_no_end),
        { NULL, NULL },
    };
    return unit_run("radical_damage", tests);
}
