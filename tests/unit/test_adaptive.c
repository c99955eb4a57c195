/* Workflows that decide at run time, against what is known of them: geometric loops, Galton-Watson
 * numbers, closed campaigns. */
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
#include "tests/support/decided.h"
#include "tests/support/given.h"
#include "tests/support/known_middleware.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"

static struct replicas run(const struct decided *g, size_t n)
{
    struct replicas r;
    struct error err = { "" };
    int status = replicate(
        &g->scenario, &(struct replicate_options){ .replicas = n, .threads = 1, .bounds = true },
        &r, &err);
    CU_ASSERT_STRING_EQUAL_FATAL(err.text, "");
    CU_ASSERT_EQUAL_FATAL(status, 0);
    for (size_t i = 0; i < r.n; i++) {
        CU_ASSERT(r.at[i].complete);
        unit_is(r.at[i].makespan_s, >=, r.bound_s[i] * (1 - 1e-9));
    }
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

/* E[iterations] = 1 / p; makespan = iterations x (length + decision time), less the last
 * decision's. */
static void loops_are_geometric(void)
{
    struct decided g = decided_of(
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 3, 'duration': 10}, "
        "{'name': 'b', 'duration': 5, 'after': ['a']}],"
        " 'loops': [{'name': 'l', 'sets': ['a', 'b'], 'stop': {'probability': 0.25}, "
        "'decision_time': 2}]}",
        MODE_ASYNCHRONOUS);
    enum { N = 4000 };
    struct replicas r = run(&g, N);
    double *x = xcalloc(N, sizeof *x);
    bool exact = true;
    for (size_t i = 0; i < N; i++) {
        x[i] = r.decided[i].iterations;
        exact = exact && fabs(r.at[i].makespan_s - (17 * x[i] - 2)) < 1e-9 &&
                r.decided[i].n_tasks == 4 * (size_t)x[i];
    }
    struct moments m = moments_of(x, N);
    CU_ASSERT(exact);
    unit_is(fabs(m.mean - 4), <, 4.5 * m.error);
    unit_is(fabs(m.variance - 12), <, 2); /* (1 - p) / p^2 */
    free(x);
    replicas_clear(&r);
    decided_clear(&g);
}

