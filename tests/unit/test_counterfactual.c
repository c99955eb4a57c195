#include "validation/counterfactual.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/measured.h"
#include "tests/support/unit.h"

static double sum_of(const struct attribution *a)
{
    double sum = 0;
    for (int p = 0; p < PARTS; p++)
        sum += a->of_s[p];
    return sum;
}

/* Nothing changed: the simulator gives back a session that it made, in every generation, and knows where its time went. */
static void the_placebo_gives_back_what_was_measured(void)
{
    struct middleware *m = measured_profile();
    for (int d = 0; d < MEASURED_DIALECTS; d++)
        for (int kind = MEASURED_STAGED; kind <= MEASURED_BAG; kind++) {
            struct measured run = measured_session((enum measured_kind)kind, (enum session_dialect)d, m, 3);
            struct counterfactual c;
            struct error err = { "" };
            CU_ASSERT_EQUAL_FATAL(counterfactual_run(&c, run.session, m, NULL, &err), 0);
            CU_ASSERT_DOUBLE_EQUAL(c.measured_s, run.makespan_s, 1e-5);
            bool exact = kind == MEASURED_STAGED && d != DIALECT_UNIT;   /* 1.4 hides the start-up, a bag's pool the loop's turns */
            CU_ASSERT_DOUBLE_EQUAL(c.placebo.makespan_s, c.measured_s, exact ? 0.01 : 0.7);
            CU_ASSERT(c.placebo_starts.mean_s < (exact ? 0.01 : 1));
            CU_ASSERT_DOUBLE_EQUAL(sum_of(&c.placebo.attribution), c.placebo.makespan_s, 1e-6);
            counterfactual_clear(&c);
            measured_clear(&run);
        }
    middleware_free(m);
}

/* The launcher's service time is that of the profile, wherever the launcher is recorded apart from the start. */
static void the_launcher_is_recovered(void)
{
    struct middleware *m = measured_profile();
    struct measured run = measured_session(MEASURED_STAGED, DIALECT_TASK, m, 3);
    struct own_stations own;
    struct error err = { "" };
    CU_ASSERT_EQUAL_FATAL(own_stations_init(&own, run.session, m, &err), 0);
    CU_ASSERT_DOUBLE_EQUAL(own.service_s, MEASURED_SERVICE_S, 1e-3);
    own_stations_clear(&own);
    measured_clear(&run);
    middleware_free(m);
}

struct changed { double difference_s, parts_s; };

static struct changed with(const struct measured *run, const struct middleware *m, const char *change)
{
    struct counterfactual c;
    struct error err = { "" };
    int failed = counterfactual_run(&c, run->session, m, change, &err);
    if (failed)
        puts(err.text);
    CU_ASSERT_EQUAL_FATAL(failed, 0);
    struct changed out = { c.changed.makespan_s - c.placebo.makespan_s,
                           sum_of(&c.changed.attribution) - sum_of(&c.placebo.attribution) };
    counterfactual_clear(&c);
    return out;
}

/* Changes whose effect follows from the session: two gaps, launches one after the other, waves. */
static void changes_have_their_known_effect(void)
{
    struct middleware *m = measured_profile();
    struct measured staged = measured_session(MEASURED_STAGED, DIALECT_TASK, m, 3);
    struct measured bag = measured_session(MEASURED_BAG, DIALECT_TASK, m, 3);
    struct changed c = with(&staged, m, "station.launch.service=0.52");
    CU_ASSERT_DOUBLE_EQUAL(c.difference_s, (8 + 24 + 23) * 0.5, 1.2);    /* the first start counts from its own launch; polls of 0.1 s */
    CU_ASSERT_DOUBLE_EQUAL(c.parts_s, c.difference_s, 1e-6);
    c = with(&staged, m, "station.client.next_stage=0");
    CU_ASSERT(c.difference_s < -5 && c.difference_s > -15);              /* twice next_stage, notification and client: 5.2 s on average */
    c = with(&staged, m, "nodes=2");                                      /* 12 GPUs for 24 tasks, twice: */
    CU_ASSERT_DOUBLE_EQUAL(c.difference_s, 130.25 + 57.125, 3);
    c = with(&staged, m, "mode=sequential");                              /* it is a chain */
    CU_ASSERT_DOUBLE_EQUAL(c.difference_s, 0, 1e-9);
    c = with(&bag, m, "nodes=40");                                        /* nothing waits: the longest task and its launch remain */
    CU_ASSERT_DOUBLE_EQUAL(bag.makespan_s + c.difference_s, 31.5, 1.5);
    c = with(&bag, m, "scheduler=fifo");
    CU_ASSERT_DOUBLE_EQUAL(c.parts_s, c.difference_s, 1e-6);
    measured_clear(&staged);
    measured_clear(&bag);
    middleware_free(m);
}

static void what_is_no_change_is_refused(void)
{
    static const char *const wrong[] = { "", "nodes", "nodes=0", "nodes=two", "gpus=-1", "mode=fast", "order=fastest", "scheduler=none",
                                         "pipelines=1,2", "pipelines=", "station.launch=1", "station.launch.service=-1",
                                         "station.launch.servers=0", "colour=blue", "gpus=0" };
    struct middleware *m = measured_profile();
    struct measured run = measured_session(MEASURED_STAGED, DIALECT_TASK, m, 3);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct counterfactual c;
        struct error err = { "" };
        CU_ASSERT_EQUAL(counterfactual_run(&c, run.session, m, wrong[i], &err), -1);
        CU_ASSERT(strlen(err.text) > 10);
    }
    measured_clear(&run);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_placebo_gives_back_what_was_measured), UNIT_TEST(the_launcher_is_recovered),
        UNIT_TEST(changes_have_their_known_effect), UNIT_TEST(what_is_no_change_is_refused), { NULL, NULL },
    };
    return unit_run("counterfactual", tests);
}
