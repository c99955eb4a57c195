#include "validation/executor/task_command.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

static char path_variable[] = "PATH=/nowhere:/bin", home_variable[] = "HOME=/h",
            long_variable[] = "PATHS=x", new_path[] = "PATH=/usr/bin", odd_variable[] = "ODD";

static const char *value_of(char *const *environment, const char *name)
{
    size_t n = strlen(name);
    for (; *environment; environment++)
        if (strncmp(*environment, name, n) == 0 && (*environment)[n] == '=')
            return *environment + n + 1;
    return NULL;
}

static void changes_replace_variables_of_the_same_name(void)
{
    char *base[] = { path_variable, home_variable, long_variable, NULL },
         *changes[] = { new_path, odd_variable, NULL };
    char **merged = environment_merge(base, changes);
    CU_ASSERT_STRING_EQUAL(value_of(merged, "PATH"), "/usr/bin");
    CU_ASSERT_STRING_EQUAL(value_of(merged, "PATHS"), "x");
    CU_ASSERT_STRING_EQUAL(value_of(merged, "HOME"), "/h");
    CU_ASSERT(merged[4] == NULL || merged[5] == NULL);
    free(merged);
}

static struct workflow *workflow(const char *command)
{
    char *text = str_format("{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 9, 'ranks': 2, "
                            "'cores': 2, 'gpus': 1, 'duration': 2.5%s}]}",
                            command);
    struct workflow *w = given_workflow(text);
    free(text);
    return w;
}

/* Task 7, attempt 1, of two ranks on two nodes. */
static struct task_command command_of(const struct workflow *w, bool busy, bool fails)
{
    static const uint16_t slots[] = { 4, 5, 0, 1 }, gpus[] = { 1, 0 };
    const struct executor_part parts[] = {
        { .node = 0, .ranks = 1, .n_slots = 2, .slots = slots, .n_gpus = 1, .gpus = gpus },
        { .node = 1, .ranks = 1, .n_slots = 2, .slots = slots + 2, .n_gpus = 1, .gpus = gpus + 1 }
    };
    struct platform *p = given_platform(
        "{'name': 'p', 'nodes': [{'name': 'n', 'count': 2, 'cores': 8, 'gpus': 2}]}");
    const struct executor_setup setup = { .platform = p, .run_id = "abc",
                                          .task_program = "/x/dagcast-task" };
    const struct executor_task task = { .output = "/run/7.1", .n_parts = 2, .parts = parts,
                                        .ranks = 2, .slots = 2, .gpus = 1,
                                        .duration_s = 2.5, .fails = fails };
    struct task_command c = 
        task_command_of(&(struct attempt_of){ w, 0, 7, 1 }, &setup, busy, &task);
    platform_free(p);
    return c;
}

static void placeholders_are_filled_in(void)
{
    struct workflow *w =
        workflow(", 'command': ['run', '{set}-{task}-{attempt}', "
                 "'{node}:{cores}:{gpus}:{ranks}:{duration}', '{', '{}', '{awk}{task', '}{task}']");
    struct task_command c = command_of(w, false, false);
    static const char *const expected[] = { "run", "a-7-1", "n0,n1:4,5:1:2:2.5", "{", "{}",
                                            "{awk}{task", "}7" };
    for (int i = 0; i < 7; i++)
        CU_ASSERT_STRING_EQUAL(c.argv[i], expected[i]);
    CU_ASSERT_PTR_NULL(c.argv[7]);
    CU_ASSERT_STRING_EQUAL(value_of(c.environment, "DAGCAST_RUN"), "abc");
    CU_ASSERT_STRING_EQUAL(value_of(c.environment, "DAGCAST_TIMES"), "/run/7.1.times");
    CU_ASSERT_STRING_EQUAL(value_of(c.environment, "CUDA_VISIBLE_DEVICES"), "1");
    CU_ASSERT_STRING_EQUAL(value_of(c.environment, "ROCR_VISIBLE_DEVICES"), "1");
    CU_ASSERT_STRING_EQUAL(value_of(c.environment, "OMP_NUM_THREADS"), "2");
    CU_ASSERT_STRING_EQUAL(value_of(c.environment, "DAGCAST_NODES"), "n0,n1");
    task_command_clear(&c);
    workflow_free(w);
}

static void without_a_command_it_is_the_synthetic_task(void)
{
    struct workflow *w = workflow("");
    struct task_command sleeps = command_of(w, false, false), fails = command_of(w, true, true);
    CU_ASSERT_STRING_EQUAL(sleeps.argv[0], "/x/dagcast-task");
    CU_ASSERT_STRING_EQUAL(sleeps.argv[1], "sleep");
    CU_ASSERT_STRING_EQUAL(sleeps.argv[2], "2.500000");
    CU_ASSERT_PTR_NULL(sleeps.argv[3]);
    CU_ASSERT_STRING_EQUAL(fails.argv[1], "busy");
    CU_ASSERT_STRING_EQUAL(fails.argv[3], "4");
    CU_ASSERT_STRING_EQUAL(fails.argv[4], "1");
    CU_ASSERT_PTR_NULL(fails.argv[5]);
    task_command_clear(&sleeps);
    task_command_clear(&fails);
    workflow_free(w);
}

static void programs_are_looked_for_before_anything_runs(void)
{
    static const struct { const char *command, *why;
    } cases[] = {
        { ", 'command': ['sh']", NULL },
        { ", 'command': ['/bin/sh']", NULL },
        { ", 'command': ['{node}/x']", NULL },
        { "", NULL },
        { ", 'command': ['no-such']",
          "task set 'a': cannot run 'no-such': No such file or directory in PATH" },
        { ", 'command': ['/no/such']",
          "task set 'a': cannot run '/no/such': No such file or directory" },
        { ", 'command': ['/etc']", "task set 'a': cannot run '/etc': Is a directory" },
    };
    char *environment[] = { path_variable, NULL };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct workflow *w = workflow(cases[i].command);
        struct error err = { "" };
        unit_is(task_command_check(w, environment, &err), ==, cases[i].why ? -1 : 0);
        CU_ASSERT_STRING_EQUAL(err.text, cases[i].why ? cases[i].why : "");
        workflow_free(w);
    }
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(changes_replace_variables_of_the_same_name),
                                              UNIT_TEST(placeholders_are_filled_in),
                                              UNIT_TEST(without_a_command_it_is_the_synthetic_task),
                                              UNIT_TEST(
                                                  programs_are_looked_for_before_anything_runs),
                                              { NULL, NULL } };
    return unit_run("task_command", tests);
}
