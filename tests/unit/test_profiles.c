/* The middleware profiles that come with dagcast. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/presets.h"
#include "core/scenario.h"
#include "num/stats.h"
#include "scheduling/radical.h"
#include "sim/session_means.h"
#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"
#include "traces/importer.h"
#include "traces/session_workflow.h"

static struct middleware *profile(const char *name)
{
    static const char *const folders[] = { "traces", NULL };
    struct error err = { 0 };
    struct middleware *m = middleware_open(name, folders, json_load, &err);
    CU_ASSERT_STRING_EQUAL_FATAL(err.text, "");
    return m;
}

static bool preset_exists(const char *name)
{
    for (size_t i = 0; scheduler_preset_at(i); i++)
        if (str_equal(scheduler_preset_at(i)->name, name))
            return true;
    return false;
}

/* Every profile that is shipped: what choosing the closest one compares is there, and its scheduler
 * is one that the program knows. */
static void all_say_what_they_are_for(void)
{
    static const char *const folders[] = { "traces", NULL };
    struct presets presets = presets_find(PRESET_MIDDLEWARE, folders);
    unit_is(presets.n, >=, 20);
    for (size_t i = 0; i < presets.n; i++) {
        struct middleware *m = profile(presets.names[i]);
        struct likeness l = middleware_likeness(m);
        if (m->scheduler &&
            !str_equal(m->scheduler, "radical")) { /* another tool's clocks, not fitted */
            CU_ASSERT_STRING_EQUAL(m->name, presets.names[i]);
            CU_ASSERT_PTR_NOT_NULL(m->source);
            unit_is(m->n_sessions, ==, 0);
            CU_ASSERT_FALSE(l.version);
            CU_ASSERT_FALSE(l.launcher);
            CU_ASSERT(preset_exists(m->scheduler));
        } else if (m->n_sessions > 0 && l.entk < 0) { /* another tool's, fitted */
            CU_ASSERT_STRING_EQUAL(m->name, presets.names[i]);
            CU_ASSERT_PTR_NOT_NULL(l.machine);
            CU_ASSERT_PTR_NULL(l.version);
            CU_ASSERT_STRING_EQUAL(l.launcher, "libensemble");
            unit_is(m->n_tasks_seen, >, 0);
        } else if (!middleware_is_ideal(m)) {
            CU_ASSERT_STRING_EQUAL(m->name, presets.names[i]);
            CU_ASSERT_PTR_NOT_NULL(l.machine);
            CU_ASSERT_PTR_NOT_NULL(l.version);
            CU_ASSERT_PTR_NOT_NULL(l.launcher);
            unit_is(l.entk, >=, 0);
            CU_ASSERT_PTR_NOT_NULL(radical_generation(m->generation));
            bool published = strstr(m->summary, "published figures, not traces") != NULL;
            CU_ASSERT_PTR_NOT_NULL_FATAL(m->source);
            CU_ASSERT_EQUAL(published,
                            strncmp(m->source, "published figures, not traces", 29) == 0);
            CU_ASSERT_EQUAL(published, m->n_sessions == 0);
            if (published) {
                CU_ASSERT(m->assumed[STATION_LAUNCH]);
            } else {
                unit_is(m->n_nodes_seen, >, 0);
                unit_is(m->n_tasks_seen, >, 0);
            }
        }
        middleware_free(m);
    }
    presets_clear(&presets);
}

static void are_complete_and_say_where_they_come_from(void)
{
    static const char *const names[] = { "radical-entk", "radical-1.33", "radical-1.4-prrte" };
    for (size_t i = 0; i < 3; i++) {
        struct middleware *m = profile(names[i]);
        CU_ASSERT_STRING_EQUAL(m->name, names[i]);
        CU_ASSERT_STRING_EQUAL(m->scheduler, "radical");
        CU_ASSERT_PTR_NOT_NULL(radical_generation(m->generation));
        CU_ASSERT_PTR_NOT_NULL(m->source);
        unit_is(m->n_sessions, >, 0);
        unit_is(m->n_nodes_seen, >, 0);
        unit_is(m->n_tasks_seen, >, 0);
        CU_ASSERT_PTR_NOT_NULL(m->launcher_seen);
        unit_is(m->period_s[POLL_FREE], ==, m->period_s[POLL_SCHEDULE]);
        unit_is(m->period_s[POLL_SCHEDULE], >, 0.1);
        CU_ASSERT_PTR_NOT_NULL(m->parameter[STATION_NEXT_RUN]);
        CU_ASSERT(m->assumed[STATION_NEXT_RUN]);
        for (size_t s = 0; s < m->n_sessions; s++)
            for (int p = 0; p < STATION_PARAMETERS; p++)
                if (!isnan(m->sessions[s].mean[p])) {
                    CU_ASSERT_PTR_NOT_NULL(m->parameter[p]);
                    CU_ASSERT_FALSE(m->assumed[p]);
                }
        middleware_free(m);
    }
}

