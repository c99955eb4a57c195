/* Conservative backfilling delays none of those before: the classical case, and reservations one
 * behind the other. */
#include <stdlib.h>

#include "scheduling/overtake.h"
#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/ran.h"
#include "tests/support/unit.h"

/* Sets of one task each, in order of arrival; when each starts. */
static void starts(const char *workflow, const char *overtake, double *start_s)
{
    struct ran r = ran_texts(&(struct ran_scenario){
        .workflow = workflow, .platform = "{'nodes': [{'cores': 4, 'gpus': 2}]}",
        .mode = MODE_ASYNCHRONOUS, .scheduler = { .overtake = overtake } });
    ran_starts(&r, start_s);
    ran_clear(&r);
}

/* d fits beside b's reservation, so EASY starts it; c, second in the queue, then waits for it. */
static void easy_protects_the_first_conservative_all(void)
{
    static const char work[] =
        "{'task_sets': [{'name': 'a', 'cores': 2, 'duration': 10}, {'name': 'b', 'cores': 3, "
        "'duration': 10},"
        "{'name': 'c', 'cores': 4, 'duration': 5}, {'name': 'd', 'cores': 1, 'duration': 25}]}";
    double easy[4], conservative[4], backfill[4];
    starts(work, "easy", easy);
    starts(work, "conservative", conservative);
    starts(work, "backfill", backfill);
    const double expected_easy[] = { 0, 10, 25, 0 }, expected[] = { 0, 10, 20, 25 };
    for (int i = 0; i < 4; i++) {
        unit_near(easy[i], expected_easy[i], 1e-9);
        unit_near(conservative[i], expected[i], 1e-9);
    }
    unit_near(backfill[3], 0, 1e-9);
}

/* Who ends before anybody before him needs the room may pass; GPUs are room, too. */
static void short_tasks_fill_the_gaps(void)
{
    double start_s[5];
    starts("{'task_sets': [{'name': 'a', 'cores': 2, 'gpus': 1, 'duration': 10}, {'name': 'b', "
           "'cores': 1, 'gpus': 2, 'duration': 10},"
           "{'name': 'c', 'cores': 1, 'gpus': 1, 'duration': 9}, {'name': 'd', 'cores': 1, 'gpus': "
           "1, 'duration': 2},"
           "{'name': 'e', 'cores': 1, 'gpus': 1, 'duration': 0.5}]}",
           "conservative", start_s);
    /* a and c; b after both; e between c and b; d behind b */
    const double expected[] = { 0, 10, 0, 20, 9 };
    for (int i = 0; i < 5; i++)
        unit_near(start_s[i], expected[i], 1e-9);
}

/* c fits beside a at once; behind n others it is looked at if they are fewer than the depth. */
static void a_pass_reserves_for_the_first_only(void)
{
    for (int n = CONSERVATIVE_DEPTH - 1; n <= CONSERVATIVE_DEPTH; n++) {
        double *start_s = calloc(2 * CONSERVATIVE_DEPTH, sizeof *start_s);
        char *work = str_format("{'task_sets': [{'name': 'a', 'cores': 1, 'duration': 10},"
                                "{'name': 'b', 'tasks': %d, 'cores': 4, 'duration': 1},"
                                "{'name': 'c', 'cores': 1, 'duration': 1}]}",
                                n);
        starts(work, "conservative", start_s);
        unit_near(start_s[1], 10, 1e-9);
        unit_near(start_s[n + 1], n < CONSERVATIVE_DEPTH ? 0 : 10 + n, 1e-9);
        free(work);
        free(start_s);
    }
}

/* A task that arrives late starts beside what is reserved, where one that waits may not; what waits
 * may again once a task ends. Tasks over nodes whose memory is not limited. */
static void late_ones_pass_those_that_wait(void)
{
    double start_s[6];
    struct ran r = ran_texts(&(struct ran_scenario){
        .workflow = "{'task_sets': [{'name': 'a', 'cores': 1, 'ranks': 2, 'duration': 10},"
                    "{'name': 'b', 'cores': 1, 'ranks': 3, 'duration': 10},"
                    "{'name': 'c', 'cores': 1, 'duration': 12},"
                    "{'name': 'd', 'cores': 1, 'duration': 11},"
                    "{'name': 'e', 'cores': 1, 'duration': 5, 'release': 3},"
                    "{'name': 'f', 'cores': 1, 'duration': 2, 'release': 4}]}",
        .platform = "{'nodes': [{'count': 4, 'cores': 1}]}",
        .mode = MODE_ASYNCHRONOUS, .scheduler = { .overtake = "conservative" } });
    ran_starts(&r, start_s);
    ran_clear(&r);
    const double expected[] = { 0, 10, 0, 12, 3, 8 };
    for (int i = 0; i < 6; i++)
        unit_near(start_s[i], expected[i], 1e-9);
}

/* As many as fit start in one pass. */
static void all_that_fit_start_at_once(void)
{
    struct workflow *w =
        given_workflow("{'task_sets': [{'name': 'a', 'tasks': 500, 'cores': 1, 'duration': 10}]}");
    struct platform *p = given_platform("{'nodes': [{'count': 8, 'cores': 64}]}");
    struct middleware *m = middleware_ideal();
    struct scheduler_options options = { .overtake = "conservative" };
    struct scenario s = { .workflow = w, .platform = p, .middleware = m, .mode = MODE_ASYNCHRONOUS,
                          .scheduler = scheduler_options_resolve(&options, m) };
    struct simulator *sim = simulator_new(&s, NULL);
    struct replica out;
    simulator_run(sim, 0, NULL, &out);
    unit_near(out.makespan_s, 10, 1e-9);
    simulator_free(sim);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(easy_protects_the_first_conservative_all),
        UNIT_TEST(short_tasks_fill_the_gaps),
        UNIT_TEST(a_pass_reserves_for_the_first_only),
        UNIT_TEST(late_ones_pass_those_that_wait),
        UNIT_TEST(all_that_fit_start_at_once),
        { NULL, NULL },
    };
    return unit_run("conservative", tests);
}
