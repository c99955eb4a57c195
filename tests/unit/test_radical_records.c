#include "traces/importer/radical_records.h"

#include <string.h>

#include "tests/support/unit.h"

static struct text_slice slice(const char *text)
{
    return (struct text_slice){ text, strlen(text) };
}

static void add(struct radical_records *r, double time_s, const char *event, const char *component, const char *uid)
{
    radical_records_add(r, &(struct radical_row){ .time_s = time_s, .event = slice(event), .component = slice(component),
                                                  .uid = slice(uid), .state = slice("AGENT_EXECUTING"), .message = slice("") });
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

/* The same record in two files is one; the same event at another time is a conflict, and the first stays. */
static void doubles_are_dropped(void)
{
    struct radical_records *r = radical_records_new();
    add(r, 10.5, "exec_start", "agent_executing.0000", "task.000001");
    add(r, 10.5 + 4e-7, "exec_start", "agent_executing.0000", "task.000001");
    add(r, 12.5, "exec_start", "agent_executing.0000", "task.000001");
    struct radical_totals totals = radical_records_totals(r);
    CU_ASSERT_EQUAL(totals.duplicates, 1);
    CU_ASSERT_EQUAL(totals.conflicts, 1);
    const struct radical_entity *e = radical_records_find(r, "task.000001");
    CU_ASSERT_PTR_NOT_NULL_FATAL(e);
    CU_ASSERT_DOUBLE_EQUAL(e->at[EVENT_LAUNCH_START], 10.5, 1e-9);
    radical_records_free(r);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(executors_are_counted_by_what_they_launch), UNIT_TEST(doubles_are_dropped), { NULL, NULL },
    };
    return unit_run("radical_records", tests);
}