/* The session means that a parameter was averaged from lie round its distribution's mean. */
static void parameters_are_the_means_of_their_sessions(void)
{
    struct middleware *m = profile("radical-entk");
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        double sum = 0, n = 0;
        for (size_t s = 0; s < m->n_sessions; s++)
            if (!isnan(m->sessions[s].mean[p])) {
                sum += m->sessions[s].mean[p];
                n++;
            }
        if (n > 0 && sum / n > 0.01)
            unit_is(fabs(dist_mean(m->parameter[p]) / (sum / n) - 1), <, 0.2);
    }
    middleware_free(m);
}

/* A bag of tasks of no length: what is left is the launcher. Rates and cap are the published ones.
 */
static void published_launchers_start_as_many_tasks_a_second_as_published(void)
{
    static const struct { const char *name; double rate_per_s; int cap;
    } known[] = {
        { "rp-srun", 152, 112 },
        { "rp-flux", 700, 0 },
        { "rp-flux-partitions", 930, 0 },
        { "rp-dragon", 1500, 0 },
    };
    struct workflow *w = given_workflow(
        "{'task_sets': [{'name': 'a', 'tasks': 20000, 'cores': 1, 'duration': 500}]}");
    struct platform *p = given_platform("{'nodes': [{'count': 400, 'cores': 56}]}");
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        struct middleware *m = profile(known[i].name);
        unit_is(m->live_cap, ==, known[i].cap);
        m->live_cap = 0;
        memset(m->between_sd, 0, sizeof m->between_sd);
        struct scenario s = { .workflow = w,
                              .platform = p,
                              .middleware = m,
                              .mode = MODE_ASYNCHRONOUS,
                              .seed = 1,
                              .scheduler =
                                  scheduler_options_resolve(&(struct scheduler_options){ 0 }, m) };
        struct simulator *sim = simulator_new(&s, NULL);
        struct replica r;
        simulator_run(sim, 0, NULL, &r);
        double starts_s = r.makespan_s - 500.06;         /* from the first start to the last */
        unit_is(fabs(20000 / starts_s / known[i].rate_per_s - 1), <, 0.01);
        simulator_free(sim);
        middleware_free(m);
    }
    platform_free(p);
    workflow_free(w);
}

static double mean_makespan(const char *workflow, const struct middleware *m)
{
    static const char *const folders[] = { "core", NULL };
    struct error err = { 0 };
    char *path = str_format("examples/%s.json", workflow);
    struct workflow *w = workflow_load(path, &err);
    struct platform *summit = platform_open("summit", folders, json_load, &err);
    struct scenario s = { .workflow = w,
                          .platform = summit,
                          .middleware = m,
                          .mode = MODE_SEQUENTIAL,
                          .scheduler = scheduler_options_resolve(
                              &(struct scheduler_options){ .order = NULL }, m),
                          .seed = 19 };
    struct simulator *sim = simulator_new(&s, &err);
    CU_ASSERT_STRING_EQUAL_FATAL(err.text, "");
    double sum_s = 0;
    for (uint32_t r = 0; r < 100; r++) {
        struct replica out;
        simulator_run(sim, r, NULL, &out);
        sum_s += out.makespan_s;
    }
    simulator_free(sim);
    platform_free(summit);
    workflow_free(w);
    free(path);
    return sum_s / 100;
}

/* Measured makespans of three sequential runs on 16 Summit nodes that the profile was measured in,
 * and the critical paths of their requested durations: the prediction may miss a fifth of what the
 * middleware added. */
static void the_runs_it_was_measured_in_come_back(void)
{
    static const struct { const char *workflow; double measured_s, critical_path_s; } runs[] = {
        { "ddmd", 1660.1, 1575.1 }, { "dg1", 1902.5, 1880.1 }, { "dg2", 1800.1, 1774.4 } };
    struct middleware *m = profile("radical-entk");
    for (size_t i = 0; i < 3; i++) {
        double error_s = mean_makespan(runs[i].workflow, m) - runs[i].measured_s;
        unit_is(fabs(error_s), <=, 0.2 * (runs[i].measured_s - runs[i].critical_path_s));
    }
    middleware_free(m);
}

