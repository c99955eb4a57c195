/* Workflows that decide at run time, against what is known of them: geometric loops, Galton-Watson numbers, closed
 * campaigns, and the same workflow written out. */
#include "study/adaptive.h"

#include <math.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/timeline.h"
#include "scheduling/order.h"
#include "scheduling/realise.h"
#include "study/replicate.h"
#include "tests/support/given.h"
#include "tests/support/known_middleware.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"

static const char two_nodes[] = "{'name': 'p', 'nodes': [{'count': 2, 'cores': 8, 'gpus': 2}]}";
static const char no_middleware[] = "{'name': 'ideal'}";

struct given {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct scenario scenario;
};

static struct given given(const char *workflow, enum mode mode)
{
    struct given g = { .workflow = given_workflow(workflow), .platform = given_platform(two_nodes),
                       .middleware = given_middleware(no_middleware) };
    g.scenario = (struct scenario){ .workflow = g.workflow, .platform = g.platform, .middleware = g.middleware, .mode = mode,
                                    .seed = 3, .scheduler = { .order = "arrival", .overtake = "backfill", .placement = "first_fit" } };
    return g;
}

static void given_clear(struct given *g)
{
    workflow_free(g->workflow);
    platform_free(g->platform);
    middleware_free(g->middleware);
}

static struct replicas run(const struct given *g, size_t n)
{
    struct replicas r;
    struct error err = { "" };
    int status = replicate(&g->scenario, &(struct replicate_options){ .replicas = n, .threads = 1, .bounds = true }, &r, &err);
    CU_ASSERT_STRING_EQUAL_FATAL(err.text, "");
    CU_ASSERT_EQUAL_FATAL(status, 0);
    for (size_t i = 0; i < r.n; i++)
        CU_ASSERT(r.at[i].complete && r.at[i].makespan_s >= r.bound_s[i] * (1 - 1e-9));
    return r;
}

struct moments { double mean, variance, error; };

static struct moments moments_of(const double *x, size_t n)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i];
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - sum / (double)n) * (x[i] - sum / (double)n);
    double variance = squares / (double)(n - 1);
    return (struct moments){ sum / (double)n, variance, sqrt(variance / (double)n) };
}

/* E[iterations] = 1 / p; makespan = iterations x (length + decision time), less the last decision's. */
static void loops_are_geometric(void)
{
    struct given g = given("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 3, 'duration': 10}, {'name': "
                "'b', 'duration': 5, 'after': ['a']}],"
                           " 'loops': [{'name': 'l', 'sets': ['a', 'b'], 'stop': {'probability': 0.25}, 'decision_time': 2}]}",
                           MODE_ASYNCHRONOUS);
    enum { N = 4000 };
    struct replicas r = run(&g, N);
    double *x = xcalloc(N, sizeof *x);
    bool exact = true;
    for (size_t i = 0; i < N; i++) {
        x[i] = r.decided[i].iterations;
        exact = exact && fabs(r.at[i].makespan_s - (17 * x[i] - 2)) < 1e-9 && r.decided[i].n_tasks == 4 * (size_t)x[i];
    }
    struct moments m = moments_of(x, N);
    CU_ASSERT(exact);
    CU_ASSERT(fabs(m.mean - 4) < 4.5 * m.error);
    CU_ASSERT(fabs(m.variance - 12) < 2);                /* (1 - p) / p^2 */
    free(x);
    replicas_clear(&r);
    given_clear(&g);
}

