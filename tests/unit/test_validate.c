#include "validation/validate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "tests/support/measured.h"
#include "tests/support/unit.h"
#include "traces/session_workflow.h"

/* The sessions were simulated under a known profile and are predicted with the same: the oracle is
 * the profile itself. */

static struct validation predicted(const struct session *s, const struct middleware *m,
                                   enum information level)
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

/* Durations are constant, so that every level knows them: the session is one more replica, and
 * mostly within the interval. */
static void staged_sessions_of_every_generation_are_predicted(void)
{
    struct middleware *m = measured_profile();
    for (int d = 0; d < MEASURED_DIALECTS; d++) {
        struct measured run = measured_session(MEASURED_STAGED, (enum session_dialect)d, m, 3);
        for (int level = 0; level < INFORMATION_LEVELS; level++) {
            struct validation v = predicted(run.session, m, (enum information)level);
            unit_is(fabs(v.error_s), <, 4); /* two gaps; each varies by 2 s of the agent's poll, 2
                                               of next_stage, 1 of notify */
            unit_is(v.task_starts.mean_s, <, 3);
            CU_ASSERT_EQUAL(v.n_stages, 3);
            unit_is(v.simpler[BASELINE_CRITICAL_PATH].makespan_s, <, v.measured_s);
            if (level == INFORMATION_ARRIVALS) {     /* clocks of 0.1 s alone are unknown */
                unit_is(fabs(v.error_s), <, 0.35);
                unit_is(v.task_starts.mean_s, <, 0.35);
            }
            validation_clear(&v);
        }
        measured_clear(&run);
    }
    middleware_free(m);
}

/* Tasks wait for each other: the same scheduler, fed in the same order, gives about the same times.
 */
static void contended_sessions_of_every_generation_are_predicted(void)
{
    struct middleware *m = measured_profile();
    for (int d = 0; d < MEASURED_DIALECTS; d++) {
        struct measured run = measured_session(MEASURED_BAG, (enum session_dialect)d, m, 3);
        /* it is contended: the longest task lasts 31.5 s */
        unit_is(run.makespan_s, >, 50);
        struct validation v = predicted(run.session, m, INFORMATION_ARRIVALS);
        unit_is(v.measured_s, >=, v.forecast.pi95.low - 0.2);
        unit_is(v.measured_s, <=, v.forecast.pi95.high + 0.2);
        unit_is(fabs(v.error_s), <, 0.05 * v.measured_s);
        unit_has(v.asked.read.text, "order of arrival");
        validation_clear(&v);
        measured_clear(&run);
    }
    middleware_free(m);
}

/* Task 7 failed half way, task 11 never ran, the record of task 13 ends before it did: the session
 * is predicted at every level. */
static void failures_and_gaps_do_not_stop_it(void)
{
    struct middleware *m = measured_profile();
    struct measured run = measured_session(MEASURED_BAG, DIALECT_TASK, m, 3);
    struct timeline *t = run.session->timeline;
    for (size_t i = 0; i < t->n; i++) {
        struct timeline_record *r = &t->records[i];
        if (r->task == 7)
            t->status[i] = TASK_FAILED;
        if (r->task == 11) {
            t->status[i] = TASK_CANCELLED;
            r->scheduled_s = r->started_s = r->stopped_s = r->freed_s = NAN;
        }
        if (r->task == 13) {
            t->status[i] = TASK_CUT;
            r->stopped_s = r->freed_s = r->notified_s = NAN;
        }
    }
    for (int level = 0; level < INFORMATION_LEVELS; level++) {
        struct validation v = predicted(run.session, m, (enum information)level);
        unit_is(fabs(v.error_s), <, 0.1 * v.measured_s);
        CU_ASSERT_EQUAL(v.task_starts.n, 42);            /* of 43 */
        CU_ASSERT_EQUAL(v.asked.never_ran, level >= INFORMATION_MEASURED ? 1 : 0);
        CU_ASSERT_EQUAL(strstr(v.asked.read.text, "1 tasks that never ran") != NULL,
                        level >= INFORMATION_MEASURED);
        validation_clear(&v);
    }
    measured_clear(&run);
    middleware_free(m);
}

/* A profile that names the session among those it was fitted on predicts it, which is said. */
static void what_was_fitted_on_is_in_sample(void)
{
    struct middleware *m = measured_profile();
    struct measured run = measured_session(MEASURED_BAG, DIALECT_TASK, m, 3);
    m->n_sessions = 1;
    m->sessions = xcalloc(1, sizeof *m->sessions);
    m->sessions[0].name = str_format("%s", run.session->name);
    for (int p = 0; p < STATION_PARAMETERS; p++)
        m->sessions[0].mean[p] = NAN;
    struct session_question q = { .session = run.session, .middleware = m,
                                  .level = INFORMATION_REQUESTED, .seed = 5 };
    struct validate_options o = { .replicas = 3, .gap_s = NAN };
    struct error err = { "" };
    struct validation v;
    CU_ASSERT_EQUAL(validate_session(&v, &q, &o, &err), 0);
    CU_ASSERT(v.in_sample);
    validation_clear(&v);
    measured_clear(&run);
    middleware_free(m);
}

/* What the profile never saw is said: another generation, platform, ten times the tasks. */
static void extrapolation_is_said(void)
{
    struct middleware *m = measured_profile();
    struct measured run = measured_session(MEASURED_BAG, DIALECT_TASK, m, 3);
    struct validation v = predicted(run.session, m, INFORMATION_REQUESTED);
    CU_ASSERT_EQUAL(v.asked.extrapolation.length, 0);
    validation_clear(&v);
    m->n_tasks_seen = 4;
    free(m->platform_seen);
    m->platform_seen = str_format("lassen");
    free(m->generation);
    m->generation = str_format("1.4");
    v = predicted(run.session, m, INFORMATION_REQUESTED);
    CU_ASSERT_PTR_NOT_NULL_FATAL(v.asked.extrapolation.text);
    CU_ASSERT_PTR_NOT_NULL(strstr(v.asked.extrapolation.text, "platform"));
    CU_ASSERT_PTR_NOT_NULL(strstr(v.asked.extrapolation.text, "43 tasks"));
    CU_ASSERT_PTR_NOT_NULL(strstr(v.asked.extrapolation.text, "the profile's is 1.4"));
    validation_clear(&v);
    measured_clear(&run);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(staged_sessions_of_every_generation_are_predicted),
        UNIT_TEST(contended_sessions_of_every_generation_are_predicted),
        UNIT_TEST(failures_and_gaps_do_not_stop_it),
        UNIT_TEST(what_was_fitted_on_is_in_sample),
        UNIT_TEST(extrapolation_is_said),
        { NULL, NULL },
    };
    return unit_run("validate", tests);
}
