/* What overtakes is looked for only every so many seconds: between looks only the head starts. */
#include <math.h>
#include <stdlib.h>

#include "scheduling/overtake.h"
#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/ran.h"
#include "tests/support/unit.h"

/* `a` holds a node; `b` waits for both; `c` fits beside. */
static const char late_and_short[] =
    "{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 100}, "
    "{'name': 'b', 'cores': 4, 'ranks': 2, 'duration': 10},"
    "{'name': 'c', 'cores': 4, 'duration': 10, 'release': 5}]}";
static const char two_nodes[] = "{'nodes': [{'count': 2, 'cores': 4}]}";

/* Sets of one task each: when each starts. */
static struct replica starts(const char *work, const char *machine,
                             struct scheduler_options options, double *start_s)
{
    struct ran r = ran_texts(&(struct ran_scenario){
        .workflow = work, .platform = machine, .mode = MODE_ASYNCHRONOUS, .scheduler = options });
    ran_starts(&r, start_s);
    ran_clear(&r);
    return r.out;
}

static struct scheduler_options every(const char *overtake, double s)
{
    return (struct scheduler_options){ .overtake = overtake, .overtake_every = { true, s } };
}

static void slurm_looks_every_30_s(void)
{
    double start_s[3];
    starts(late_and_short, two_nodes, (struct scheduler_options){ .scheduler = "slurm" }, start_s);
    unit_near(start_s[0], 0, 0);
    unit_near(start_s[1], 100, 0);
    unit_near(start_s[2], 30, 0);
    const struct scheduler_options at_each_change = { .scheduler = "slurm",
                                                      .overtake_every = { true, 0 } };
    starts(late_and_short, two_nodes, at_each_change, start_s);
    unit_near(start_s[1], 100, 0);
    unit_near(start_s[2], 5, 0);
}

static void each_rule_waits_for_the_look(void)
{
    static const char *const rules[] = { "backfill", "easy", "conservative" };
    static const double every_s[] = { 0, 0.1, 4, 5, 7, 30, 60 }, at_s[] = { 5, 5, 8, 5, 7, 30, 60 };
    double start_s[3];
    for (size_t r = 0; r < sizeof rules / sizeof *rules; r++)
        for (size_t i = 0; i < sizeof every_s / sizeof *every_s; i++) {
            starts(late_and_short, two_nodes, every(rules[r], every_s[i]), start_s);
            unit_near(start_s[2], at_s[i], 1e-9);
            unit_near(start_s[1], 100, 0);
        }
    starts(late_and_short, two_nodes, every("none", 30), start_s);
    unit_near(start_s[2], 110, 0);
}

/* At 90 s `c` would delay `b`: it waits for it. */
static void a_look_may_come_too_late(void)
{
    double start_s[3];
    starts(late_and_short, two_nodes, every("conservative", 95), start_s);
    unit_near(start_s[1], 100, 0);
    unit_near(start_s[2], 110, 0);
    starts(late_and_short, two_nodes, every("backfill", 95), start_s);
    unit_near(start_s[2], 95, 0);
    unit_near(start_s[1], 105, 0);
}

/* The head needs no look, nor does whoever is the next head. */
static void the_head_starts_at_once(void)
{
    double start_s[3];
    struct replica out =
        starts("{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 3, 'release': 1},"
               "{'name': 'b', 'cores': 8, 'ranks': 1, 'duration': 2, 'release': 2},"
               "{'name': 'c', 'cores': 2, 'duration': 1, 'release': 3}]}",
               "{'nodes': [{'cores': 8}]}", every("easy", 1000), start_s);
    unit_near(start_s[0], 1, 0);
    unit_near(start_s[1], 4, 0);
    unit_near(start_s[2], 6, 0);
    unit_near(out.makespan_s, 6, 0);              /* from the first start */
}

/* Looks at which nothing can change are left out: 10^15 of them would take months. */
static void looks_in_vain_cost_nothing(void)
{
    double start_s[2];
    struct replica out = starts("{'task_sets': [{'name': 'a', 'tasks': 2, 'cores': 8,"
                                "'duration': 1e6}]}",
                                "{'nodes': [{'cores': 9}]}", every("easy", 1e-9), start_s);
    unit_near(start_s[1], 1e6, 0);
    unit_near(out.makespan_s, 2e6, 0);
}

static struct scheduler_options chosen(struct scheduler_options top, struct scheduler_options under,
                                       char *own, int status)
{
    struct middleware m = { .scheduler = own };
    struct scheduler_options said = scheduler_options_over(&top, &under), out = { 0 };
    struct error err = { "" };
    CU_ASSERT_EQUAL(scheduler_options_choose(&said, &m, &out, &err), status);
    return out;
}

/* It goes with the rule: who says one says it without seconds. */
static void seconds_go_with_their_rule(void)
{
    const struct scheduler_options none = { 0 }, slurm = { .scheduler = "slurm" },
                                   easy = { .overtake = "easy" }, largest = { .order = "largest" },
                                   seconds = { .overtake_every = { true, 7 } },
                                   zero = { .overtake_every = { true, 0 } };
    char own[] = "slurm", radical[] = "radical";
    unit_near(chosen(none, none, NULL, 0).overtake_every.s, 0, 0);
    unit_near(chosen(slurm, none, NULL, 0).overtake_every.s, 30, 0);
    unit_near(chosen(none, slurm, NULL, 0).overtake_every.s, 30, 0);
    unit_near(chosen(none, none, own, 0).overtake_every.s, 30, 0);
    unit_near(chosen(largest, none, own, 0).overtake_every.s, 30, 0);
    unit_near(chosen(easy, slurm, NULL, 0).overtake_every.s, 0, 0);
    unit_near(chosen(easy, none, own, 0).overtake_every.s, 0, 0);
    unit_near(chosen(easy, seconds, NULL, 0).overtake_every.s, 0, 0);
    unit_near(chosen(seconds, slurm, NULL, 0).overtake_every.s, 7, 0);
    CU_ASSERT_STRING_EQUAL(chosen(seconds, slurm, NULL, 0).overtake, "conservative");
    unit_near(chosen(zero, none, own, 0).overtake_every.s, 0, 0);
    unit_near(chosen(seconds, easy, NULL, 0).overtake_every.s, 7, 0);
    chosen(seconds, none, radical, -1);
    chosen(zero, none, radical, 0);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(slurm_looks_every_30_s),
        UNIT_TEST(each_rule_waits_for_the_look),
        UNIT_TEST(a_look_may_come_too_late),
        UNIT_TEST(the_head_starts_at_once),
        UNIT_TEST(looks_in_vain_cost_nothing),
        UNIT_TEST(seconds_go_with_their_rule),
        { NULL, NULL },
    };
    return unit_run("overtake_every", tests);
}
