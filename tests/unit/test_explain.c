/* Where the time of a run went. Oracle: the steps tile the makespan, and small runs worked out by
 * hand. */
#include "study/replicate.h"

#include <math.h>
#include <string.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

struct given {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct scenario scenario;
};

static struct given given_new(struct workflow *w, struct platform *p, struct middleware *m,
                              enum mode mode)
{
    struct given g = {
        w, p, m, { .workflow = w, .platform = p, .middleware = m, .mode = mode, .seed = 11 }
    };
    g.scenario.scheduler = scheduler_options_resolve(&(struct scheduler_options){ 0 }, m);
    return g;
}

static void given_clear(struct given *g)
{
    workflow_free(g->workflow);
    platform_free(g->platform);
    middleware_free(g->middleware);
}

static struct middleware *middleware_of(const char *json)
{
    struct error err = { "" };
    struct json_document *doc = json_parse(json, strlen(json), "middleware", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct json root = json_root(doc);
    struct middleware *m = middleware_from_json(&root, &err);
    if (!m)
        CU_FAIL_FATAL(err.text);
    json_free(doc);
    return m;
}

/* On two threads: sums are in the order of replicas all the same. */
static struct explanation explained(const struct given *g, size_t replicas)
{
    struct error err = { "" };
    struct replicas runs;
    const struct replicate_options how = { .replicas = replicas, .explain = replicas,
                                           .threads = 2 };
    CU_ASSERT_EQUAL_FATAL(replicate(&g->scenario, &how, &runs, &err), 0);
    struct explanation e = runs.explanation;
    CU_ASSERT_EQUAL(e.replicas, replicas);
    runs.explanation = (struct explanation){ 0 };
    replicas_clear(&runs);
    return e;
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-9;
}

static void one_ideal_task_is_all_execution(void)
{
    struct given g = given_new(given_workflow("{'task_sets': [{'name': 'a', 'duration': 12.375}]}"),
                               given_platform("{'nodes': [{'count': 1, 'cores': 4}]}"),
                               middleware_ideal(), MODE_ASYNCHRONOUS);
    struct explanation e = explained(&g, 3);
    unit_is(e.makespan_s, ==, 12.375);
    unit_is(explanation_of(&e, EXPLAIN_WORK, 0), ==, 12.375);
    CU_ASSERT_EQUAL(e.path.n, 1);
    unit_is(explanation_of_class(&e, EXPLAIN_CLASS_WORK), ==, e.makespan_s);
    explanation_clear(&e);
    given_clear(&g);
}

/* a (10 s) and b (30 s) together, then c after a alone: sequentially c waits 20 s for b though
 * nothing it needs comes of it. */
static void a_barrier_is_told_from_a_dependency(void)
{
    const char *w = "{'task_sets': [{'name': 'a', 'duration': 10}, {'name': 'b', 'duration': 30}, "
                    "{'name': 'c', 'duration': 25, 'after': ['a']}]}";
    struct given g =
        given_new(given_workflow(w), given_platform("{'nodes': [{'count': 1, 'cores': 4}]}"),
                  middleware_ideal(), MODE_SEQUENTIAL);
    struct explanation e = explained(&g, 1);
    CU_ASSERT(near(e.makespan_s, 55));
    CU_ASSERT(near(explanation_of(&e, EXPLAIN_BARRIER, 1), 20));
    unit_near(explanation_of(&e, EXPLAIN_WORK, 0), 10, 1e-9);
    unit_near(explanation_of(&e, EXPLAIN_WORK, 2), 25, 1e-9);
    explanation_clear(&e);
    g.scenario.mode = MODE_ASYNCHRONOUS;
    e = explained(&g, 1);
    CU_ASSERT(near(e.makespan_s, 35));
    unit_is(explanation_of_kind(&e, EXPLAIN_BARRIER), ==, 0);
    explanation_clear(&e);
    given_clear(&g);
}

/* b waits until a, which holds what b wants, is over: 40 s. */
static double waited(const char *a, const char *b, const char *platform, const char *overtake,
                     enum explain_kind kind)
{
    char text[512];
    snprintf(text, sizeof text,
             "{'task_sets': [{'name': 'a', 'duration': 40, %s}, {'name': 'b', 'duration': 8, %s}]}",
             a, b);
    struct given g = given_new(given_workflow(text), given_platform(platform), middleware_ideal(),
                               MODE_ASYNCHRONOUS);
    g.scenario.scheduler.overtake = overtake;
    struct explanation e = explained(&g, 1);
    CU_ASSERT(near(explanation_of_class(&e, EXPLAIN_CLASS_WORK) +
                       explanation_of_class(&e, EXPLAIN_CLASS_RESOURCES),
                   e.makespan_s));
    double s = explanation_of(&e, kind, 0);
    explanation_clear(&e);
    given_clear(&g);
    return s;
}

static void waits_go_to_what_is_scarce(void)
{
    const char *node = "{'nodes': [{'count': 1, 'cores': 4, 'gpus': 1, 'memory_mib': 100}]}";
    CU_ASSERT(near(waited("'cores': 3", "'cores': 2", node, "backfill", EXPLAIN_CORES), 40));
    CU_ASSERT(near(
        waited("'cores': 1, 'gpus': 1", "'cores': 1, 'gpus': 1", node, "backfill", EXPLAIN_GPUS),
        40));
    CU_ASSERT(near(waited("'cores': 1, 'memory_mib': 70", "'cores': 1, 'memory_mib': 40", node,
                          "backfill", EXPLAIN_MEMORY),
                   40));
    /* 0 of 1 < 2 of 3 */
    CU_ASSERT(near(
        waited("'cores': 2, 'gpus': 1", "'cores': 3, 'gpus': 1", node, "backfill", EXPLAIN_GPUS),
        40));
}

static void free_slots_on_different_nodes_are_fragmented(void)
{
    const char *nodes = "{'nodes': [{'count': 2, 'cores': 4}]}";
    CU_ASSERT(
        near(waited("'tasks': 2, 'cores': 2", "'cores': 3", nodes, "backfill", EXPLAIN_CORES), 0));
    struct given g = given_new(
        given_workflow("{'task_sets': [{'name': 'a', 'tasks': 2, 'cores': 2, 'duration': 40}, "
                       "{'name': 'b', 'cores': 4, 'duration': 8}]}"),
        given_platform(nodes), middleware_ideal(), MODE_ASYNCHRONOUS);
    /* one on each node: 2 + 2 cores are left for the 4 */
    g.scenario.scheduler.placement = "worst_fit";
    struct explanation e = explained(&g, 1);
    CU_ASSERT(near(explanation_of(&e, EXPLAIN_FRAGMENTED, 0), 40));
    CU_ASSERT(near(explanation_of(&e, EXPLAIN_WORK, 1), 8));
    explanation_clear(&e);
    given_clear(&g);
}

/* First come, first served: c would fit beside a, but b, which does not, goes first. */
static void behind_names_who_goes_first(void)
{
    struct given g = given_new(
        given_workflow(
            "{'task_sets': [{'name': 'a', 'cores': 3, 'duration': 40}, {'name': 'b', 'cores': 2, "
            "'duration': 8}, {'name': 'c', 'cores': 1, 'duration': 90}]}"),
        given_platform("{'nodes': [{'count': 1, 'cores': 4}]}"), middleware_ideal(),
        MODE_ASYNCHRONOUS);
    g.scenario.scheduler.overtake = "none";
    struct explanation e = explained(&g, 1);
    CU_ASSERT(near(e.makespan_s, 130));
    CU_ASSERT(near(explanation_of(&e, EXPLAIN_BEHIND, 1), 40));
    CU_ASSERT(near(explanation_of(&e, EXPLAIN_WORK, 2), 90));
    explanation_clear(&e);
    given_clear(&g);
}

static void stations_have_their_own_share(void)
{
    struct given g =
        given_new(given_workflow("{'task_sets': [{'name': 'a', 'duration': 10}, {'name': 'b', "
                                 "'duration': 5, 'after': ['a']}]}"),
                  given_platform("{'nodes': [{'count': 1, 'cores': 4}]}"),
                  middleware_of("{\"stations\": {\"bootstrap\": 20, \"client\": {\"base\": 2, "
                                "\"per_task\": 0.5, \"first_bulk\": 4, \"next_stage\": 3, "
                                "\"close_task\": 1.25, \"open_task\": 2.25}, "
                                "\"agent\": {\"latency\": 1.5}, \"launch\": {\"service\": 0.25}, "
                                "\"startup\": {\"warm\": 0.125}, "
                                "\"execute\": {\"offset\": 0.0625}, \"detect\": {\"base\": 0.5}, "
                                "\"free\": {\"base\": 0.75}, \"notify\": {\"base\": 1}, "
                                "\"drain\": 6}}"),
                  MODE_SEQUENTIAL);
    struct explanation e = explained(&g, 2);
    const struct { enum explain_kind kind; double s;
    } expected[] = {
        { EXPLAIN_WORK, 15 },        { EXPLAIN_EXECUTE_EXTRA, 0.125 },
        { EXPLAIN_DETECT, 0.5 },     { EXPLAIN_FREE, 0.75 },
        { EXPLAIN_NOTIFY, 1 },       { EXPLAIN_NEXT_STAGE, 3 },
        { EXPLAIN_CLIENT_QUEUE, 0 }, { EXPLAIN_BOOK, 1.25 },
        { EXPLAIN_OPEN, 2.25 },      { EXPLAIN_CLIENT, 2.5 },
        { EXPLAIN_AGENT, 1.5 },      { EXPLAIN_LAUNCH, 0.25 },
        { EXPLAIN_LAUNCH_QUEUE, 0 }, { EXPLAIN_STARTUP, 0.125 },
        { EXPLAIN_SCHEDULE, 0 },     { EXPLAIN_BARRIER, 0 },
    };
    for (size_t i = 0; i < sizeof expected / sizeof *expected; i++)
        CU_ASSERT(near(explanation_of_kind(&e, expected[i].kind), expected[i].s));
    explanation_clear(&e);
    given_clear(&g);
}

static void the_launcher_serves_one_after_the_other(void)
{
    struct given g = given_new(
        given_workflow("{'task_sets': [{'name': 'a', 'tasks': 3, 'duration': 10}]}"),
        given_platform("{'nodes': [{'count': 1, 'cores': 4}]}"),
        middleware_of("{\"stations\": {\"launch\": {\"service\": 2}}}"), MODE_ASYNCHRONOUS);
    /* first start at 2 s, the last task's at 6 s */
    struct explanation e = explained(&g, 1);
    CU_ASSERT(near(e.makespan_s, 14));
    CU_ASSERT(near(explanation_of(&e, EXPLAIN_LAUNCH_QUEUE, -1), 2));
    CU_ASSERT(near(explanation_of(&e, EXPLAIN_LAUNCH, -1), 2));
    explanation_clear(&e);
    given_clear(&g);
}

/* Two at a time: each later one waits for the one that made its room, and for the client. */
static void a_window_is_a_wait_for_the_task_before(void)
{
    struct given g = given_new(
        given_workflow("{'task_sets': [{'name': 'a', 'tasks': 4, 'durations': [10, 30, 25, 4]}]}"),
        given_platform("{'nodes': [{'count': 1, 'cores': 4}]}"),
        middleware_of("{\"stations\": {\"client\": {\"base\": 2, \"window\": 2}}}"),
        MODE_ASYNCHRONOUS);
    /* starts 2, 2, 14, 34; stops 12, 32, 39, 38 */
    struct explanation e = explained(&g, 1);
    CU_ASSERT(near(e.makespan_s, 37));
    CU_ASSERT(near(explanation_of(&e, EXPLAIN_WORK, 0), 35));
    CU_ASSERT(near(explanation_of(&e, EXPLAIN_CLIENT, -1), 2));
    CU_ASSERT(near(explanation_of(&e, EXPLAIN_CLIENT_QUEUE, -1), 0));
    explanation_clear(&e);
    given_clear(&g);
}

static void what_waits_for_tasks_has_its_share(void)
{
    struct given g = given_new(
        given_workflow(
            "{'task_sets': [{'name': 'a', 'tasks': 2, 'durations': [10, 3]}, "
            "{'name': 'b', 'tasks': 2, 'duration': 5, 'after': [{'set': 'a', 'kind': 'each'}]}]}"),
        given_platform("{'nodes': [{'count': 1, 'cores': 4}]}"),
        middleware_of("{\"stations\": {\"client\": {\"next_task\": 2}}}"), MODE_ASYNCHRONOUS);
    struct explanation e = explained(&g, 1);
    CU_ASSERT(near(e.makespan_s, 17));
    CU_ASSERT(near(explanation_of_kind(&e, EXPLAIN_NEXT_TASK), 2));
    explanation_clear(&e);
    given_clear(&g);
}

static void a_launcher_that_keeps_tasks_apart_is_named(void)
{
    struct given g = given_new(
        given_workflow("{'task_sets': [{'name': 'a', 'tasks': 3, 'duration': 10}]}"),
        given_platform("{'nodes': [{'count': 1, 'cores': 4}]}"),
        middleware_of("{\"stations\": {\"launch\": {\"alone\": \"nodes\"}}}"), MODE_ASYNCHRONOUS);
    struct explanation e = explained(&g, 1);             /* the last one waits for the other two */
    CU_ASSERT(near(e.makespan_s, 30));
    CU_ASSERT(near(explanation_of(&e, EXPLAIN_ALONE, -1), 20));
    CU_ASSERT(near(explanation_of(&e, EXPLAIN_WORK, 0), 10));
    explanation_clear(&e);
    given_clear(&g);
}

/* Steps follow each other without gap from first start to last stop. */
static bool tiles(const struct explain_path *p)
{
    double sum = 0;
    for (size_t i = 0; i < p->n; i++) {
        sum += p->steps[i].to_s - p->steps[i].from_s;
        if (!(p->steps[i].to_s > p->steps[i].from_s) ||
            (i > 0 && p->steps[i].from_s != p->steps[i - 1].to_s))
            return false;
    }
    return fabs(sum - p->makespan_s) <= 1e-9 * fmax(1, p->makespan_s);
}

static const char rich[] =
    "{\"stations\": {\"bootstrap\": 9, \"client\": {\"base\": 0.5, \"per_task\": "
    "{\"distribution\": \"exponential\", \"mean\": 0.125}, "
    "\"next_stage\": 1.5, \"next_run\": 4, "
    "\"close_task\": 0.75, \"open_task\": 0.5}, \"agent\": {\"latency\": 0.25, \"poll\": 1.75}, "
    "\"schedule\": {\"retry\": 0.375}, "
    "\"launch\": {\"service\": {\"distribution\": \"exponential\", \"mean\": 0.25}, \"cap\": 6}, "
    "\"startup\": {\"cold\": 3, \"warm\": 0.5, \"rule\": \"first_on_node\"}, \"execute\": "
    "{\"slope\": 1.0625, \"offset\": 0.25}, "
    "\"detect\": {\"base\": 0.125, \"poll\": 1.25}, \"free\": {\"poll\": 0.375}, \"notify\": "
    "{\"base\": 0.25, \"poll\": 0.875}}}";

static void random_runs_add_up(void)
{
    struct given_limits limits = { .max_sets = 7, .max_tasks = 9, .varying = true };
    static const char *const overtakes[] = { "none", "backfill", "easy" }, *const placements[] = {
        "first_fit", "worst_fit"
    };
    struct explain_path path = { 0 };
    int ran = 0, stations = 0, waits = 0;
    for (uint64_t number = 0; number < 1000; number++) {
        struct middleware *m = number % 2 ? middleware_ideal() : middleware_of(rich);
        m->window = number % 4 == 3 ? 1 + (int)(number % 5) : 0;
        struct given g = given_new(given_random_workflow(number, &limits),
                                   given_random_platform(number), m, (enum mode)(number % MODES));
        for (size_t s = 0; number % 5 == 0 && s < g.workflow->n_sets; s++) {
            task_traits_own(&g.workflow->sets[s])->failure_probability = 0.125;
            task_traits_own(&g.workflow->sets[s])->retries = 3;
        }
        g.scenario.scheduler.overtake = overtakes[number % 3];
        g.scenario.scheduler.placement = placements[number / 3 % 2];
        g.scenario.walltime_s = number % 17 ? 0 : 60;
        struct explainer *e = explainer_new(&g.scenario);
        struct simulator *simulator = simulator_new(&g.scenario, NULL);
        struct timeline *timeline = timeline_new(g.workflow, g.platform);
        struct replica figures;
        CU_ASSERT_PTR_NOT_NULL_FATAL(simulator);
        explainer_run(e, simulator, (uint32_t)(number % 7), timeline, &path, &figures);
        unit_near(path.makespan_s, figures.makespan_s, 1e-9 * figures.makespan_s);
        CU_ASSERT(tiles(&path));
        ran++;
        for (size_t i = 0; i < path.n; i++) {
            stations += explain_class_of(path.steps[i].kind) == EXPLAIN_CLASS_MIDDLEWARE;
            waits += explain_class_of(path.steps[i].kind) == EXPLAIN_CLASS_RESOURCES;
        }
        explainer_free(e);
        simulator_free(simulator);
        timeline_free(timeline);
        given_clear(&g);
    }
    unit_is(ran, ==, 1000);
    unit_is(stations, >, 1000);
    unit_is(waits, >, 500);
    explain_path_clear(&path);
}

static void every_kind_has_a_name_of_its_own(void)
{
    for (int k = 0; k < EXPLAIN_KINDS; k++)
        for (int l = 0; l < k; l++) {
            unit_is(strcmp(explain_kind_key((enum explain_kind)k),
                           explain_kind_key((enum explain_kind)l)),
                    !=, 0);
            unit_is(strcmp(explain_kind_words((enum explain_kind)k),
                           explain_kind_words((enum explain_kind)l)),
                    !=, 0);
        }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(one_ideal_task_is_all_execution),
        UNIT_TEST(a_barrier_is_told_from_a_dependency),
        UNIT_TEST(waits_go_to_what_is_scarce),
        UNIT_TEST(free_slots_on_different_nodes_are_fragmented),
        UNIT_TEST(behind_names_who_goes_first),
        UNIT_TEST(stations_have_their_own_share),
        UNIT_TEST(the_launcher_serves_one_after_the_other),
        UNIT_TEST(a_launcher_that_keeps_tasks_apart_is_named),
        UNIT_TEST(a_window_is_a_wait_for_the_task_before),
        UNIT_TEST(what_waits_for_tasks_has_its_share),
        UNIT_TEST(random_runs_add_up),
        UNIT_TEST(every_kind_has_a_name_of_its_own),
        { NULL, NULL },
    };
    return unit_run("explain", tests);
}
