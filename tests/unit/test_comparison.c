#include "study/comparison.h"

#include <math.h>
#include <string.h>

#include "tests/support/unit.h"

/* Two independent chains of two sets that fit side by side: sequential runs a1, b1 together, then
 * a2, b2. */
static const char two_chains[] =
    "{\"name\": \"w\", \"task_sets\": ["
    "{\"name\": \"a1\", \"tasks\": 2, \"cores\": 1, \"duration\": 30}, {\"name\": \"b1\", "
    "\"tasks\": 1, \"cores\": 1, \"duration\": 10},"
    "{\"name\": \"a2\", \"tasks\": 2, \"cores\": 1, \"duration\": 10, \"after\": [\"a1\"]},"
    "{\"name\": \"b2\", \"tasks\": 1, \"cores\": 1, \"duration\": 30, \"after\": [\"b1\"]}]}";
static const char platform_text[] = "{\"name\": \"p\", \"nodes\": [{\"count\": 1, \"cores\": 4}]}";

struct world {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct scenario scenario;
};

static struct world setting_new(void)
{
    struct json_document *doc = json_parse(platform_text, strlen(platform_text), "platform", NULL);
    struct json root = json_root(doc);
    struct world s = { .workflow = workflow_parse(two_chains, strlen(two_chains), "workflow", NULL),
                         .platform = platform_from_json(&root, NULL),
                         .middleware = middleware_ideal() };
    json_free(doc);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s.workflow);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s.platform);
    s.scenario = (struct scenario){ .workflow = s.workflow, .platform = s.platform,
                                    .middleware = s.middleware, .seed = 3 };
    s.scenario.scheduler =
        scheduler_options_resolve(&(struct scheduler_options){ 0 }, s.middleware);
    return s;
}

static void setting_free(struct world *s)
{
    workflow_free(s->workflow);
    platform_free(s->platform);
    middleware_free(s->middleware);
}

/* Sequential 30 + 30, pipelined and asynchronous max(30 + 10, 10 + 30) = 40: I = 1/3, known without
 * chance. */
static void staggered_chains_gain_a_third(void)
{
    struct world s = setting_new();
    struct comparison c;
    struct replicate_options o = { .replicas = 70, .threads = 2, .bounds = true };
    CU_ASSERT_EQUAL_FATAL(comparison_run(&s.scenario, &o, &c, NULL), 0);
    CU_ASSERT_FALSE(c.interrupted);
    unit_alike(c.mode[MODE_SEQUENTIAL].makespan.mean, 60, 1e-12);
    for (int m = MODE_PIPELINED; m < MODES; m++) {
        unit_alike(c.mode[m].makespan.mean, 40, 1e-12);
        unit_alike(c.mode[m].lower_bound_s, 40, 1e-12);
        unit_alike(c.improvement[m].mean, 1 / 3., 1e-12);
        unit_alike(c.improvement[m].ci95_paired.low, 1 / 3., 1e-9);
        unit_alike(c.improvement[m].ci95_independent.high, 1 / 3., 1e-9);
        unit_alike(c.prediction.mode[m].improvement, 1 / 3., 1e-12);
    }
    CU_ASSERT_EQUAL(c.prediction.asynchronicity.doa_dep, 1);
    comparison_clear(&c);
    setting_free(&s);
}

/* A walltime of 50 s cuts sequential (60 s) short and leaves the others (40 s) whole: no
 * improvement is known of any. One of 35 s cuts all. */
static void incomplete_replicas_are_no_basis(void)
{
    struct world s = setting_new();
    struct replicate_options o = { .replicas = 7, .threads = 1 };
    for (int i = 0; i < 2; i++) {
        struct comparison c;
        s.scenario.walltime_s = i == 0 ? 50 : 35;
        CU_ASSERT_EQUAL_FATAL(comparison_run(&s.scenario, &o, &c, NULL), 0);
        CU_ASSERT_FALSE(summary_is_complete(&c.mode[MODE_SEQUENTIAL]));
        for (int m = MODE_PIPELINED; m < MODES; m++) {
            unit_is(summary_is_complete(&c.mode[m]), ==, i == 0);
            unit_near(c.improvement[m].mean, NAN, 0);
            unit_near(c.improvement[m].ci95_paired.low, NAN, 0);
            unit_near(c.improvement[m].ci95_independent.high, NAN, 0);
        }
        comparison_clear(&c);
    }
    setting_free(&s);
}

static void stops_when_told(void)
{
    struct world s = setting_new();
    atomic_bool stop;
    atomic_init(&stop, true);
    struct comparison c;
    struct replicate_options o = { .replicas = 70, .threads = 1, .stop = &stop };
    CU_ASSERT_EQUAL(comparison_run(&s.scenario, &o, &c, NULL), 0);
    CU_ASSERT_TRUE(c.interrupted);
    comparison_clear(&c);
    setting_free(&s);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(staggered_chains_gain_a_third),
        UNIT_TEST(incomplete_replicas_are_no_basis),
        UNIT_TEST(stops_when_told),
        { NULL, NULL },
    };
    return unit_run("comparison", tests);
}
