#include "traces/importer/radical_records.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"
#include "traces/importer/importers.h"

static struct text_slice slice(const char *text)
{
    return (struct text_slice){ text, strlen(text) };
}

static void add(struct radical_records *r, double time_s, const char *event, const char *component,
                const char *uid)
{
    radical_records_add(r, &(struct radical_row){ .time_s = time_s,
                                                  .event = slice(event),
                                                  .component = slice(component),
                                                  .uid = slice(uid),
                                                  .state = slice("AGENT_EXECUTING"),
                                                  .message = slice("") });
}

/* An executor counts once, and only if it launched something. */
static void executors_are_counted_by_what_they_launch(void)
{
    struct radical_records *r = radical_records_new();
    CU_ASSERT_EQUAL(radical_records_totals(r).n_executors, 0);
    add(r, 10.5, "exec_start", "agent_executing.0000", "task.000001");
    add(r, 10.625, "exec_start", "agent_executing.0003", "task.000002");
    add(r, 10.75, "exec_start", "agent_executing.0003", "task.000003");
    add(r, 11, "schedule_ok", "agent_scheduling.0007", "task.000004");
    CU_ASSERT_EQUAL(radical_records_totals(r).n_executors, 2);
    CU_ASSERT_EQUAL(radical_records_count(r), 4);
    radical_records_free(r);
}

static size_t executors_of(const char *const (*launches)[2])
{
    struct radical_records *r = radical_records_new();
    for (int i = 0; launches[i][0]; i++) {
        char uid[32];
        snprintf(uid, sizeof uid, "unit.%06d", i);
        radical_records_begin_file(r, launches[i][0]);
        add(r, 10.5 + i, "exec_start", launches[i][1], uid);
    }
    size_t n = radical_records_totals(r).n_executors;
    radical_records_free(r);
    return n;
}

/* By whole names, however they end; the same component of two sub-agents or pilots is two. */
static void executors_are_told_apart_by_their_whole_names(void)
{
    static const char *const sub_agents[][2] = {
        { "s/pilot.0000/x.prof", "agent_1.executing.0.child" },
        { "s/pilot.0000/y.prof", "agent_2.executing.0.child" },
        { "s/pilot.0000/x.prof", "agent_1.executing.0.child" },
        { NULL, NULL }
    };
    static const char *const instances[][2] = { { "p.prof", "agent_1.executing.0.child" },
                                                { "p.prof", "agent_1.executing.1.child" },
                                                { "p.prof", "agent_2.executing.0.child" },
                                                { NULL, NULL } };
    static const char *const paths[][2] = { { "p.prof", "agent.0/agent_executing.0000" },
                                            { "p.prof", "agent.1/agent_executing.0000" },
                                            { "p.prof", "agent.1/agent_executing.0001" },
                                            { NULL, NULL } };
    static const char *const folders[][2] = {
        { "s/pilot.0000/agent.0/a.prof", "agent_executing.0000" },
        { "s/pilot.0000/agent.1/a.prof", "agent_executing.0000" },
        { "s/pilot.0001/agent.1/a.prof", "agent_executing.0000" },
        { "t.tar/s/pilot.0001/agent.1/a.prof", "agent_executing.0000" },
        { NULL, NULL }
    };
    CU_ASSERT_EQUAL(executors_of(sub_agents), 2);
    CU_ASSERT_EQUAL(executors_of(instances), 3);
    CU_ASSERT_EQUAL(executors_of(paths), 3);
    CU_ASSERT_EQUAL(executors_of(folders), 3);
}

/* A profile that lies in a second folder, too, tells of no second executor. */
static void a_profile_read_twice_is_one_executor(void)
{
    struct radical_records *r = radical_records_new();
    radical_records_begin_file(r, "s/pilot.0000/agent_executing.0000.prof");
    add(r, 10.5, "exec_start", "agent_executing.0000", "task.000001");
    radical_records_begin_file(r, "s/agent_executing.0000.prof");
    add(r, 10.5, "exec_start", "agent_executing.0000", "task.000001");
    CU_ASSERT_EQUAL(radical_records_totals(r).n_executors, 1);
    radical_records_free(r);
}

/* Of a session's files, too: the same component in the folders of two sub-agents launched. */
static void executors_of_sub_agents_are_told_apart_by_folders(void)
{
    static const char head[] = "#time,event,comp,thread,uid,state,msg\n";
    char *folder = scratch_new();
    struct error err = { "" };
    for (int i = 0; i < 2; i++) {
        char *name = str_format("pilot.0000/agent.%d/agent_executing.0000.prof", i);
        char *text = str_format("%s%d.5,exec_start,agent_executing.0000,,task.%06d,,\n"
                                "%d.5,exec_stop,agent_executing.0000,,task.%06d,,\n",
                                head, 1500000000 + i, i, 1500000007 + i, i);
        free(scratch_file(folder, name, text, strlen(text)));
        free(text);
        free(name);
    }
    struct session *s = importer_radical_session.load(folder, &err);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    CU_ASSERT_EQUAL(s->timeline->n, 2);
    CU_ASSERT_EQUAL(s->n_executors, 2);
    session_free(s);
    scratch_free(folder);
}

