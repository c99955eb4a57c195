/* A campaign's results over time: of candidates that all last as long, k more each time they end.
 */
#include "study/replicate.h"

#include <math.h>

#include "tests/support/given.h"
#include "tests/support/known_middleware.h"
#include "tests/support/unit.h"

static void results_come_in_steps(void)
{
    struct workflow *w = given_workflow(
        "{'name': 'w', 'task_sets': [{'name': 'c', 'duration': 12.5}, "
        "{'name': 'd', 'duration': 7.25}], 'campaigns': [{'name': 's', 'candidates': 'c', "
        "'in_flight': 3, 'budget': 20, 'hit_probability': 1}, {'name': 't', "
        "'candidates': 'd', 'in_flight': 1, 'budget': 5}]}");
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'cores': 8}]}");
    struct middleware *m = given_middleware("{'name': 'ideal'}");
    const struct scenario s = {
        .workflow = w,
        .platform = p,
        .middleware = m,
        .mode = MODE_ASYNCHRONOUS,
        .seed = 3,
        .scheduler = { .order = "arrival", .overtake = "backfill", .placement = "first_fit" }
    };
    const struct replicate_options how = { .replicas = 6, .campaign = 4, .threads = 2 };
    struct replicas all;
    struct error err = { "" };
    CU_ASSERT_EQUAL_FATAL(replicate(&s, &how, &all, &err), 0);
    CU_ASSERT_EQUAL_FATAL(all.n_campaigns, 2);
    unit_near(campaign_runs_end_s(&all.campaigns[1]), 5 * 7.25, 1e-9);   /* one by one, no hits */
    unit_near(campaign_runs_by(&all.campaigns[1], 3.5 * 7.25, false).mean, 3, 1e-9);
    CU_ASSERT_FALSE(campaign_runs_hit(&all.campaigns[1]));
    const struct campaign_runs *runs = &all.campaigns[0];
    CU_ASSERT_EQUAL(runs->n, 4);
    unit_near(campaign_runs_end_s(runs), 7 * 12.5, 1e-9);
    CU_ASSERT(campaign_runs_hit(runs));
    for (double x_s = 1; x_s < 100; x_s += 7.3) {
        struct campaign_count by = campaign_runs_by(runs, x_s, false);
        unit_near(by.mean, fmin(20, 3 * floor(x_s / 12.5)), 1e-9);
        unit_near(by.low, by.high, 1e-9);
        unit_near(campaign_runs_by(runs, x_s, true).mean, by.mean, 1e-9);   /* each is a hit */
    }
    replicas_clear(&all);
    workflow_free(w);
    platform_free(p);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(results_come_in_steps), { NULL, NULL } };
    return unit_run("campaign_runs", tests);
}
