/* Replays of measured sessions: what the outlook would have said on the way, and how right that
 * was. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "tests/support/unit.h"
#include "traces/importer.h"
#include "traces/session_workflow.h"
#include "validation/outlook.h"
#include "validation/predict_session.h"
#include "validation/profile_choice.h"

static const char *const paths[] = {
    "summit-async/re.session.login1.pascuzzi.019225.0000.tgz",
    "summit-async/re.session.login1.pascuzzi.019225.0001.tgz",
    "summit-async/re.session.login2.pascuzzi.019224.0001.tgz",
    "summit-async/re.session.login5.pascuzzi.019221.0000.tgz",
    "summit-async/rp.session.login4.okilic1.019489.0010.tgz",
    "summit-prrte/rp.session.login4.mturilli1.018443.0002.tgz",
    "summit-prrte/rp.session.login4.mturilli1.018444.0003.tgz",
    "adaptive/adap-16.tar.gz",
    "adaptive/adap-bot-16.tar.gz",
    "adaptive/impress-gpu005.tar.gz",
    "adaptive/msm-trial2.tar.gz",
    "adaptive/predef-16.tar.gz",
    "bags/bridges-distexp2.tar.gz",
    "bags/local-het2048-32n.tar.gz",
    "bags/stampede2-het512.tar.xz",
    "bags/titan-64.tar.gz",
    "barriers/esmacs-barrier-8x32.tar.gz",
    "barriers/esmacs-barrier-8x8.tar.gz",
    "barriers/esmacs-entk04-8x8-t2.tar.gz",
    "barriers/esmacs-nobarrier-8x8.tar.gz",
    "services/ollama-1client.tar.gz",
    "services/ollama-2nodes.tar.gz",
    "generations/entk-0.70/re.session.login2.hrlee.018146.0007.tar.gz",
    "generations/entk-0.70/re.session.login2.hrlee.018147.0001.tar.gz",
    "generations/entk-1.x-jsrun/re.session.lassen708.lee1078.018606.0010.tar.gz",
    "generations/entk-1.x-jsrun/re.session.login1.braceal.018605.0009.tar.gz",
    "generations/entk-1.x-jsrun/re.session.login1.hrlee.018610.0002.tar.gz",
    "generations/rp-0.7x-jsrun/rp.session.login1.mturilli1.018100.0002.tar.gz",
    "generations/rp-0.7x-prte/rp.session.login3.mturilli1.018114.0004.tar.gz",
    "generations/rp-0.7x-prte/rp.session.login4.mturilli1.018117.0003.tar.gz",
    "generations/rp-0.9-1.0/280cpus_100_100_100tasks_1_1_2gens.tar.gz",
    "generations/rp-0.9-1.0/rp.session.login4.hrlee.018243.0002.tar.gz",
    "libensemble/Polaris_02n_0512a",
    "libensemble/Polaris_04n_0256a",
    "libensemble/Polaris_064n_0512_1024_1024a",
    "libensemble/Polaris_08n_0064a",
    "libensemble/Polaris_16n_0128a",
    "libensemble/Theta_004n_0256a",
    "libensemble/Theta_008n_1024a",
    "libensemble/Theta_016n_0064a",
    "libensemble/Theta_032n_0512a",
    "libensemble/Theta_064n_0128a",
    "libensemble/Theta_064n_1400a",
    "libensemble/libpressio_Polaris_16n_blosc",
    "libensemble/libpressio_Polaris_16n_mgardgpu",
};
enum { PATHS = sizeof paths / sizeof *paths, SHARES = 5, REPLICAS = 50 };
static const double shares[SHARES] = { 0.1, 0.25, 0.5, 0.75, 0.9 };

static size_t inside[SHARES], n[SHARES];
static double errors[SHARES][PATHS];

static void look(const struct session *s, const struct scenario *plan, int k)
{
    double first_s = timeline_first_start(s->timeline), last_s = timeline_last_stop(s->timeline),
           all_s = last_s - first_s;
    struct run_state st = run_state_of_session(s, first_s + shares[k] * all_s);
    struct error err = { "" };
    struct outlook o;
    struct outlook_question q = { .plan = plan, .st = &st, .replicas = REPLICAS, .seed = 1 };
    if (outlook_run(&o, &q, &err)) {
        puts(err.text);
        CU_FAIL_FATAL("no outlook");
    }
    bool held = o.pi95.low <= last_s && last_s <= o.pi95.high;
    inside[k] += held;
    errors[k][n[k]++] = fabs(o.end_s - last_s) / all_s;
    printf("  %3.0f %%: %+7.2f %% [%+.2f %+.2f]%s, %zu done, %zu running, %zu late, tempo %.2f\n",
           100 * shares[k], 100 * (o.end_s - last_s) / all_s, 100 * (o.pi95.low - last_s) / all_s,
           100 * (o.pi95.high - last_s) / all_s, held ? "" : " MISSED", st.count[RUN_DONE],
           st.count[RUN_RUNNING], o.n_late, o.tempo);
    outlook_clear(&o);
    run_state_clear(&st);
}

/* Known beforehand: what the tasks ask for, or else their sets' distributions. */
static void replay(const char *path)
{
    static const char *const dirs[] = { "traces", NULL };
    struct error err = { "" };
    char *full = str_format("%s/traces/%s", unit_shared_dir(), path);
    struct session *s = file_exists(full) ? importer_load(full, NULL, &err) : NULL;
    struct profile_choice c = { 0 };
    struct session_scenario asked;
    if (s && profile_choose(&c, s, NULL, dirs, &err))
        c.profile = middleware_ideal();
    bool requested = s && session_best_level(s) == INFORMATION_REQUESTED;
    struct session_question q = { .session = s,
                                  .middleware = c.profile,
                                  .seed = 1,
                                  .level =
                                      requested ? INFORMATION_REQUESTED : INFORMATION_DESCRIPTION };
    if (s && session_scenario_init(&asked, &q, &err) == 0) {
        printf("\n%s: %s, %s, %u tasks\n", s->name, information_name(asked.level), c.profile->name,
               s->workflow->n_tasks);
        for (int k = 0; k < SHARES; k++)
            look(s, &asked.scenario, k);
        session_scenario_clear(&asked);
    }
    profile_choice_clear(&c);
    session_free(s);
    free(full);
}

