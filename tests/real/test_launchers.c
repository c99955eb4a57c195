/* Launchers that keep tasks apart, in sessions that show it, and the client of EnTK 0.70. */
#include <math.h>
#include <stdio.h>

#include "tests/real/shared.h"
#include "tests/support/unit.h"
#include "traces/calibrate.h"
#include "traces/session_files.h"
#include "traces/session_workflow.h"
#include "validation/validate.h"

/* Calibrated on these sessions, asked for another. */
static struct validation predicted_by(const struct session *const *from, size_t n,
                                      const struct session *of, enum information level)
{
    struct calibration c;
    struct validation v;
    struct error err = { "" };
    CU_ASSERT_EQUAL_FATAL(calibrate(from, n, NULL, &c, &err), 0);
    struct session_question q = { .session = of, .middleware = c.profile, .level = level,
                                  .seed = 1 };
    struct validate_options o = { .replicas = 100, .gap_s = NAN };
    if (validate_session(&v, &q, &o, &err) != 0)
        CU_FAIL_FATAL(err.text);
    printf("\n  %s by %s: predicted %.1f s (%.1f .. %.1f), measured %.1f s, error %+.2f %%",
           of->name, from[0]->name, v.forecast.makespan.mean, v.forecast.pi95.low,
           v.forecast.pi95.high, v.measured_s, 100 * v.error_s / v.measured_s);
    calibration_clear(&c);
    return v;
}

static struct validation predicted(const struct session *from, const struct session *of,
                                   enum information level)
{
    return predicted_by(&from, 1, of, level);
}

/* ESMACS on 2 nodes under aprun: one task a node at a time, in any order, so that without barriers
 * a node idles at the end. */
static void removing_barriers_loses_where_nodes_run_one_task(void)
{
    struct session *with = shared_session_at("barriers/esmacs-barrier-8x8.tar.gz");
    struct session *without =
        with ? shared_session_at("barriers/esmacs-nobarrier-8x8.tar.gz") : NULL;
    if (!with || !without) {
        session_free(with);
        return;
    }
    unit_is(with->alone, ==, ALONE_NODES);
    unit_is(without->alone, ==, ALONE_NODES);
    CU_ASSERT(with->alone_random);
    CU_ASSERT(without->alone_random);
    unit_is(session_critical_path_s(with), <, 0.3 * timeline_makespan(with->timeline));
    struct validation a = predicted(with, with, INFORMATION_DESCRIPTION),
                      b = predicted(with, without, INFORMATION_DESCRIPTION);
    unit_is(fabs(a.error_s), <, 0.01 * a.measured_s);
    unit_is(b.measured_s, >, a.measured_s);
    unit_is(b.forecast.makespan.mean, >, a.forecast.makespan.mean);
    unit_is(fabs(b.error_s), <, 0.02 * b.measured_s);
    unit_is(b.forecast.pi95.low, <, b.measured_s);
    unit_is(b.measured_s, <, b.forecast.pi95.high);
    validation_clear(&a);
    validation_clear(&b);
    session_free(with);
    session_free(without);
}

static void tasks_without_gpus_wait_for_an_idle_node(void)
{
    struct session *s = shared_session_at("adaptive/impress-gpu005.tar.gz");
    if (!s)
        return;
    unit_is(s->alone, ==, ALONE_WITHOUT_GPU);
    unit_is(s->n_alone, >=, 25);
    unit_is(s->n_alone_against, ==, 0);
    struct validation v = predicted(s, s, INFORMATION_MEASURED);
    unit_is(v.forecast.pi95.low, <, v.measured_s);
    unit_is(v.measured_s, <, v.forecast.pi95.high);
    unit_is(fabs(v.error_s), <, 0.1 * v.measured_s);
    validation_clear(&v);
    session_free(s);
}

/* Whatever of a task's start was recorded: states at the client, or the script that asks aprun. Of
 * the four sessions one has each task on the nodes of its slots, with seven others idle. */
static void aprun_keeps_whole_nodes(void)
{
    static const struct { const char *file; enum alone_rule rule; } cases[] = {
        { "barriers/esmacs-barrier-8x8.tar.gz", ALONE_NODES },
        { "barriers/esmacs-barrier-8x32.tar.gz", ALONE_OWN_NODES },
        { "barriers/esmacs-nobarrier-8x8.tar.gz", ALONE_NODES },
        { "barriers/esmacs-entk04-8x8-t2.tar.gz", ALONE_NODES },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct session *s = shared_session_at(cases[i].file);
        unit_near(s ? s->alone : cases[i].rule, cases[i].rule, 0);
        session_free(s);
    }
}

/* Predicted from the two others of its kind, which show another rule: the run's own holds. */
static void a_run_that_differs_from_its_peers_has_its_own_rule(void)
{
    struct session *s = shared_session_at("barriers/esmacs-barrier-8x32.tar.gz"),
                   *a = shared_session_at("barriers/esmacs-barrier-8x8.tar.gz"),
                   *b = shared_session_at("barriers/esmacs-nobarrier-8x8.tar.gz");
    if (s && a && b) {
        const struct session *others[2] = { a, b };
        struct validation v = predicted_by(others, 2, s, INFORMATION_DESCRIPTION);
        unit_near(v.error_s, 0, 0.02 * v.measured_s);
        unit_is(v.forecast.pi95.low, <, v.measured_s);
        unit_is(v.measured_s, <, v.forecast.pi95.high);
        validation_clear(&v);
    }
    session_free(a);
    session_free(b);
    session_free(s);
}

/* No other session shows anything of the kind. */
static void others_do_not(void)
{
    static const char *const files[] = {
        "bags/stampede2-het512.tar.xz", "bags/titan-64.tar.gz", "adaptive/adap-bot-16.tar.gz",
        "generations/rp-0.7x-jsrun/rp.session.login1.mturilli1.018100.0002.tar.gz"
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct session *s = shared_session_at(files[i]);
        if (s)
            unit_is(s->alone, ==, ALONE_NEVER);
        session_free(s);
    }
}

/* 72 and 492 tasks, of which EnTK 0.70 books and creates each in over a second: each predicts the
 * other. */
static void old_entk_books_and_creates_tasks_one_by_one(void)
{
    static const char *const files[] = {
        "generations/entk-0.70/re.session.login2.hrlee.018146.0007.tar.gz",
        "generations/entk-0.70/re.session.login2.hrlee.018147.0001.tar.gz"
    };
    struct session *s[2] = { shared_session_at(files[0]), shared_session_at(files[1]) };
    for (int i = 0; i < 2 && s[0] && s[1]; i++) {
        struct validation v = predicted(s[1 - i], s[i], INFORMATION_MEASURED);
        unit_is(fabs(v.error_s), <, 0.005 * v.measured_s);
        unit_is(v.forecast.pi95.low, <, v.measured_s);
        unit_is(v.measured_s, <, v.forecast.pi95.high);
        validation_clear(&v);
    }
    session_free(s[0]);
    session_free(s[1]);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(removing_barriers_loses_where_nodes_run_one_task),
        UNIT_TEST(tasks_without_gpus_wait_for_an_idle_node),
        UNIT_TEST(aprun_keeps_whole_nodes),
        UNIT_TEST(a_run_that_differs_from_its_peers_has_its_own_rule),
        UNIT_TEST(others_do_not),
        UNIT_TEST(old_entk_books_and_creates_tasks_one_by_one),
        { NULL, NULL },
    };
    return unit_run("real_launchers", tests);
}