/* Three generations of Poisson(m) children: mean m^3, variance m^3 (m^2 + m + 1). */
static void numbers_are_galton_watson(void)
{
    struct given g = given("{'name': 'w', 'task_sets': [{'name': 'g0', 'duration': 1},"
                           "{'name': 'g1', 'tasks': {'per': 'g0', 'distribution': 'poisson', 'mean': 1.5}, "
                           "'duration': 1, 'after': ['g0']},"
                           "{'name': 'g2', 'tasks': {'per': 'g1', 'distribution': 'poisson', 'mean': 1.5}, 'duration': 1,"
                           " 'after': [{'set': 'g1', 'kind': 'each'}]},"
                           "{'name': 'g3', 'tasks': {'per': 'g2', 'distribution': 'poisson', 'mean': 1.5}, "
                           "'duration': 1, 'after': ['g2']}]}",
                           MODE_ASYNCHRONOUS);
    enum { N = 4000 };
    double *x = xcalloc(N, sizeof *x);
    for (uint32_t i = 0; i < N; i++) {
        struct workflow *w = adaptive_workflow(&g.scenario, i, NULL, NULL, NULL);
        int last = workflow_find_set(w, "g3");
        x[i] = last >= 0 ? w->sets[last].n_tasks : 0;
        workflow_free(w);
    }
    struct moments m = moments_of(x, N);
    double variance = pow(1.5, 3) * (1.5 * 1.5 + 1.5 + 1);
    CU_ASSERT(fabs(m.mean - pow(1.5, 3)) < 4.5 * m.error);
    CU_ASSERT(fabs(m.variance / variance - 1) < 0.12);
    free(x);
    struct replicas r = run(&g, 50);
    replicas_clear(&r);
    given_clear(&g);
}

#define CAMPAIGN(ends)                                                                                                  \
    "{'name': 'w', 'task_sets': [{'name': 'c', 'duration': {'distribution': 'exponential', 'mean': 30}},"               \
    " {'name': 'l', 'duration': 0}],"                                                                                   \
    " 'campaigns': [{'name': 's', 'candidates': 'c', 'in_flight': 8, " ends "}]}"

/* k in flight, exponential durations: results a second = k / mean; a round of k lasts E[max of k]. */
static void campaigns_are_closed_loops(void)
{
    enum { N = 60, BUDGET = 800 };
    const double harmonic = 761.0 / 280;                 /* 1 + 1/2 + ... + 1/8 */
    const double expected[MODES] = { [MODE_SEQUENTIAL] = 30 * harmonic / 8, [MODE_PIPELINED] = 30 * harmonic / 8,
                                     [MODE_ASYNCHRONOUS] = 30.0 / 8 };
    for (int mode = 0; mode < MODES; mode++) {
        struct given g = given(CAMPAIGN("'budget': 800"), (enum mode)mode);
        struct replicas r = run(&g, N);
        double x[N];
        for (size_t i = 0; i < N; i++) {
            /* as long as all are in flight: without the last ones */
            double tail_s = mode == MODE_ASYNCHRONOUS ? 30 * (harmonic - 1) : 0;
            x[i] = (r.at[i].makespan_s - tail_s) / BUDGET;
            CU_ASSERT_EQUAL(r.decided[i].campaigns[0].n_results, BUDGET);
        }
        struct moments m = moments_of(x, N);
        CU_ASSERT(fabs(m.mean - expected[mode]) < 4.5 * m.error);
        replicas_clear(&r);
        given_clear(&g);
    }
}

/* Hits are a binomial matter of the candidates: as many are needed as a negative binomial says, in every mode. */
static void hits_end_a_campaign(void)
{
    enum { N = 300 };
    for (int mode = 0; mode < MODES; mode++) {
        struct given g = given(CAMPAIGN("'hits': 5, 'hit_probability': 0.1"), (enum mode)mode);
        struct replicas r = run(&g, N);
        double x[N];
        for (size_t i = 0; i < N; i++) {
            const struct campaign_result *c = &r.decided[i].campaigns[0];
            CU_ASSERT(c->n_hits >= 5 && !isnan(c->hits_s) && c->hits_s <= c->last_s && c->n_submitted == c->n_results);
            x[i] = (double)c->n_submitted;
        }
        struct moments m = moments_of(x, N);
        double extra = mode == MODE_ASYNCHRONOUS ? 7 : 3.5;       /* in flight when the last hit is known; a round is filled up */
        CU_ASSERT(fabs(m.mean - 50 - extra) < 4.5 * m.error + 0.5);
        replicas_clear(&r);
        given_clear(&g);
    }
}

