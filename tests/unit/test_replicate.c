#include "study/replicate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "core/middleware.h"
#include "core/platform.h"
#include "core/workflow.h"
#include "num/stats.h"
#include "study/summary.h"
#include "tests/support/unit.h"

static const char workflow_text[] =
    "{\"name\": \"w\", \"task_sets\": ["
    "{\"name\": \"a\", \"tasks\": 11, \"cores\": 2, \"gpus\": 1, \"duration\": {\"distribution\": "
    "\"normal\", \"mean\": 34.5, \"sd\": 3}},"
    "{\"name\": \"b\", \"tasks\": 3, \"cores\": 5, \"duration\": {\"distribution\": "
    "\"exponential\", \"mean\": 12.5}, \"after\": "
    "[\"a\"]}]}";
static const char platform_text[] =
    "{\"name\": \"p\", \"nodes\": [{\"count\": 2, \"cores\": 8, \"gpus\": 2}]}";

struct world {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct scenario scenario;
};

static struct world setting_new(const char *text)
{
    struct world s = { 0 };
    struct json_document *doc = json_parse(platform_text, strlen(platform_text), "platform", NULL);
    struct json root = json_root(doc);
    s.workflow = workflow_parse(text, strlen(text), "workflow", NULL);
    s.platform = platform_from_json(&root, NULL);
    s.middleware = middleware_ideal();
    json_free(doc);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s.workflow);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s.platform);
    s.scenario = (struct scenario){ .workflow = s.workflow,
                                    .platform = s.platform,
                                    .middleware = s.middleware,
                                    .mode = MODE_ASYNCHRONOUS,
                                    .seed = 7 };
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

static struct replicas run(const struct world *s, struct replicate_options o)
{
    struct replicas r;
    CU_ASSERT_EQUAL_FATAL(replicate(&s->scenario, &o, &r, NULL), 0);
    return r;
}

static bool same(const struct replicas *a, const struct replicas *b)
{
    if (a->n != b->n)
        return false;
    for (size_t i = 0; i < a->n; i++)
        if (a->at[i].makespan_s != b->at[i].makespan_s ||
            a->at[i].busy_slot_s != b->at[i].busy_slot_s || a->bound_s[i] != b->bound_s[i])
            return false;
    return true;
}

static void threads_do_not_matter(void)
{
    struct world s = setting_new(workflow_text);
    struct replicas one =
        run(&s, (struct replicate_options){ .replicas = 203, .threads = 1, .bounds = true });
    for (int threads = 2; threads <= 5; threads++) {
        struct replicas many = run(
            &s, (struct replicate_options){ .replicas = 203, .threads = threads, .bounds = true });
        CU_ASSERT_EQUAL(many.n, 203);
        CU_ASSERT_FALSE(many.interrupted);
        CU_ASSERT_TRUE(same(&one, &many));
        replicas_clear(&many);
    }
    replicas_clear(&one);
    setting_free(&s);
}

static void replicas_keep_above_their_bounds(void)
{
    struct world s = setting_new(workflow_text);
    struct replicas r =
        run(&s, (struct replicate_options){ .replicas = 100, .threads = 2, .bounds = true });
    for (size_t i = 0; i < r.n; i++)
        unit_is(r.at[i].makespan_s, >=, r.bound_s[i] * (1 - 1e-9));
    CU_ASSERT_NOT_EQUAL(r.at[0].makespan_s, r.at[1].makespan_s);
    struct summary m = summary_of(&s.scenario, &r);
    CU_ASSERT_EQUAL(m.n, 100);
    unit_is(m.lower_bound_s, <=, m.makespan.mean);
    unit_is(m.utilisation_slots, >, 0);
    unit_is(m.utilisation_slots, <=, 1);
    unit_alike(m.node_hours, 2 * m.makespan.mean / 3600, 1e-12);
    replicas_clear(&r);
    setting_free(&s);
}

/* The rule again, by num/stats over the first 64 k replicas: the smallest multiple of 64 at which
 * it holds. */
static size_t enough(const struct replicas *all, double precision)
{
    double *x = calloc(all->n, sizeof *x);
    for (size_t i = 0; i < all->n; i++)
        x[i] = all->at[i].makespan_s;
    size_t n = 64;
    for (; n <= all->n; n += 64) {
        struct stats_summary m = stats_summarise(x, n);
        if (2 * m.sd / sqrt((double)n) <= precision * m.mean)
            break;
    }
    free(x);
    return n;
}