/* Three generations of Poisson(m) children: mean m^3, variance m^3 (m^2 + m + 1). */
static void numbers_are_galton_watson(void)
{
    struct decided g =
        decided_of("{'name': 'w', 'task_sets': [{'name': 'g0', 'duration': 1},"
                   "{'name': 'g1', 'tasks': {'per': 'g0', 'distribution': 'poisson', 'mean': 1.5}, "
                   "'duration': 1, 'after': ['g0']},"
                   "{'name': 'g2', 'tasks': {'per': 'g1', 'distribution': 'poisson', 'mean': 1.5}, "
                   "'duration': 1,"
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
    unit_is(fabs(m.mean - pow(1.5, 3)), <, 4.5 * m.error);
    unit_is(fabs(m.variance / variance - 1), <, 0.12);
    free(x);
    struct replicas r = run(&g, 50);
    replicas_clear(&r);
    decided_clear(&g);
}

#define CAMPAIGN(ends)                                                                             \
    "{'name': 'w', 'task_sets': [{'name': 'c', 'duration': {'distribution': 'exponential', "       \
    "'mean': 30}},"                                                                                \
    " {'name': 'l', 'duration': 0}],"                                                              \
    " 'campaigns': [{'name': 's', 'candidates': 'c', 'in_flight': 8, " ends "}]}"

/* k in flight, exponential durations: results a second = k / mean; a round of k lasts E[max of k].
 */
static void campaigns_are_closed_loops(void)
{
    enum { N = 60, BUDGET = 800 };
    const double harmonic = 761.0 / 280;                 /* 1 + 1/2 + ... + 1/8 */
    const double expected[MODES] = { [MODE_SEQUENTIAL] = 30 * harmonic / 8,
                                     [MODE_PIPELINED] = 30 * harmonic / 8,
                                     [MODE_ASYNCHRONOUS] = 30.0 / 8 };
    for (int mode = 0; mode < MODES; mode++) {
        struct decided g = decided_of(CAMPAIGN("'budget': 800"), (enum mode)mode);
        struct replicas r = run(&g, N);
        double x[N];
        for (size_t i = 0; i < N; i++) {
            /* as long as all are in flight: without the last ones */
            double tail_s = mode == MODE_ASYNCHRONOUS ? 30 * (harmonic - 1) : 0;
            x[i] = (r.at[i].makespan_s - tail_s) / BUDGET;
            CU_ASSERT_EQUAL(r.decided[i].campaigns[0].n_results, BUDGET);
        }
        struct moments m = moments_of(x, N);
        unit_is(fabs(m.mean - expected[mode]), <, 4.5 * m.error);
        replicas_clear(&r);
        decided_clear(&g);
    }
}

/* Hits are a binomial matter of the candidates: as many are needed as a negative binomial says, in
 * every mode. */
static void hits_end_a_campaign(void)
{
    enum { N = 300 };
    for (int mode = 0; mode < MODES; mode++) {
        struct decided g =
            decided_of(CAMPAIGN("'hits': 5, 'hit_probability': 0.1"), (enum mode)mode);
        struct replicas r = run(&g, N);
        double x[N];
        for (size_t i = 0; i < N; i++) {
            const struct campaign_result *c = &r.decided[i].campaigns[0];
            unit_is(c->n_hits, >=, 5);
            CU_ASSERT_FALSE(isnan(c->hits_s));
            unit_is(c->hits_s, <=, c->last_s);
            unit_is(c->n_submitted, ==, c->n_results);
            x[i] = (double)c->n_submitted;
        }
        struct moments m = moments_of(x, N);
        double extra = mode == MODE_ASYNCHRONOUS
                           ? 7
                           : 3.5; /* in flight when the last hit is known; a round is filled up */
        unit_is(fabs(m.mean - 50 - extra), <, 4.5 * m.error + 0.5);
        replicas_clear(&r);
        decided_clear(&g);
    }
}

/* Each second has its kind; between two iterations lies one decision. */
static void decisions_are_explained(void)
{
    struct decided g =
        decided_of("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 3, 'duration': 10}],"
                   " 'loops': [{'name': 'l', 'sets': ['a'], 'stop': {'probability': 0.25}, "
                   "'decision_time': 2}]}",
                   MODE_PIPELINED);
    struct replicas r;
    double decisions = 0, kinds = 0;
    enum { N = 60 };
    CU_ASSERT_EQUAL_FATAL(
        replicate(&g.scenario,
                  &(struct replicate_options){ .replicas = N, .threads = 2, .explain = N }, &r,
                  NULL),
        0);
    for (size_t i = 0; i < N; i++)
        decisions += r.decided[i].iterations - 1;
    for (int k = 0; k < EXPLAIN_KINDS; k++)
        kinds += explanation_of_kind(&r.explanation, (enum explain_kind)k);
    unit_near(explanation_of_kind(&r.explanation, EXPLAIN_DECISION), 2 * decisions / N, 1e-9);
    unit_near(kinds, r.explanation.makespan_s, 1e-9);
    CU_ASSERT_STRING_EQUAL(r.explanation.path.tasks[0].set, "a.1");
    replicas_clear(&r);
    decided_clear(&g);
    struct decided c =
        decided_of(CAMPAIGN("'budget': 60, 'learn': 'l', 'every': 6"), MODE_ASYNCHRONOUS);
    CU_ASSERT_EQUAL_FATAL(
        replicate(&c.scenario,
                  &(struct replicate_options){ .replicas = 4, .threads = 1, .explain = 4 }, &r,
                  NULL),
        0);
    unit_near(explanation_of_class(&r.explanation, EXPLAIN_CLASS_WORK), r.explanation.makespan_s,
              1e-6);
    replicas_clear(&r);
    decided_clear(&c);
}

static void time_ends_a_campaign(void)
{
    struct decided g = decided_of(CAMPAIGN("'time': 600"), MODE_ASYNCHRONOUS);
    struct replicas r = run(&g, 40);
    for (size_t i = 0; i < r.n; i++) {
        unit_is(r.decided[i].campaigns[0].last_s, >=, 600 - 200);
        unit_is(r.decided[i].campaigns[0].n_submitted, >, 90);
    }
    replicas_clear(&r);
    decided_clear(&g);
}

static void budgets_end_loops(void)
{
    struct decided g =
        decided_of("{'name': 'w', 'task_sets': [{'name': 'a', 'duration': 10}, {'name': 'z', "
                   "'duration': 1, 'after': ['a']}],"
                   " 'loops': [{'name': 'l', 'sets': ['a'], 'stop': {'budget': 3500}}]}",
                   MODE_PIPELINED);
    struct replicas r = run(&g, 3);
    for (size_t i = 0; i < r.n; i++) {
        unit_is(r.decided[i].iterations, ==, 350);
        unit_is(fabs(r.at[i].makespan_s - 3501), <, 1e-9);
    }
    replicas_clear(&r);
    decided_clear(&g);
}

static void outcomes_are_the_same_everywhere(void)
{
    static const char text[] =
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 5, 'duration': "
        "{'distribution': 'exponential', 'mean': 9}},"
        "{'name': 'b', 'tasks': {'per': 'a', 'distribution': 'poisson', 'mean': 2}, 'duration': 3, "
        "'after': "
        "['a'], 'when': {'probability': 0.7, 'per': 'task'}},"
        "{'name': 'o', 'duration': 1, 'after': ['b']}],"
        "'loops': [{'name': 'in', 'sets': ['a', 'b'], 'stop': {'probability': 0.4}},"
        "{'name': 'out', 'sets': ['a', 'b', 'o'], 'stop': {'probability': 0.3}}]}";
    struct decided g = decided_of(text, MODE_SEQUENTIAL);
    struct replicas first = run(&g, 100);
    for (int mode = 0; mode < MODES; mode++) {
        g.scenario.mode = (enum mode)mode;
        g.scenario.scheduler.order = mode ? "critical_path" : "shortest";
        struct replicas r = run(&g, 100);
        for (size_t i = 0; i < 100; i++) {
            unit_is(r.decided[i].iterations, ==, first.decided[i].iterations);
            unit_is(r.decided[i].n_tasks, ==, first.decided[i].n_tasks);
        }
        replicas_clear(&r);
    }
    replicas_clear(&first);
    decided_clear(&g);
}

static void outcomes_may_be_known(void)
{
    struct decided g =
        decided_of("{'name': 'w', 'task_sets': [{'name': 'a', 'duration': 9}, {'name': 'b', "
                   "'duration': 3, 'after': ['a'],"
                   " 'tasks': {'per': 'a', 'distribution': 'poisson', 'mean': 2}}],"
                   " 'loops': [{'name': 'l', 'sets': ['a', 'b'], 'stop': {'probability': 0.4}}]}",
                   MODE_PIPELINED);
    struct outcomes *known = outcomes_new();
    outcomes_set(known, OUTCOME_ITERATIONS, "l", 4);
    outcomes_set(known, OUTCOME_TASKS, "b.2", 7);
    outcomes_set(known, OUTCOME_TASKS, "b.3", 0);
    struct workflow *w = adaptive_workflow(&g.scenario, 0, known, NULL, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    unit_is(workflow_find_set(w, "a.4"), >=, 0);
    unit_is(workflow_find_set(w, "a.5"), <, 0);
    unit_is(workflow_find_set(w, "b.3"), <, 0);
    CU_ASSERT_EQUAL(w->sets[workflow_find_set(w, "b.2")].n_tasks, 7);
    workflow_free(w);
    outcomes_free(known);
    decided_clear(&g);
}

static void what_is_left_is_cancelled(void)
{
    static const char one_node[] = "{'name': 'p', 'nodes': [{'cores': 2}]}";
    struct decided g =
        decided_of("{'name': 'w', 'task_sets': [{'name': 'a', 'duration': 10, 'cancels': ['b']},"
                   "{'name': 'b', 'tasks': 5, 'duration': 8},"
                   "{'name': 'c', 'tasks': 2, 'duration': 3, 'after': ['b']}]}",
                   MODE_ASYNCHRONOUS);
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
    CU_ASSERT(r.complete);
    unit_is(r.n_done, ==, 4);
    unit_is(r.n_killed, ==, 1);
    unit_is(r.n_cancelled, ==, 3);
    unit_is(r.makespan_s, ==, 13);
    unit_is(r.lost_slot_s, ==, 2);
    for (size_t i = 0; i < t->n; i++) {
        int set = workflow_set_of_task(session.workflow, t->records[i].task);
        if (set == 2) {
            unit_is(t->records[i].started_s, ==, 10);
            unit_is(t->records[i].stopped_s, ==, 13);
        }
        if (t->status[i] == TASK_KILLED) {
            unit_is(set, ==, 1);
            unit_is(t->records[i].started_s, ==, 8);
            unit_is(t->records[i].stopped_s, ==, 10);
        }
    }
    timeline_free(t);
    simulator_free(sim);
    adaptive_session_clear(&session);
    decided_clear(&g);
}

/* Two loops of which one happens to be long: the order of their tasks does not tell which. */
static void orders_do_not_see_what_is_to_come(void)
{
    static const char text[] =
        "{'name': 'w', 'task_sets': [{'name': 'a', 'duration': 10}, {'name': 'b', 'duration': 10, "
        "'after': ['a']},"
        " {'name': 'c', 'duration': 10}, {'name': 'd', 'duration': 10, 'after': ['c']}, "
        "{'name': 'e', 'duration': 3, 'after': ['d']}],"
        " 'loops': [{'name': 'l', 'sets': ['a', 'b'], 'stop': {'probability': 0.25}, "
        "'at_most': 40},"
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
        double a = keys[workflow_find_set(session, "a.1")],
               c = keys[workflow_find_set(session, "c.1")];
        unit_near(a, -(20 + 3 * 20), 1e-9); /* an iteration, and three more expected */
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
        UNIT_TEST(loops_are_geometric),
        UNIT_TEST(numbers_are_galton_watson),
        UNIT_TEST(campaigns_are_closed_loops),
        UNIT_TEST(orders_do_not_see_what_is_to_come),
        UNIT_TEST(hits_end_a_campaign),
        UNIT_TEST(time_ends_a_campaign),
        UNIT_TEST(decisions_are_explained),
        UNIT_TEST(budgets_end_loops),
        UNIT_TEST(outcomes_are_the_same_everywhere),
        UNIT_TEST(outcomes_may_be_known),
        UNIT_TEST(what_is_left_is_cancelled),
        { NULL, NULL },
    };
    return unit_run("adaptive", tests);
}
