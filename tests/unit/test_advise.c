/* Nodes, mode and walltime. Oracle: constant durations by hand; the definition of the front;
 * coverage on fresh replicas. */
#include "study/advise.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "study/replicate.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

struct given {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct scenario scenario;
};

static struct given given_new(const char *workflow, const char *platform)
{
    struct given g = { given_workflow(workflow), given_platform(platform), middleware_ideal(),
                       { .seed = 5 } };
    g.scenario.workflow = g.workflow;
    g.scenario.platform = g.platform;
    g.scenario.middleware = g.middleware;
    g.scenario.scheduler =
        scheduler_options_resolve(&(struct scheduler_options){ 0 }, g.middleware);
    return g;
}

static void given_clear(struct given *g)
{
    workflow_free(g->workflow);
    platform_free(g->platform);
    middleware_free(g->middleware);
}

static const size_t one_to_six[] = { 1, 2, 3, 4, 5, 6 };
static const struct advise_options usual = { .nodes = one_to_six, .n_nodes = 6, .confidence = 0.9,
                                             .replicas = 400, .threads = 2 };

static struct advice advised(const struct given *g, const struct advise_options *o)
{
    struct advice a;
    struct error err = { "" };
    if (advise(&g->scenario, o, &a, &err))
        CU_FAIL_FATAL(err.text);
    return a;
}

static const struct advice_row *row(const struct advice *a, size_t nodes, enum mode mode)
{
    for (size_t i = 0; i < a->n; i++)
        if (a->rows[i].nodes == nodes && a->rows[i].mode == mode)
            return &a->rows[i];
    CU_FAIL_FATAL("no such row");
    return NULL;
}

/* 12 tasks of 100 s, 2 at once on a node: ceil(6 / nodes) waves, all known without chance. */
static const char twelve[] =
    "{'task_sets': [{'name': 'a', 'tasks': 12, 'cores': 2, 'duration': 100}]}";

static void constant_durations_give_exact_rows(void)
{
    struct given g = given_new(twelve, "{'nodes': [{'count': 6, 'cores': 4}]}");
    struct advise_options o = usual;
    o.deadline_s = 230;
    struct advice a = advised(&g, &o);
    const double waves[] = { 6, 3, 2, 2, 2, 1 };
    for (size_t n = 1; n <= 6; n++) {
        const struct advice_row *r = row(&a, n, MODE_ASYNCHRONOUS);
        double session_s = 100 * waves[n - 1];
        unit_alike(r->session.mean, session_s, 1e-12);
        unit_alike(r->quantile_ci95.high, session_s, 1e-12);
        unit_alike(r->walltime_s, 60 * ceil(session_s / 60), 1e-12);
        unit_alike(r->node_hours, (double)n *session_s / 3600, 1e-12);
        unit_is(r->charge, ==, r->node_hours);
        unit_alike(r->utilisation_slots, 12 * 2 * 100 / (4 * (double)n * session_s), 1e-9);
        unit_near(r->utilisation_gpus, NAN, 0);
        CU_ASSERT(r->accepted);
        CU_ASSERT_PTR_NULL(r->queue);
        unit_is(r->share_complete, ==, 1);
    }
    /* 600 node-seconds on 1, 2, 3 and 6 nodes: of equal cost the fastest, which so is alone on the
     * front but for other modes. */
    unit_is(a.rows[a.cheapest].nodes, ==, 6);
    unit_is(a.rows[a.fastest].nodes, ==, 6);
    unit_is(a.rows[a.smallest].nodes, ==, 3);
    for (size_t i = 0; i < a.n; i++)
        CU_ASSERT_EQUAL(a.rows[i].on_front, a.rows[i].nodes == 6 && a.rows[i].same_as < 0);
    /* One set: all modes are the same, and the first stands for them. */
    CU_ASSERT_EQUAL(a.rows[a.cheapest].mode, MODE_SEQUENTIAL);
    CU_ASSERT_EQUAL(a.rows[a.smallest].mode, MODE_SEQUENTIAL);
    CU_ASSERT_EQUAL(row(&a, 3, MODE_ASYNCHRONOUS)->same_as,
                    (int)(row(&a, 3, MODE_SEQUENTIAL) - a.rows));
    advice_clear(&a);
    given_clear(&g);
}

