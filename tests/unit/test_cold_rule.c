#include "traces/cold_rule.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "num/rng.h"
#include "tests/support/unit.h"

enum { SESSIONS = 4, TASKS = 200, BULK = 50, NODES = 8 };

struct trial { struct samples sessions[SESSIONS]; struct task_sample tasks[SESSIONS][TASKS]; };

/* Four bulks of 50 (the third of 20 only, and 30 more in a fifth); the first 40 tasks make the
 * first wave; every fifth task has no GPU. */
static void fill(struct trial *t)
{
    struct rng_stream r = rng_stream(17, 0, RNG_TEST, 3);
    memset(t, 0, sizeof *t);
    for (size_t s = 0; s < SESSIONS; s++) {
        t->sessions[s].tasks = t->tasks[s];
        t->sessions[s].n_tasks = TASKS;
        for (size_t i = 0; i < TASKS; i++) {
            struct task_sample *task = &t->tasks[s][i];
            bool small = i >= 2 * BULK && i < 2 * BULK + 20;
            task->bulk = i < 2 * BULK ? (int)(i / BULK) : small ? 2 : i < 3 * BULK ? 3 : 4;
            task->bulk_tasks = small ? 20 : task->bulk == 3 ? 30 : BULK;
            task->first_wave = i < 40;
            task->first_on_node = i >= 60 && i < 60 + NODES;
            task->node_change = i % 7 == 3;
            task->gpu = i % 5 != 0;
            task->startup_s = 0.05 + 0.02 * rng_uniform(&r, s * TASKS + i, 0);
            task->offset_s = 0.06 + 0.03 * rng_uniform(&r, s * TASKS + i, 1);
        }
    }
}

/* The cold tasks of a rule start later, by another amount in each session. */
static void slow_down(struct trial *t, const struct cold_rule_fit *rule)
{
    bool cold[TASKS];
    for (size_t s = 0; s < SESSIONS; s++) {
        cold_rule_apply(rule, &t->sessions[s], cold);
        for (size_t i = 0; i < TASKS; i++)
            t->tasks[s][i].startup_s += cold[i] ? 0.4 + 0.3 * (double)s : 0;
    }
}

static void the_rule_that_slowed_tasks_is_found(void)
{
    static const struct cold_rule_fit rules[] = {
        { .rule = COLD_FIRST_WAVE },
        { .rule = COLD_FIRST_WAVE, .gpu_only = true },
        { .rule = COLD_FIRST_ON_NODE },
        { .rule = COLD_NODE_CHANGE },
        { .rule = COLD_BURST, .burst = BULK, .bulks = 1 },
        { .rule = COLD_BURST, .burst = BULK, .bulks = 2 },
    };
    struct trial *t = malloc(sizeof *t);
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        fill(t);
        slow_down(t, &rules[i]);
        for (size_t n = 1; n <= SESSIONS; n += SESSIONS - 1) { /* of one session, and of four */
            struct cold_rule_fit found = cold_rule_choose(t->sessions, n);
            unit_is(found.rule, ==, rules[i].rule);
            unit_is(found.gpu_only, ==, rules[i].gpu_only);
            unit_is(found.bulks, ==, rules[i].bulks);
            unit_is(found.explained, >, 0.5);
        }
    }
    free(t);
}

static void without_slow_starts_there_is_no_rule(void)
{
    struct trial *t = malloc(sizeof *t);
    fill(t);
    unit_is(cold_rule_choose(t->sessions, SESSIONS).rule, ==, COLD_NEVER);
    unit_is(cold_rule_choose(t->sessions, 1).rule, ==, COLD_NEVER);
    free(t);
}

/* One session's slow wave is no rule when the others' were none: an event of that session. */
static void what_one_session_did_is_no_rule(void)
{
    struct trial *t = malloc(sizeof *t);
    fill(t);
    for (size_t i = 0; i < 40; i++)
        t->tasks[2][i].startup_s += 3;
    unit_is(cold_rule_choose(t->sessions, SESSIONS).rule, ==, COLD_NEVER);
    free(t);
}

/* Of sessions on one node no task changes it: the one on several tells. */
static void the_only_session_with_cold_tasks_tells(void)
{
    struct trial *t = malloc(sizeof *t);
    fill(t);
    for (size_t s = 0; s < SESSIONS; s++)
        for (size_t i = 0; i < TASKS; i++) {
            t->tasks[s][i].node_change &= s == 1;
            t->tasks[s][i].startup_s += t->tasks[s][i].node_change ? 1.3 : 0;
        }
    unit_is(cold_rule_choose(t->sessions, SESSIONS).rule, ==, COLD_NODE_CHANGE);
    free(t);
}

static void faster_starts_are_not_cold(void)
{
    struct trial *t = malloc(sizeof *t);
    fill(t);
    for (size_t s = 0; s < SESSIONS; s++)
        for (size_t i = 0; i < TASKS; i++)
            t->tasks[s][i].startup_s += t->tasks[s][i].first_wave ? 0 : 1;
    unit_is(cold_rule_choose(t->sessions, SESSIONS).rule, !=, COLD_FIRST_WAVE);
    free(t);
}

static void latencies_that_nobody_recorded_are_no_failure(void)
{
    struct trial *t = malloc(sizeof *t);
    fill(t);
    for (size_t i = 0; i < TASKS; i++)
        t->tasks[0][i].startup_s = t->tasks[0][i].offset_s = NAN;
    unit_is(cold_rule_choose(t->sessions, 1).rule, ==, COLD_NEVER);
    unit_is(cold_rule_choose(t->sessions, 0).rule, ==, COLD_NEVER);
    free(t);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_rule_that_slowed_tasks_is_found),
        UNIT_TEST(without_slow_starts_there_is_no_rule),
        UNIT_TEST(what_one_session_did_is_no_rule),
        UNIT_TEST(the_only_session_with_cold_tasks_tells),
        UNIT_TEST(faster_starts_are_not_cold),
        UNIT_TEST(latencies_that_nobody_recorded_are_no_failure),
        { NULL, NULL },
    };
    return unit_run("cold_rule", tests);
}