static void intervals_cover_and_errors_fall(void)
{
    size_t held = 0, all = 0;
    double median[SHARES];
    if (!unit_shared_dir()) {
        unit_skip("no ../shared");
        return;
    }
    for (size_t i = 0; i < PATHS; i++)
        replay(paths[i]);
    if (n[0] < 10) {
        unit_skip("few sessions");
        return;
    }
    for (int k = 0; k < SHARES; k++) {
        median[k] = stats_quantile(errors[k], n[k], 0.5);
        held += inside[k];
        all += n[k];
        printf("\n%3.0f %%: %zu of %zu intervals hold; error: median %.2f %%, mean %.2f %%",
               100 * shares[k], inside[k], n[k], 100 * median[k],
               100 * stats_summarise(errors[k], n[k]).mean);
    }
    printf("\n%zu of %zu intervals hold: %.1f %%\n", held, all, 100 * (double)held / (double)all);
    unit_is((double)held, >=, 0.93 * (double)all); /* the interval is one of 95 % */
    unit_is((double)held, <=, 0.97 * (double)all);
    for (size_t k = 1; k < SHARES; k++)
        unit_is(median[k], <, median[k - 1]); /* the error falls as time passes */
    unit_is(median[4], <, median[0] / 2);
    unit_is(median[0], <, 0.05);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(intervals_cover_and_errors_fall),
                                              { NULL, NULL } };
    return unit_run("watch", tests);
}