/* The same record in two files is one; the same event at another time is a conflict, and the first
 * stays. */
static void doubles_are_dropped(void)
{
    struct radical_records *r = radical_records_new();
    add(r, 10.5, "exec_start", "agent_executing.0000", "task.000001");
    add(r, 10.5 + 4e-7, "exec_start", "agent_executing.0000", "task.000001");
    add(r, 12.5, "exec_start", "agent_executing.0000", "task.000001");
    struct radical_totals totals = radical_records_totals(r);
    CU_ASSERT_EQUAL(totals.conflicts, 1);
    const struct radical_entity *e = radical_records_find(r, "task.000001");
    CU_ASSERT_PTR_NOT_NULL_FATAL(e);
    unit_near(e->at[EVENT_LAUNCH_START], 10.5, 1e-9);
    radical_records_free(r);
}

/* Whatever the order in which tasks are recorded, each record finds its own: the time tells whose
 * it is. */
static void records_in_any_order_find_their_tasks(void)
{
    enum { TASKS = 997 };
    /* in order, skipping, all over, backwards: TASKS is prime */
    static const int strides[] = { 1, 2, 331, TASKS - 1 };
    static const char *const events[] = { "schedule_ok", "exec_start", "exec_stop",
                                          "unschedule_stop" };
    struct radical_records *r = radical_records_new();
    char uid[32];
    for (int s = 0; s < 4; s++)
        for (int i = 0; i < TASKS; i++) {
            int task = i * strides[s] % TASKS;
            snprintf(uid, sizeof uid, "task.%d", task);          /* task.1 begins task.10 */
            add(r, 1e9 + task + s / 4.0, events[s], "agent_executing.0000", uid);
        }
    CU_ASSERT_EQUAL(radical_records_count(r), TASKS);
    struct arena times = radical_records_take_times(r);
    for (int task = 0; task < TASKS; task++) {
        snprintf(uid, sizeof uid, "task.%d", task);
        const double *at = radical_records_find(r, uid)->at;
        unit_is(at[EVENT_SCHEDULE_OK], ==, 1e9 + task);
        unit_is(at[EVENT_LAUNCH_START], ==, 1e9 + task + 0.25);
        unit_is(at[EVENT_AGENT_STOP], ==, 1e9 + task + 0.5);
        unit_is(at[EVENT_UNSCHEDULE_STOP], ==, 1e9 + task + 0.75);
        CU_ASSERT(isnan(at[EVENT_CLIENT_DONE]));
    }
    radical_records_free(r);
    arena_clear(&times);
}

/* Rows are made of what was recorded so far, whenever one is asked for; numbers that two names
 * share are two tasks. */
static void what_comes_later_is_found_too(void)
{
    enum { TASKS = 300 };
    static const char *const names[] = { "sim", "training.of.a.longer.name" };
    struct radical_records *r = radical_records_new();
    char uid[64];
    for (int i = 0; i < 2 * TASKS; i++) {
        snprintf(uid, sizeof uid, "%s.%04d", names[i % 2], i / 2);
        add(r, 1e9 + i, "schedule_ok", "agent_scheduling.0000", uid);
        if (i % 100 == 37)
            CU_ASSERT_EQUAL(radical_records_find(r, "sim.0003") != NULL, i >= 6);
    }
    add(r, 2e9 + 0.25, "exec_start", "agent_executing.0000", "sim.0003");
    CU_ASSERT_EQUAL(radical_records_count(r), 2 * TASKS);
    for (int i = 0; i < 2 * TASKS; i++) {
        snprintf(uid, sizeof uid, "%s.%04d", names[i % 2], i / 2);
        const double *at = radical_records_find(r, uid)->at;
        unit_is(at[EVENT_SCHEDULE_OK], ==, 1e9 + i);
        CU_ASSERT_EQUAL(isnan(at[EVENT_LAUNCH_START]), i != 6);
    }
    unit_is(radical_records_find(r, "sim.0003")->at[EVENT_LAUNCH_START], ==, 2e9 + 0.25);
    CU_ASSERT_PTR_NULL(radical_records_find(r, "sim.0300"));
    CU_ASSERT_PTR_NULL(radical_records_find(r, ""));
    radical_records_free(r);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(executors_are_counted_by_what_they_launch),
        UNIT_TEST(executors_are_told_apart_by_their_whole_names),
        UNIT_TEST(a_profile_read_twice_is_one_executor),
        UNIT_TEST(executors_of_sub_agents_are_told_apart_by_folders),
        UNIT_TEST(doubles_are_dropped),
        UNIT_TEST(records_in_any_order_find_their_tasks),
        UNIT_TEST(what_comes_later_is_found_too),
        { NULL, NULL },
    };
    return unit_run("radical_records", tests);
}