static void too_few_nodes_are_rows_that_say_so(void)
{
    struct given g =
        given_new("{'task_sets': [{'name': 'wide', 'ranks': 3, 'cores': 4, 'duration': 100}]}",
                  "{'nodes': [{'count': 6, 'cores': 4}]}");
    struct advice a = advised(&g, &usual);
    for (size_t i = 0; i < a.n; i++)
        unit_is(a.rows[i].why_not != NULL, ==, a.rows[i].nodes < 3);
    unit_has(row(&a, 2, MODE_SEQUENTIAL)->why_not, "wide");
    unit_is(a.rows[a.cheapest].nodes, ==, 3);
    unit_is(a.smallest, ==, -1);
    advice_clear(&a);
    given_clear(&g);
}

static void queues_limit_what_can_be_asked_for(void)
{
    struct given g = given_new(
        twelve, "{'scheduler': 'slurm', 'nodes': [{'count': 6, 'cores': 4}], 'queues': ["
                "{'name': 'dear', 'min_nodes': 2, 'max_nodes': 5, 'max_walltime': 9000, "
                "'charge_factor': 2}, "
                "{'name': 'short', 'min_nodes': 2, 'max_nodes': 6, 'max_walltime': 250}]}");
    struct advice a = advised(&g, &usual);
    /* below every queue's least */
    CU_ASSERT(!row(&a, 1, MODE_ASYNCHRONOUS)->accepted);
    const struct advice_row *two = row(&a, 2, MODE_ASYNCHRONOUS),
                            *three = row(&a, 3, MODE_ASYNCHRONOUS);
    /* 300 s are too long for the other */
    CU_ASSERT_STRING_EQUAL(two->queue->name, "dear");
    unit_alike(two->charge, 2 * two->node_hours, 1e-12);
    CU_ASSERT_STRING_EQUAL(three->queue->name, "short");                     /* 240 s */
    unit_is(a.rows[a.cheapest].nodes, ==, 6);
    CU_ASSERT_FALSE(row(&a, 1, MODE_ASYNCHRONOUS)->on_front);
    advice_clear(&a);
    given_clear(&g);
}

/* 1, 2, 3 and 6 nodes take 600 node-seconds, 4 and 5 leave slots idle in the last wave. */
static void what_would_be_cheaper_is_named(void)
{
    struct given g = given_new(
        twelve, "{'scheduler': 'slurm', 'nodes': [{'count': 6, 'cores': 4}], 'queues': ["
                "{'name': 'narrow', 'min_nodes': 4, 'max_nodes': 5, 'max_walltime': 9000}]}");
    struct advice a = advised(&g, &usual);
    unit_is(a.rows[a.cheapest].nodes, ==, 4);
    unit_must_be(a.refused, >=, 0);
    unit_is(a.rows[a.refused].nodes, ==, 6);
    CU_ASSERT_FALSE(a.rows[a.refused].accepted);
    advice_clear(&a);
    given_clear(&g);
    g = given_new(twelve, "{'scheduler': 'slurm', 'nodes': [{'count': 6, 'cores': 4}], 'queues': ["
                          "{'name': 'cheap', 'min_nodes': 4, 'max_nodes': 5, 'max_walltime': 9000, "
                          "'charge_factor': 0.25}, "
                          "{'name': 'brief', 'min_nodes': 1, 'max_nodes': 6, 'max_walltime': 60, "
                          "'charge_factor': 0.5}]}");
    a = advised(&g, &usual);
    /* 600 node-seconds, but at half and not at a quarter */
    unit_is(a.rows[a.cheapest].nodes, ==, 4);
    unit_is(a.refused, ==, -1);
    const struct advice_row *one = row(&a, 1, MODE_ASYNCHRONOUS);
    unit_alike(one->charge, 0.5 * one->node_hours, 1e-12);
    CU_ASSERT_FALSE(one->queue);
    CU_ASSERT_STRING_EQUAL(one->nearest->name, "brief");
    advice_clear(&a);
    given_clear(&g);
    g = given_new(twelve, "{'nodes': [{'count': 6, 'cores': 4}]}");
    a = advised(&g, &usual);
    unit_is(a.refused, ==, -1);
    advice_clear(&a);
    given_clear(&g);
}

