#include "validation/validate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "sim/simulate.h"
#include "tests/support/scratch.h"
#include "tests/support/session_writer.h"
#include "tests/support/unit.h"
#include "tests/support/world.h"
#include "traces/importer.h"

/* Sessions that the simulator made under a known profile, written as RADICAL-Pilot would have left them, imported and predicted with
 * the same profile: the oracle is the profile itself. */

static const char platform_json[] =
    "{\"name\": \"ornl.summit\", \"slots\": \"threads\", "
    "\"nodes\": [{\"count\": 4, \"cores\": 42, \"threads_per_core\": 4, \"gpus\": 6}]}";

static const char staged_json[] =
    "{\"name\": \"staged\", \"task_sets\": ["
    "{\"name\": \"sim\", \"tasks\": 24, \"threads\": 4, \"gpus\": 1, \"duration\": 130.25},"
    "{\"name\": \"train\", \"tasks\": 8, \"threads\": 40, \"duration\": 42.5},"
    "{\"name\": \"infer\", \"tasks\": 24, \"threads\": 16, \"gpus\": 1, \"duration\": 57.125}],"
    "\"pipelines\": [{\"name\": \"p\", \"stages\": [[\"sim\"], [\"train\"], [\"infer\"]]}]}";

/* Mixed sizes, twice as much as fits: tasks wait. */
static const char bag_json[] =
    "{\"name\": \"bag\", \"task_sets\": ["
    "{\"name\": \"unit-5x8\", \"tasks\": 12, \"ranks\": 5, \"threads\": 8, \"duration\": 31.5},"
    "{\"name\": \"unit-1x16\", \"tasks\": 20, \"threads\": 16, \"duration\": 17.25},"
    "{\"name\": \"unit-1x1g3\", \"tasks\": 11, \"threads\": 1, \"gpus\": 3, \"duration\": 23.75}]}";