/* Each second has its kind; between two iterations lies one decision. */
static void decisions_are_explained(void)
{
    struct given g = given("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 3, 'duration': 10}],"
                           " 'loops': [{'name': 'l', 'sets': ['a'], 'stop': {'probability': 0.25}, 'decision_time': 2}]}",
                           MODE_PIPELINED);
    struct replicas r;
    double decisions = 0, kinds = 0;
    enum { N = 60 };
    CU_ASSERT_EQUAL_FATAL(replicate(&g.scenario, &(struct replicate_options){ .replicas = N, .threads = 2, .explain = N }, &r, NULL), 0);
    for (size_t i = 0; i < N; i++)
        decisions += r.decided[i].iterations - 1;
    for (int k = 0; k < EXPLAIN_KINDS; k++)
        kinds += explanation_of_kind(&r.explanation, (enum explain_kind)k);
    unit_near(explanation_of_kind(&r.explanation, EXPLAIN_DECISION), 2 * decisions / N, 1e-9);
    unit_near(kinds, r.explanation.makespan_s, 1e-9);
    CU_ASSERT_STRING_EQUAL(r.explanation.path.tasks[0].set, "a.1");
    replicas_clear(&r);
    given_clear(&g);
    struct given c = given(CAMPAIGN("'budget': 60, 'learn': 'l', 'every': 6"), MODE_ASYNCHRONOUS);
    CU_ASSERT_EQUAL_FATAL(replicate(&c.scenario, &(struct replicate_options){ .replicas = 4, .threads = 1, .explain = 4 }, &r, NULL), 0);
    unit_near(explanation_of_class(&r.explanation, EXPLAIN_CLASS_WORK), r.explanation.makespan_s, 1e-6);
    replicas_clear(&r);
    given_clear(&c);
}

static void time_ends_a_campaign(void)
{
    struct given g = given(CAMPAIGN("'time': 600"), MODE_ASYNCHRONOUS);
    struct replicas r = run(&g, 40);
    for (size_t i = 0; i < r.n; i++)
        CU_ASSERT(r.decided[i].campaigns[0].last_s >= 600 - 200 && r.decided[i].campaigns[0].n_submitted > 90);
    replicas_clear(&r);
    given_clear(&g);
}

static void budgets_end_loops(void)
{
    struct given g = given("{'name': 'w', 'task_sets': [{'name': 'a', 'duration': 10}, {'name': 'z', 'duration': 1, 'after': ['a']}],"
                           " 'loops': [{'name': 'l', 'sets': ['a'], 'stop': {'budget': 3500}}]}", MODE_PIPELINED);
    struct replicas r = run(&g, 3);
    for (size_t i = 0; i < r.n; i++)
        CU_ASSERT(r.decided[i].iterations == 350 && fabs(r.at[i].makespan_s - 3501) < 1e-9);
    replicas_clear(&r);
    given_clear(&g);
}

/* ---- the same workflow, written out ---- */

