/* Names of EnTK before 0.5: "stage-S-task-P" waits for "stage-(S - 1)-task-P". Oracle: histories
 * written with those waits. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"
#include "traces/importer/importers.h"
#include "traces/task_edges.h"

enum { STAGES = 3, PIPELINES = 2 };
static const double zero = 1500000000, reaction_s = 2, launch_s = 3, notice_s = 1;
static const double longs[STAGES][PIPELINES] = { { 100, 20 }, { 31, 44 }, { 7, 250 } };

struct pattern_name { const char *before, *between, *after; };
static const struct pattern_name entk = { "stage-", "-task-", "" };

enum pattern { BY_PIPELINE, WITH_BARRIERS, TOO_EARLY };

/* When task P of a stage is submitted: after its own predecessor, after the whole stage, or before
 * either ended. */
static double submission(enum pattern pattern, double done[STAGES][PIPELINES], int stage, int p)
{
    if (stage == 0)
        return zero + 1;
    if (pattern == TOO_EARLY && stage == 2 && p == 1)
        return done[1][1] - 5;
    return pattern == WITH_BARRIERS ? fmax(done[stage - 1][0], done[stage - 1][1]) + reaction_s
                                    : done[stage - 1][p] + reaction_s;
}

static struct session *session_of(enum pattern pattern, const struct pattern_name *n)
{
    char *folder = scratch_new();
    double done[STAGES][PIPELINES];
    struct str json = { 0 };
    struct error err = { "" };
    str_add(&json, "{\"pilot\": [{}], \"unit\": [");
    for (int stage = 0; stage < STAGES; stage++)
        for (int p = 0; p < PIPELINES; p++) {
            double submitted = submission(pattern, done, stage, p), started = submitted + launch_s,
                   stopped = started + longs[stage][p];
            char *name =
                str_format("%s%d%s%d%s", n->before, stage + 1, n->between, p + 1, n->after);
            done[stage][p] = stopped + notice_s;
            str_addf(&json,
                     "%s{\"_id\": \"unit.%06d\", \"name\": \"%s\", \"state\": \"Done\", "
                     "\"description\": {\"cores\": 1}, "
                     "\"statehistory\": [",
                     stage + p ? ", " : "", stage * PIPELINES + p, name);
            str_addf(&json,
                     "{\"state\": \"Scheduling\", \"timestamp\": %.3f}, {\"state\": \"Executing\", "
                     "\"timestamp\": %.3f}, "
                     "{\"state\": \"AgentStagingOutputPending\", \"timestamp\": %.3f}, {\"state\": "
                     "\"Done\", \"timestamp\": %.3f}]}",
                     submitted, started, stopped, done[stage][p]);
            free(name);
        }
    str_add(&json, "]}");
    free(scratch_file(folder, "rp.session.entk.04.json", json.text, json.length));
    struct session *s = importer_radical_session.load(folder, &err);
    if (!s)
        CU_FAIL_FATAL(err.text);
    str_clear(&json);
    scratch_free(folder);
    return s;
}

static bool has_gap(const struct session *s, const char *why)
{
    for (size_t i = 0; i < s->notes.n; i++)
        if (strstr(s->notes.at[i].why, why))
            return true;
    return false;
}

static void each_task_waits_for_its_pipelines(void)
{
    struct session *s = session_of(BY_PIPELINE, &entk);
    CU_ASSERT(s->edges_named);
    CU_ASSERT_FALSE(s->edges_inferred);
    unit_near((double)s->workflow->n_sets, STAGES, 0);
    unit_near(task_edges_count(s->workflow), (STAGES - 1) * PIPELINES, 0);
    unit_near(session_critical_path_s(s), 20 + 44 + 250, 1e-6);
    unit_near(timeline_makespan(s->timeline),
              20 + 44 + 250 + 2 * (reaction_s + launch_s + notice_s), 1e-3);
    for (size_t k = 0; k < s->workflow->n_sets; k++) {
        unit_near((double)s->workflow->sets[k].n_dependencies, k > 0, 0);
        unit_near(s->workflow->sets[k].release.kind, RELEASE_NONE, 0);
    }
    session_free(s);
}

static void a_stage_that_waits_for_all_is_a_barrier(void)
{
    struct session *s = session_of(WITH_BARRIERS, &entk);
    CU_ASSERT_FALSE(s->edges_named);
    CU_ASSERT(s->edges_inferred);
    unit_near(task_edges_count(s->workflow), (STAGES - 1) * PIPELINES * PIPELINES, 0);
    session_free(s);
}

static void times_that_contradict_the_names_win(void)
{
    struct session *s = session_of(TOO_EARLY, &entk);
    CU_ASSERT(!s->edges_named);
    CU_ASSERT(has_gap(s, "the names are not read as pipelines"));
    session_free(s);
}

static void other_names_say_nothing(void)
{
    static const struct pattern_name others[] = {
        { "stage-", "-task-", "-b" },
        { "my-stage-", "-task-", "" },
        { "stage-", "-unit-", "" },
        { "stage--", "-task-", "" },
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct session *s = session_of(BY_PIPELINE, &others[i]);
        CU_ASSERT(!s->edges_named);
        session_free(s);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(each_task_waits_for_its_pipelines),
        UNIT_TEST(a_stage_that_waits_for_all_is_a_barrier),
        UNIT_TEST(times_that_contradict_the_names_win),
        UNIT_TEST(other_names_say_nothing),
        { NULL, NULL },
    };
    return unit_run("radical_chains", tests);
}