static struct middleware *profile(void)
{
    static const char json[] =
        "{\"name\": \"known\", \"scheduler\": \"radical\", \"generation\": \"1.9\", \"stations\": {"
        "\"client\": {\"base\": {\"distribution\": \"normal\", \"mean\": 1.5, \"sd\": 0.2}, \"per_task\": 0.01,"
        "             \"next_stage\": {\"distribution\": \"uniform\", \"min\": 1, \"max\": 3}},"
        "\"agent\": {\"latency\": 0.5, \"poll\": 2}, \"schedule\": {\"retry\": 0.1},"
        "\"launch\": {\"service\": 0.02, \"servers\": 1}, \"startup\": {\"warm\": 0.25},"
        "\"detect\": {\"base\": 0.0625}, \"free\": {\"base\": 0.002, \"poll\": 0.1}, \"notify\": {\"base\": 1, \"poll\": 1}},"
        "\"seen\": {\"nodes\": 4, \"tasks\": 56, \"platform\": \"summit\"}}";
    struct error err = { "" };
    struct json_document *doc = json_parse(json, strlen(json), "profile", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct json root = json_root(doc);
    struct middleware *m = middleware_from_json(&root, &err);
    json_free(doc);
    if (!m)
        puts(err.text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(m);
    return m;
}

/* Given task by task, as the writer needs them to write `sleep`. */
static void give_durations(struct workflow *w)
{
    for (size_t k = 0; k < w->n_sets; k++) {
        struct task_set *set = &w->sets[k];
        set->durations = xcalloc(set->n_tasks, sizeof *set->durations);
        for (uint32_t i = 0; i < set->n_tasks; i++)
            set->durations[i] = dist_mean(set->duration);
    }
}

static void run_world(struct world *w, const struct middleware *m, const char *generation)
{
    give_durations(w->workflow);
    struct scenario s = { .workflow = w->workflow, .platform = w->platform, .middleware = m, .mode = MODE_PIPELINED, .seed = 77 };
    s.scheduler = scheduler_options_resolve(&(struct scheduler_options){ .generation = generation }, m);
    struct error err = { "" };
    struct simulator *sim = simulator_new(&s, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(sim);
    struct replica r;
    simulator_run(sim, 3, w->timeline, &r);
    simulator_free(sim);
}

static struct session *written(const struct world *w, enum session_dialect dialect, bool entk)
{
    struct error err = { "" };
    char *folder = scratch_new(), *path = str_format("%s/%s.session.host.user.019000.0000", folder, entk ? "re" : "rp");
    const double run_s[] = { 0 };
    struct session_writer writer = { .timeline = w->timeline, .dialect = dialect, .entk = entk, .run_started_s = run_s, .n_runs = 1,
                                     .sleeps = true, .cut_s = INFINITY };
    CU_ASSERT_EQUAL_FATAL(session_write(path, &writer, &err), 0);
    struct session *s = importer_load(path, NULL, &err);
    if (!s)
        puts(err.text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    free(path);
    scratch_free(folder);
    return s;
}

static struct validation predicted(const struct session *s, const struct middleware *m, enum information level)
{
    struct error err = { "" };
    struct session_question q = { .session = s, .middleware = m, .level = level, .seed = 5 };
    struct validate_options o = { .replicas = 200, .gap_s = NAN };
    struct validation v;
    int failed = validate_session(&v, &q, &o, &err);
    if (failed)
        puts(err.text);
    CU_ASSERT_EQUAL_FATAL(failed, 0);
    return v;
}

static const struct { enum session_dialect dialect; const char *generation; } dialects[] = {
    { DIALECT_OLD_COLUMNS, "0.6" }, { DIALECT_UNIT, "1.4" }, { DIALECT_TASK, "1.9" }, { DIALECT_RANK, "1.33" },
};
enum { N_DIALECTS = sizeof dialects / sizeof *dialects };

/* Durations are constant, so that every level knows them: the session is one more replica, and mostly within the interval. */
static void staged_sessions_of_every_generation_are_predicted(void)
{
    struct middleware *m = profile();
    for (int d = 0; d < N_DIALECTS; d++) {
        struct world w = world_new(staged_json, platform_json);
        run_world(&w, m, dialects[d].generation);
        struct session *s = written(&w, dialects[d].dialect, true);
        for (int level = 0; level < INFORMATION_LEVELS; level++) {
            struct validation v = predicted(s, m, (enum information)level);
            CU_ASSERT(fabs(v.error_s) < 4);              /* two gaps; each varies by 2 s of the agent's poll, 2 of next_stage, 1 of notify */
            CU_ASSERT(v.task_starts.mean_s < 3);
            CU_ASSERT_EQUAL(v.n_stages, 3);
            CU_ASSERT(v.baseline_s[BASELINE_CRITICAL_PATH] < v.measured_s);
            if (level == INFORMATION_ARRIVALS)
                CU_ASSERT(fabs(v.error_s) < 0.35 && v.task_starts.mean_s < 0.35);    /* clocks of 0.1 s alone are unknown */
            validation_clear(&v);
        }
        session_free(s);
        world_clear(&w);
    }
    middleware_free(m);
}

/* Tasks wait for each other: the same scheduler, fed in the same order, gives about the same times. */
static void contended_sessions_of_every_generation_are_predicted(void)
{
    struct middleware *m = profile();
    for (int d = 0; d < N_DIALECTS; d++) {
        struct world w = world_new(bag_json, platform_json);
        run_world(&w, m, dialects[d].generation);
        struct session *s = written(&w, dialects[d].dialect, false);
        CU_ASSERT(timeline_makespan(s->timeline) > 50);  /* it is contended: the longest task lasts 31.5 s */
        struct validation v = predicted(s, m, INFORMATION_ARRIVALS);
        CU_ASSERT(v.measured_s >= v.forecast.pi95.low - 0.2 && v.measured_s <= v.forecast.pi95.high + 0.2);
        CU_ASSERT(fabs(v.error_s) < 0.05 * v.measured_s);
        CU_ASSERT(strstr(v.asked.read.text, "order of arrival") != NULL);
        validation_clear(&v);
        session_free(s);
        world_clear(&w);
    }
    middleware_free(m);
}

/* A profile that names the session among those it was fitted on is refused, unless told. */
static void what_was_fitted_on_is_refused(void)
{
    struct middleware *m = profile();
    struct world w = world_new(bag_json, platform_json);
    run_world(&w, m, "1.9");
    struct session *s = written(&w, DIALECT_TASK, false);
    m->n_sessions = 1;
    m->sessions = xcalloc(1, sizeof *m->sessions);
    m->sessions[0].name = str_format("%s", s->name);
    for (int p = 0; p < STATION_PARAMETERS; p++)
        m->sessions[0].mean[p] = NAN;
    struct session_question q = { .session = s, .middleware = m, .level = INFORMATION_REQUESTED, .seed = 5 };
    struct validate_options o = { .replicas = 3, .gap_s = NAN };
    struct error err = { "" };
    struct validation v;
    CU_ASSERT_EQUAL(validate_session(&v, &q, &o, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "was fitted on this session"));
    o.in_sample = true;
    CU_ASSERT_EQUAL(validate_session(&v, &q, &o, &err), 0);
    CU_ASSERT(v.in_sample);
    validation_clear(&v);
    session_free(s);
    world_clear(&w);
    middleware_free(m);
}

/* What the profile never saw is said: another generation, platform, ten times the tasks. */
static void extrapolation_is_said(void)
{
    struct middleware *m = profile();
    struct world w = world_new(bag_json, platform_json);
    run_world(&w, m, "1.9");
    struct session *s = written(&w, DIALECT_TASK, false);
    struct validation v = predicted(s, m, INFORMATION_REQUESTED);
    CU_ASSERT_EQUAL(v.asked.extrapolation.length, 0);
    validation_clear(&v);
    m->n_tasks_seen = 4;
    free(m->platform_seen);
    m->platform_seen = str_format("lassen");
    free(m->generation);
    m->generation = str_format("1.4");
    v = predicted(s, m, INFORMATION_REQUESTED);
    CU_ASSERT_PTR_NOT_NULL_FATAL(v.asked.extrapolation.text);
    CU_ASSERT_PTR_NOT_NULL(strstr(v.asked.extrapolation.text, "platform"));
    CU_ASSERT_PTR_NOT_NULL(strstr(v.asked.extrapolation.text, "43 tasks"));
    CU_ASSERT_PTR_NOT_NULL(strstr(v.asked.extrapolation.text, "the profile's is 1.4"));
    validation_clear(&v);
    session_free(s);
    world_clear(&w);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(staged_sessions_of_every_generation_are_predicted), UNIT_TEST(contended_sessions_of_every_generation_are_predicted),
        UNIT_TEST(what_was_fitted_on_is_refused), UNIT_TEST(extrapolation_is_said), { NULL, NULL },
    };
    return unit_run("validate", tests);
}