static const char staggered[] =
    "{'task_sets': [{'name': 'a', 'tasks': 9, 'cores': 2, 'duration': "
    "{'distribution': 'lognormal', 'mean': 80, 'sd': 30}}, "
    "{'name': 'b', 'tasks': 5, 'cores': 3, 'duration': {'distribution': 'exponential', "
    "'mean': 60}, 'after': ['a']}, "
    "{'name': 'c', 'tasks': 7, 'cores': 1, 'duration': {'distribution': 'normal', 'mean': 150, "
    "'sd': 20}}], 'session_sd': 0.1}";

/* Compared in whole minutes and in charges to one per mille. */
static bool beats(const struct advice_row *x, const struct advice_row *y)
{
    double margin = 1e-3 * y->charge;
    return x->walltime_s <= y->walltime_s && x->charge <= y->charge + margin &&
           (x->walltime_s < y->walltime_s || x->charge < y->charge - margin);
}

static bool is_beaten(const struct advice *a, size_t i)
{
    for (size_t k = 0; k < a->n; k++)
        if (beats(&a->rows[k], &a->rows[i]))
            return true;
    return false;
}

/* Rows on the front are beaten by none, all others are or are the same as another mode; what
 * `all` says of a row that ran all replicas is the same. */
static void the_front_is_what_none_beats(void)
{
    struct given g = given_new(staggered, "{'nodes': [{'count': 6, 'cores': 4}]}");
    struct advise_options o = usual;
    struct advice a = advised(&g, &o);
    size_t few = 0;
    for (size_t i = 0; i < a.n; i++) {
        CU_ASSERT_EQUAL(a.rows[i].on_front, a.rows[i].same_as < 0 && !is_beaten(&a, i));
        few += a.rows[i].replicas < 400;
    }
    unit_is(few, >=, 1);
    CU_ASSERT(a.rows[a.cheapest].on_front);
    CU_ASSERT(a.rows[a.fastest].on_front);
    CU_ASSERT_EQUAL(a.rows[a.cheapest].same_as, -1);
    CU_ASSERT_EQUAL(a.rows[a.fastest].same_as, -1);
    o.all = true;
    o.threads = 1;
    struct advice full = advised(&g, &o);
    for (size_t i = 0; i < a.n; i++) {
        CU_ASSERT_EQUAL(full.rows[i].replicas, 400);
        if (a.rows[i].replicas == 400)
            CU_ASSERT_EQUAL(
                memcmp(&a.rows[i].session, &full.rows[i].session, sizeof full.rows[i].session), 0);
    }
    advice_clear(&a);
    advice_clear(&full);
    given_clear(&g);
}

/* Random workflows of varying durations: the choices are those of all replicas; or their charges
 * differ by less than one per cent, of equal walltimes. */
static void choices_are_those_of_all_replicas(void)
{
    const struct given_limits limits = { .max_sets = 5, .max_tasks = 9, .varying = true };
    size_t early = 0, rows = 0, same = 0, choices = 0;
    enum { WORKFLOWS = 50 / UNIT_SLOWER };
    for (uint64_t number = 0; number < WORKFLOWS; number++) {
        struct given g = { given_random_workflow(number, &limits), given_random_platform(number),
                           middleware_ideal(),
                           { .seed = number } };
        g.scenario.workflow = g.workflow;
        g.scenario.platform = g.platform;
        g.scenario.middleware = g.middleware;
        g.scenario.scheduler =
            scheduler_options_resolve(&(struct scheduler_options){ 0 }, g.middleware);
        size_t nodes[8], n = 0;
        for (size_t k = 1; k <= g.platform->n_nodes && n < 8; k++)
            nodes[n++] = k;
        struct advise_options o = { .nodes = nodes, .n_nodes = n, .confidence = 0.9,
                                    .replicas = 1000, .threads = 2 };
        struct advice a = advised(&g, &o);
        o.all = true;
        struct advice full = advised(&g, &o);
        const int mine[] = { a.cheapest, a.fastest }, theirs[] = { full.cheapest, full.fastest };
        for (size_t c = 0; c < 2; c++) {
            CU_ASSERT_EQUAL(mine[c] < 0, theirs[c] < 0);
            choices += theirs[c] >= 0;
            same += theirs[c] >= 0 && mine[c] == theirs[c];
            if (theirs[c] >= 0 && mine[c] >= 0 && mine[c] != theirs[c])
                unit_near(full.rows[mine[c]].charge / full.rows[theirs[c]].charge, 1, 0.01);
        }
        for (size_t i = 0; i < a.n; i++)
            early += a.rows[i].replicas < 1000;
        rows += a.n;
        advice_clear(&a);
        advice_clear(&full);
        given_clear(&g);
    }
    printf("%zu of %zu choices the same, %zu of %zu rows ended early\n", same, choices, early,
           rows);
    unit_is(choices, >=, WORKFLOWS);
    unit_is(same, >=, choices * 95 / 100);
    unit_is(early, >, rows / 2);
}

