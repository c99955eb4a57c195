#include "core/extrapolation.h"

#include <stdlib.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

struct asked {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct scenario scenario;
};

/* 20 tasks on the machine `name` with `nodes` nodes; the profile saw 3 nodes and 3 tasks of summit
 * through jsrun. */
static struct asked ask(const char *name, int nodes)
{
    char *platform =
        str_format("{'name': '%s', 'nodes': [{'count': %d, 'cores': 4}]}", name, nodes);
    struct asked a = {
        .workflow = given_workflow(
            "{'task_sets': [{'name': 'a', 'tasks': 20, 'cores': 1, 'duration': 9}]}"),
        .platform = given_platform(platform),
        .middleware = given_middleware(
            "{'name': 'm', 'scheduler': 'radical', 'generation': '1.9',"
            "'stations': {'launch': {'service': 0.1}},"
            "'between_sd': {'launch.service': 0.1},"
            "'seen': {'nodes': 3, 'tasks': 3, 'platform': 'ornl.summit', 'launcher': 'jsrun'}}"),
    };
    a.scenario = (struct scenario){ .workflow = a.workflow, .platform = a.platform,
                                    .middleware = a.middleware };
    free(platform);
    return a;
}

static void clear(struct asked *a)
{
    workflow_free(a->workflow);
    platform_free(a->platform);
    middleware_free(a->middleware);
}

static void check(const struct scenario *s, const char *reasons, enum transfer transfer)
{
    struct str text = { 0 };
    CU_ASSERT_EQUAL(extrapolation_add_reasons(&text, s), *reasons != '\0');
    CU_ASSERT_STRING_EQUAL(text.length ? text.text : "", reasons);
    CU_ASSERT_EQUAL(extrapolation_transfer(s), transfer);
    str_clear(&text);
}

static void the_same_machine_at_another_site_is_covered(void)
{
    static const char *const names[] = { "summit", "ornl.summit", "Summit", "ornl.summit_prte" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct asked a = ask(names[i], 3);
        check(&a.scenario, "", TRANSFER_KIND);
        clear(&a);
    }
}

static void each_reason_is_named(void)
{
    struct asked a = ask("lassen", 3);
    check(&a.scenario, "platform lassen, the profile's is ornl.summit", TRANSFER_NEAR);
    /* 1.9 to 1.1x are one generation */
    a.scenario.run = (struct likeness){ "ornl.summit", "1.10", "jsrun", -1, -1, 0 };
    check(&a.scenario, "RADICAL-Pilot 1.10, the profile's is 1.9", TRANSFER_NEAR);
    a.scenario.run = (struct likeness){ "ornl.summit", "1.8", "jsrun", -1, -1, 0 };
    check(&a.scenario, "RADICAL-Pilot 1.8, the profile's is 1.9", TRANSFER_GENERATION);
    /* a run's own name goes first */
    a.scenario.run = (struct likeness){ "ornl.summit", "1.9.2", "jsrun", -1, -1, 0 };
    check(&a.scenario, "", TRANSFER_KIND);
    a.scenario.run = (struct likeness){ "ornl.summit", "1.4.0", "prrte", -1, -1, 0 };
    check(&a.scenario,
          "launcher prrte, the profile's is jsrun; RADICAL-Pilot 1.4.0, the profile's is 1.9",
          TRANSFER_FARTHEST);
    a.scenario.run.version = "1.9.2";
    check(&a.scenario, "launcher prrte, the profile's is jsrun", TRANSFER_LAUNCHER);
    a.scenario.run = (struct likeness){ "summit", "1.9.2", "jsrun", -1, -1, 4 };
    check(&a.scenario, "", TRANSFER_KIND);                   /* a profile of no generator */
    struct middleware m = *a.scenario.middleware;
    m.window_seen = 1;
    a.scenario.middleware = &m;
    check(&a.scenario, "4 tasks at once, the profile saw 1", TRANSFER_NEAR);
    a.scenario.run.window = 1;
    check(&a.scenario, "", TRANSFER_KIND);
    clear(&a);
}

static void ten_times_the_scale_is_the_first_beyond(void)
{
    struct asked a = ask("summit", 29), b = ask("summit", 30);
    check(&a.scenario, "", TRANSFER_KIND);
    check(&b.scenario, "30 nodes, the profile saw 3", TRANSFER_SCALE);
    a.middleware->n_tasks_seen = 2;
    check(&a.scenario, "20 tasks, the profile saw 2", TRANSFER_SCALE);
    clear(&a);
    clear(&b);
}

static void a_profile_without_spread_has_none_to_widen(void)
{
    struct asked a = ask("lassen", 3);
    struct str text = { 0 };
    a.middleware->between_sd[STATION_LAUNCH] = 0;
    check(&a.scenario, "platform lassen, the profile's is ornl.summit", TRANSFER_KIND);
    extrapolation_add(&text, &a.scenario);
    CU_ASSERT_STRING_EQUAL(text.text, "platform lassen, the profile's is ornl.summit; the profile "
                                      "has no spread between sessions to widen");
    str_clear(&text);
    clear(&a);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_same_machine_at_another_site_is_covered),
        UNIT_TEST(each_reason_is_named),
        UNIT_TEST(ten_times_the_scale_is_the_first_beyond),
        UNIT_TEST(a_profile_without_spread_has_none_to_widen),
        { NULL, NULL },
    };
    return unit_run("extrapolation", tests);
}