static uint32_t *arrival_ranks(const struct session *s)
{
    uint32_t *rank = xcalloc(s->workflow->n_tasks, sizeof *rank);
    for (size_t i = 0; i < s->timeline->n; i++)
        rank[s->timeline->records[i].task] = s->tasks[i].arrival;
    return rank;
}

/* Mean |simulated - measured| of the tasks' starts, each from the first start of its run. */
static double start_error_s(const struct session *s, const struct timeline *t)
{
    double *started_s = xcalloc(s->workflow->n_tasks, sizeof *started_s), sum_s = 0;
    for (size_t i = 0; i < t->n; i++)
        started_s[t->records[i].task] = t->records[i].started_s - timeline_first_start(t);
    for (size_t i = 0; i < s->timeline->n; i++)
        sum_s += fabs(s->timeline->records[i].started_s - timeline_first_start(s->timeline) -
                      started_s[s->timeline->records[i].task]);
    free(started_s);
    return sum_s / (double)s->timeline->n;
}

static void check_bag(const struct session *s, const struct middleware *m)
{
    struct error err = { 0 };
    struct workflow *w = session_workflow(s, INFORMATION_REQUESTED, NULL, &err);
    uint32_t *order = arrival_ranks(s);
    struct scenario scenario = { .workflow = w,
                                 .platform = s->platform,
                                 .middleware = m,
                                 .mode = MODE_ASYNCHRONOUS,
                                 .seed = 3,
                                 .scheduler = scheduler_options_resolve(
                                     &(struct scheduler_options){ .order = NULL }, m),
                                 .task_order = order };
    struct simulator *sim = simulator_new(&scenario, &err);
    CU_ASSERT_STRING_EQUAL_FATAL(err.text, "");
    struct timeline *t = timeline_new(w, s->platform);
    for (uint32_t r = 0; r < 20; r++) {
        struct replica out;
        simulator_run(sim, r, t, &out);
        unit_alike(out.makespan_s, timeline_makespan(s->timeline), 0.02);
        unit_is(start_error_s(s, t), <=, 0.5);
    }
    timeline_free(t);
    simulator_free(sim);
    free(order);
    workflow_free(w);
}

/* Sessions through PRRTE launched a task every 0.11 to 0.135 s (of one executor): 95 % of replicas
 * hold both. */
static void launch_rates_of_prrte_differ_between_sessions(void)
{
    enum { REPLICAS = 400 };
    struct middleware *m = profile("radical-1.4-prrte");
    double service_s[REPLICAS], mean[STATION_PARAMETERS];
    for (uint32_t r = 0; r < REPLICAS; r++) {
        session_means_draw(m, TRANSFER_KIND, 7, r, mean);
        service_s[r] = mean[STATION_LAUNCH];
    }
    unit_is(stats_quantile(service_s, REPLICAS, 0.025), <, 0.11);
    unit_is(stats_quantile(service_s, REPLICAS, 0.975), >, 0.135);
    middleware_free(m);
}

/* Two measured bags of tasks that wait for most of their time: given the order in which tasks
 * arrive, each replica comes back. */
static void bags_with_long_waits_come_back(void)
{
    static const char *const names[] = { "018443.0002", "018444.0003" };
    if (!unit_shared_dir()) {
        unit_skip("no real sessions here");
        return;
    }
    struct middleware *m = profile("radical-1.4-prrte");
    /* these sessions are among those it knows */
    memset(m->between_sd, 0, sizeof m->between_sd);
    memset(m->estimate, 0, sizeof m->estimate);
    m->unexplained = 0;
    for (size_t i = 0; i < 2; i++) {
        char *path = str_format("%s/traces/summit-prrte/rp.session.login4.mturilli1.%s.tgz",
                                unit_shared_dir(), names[i]);
        struct error err = { 0 };
        struct session *s = importer_load(path, NULL, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(s);
        check_bag(s, m);
        session_free(s);
        free(path);
    }
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(all_say_what_they_are_for),
        UNIT_TEST(published_launchers_start_as_many_tasks_a_second_as_published),
        UNIT_TEST(are_complete_and_say_where_they_come_from),
        UNIT_TEST(parameters_are_the_means_of_their_sessions),
        UNIT_TEST(the_runs_it_was_measured_in_come_back),
        UNIT_TEST(launch_rates_of_prrte_differ_between_sessions),
        UNIT_TEST(bags_with_long_waits_come_back),
        { NULL, NULL },
    };
    return unit_run("profiles", tests);
}
