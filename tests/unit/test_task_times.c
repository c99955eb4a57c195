/* The record that a task leaves of itself, with and without steps. Oracle: by hand. */
#include "validation/executor/task_times.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/scratch.h"
#include "tests/support/unit.h"

static char *write_file(const char *folder, const char *name, const char *text)
{
    return scratch_file(folder, name, text, strlen(text));
}

static void starts_stops_and_steps_are_read(void)
{
    struct task_times t;
    double step_s[4];
    char *folder = scratch_new();
    char *path = write_file(folder, "a", "started 1000.5 20.25\nstopped 1003.5 23.25 3\n");
    CU_ASSERT(task_times_load(path, &t));
    unit_near(t.started_monotonic_s, 20.25, 0);
    unit_near(t.stopped_monotonic_s, 23.25, 0);
    CU_ASSERT_EQUAL(t.status, 3);
    CU_ASSERT_EQUAL(task_times_steps(path, step_s, 4), 0);
    free(path);
    path = write_file(folder, "b", "started 1000.5 20.25\nstep 1001 20.75\nstep 1002 21.75\n"
                                   "stopped 1003.5 23.25 0\n");
    CU_ASSERT(task_times_load(path, &t));
    unit_near(t.stopped_real_s, 1003.5, 0);
    CU_ASSERT_EQUAL(t.status, 0);
    CU_ASSERT_EQUAL(task_times_steps(path, step_s, 4), 2);
    unit_near(step_s[0], 0.5, 1e-12);
    unit_near(step_s[1], 1.5, 1e-12);
    CU_ASSERT_EQUAL(task_times_steps(path, step_s, 1), 1);
    free(path);
    path = write_file(folder, "c", "started 1000.5 20.25\nstep 1001 20.75\n");  /* killed */
    CU_ASSERT(task_times_load(path, &t));
    CU_ASSERT(isnan(t.stopped_real_s));
    CU_ASSERT_EQUAL(t.status, -1);
    scratch_free(folder);
    CU_ASSERT_FALSE(task_times_load(path, &t));
    CU_ASSERT_EQUAL(task_times_steps(path, step_s, 4), 0);
    free(path);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(starts_stops_and_steps_are_read),
        { NULL, NULL },
    };
    return unit_run("task_times", tests);
}