static char *timeline_text(const struct scenario *s)
{
    struct adaptive_session session;
    struct error err = { "" };
    CU_ASSERT_EQUAL_FATAL(adaptive_session(s, 0, NULL, &session, &err), 0);
    struct simulator *sim = simulator_new(&session.scenario, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(sim);
    struct timeline *t = timeline_new(session.scenario.workflow, s->platform);
    struct replica r;
    char *text;
    size_t size;
    simulator_run(sim, 0, t, &r);
    CU_ASSERT_EQUAL(timeline_check(t, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    char *folder = scratch_new(), *path = str_format("%s/t.csv", folder);
    CU_ASSERT_EQUAL_FATAL(timeline_save_csv(t, path, &err), 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text = file_load(path, 1 << 24, &size, &err));
    free(path);
    scratch_free(folder);
    timeline_free(t);
    simulator_free(sim);
    adaptive_session_clear(&session);
    return text;
}

static void same_timelines(const char *decided, const char *written)
{
    struct middleware *m = known_middleware();
    for (int mode = 0; mode < MODES; mode++)
        for (int with = 0; with < 2; with++) {
            struct given a = given(decided, (enum mode)mode), b = given(written, (enum mode)mode);
            if (with)
                a.scenario.middleware = b.scenario.middleware = m;
            char *x = timeline_text(&a.scenario), *y = timeline_text(&b.scenario);
            CU_ASSERT_STRING_EQUAL(x, y);
            free(x);
            free(y);
            given_clear(&a);
            given_clear(&b);
        }
    middleware_free(m);
}

#define A "{'name': 'a', 'tasks': 9, 'cores': 2, 'duration': {'distribution': 'normal', 'mean': 10, 'sd': 2}"
#define B                                                                                                               \
    "{'name': 'b', 'tasks': 3, 'gpus': 1, 'duration': {'distribution': 'exponential', 'mean': 7},"                      \
    " 'after': [{'set': 'a', 'kind': 'block'}]"
#define C "{'name': 'c', 'duration': 4, 'after': ['b']}"
#define SIDE "{'name': 'side', 'tasks': 4, 'duration': {'distribution': 'normal', 'mean': 25, 'sd': 3}}"

static void a_loop_of_three_is_three_iterations(void)
{
    static const char written[] = "{'name': 'w', 'task_sets': [" A ", 'after_previous': ['b']}, " B "}, " C ", " SIDE "],"
                                  " 'iterations': {'count': 3, 'sets': ['a', 'b']}}";
    same_timelines("{'name': 'w', 'task_sets': [" A "}, " B "}, " C ", " SIDE "],"
                   " 'loops': [{'name': 'l', 'sets': ['a', 'b'], 'at_least': 3, 'at_most': 3}]}", written);
    same_timelines("{'name': 'w', 'task_sets': [" A "}, " B "}, " C ", " SIDE "],"
                   " 'loops': [{'name': 'l', 'sets': ['a', 'b'], 'decided_by': 'b', 'stop': {'after': 3}}]}", written);
    same_timelines("{'name': 'w', 'task_sets': [" A "}, " B "}, " C ", " SIDE "],"
                   " 'loops': [{'name': 'l', 'sets': ['a', 'b'], 'stop': {'sum': 0.5, 'reaches': 1.2}}]}", written);
}

static void a_loop_that_stops_at_once_is_none(void)
{
    same_timelines("{'name': 'w', 'task_sets': [" A "}, " B "}, " C ", " SIDE "],"
                   " 'loops': [{'name': 'l', 'sets': ['a', 'b'], 'stop': {'probability': 1}}]}",
                   "{'name': 'w', 'task_sets': [" A "}, " B "}, " C ", " SIDE "]}");
}

static void sure_sets_are_as_written(void)
{
    static const char written[] = "{'name': 'w', 'task_sets': [" A "}, " B "}, " C ", " SIDE "]}";
    same_timelines("{'name': 'w', 'task_sets': [" A ", 'when': 1}, " B "}, " C ", " SIDE "]}", written);
    same_timelines("{'name': 'w', 'task_sets': [" A "}, " B ", 'when': 1, 'else': 'x'}, " C ", " SIDE ","
                   "{'name': 'x', 'duration': 3, 'after': ['a']}]}", written);
    same_timelines("{'name': 'w', 'task_sets': [" A "}, {'name': 'x', 'duration': 3, 'after': ['a'], 'when': 0, 'else': 'b'}, " B "}, "
                   "{'name': 'c', 'duration': 4, 'after': ['b', 'x']}, " SIDE "]}", written);
    same_timelines("{'name': 'w', 'task_sets': [{'name': 'a', 'duration': 5}, {'name': 'b', 'duration': 3, 'after': ['a'],"
                   " 'tasks': {'per': 'a', 'distribution': 'binomial', 'n': 6, 'p': 1}}, {'name': 'c', 'duration': 9, 'after': ['b'],"
                   " 'tasks': {'share': 0.5, 'of': 'b'}}]}",
                   "{'name': 'w', 'task_sets': [{'name': 'a', 'duration': 5}, {'name': 'b', 'duration': 3, 'after': ['a'], 'tasks': 6},"
                   " {'name': 'c', 'duration': 9, 'after': ['b'], 'tasks': 3}]}");
}

/* What does not exist is skipped: what comes after it comes after what it came after. */
static void nothing_is_skipped_as_done(void)
{
    same_timelines("{'name': 'w', 'task_sets': [" A "}, {'name': 'x', 'duration': 3, 'after': ['a'], 'tasks':"
                   " {'distribution': 'binomial', 'n': 5, 'p': 0}}, {'name': 'c', 'duration': 4, 'after': ['x']}]}",
                   "{'name': 'w', 'task_sets': [" A "}, {'name': 'c', 'duration': 4, 'after': ['a']}]}");
}

/* ---- paired ---- */

static void outcomes_are_the_same_everywhere(void)
{
    static const char text[] =
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 5, 'duration': {'distribution': 'exponential', 'mean': 9}},"
        "{'name': 'b', 'tasks': {'per': 'a', 'distribution': 'poisson', 'mean': 2}, 'duration': 3, 'after': "
                "['a'], 'when': {'probability': 0.7, 'per': 'task'}},"
        "{'name': 'o', 'duration': 1, 'after': ['b']}],"
        "'loops': [{'name': 'in', 'sets': ['a', 'b'], 'stop': {'probability': 0.4}},"
        "{'name': 'out', 'sets': ['a', 'b', 'o'], 'stop': {'probability': 0.3}}]}";
    struct given g = given(text, MODE_SEQUENTIAL);
    struct replicas first = run(&g, 100);
    for (int mode = 0; mode < MODES; mode++) {
        g.scenario.mode = (enum mode)mode;
        g.scenario.scheduler.order = mode ? "critical_path" : "shortest";
        struct replicas r = run(&g, 100);
        for (size_t i = 0; i < 100; i++)
            CU_ASSERT(r.decided[i].iterations == first.decided[i].iterations && r.decided[i].n_tasks == first.decided[i].n_tasks);
        replicas_clear(&r);
    }
    replicas_clear(&first);
    given_clear(&g);
}

static void outcomes_may_be_known(void)
{
    struct given g = given("{'name': 'w', 'task_sets': [{'name': 'a', 'duration': 9}, {'name': 'b', 'duration': 3, 'after': ['a'],"
                           " 'tasks': {'per': 'a', 'distribution': 'poisson', 'mean': 2}}],"
                           " 'loops': [{'name': 'l', 'sets': ['a', 'b'], 'stop': {'probability': 0.4}}]}", MODE_PIPELINED);
    struct outcomes *known = outcomes_new();
    outcomes_set(known, OUTCOME_ITERATIONS, "l", 4);
    outcomes_set(known, OUTCOME_TASKS, "b.2", 7);
    outcomes_set(known, OUTCOME_TASKS, "b.3", 0);
    struct workflow *w = adaptive_workflow(&g.scenario, 0, known, NULL, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    CU_ASSERT(workflow_find_set(w, "a.4") >= 0 && workflow_find_set(w, "a.5") < 0 && workflow_find_set(w, "b.3") < 0);
    CU_ASSERT_EQUAL(w->sets[workflow_find_set(w, "b.2")].n_tasks, 7);
    workflow_free(w);
    outcomes_free(known);
    given_clear(&g);
}

/* ---- cancellations ---- */

static void what_is_left_is_cancelled(void)
{
    static const char one_node[] = "{'name': 'p', 'nodes': [{'cores': 2}]}";
    struct given g = given("{'name': 'w', 'task_sets': [{'name': 'a', 'duration': 10, 'cancels': ['b']},"
                           "{'name': 'b', 'tasks': 5, 'duration': 8},"
                           "{'name': 'c', 'tasks': 2, 'duration': 3, 'after': ['b']}]}", MODE_ASYNCHRONOUS);
    platform_free(g.platform);
    g.scenario.platform = g.platform = given_platform(one_node);
    struct adaptive_session session;
    CU_ASSERT_EQUAL_FATAL(adaptive_session(&g.scenario, 0, NULL, &session, NULL), 0);
    struct simulator *sim = simulator_new(&session.scenario, NULL);
    struct timeline *t = timeline_new(session.workflow, g.platform);
    struct replica r;
    struct error err = { "" };
    for (int i = 0; i < 2; i++)
        simulator_run(sim, 0, t, &r);
    CU_ASSERT_EQUAL(timeline_check(t, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    CU_ASSERT(r.complete && r.n_done == 4 && r.n_killed == 1 && r.n_cancelled == 3 && r.makespan_s == 13 && r.lost_slot_s == 2);
    for (size_t i = 0; i < t->n; i++) {
        int set = workflow_set_of_task(session.workflow, t->records[i].task);
        if (set == 2)
            CU_ASSERT(t->records[i].started_s == 10 && t->records[i].stopped_s == 13);
        if (t->status[i] == TASK_KILLED)
            CU_ASSERT(set == 1 && t->records[i].started_s == 8 && t->records[i].stopped_s == 10);
    }
    timeline_free(t);
    simulator_free(sim);
    adaptive_session_clear(&session);
    given_clear(&g);
}

static void what_has_ended_is_not(void)
{
    same_timelines("{'name': 'w', 'task_sets': [" A "}, " B "}, " C ", {'name': 'late', 'duration': 500, 'cancels': ['a']}]}",
                   "{'name': 'w', 'task_sets': [" A "}, " B "}, " C ", {'name': 'late', 'duration': 500}]}");
}

/* Two loops of which one happens to be long: the order of their tasks does not tell which. */
static void orders_do_not_see_what_is_to_come(void)
{
    static const char text[] =
        "{'name': 'w', 'task_sets': [{'name': 'a', 'duration': 10}, {'name': 'b', 'duration': 10, 'after': ['a']},"
        " {'name': 'c', 'duration': 10}, {'name': 'd', 'duration': 10, 'after': ['c']}, {'name': 'e', 'duration': 3, 'after': ['d']}],"
        " 'loops': [{'name': 'l', 'sets': ['a', 'b'], 'stop': {'probability': 0.25}, 'at_most': 40},"
        " {'name': 'm', 'sets': ['c', 'd'], 'stop': {'probability': 0.25}, 'at_most': 40}]}";
    struct workflow *w = given_workflow(text);
    struct error err = { "" };
    double first = 0;
    for (uint32_t replica = 0; replica < 20; replica++) {
        const struct realise_options o = { .seed = 5, .replica = replica, .horizon = 1 };
        struct workflow *session = workflow_realise(w, &o, &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(session);
        double *keys = xcalloc(session->n_sets, sizeof *keys);
        order_find("critical_path")->keys(session, NULL, keys);
        double a = keys[workflow_find_set(session, "a.1")], c = keys[workflow_find_set(session, "c.1")];
        unit_near(a, -(20 + 3 * 20), 1e-9);                  /* an iteration, and three more expected */
        unit_near(c, -(23 + 3 * 20), 1e-9);
        first = replica == 0 ? a : first;
        CU_ASSERT_EQUAL(a, first);
        free(keys);
        workflow_free(session);
    }
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(loops_are_geometric), UNIT_TEST(numbers_are_galton_watson), UNIT_TEST(campaigns_are_closed_loops),
        UNIT_TEST(orders_do_not_see_what_is_to_come), UNIT_TEST(hits_end_a_campaign), UNIT_TEST(time_ends_a_campaign),
        UNIT_TEST(decisions_are_explained), UNIT_TEST(budgets_end_loops),
        UNIT_TEST(a_loop_of_three_is_three_iterations), UNIT_TEST(a_loop_that_stops_at_once_is_none),
        UNIT_TEST(sure_sets_are_as_written), UNIT_TEST(nothing_is_skipped_as_done), UNIT_TEST(outcomes_are_the_same_everywhere),
        UNIT_TEST(outcomes_may_be_known), UNIT_TEST(what_is_left_is_cancelled), UNIT_TEST(what_has_ended_is_not), { NULL, NULL },
    };
    return unit_run("adaptive", tests);
}