/* Self-consistency: fresh replicas, of another seed, keep the advised time as often as asked; and
 * not much more often, before it is rounded up to the minute. */
static void self_consistency(void)
{
    struct given g = given_new(staggered, "{'nodes': [{'count': 6, 'cores': 4}]}");
    const double asked[] = { 0.8, 0.95, 0.99 };
    enum { FRESH = 10000 / UNIT_SLOWER };
    for (size_t c = 0; c < 3; c++) {
        struct advise_options o = usual;
        o.confidence = asked[c];
        o.replicas = FRESH;
        o.all = true;
        o.nodes = (const size_t[]){ 3 };
        o.n_nodes = 1;
        struct advice a = advised(&g, &o);
        const struct advice_row *r = &a.rows[a.fastest];
        struct scenario fresh = g.scenario;
        struct platform *p = platform_with_nodes(g.platform, r->nodes, NULL);
        struct replicas runs;
        fresh.platform = p;
        fresh.mode = r->mode;
        fresh.seed = 77;
        unit_must_be(replicate(&fresh,
                               &(struct replicate_options){ .replicas = FRESH, .threads = 2 },
                               &runs, NULL),
                     ==, 0);
        double kept = 0, kept_rounded = 0, sd = sqrt(asked[c] * (1 - asked[c]) / FRESH);
        for (size_t i = 0; i < runs.n; i++) {
            kept += runs.at[i].session_s <= r->quantile_ci95.high;
            kept_rounded += runs.at[i].session_s <= r->walltime_s;
        }
        unit_is(kept / FRESH, >=, asked[c] - 3 * sd);
        unit_is(kept / FRESH, <=, asked[c] + 7 * sd);
        unit_is(kept_rounded, >=, kept);
        replicas_clear(&runs);
        platform_free(p);
        advice_clear(&a);
    }
    given_clear(&g);
}

static void a_confidence_takes_replicas(void)
{
    const double p[] = { 0.5, 0.9, 0.95, 0.999 };
    for (size_t i = 0; i < 4; i++) {
        double n = (double)advise_least_replicas(p[i]);
        unit_is(pow(p[i], n), <=, 0.025);
        unit_is(pow(p[i], n - 1), >, 0.025);
    }
    struct given g = given_new(twelve, "{'nodes': [{'count': 6, 'cores': 4}]}");
    struct advise_options o = usual;
    struct advice a;
    struct error err = { "" };
    o.confidence = 0.999;
    unit_is(advise(&g.scenario, &o, &a, &err), ==, -1);
    unit_has(err.text, "at least 3688 replicas, not 400");
    given_clear(&g);
}

static void a_stop_leaves_nothing(void)
{
    struct given g = given_new(twelve, "{'nodes': [{'count': 6, 'cores': 4}]}");
    atomic_bool stop = true;
    struct advise_options o = usual;
    o.stop = &stop;
    struct advice a = advised(&g, &o);
    CU_ASSERT(a.interrupted);
    advice_clear(&a);
    given_clear(&g);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(constant_durations_give_exact_rows),
        UNIT_TEST(too_few_nodes_are_rows_that_say_so),
        UNIT_TEST(queues_limit_what_can_be_asked_for),
        UNIT_TEST(what_would_be_cheaper_is_named),
        UNIT_TEST(the_front_is_what_none_beats),
        UNIT_TEST(choices_are_those_of_all_replicas),
        UNIT_TEST(self_consistency),
        UNIT_TEST(a_confidence_takes_replicas),
        UNIT_TEST(a_stop_leaves_nothing),
        { NULL, NULL },
    };
    return unit_run("advise", tests);
}