static void stops_when_precise_whatever_the_threads(void)
{
    struct world s = setting_new(workflow_text);
    struct replicas all = run(&s, (struct replicate_options){ .replicas = 2000, .threads = 2 });
    const double precision = 0.009;
    size_t expected = enough(&all, precision);
    unit_is(expected, >, 64);
    unit_is(expected, <, all.n);
    for (int threads = 1; threads <= 4; threads++) {
        struct replicas r =
            run(&s, (struct replicate_options){
                        .replicas = 2000, .threads = threads, .precision = precision });
        CU_ASSERT_EQUAL(r.n, expected);
        CU_ASSERT_FALSE(r.interrupted);
        CU_ASSERT_PTR_NULL(r.bound_s);
        replicas_clear(&r);
    }
    replicas_clear(&all);
    setting_free(&s);
}

static void stops_when_told(void)
{
    struct world s = setting_new(workflow_text);
    atomic_bool stop;
    atomic_init(&stop, true);
    struct replicas r =
        run(&s, (struct replicate_options){ .replicas = 500, .threads = 2, .stop = &stop });
    CU_ASSERT_TRUE(r.interrupted);
    CU_ASSERT_EQUAL(r.n, 0);
    replicas_clear(&r);
    setting_free(&s);
}

/* Whatever became of the replica before, each starts afresh. */
static void each_replica_is_killed_at_the_walltime(void)
{
    struct world s = setting_new(workflow_text);
    s.scenario.walltime_s = 30;          /* the first wave of `a` takes longer */
    struct replicas r = run(&s, (struct replicate_options){ .replicas = 20, .threads = 1 });
    for (size_t i = 0; i < r.n; i++) {
        CU_ASSERT_FALSE(r.at[i].in_time);
        unit_is(r.at[i].n_killed, >, 0);
        CU_ASSERT_EQUAL(r.at[i].makespan_s, 30);
    }
    replicas_clear(&r);
    setting_free(&s);
}

static void refuses_what_cannot_run(void)
{
    struct world s = setting_new("{\"name\": \"w\", \"task_sets\": [{\"name\": \"a\", \"tasks\": "
                                 "1, \"cores\": 9, \"duration\": 1.5}]}");
    struct error err = { "" };
    struct replicas r;
    struct replicate_options o = { .replicas = 10, .threads = 3, .bounds = true };
    CU_ASSERT_EQUAL(replicate(&s.scenario, &o, &r, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "'a'"));
    setting_free(&s);
}

/* Replica 0's timeline and where the time goes come from the same runs: figures stay, and one more
 * run of replica 0 gives the same records. */
static void first_timeline_and_explanation_come_along(void)
{
    struct world s = setting_new(workflow_text);
    struct replicate_options o = { .replicas = 30, .threads = 3, .bounds = true };
    struct replicas bare = run(&s, o);
    o.keep_first = true;
    o.explain = 7;
    struct replicas rich = run(&s, o);
    CU_ASSERT_TRUE(same(&bare, &rich));
    CU_ASSERT_PTR_NULL(bare.first);
    CU_ASSERT_EQUAL(bare.explanation.replicas, 0);
    CU_ASSERT_EQUAL(rich.explanation.replicas, 7);
    double sum = 0;
    for (size_t i = 0; i < 7; i++)
        sum += rich.at[i].makespan_s;
    unit_near(rich.explanation.makespan_s, sum / 7, 1e-9);
    struct simulator *simulator = simulator_new(&s.scenario, NULL);
    struct timeline *again = timeline_new(s.workflow, s.platform);
    struct replica figures;
    simulator_run(simulator, 0, again, &figures);
    CU_ASSERT_EQUAL_FATAL(rich.first->n, again->n);
    for (size_t i = 0; i < again->n; i++)
        unit_near(rich.first->records[i].stopped_s, again->records[i].stopped_s, 0);
    simulator_free(simulator);
    timeline_free(again);
    replicas_clear(&bare);
    replicas_clear(&rich);
    setting_free(&s);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(threads_do_not_matter), UNIT_TEST(replicas_keep_above_their_bounds),
        UNIT_TEST(stops_when_precise_whatever_the_threads), UNIT_TEST(stops_when_told),
        UNIT_TEST(each_replica_is_killed_at_the_walltime), UNIT_TEST(refuses_what_cannot_run),
        UNIT_TEST(first_timeline_and_explanation_come_along),
        { NULL, NULL },
    };
    return unit_run("replicate", tests);
}
