#include "core/workflow_json_impl.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/unit.h"

/* Reads a set of its own; NULL and the sentence in `err` if it is refused. */
static struct workflow *read_set(const char *text, struct error *err)
{
    char *named = str_format("{\"name\": \"s\", %s", text + 1);
    struct json_document *doc = json_parse(named, strlen(named), "s", err);
    free(named);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct json root = json_root(doc);
    struct workflow *w = workflow_new("w", 1);
    if (workflow_read_set(&root, &w->sets[0], err) != 0) {
        workflow_free(w);
        w = NULL;
    }
    json_free(doc);
    return w;
}

static struct workflow *accept(const char *text)
{
    struct error err = { "" };
    struct workflow *w = read_set(text, &err);
    if (!w)
        printf("%s\n", err.text);
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    return w;
}

static void refuse(const char *text, const char *sentence)
{
    struct error err = { "" };
    struct workflow *w = read_set(text, &err);
    if (strcmp(err.text, sentence) != 0)
        printf("got: %s\n", err.text);
    CU_ASSERT_PTR_NULL(w);
    CU_ASSERT_STRING_EQUAL(err.text, sentence);
    workflow_free(w);
}

static void defaults(void)
{
    struct workflow *w = accept("{\"duration\": 2.385}");
    const struct task_set *s = &w->sets[0];
    const struct demand one_core = { .ranks = 1, .cores = 1 };
    CU_ASSERT(demand_equal(&s->traits->demand, &one_core));
    unit_is(s->n_tasks, ==, 1);
    unit_is(s->traits->retries, ==, 0);
    unit_is(s->priority, ==, 0);
    unit_is(s->traits->n_command, ==, 0);
    unit_is(s->traits->failure_probability, ==, 0);
    unit_is(s->traits->set_sd, ==, 0);
    unit_is(s->traits->timeout_s, ==, 0);
    unit_is(s->release.kind, ==, RELEASE_NONE);
    workflow_free(w);
}

static void demands(void)
{
    struct workflow *w = accept("{\"duration\": 1, \"ranks\": 4, \"threads\": 7, \"gpus\": 2, "
                                "\"memory_mib\": 512, \"one_node\": true}");
    const struct demand all = { .ranks = 4, .threads = 7, .gpus = 2, .memory_mib = 512,
                                .one_node = true };
    CU_ASSERT(demand_equal(&w->sets[0].traits->demand, &all));
    workflow_free(w);
    w = accept("{\"duration\": 1, \"gpus\": 0.333333}");
    const struct demand share = { .ranks = 1, .cores = 1, .gpu_share = 333333 };
    CU_ASSERT(demand_equal(&w->sets[0].traits->demand, &share));
    workflow_free(w);
    w = accept("{\"duration\": 1, \"cores\": 0, \"gpus\": 1}");
    const struct demand gpu_only = { .ranks = 1, .gpus = 1 };
    CU_ASSERT(demand_equal(&w->sets[0].traits->demand, &gpu_only));
    workflow_free(w);
}

static void refused_demands(void)
{
    refuse("{\"duration\": 1, \"cores\": 2, \"threads\": 2}",
           "s:1: has both cores and threads; `cores` counts cores, `threads` counts hardware "
           "threads: give one");
    refuse("{\"duration\": 1, \"cores\": 0}",
           "s:1: asks for no core, no thread and no GPU; give it at least one");
    refuse("{\"duration\": 1, \"gpus\": 1.5}",
           "s:1: gpus: must be a whole number, or a share below 1; is 1.5");
    refuse("{\"duration\": 1, \"gpus\": 1e-9}",
           "s:1: gpus: a share of a GPU is counted in millionths; got 1e-09");
    refuse("{\"duration\": 1, \"cores\": -1}", "s:1: cores: must be between 0 and 100000, is -1");
    refuse("{\"duration\": 1, \"tasks\": 2.5}",
           "s:1: tasks: must be an integer, is the number 2.5");
    refuse("{\"duration\": 1, \"tasks\": \"many\"}",
           "s:1: tasks: must be integer, 1 to 1e9, or an object that says how many "
           "are decided on, is the string \"many\"");
}

static void durations(void)
{
    struct workflow *w = accept("{\"durations\": [2.5, 0, 7.25]}");
    CU_ASSERT_EQUAL_FATAL(w->sets[0].n_tasks, 3);
    unit_is(w->sets[0].durations[0], ==, 2.5);
    unit_is(w->sets[0].durations[1], ==, 0);
    unit_is(w->sets[0].durations[2], ==, 7.25);
    workflow_free(w);
    refuse("{\"tasks\": 2, \"durations\": [2.5]}",
           "s:1: durations: has 1 values; the set has 2 tasks, so it needs as many durations; "
           "one `duration` is for any number of tasks (`import --level description` writes that)");
    refuse("{\"durations\": [2.5, -1]}", "s:1: durations[1]: must be between 0 and 1e+15, is -1");
    refuse("{\"durations\": [2.5], \"duration\": 1}",
           "s:1: has both duration and durations; give one distribution, or a value a task");
    refuse("{\"tasks\": 2}", "s:1: needs a duration: a number of seconds, a distribution, or "
                             "`durations` with a value a task");
}

static void releases(void)
{
    struct workflow *w = accept("{\"duration\": 1, \"release\": 2.5}");
    unit_is(w->sets[0].release.kind, ==, RELEASE_TIME);
    unit_is(w->sets[0].release.time_s, ==, 2.5);
    workflow_free(w);
    w = accept("{\"duration\": 1, \"tasks\": 2, \"release\": [7.5, 2.5]}");
    unit_is(w->sets[0].release.kind, ==, RELEASE_LIST);
    unit_is(w->sets[0].release.list_s[0], ==, 7.5);
    unit_is(w->sets[0].release.list_s[1], ==, 2.5);
    workflow_free(w);
    w = accept("{\"duration\": 1, \"release\": {\"gaps\": {\"distribution\": \"exponential\", "
               "\"mean\": 2.5}}}");
    unit_is(w->sets[0].release.kind, ==, RELEASE_GAPS);
    unit_alike(dist_mean(w->sets[0].release.gap), 2.5, 1e-12);
    workflow_free(w);
    refuse("{\"duration\": 1, \"tasks\": 3, \"release\": [7.5]}",
           "s:1: release: has 1 values; the set has 3 tasks, so it needs as many release times");
    refuse("{\"duration\": 1, \"release\": {}}",
           "s:1: release: must be a time, a list of times, or {\"gaps\": distribution}");
}

static void the_rest(void)
{
    struct workflow *w = accept("{\"duration\": 1, \"retries\": 3, \"failure_probability\": 0.25, "
                                "\"priority\": -7, \"set_sd\": 0.03, "
                                "\"timeout\": 90.5, \"command\": [\"sleep\", \"1\", \"\"]}");
    const struct task_set *s = &w->sets[0];
    unit_is(s->traits->retries, ==, 3);
    unit_is(s->traits->failure_probability, ==, 0.25);
    unit_is(s->priority, ==, -7);
    unit_is(s->traits->set_sd, ==, 0.03);
    unit_is(s->traits->timeout_s, ==, 90.5);
    CU_ASSERT_EQUAL_FATAL(s->traits->n_command, 3);
    CU_ASSERT_STRING_EQUAL(s->traits->command[0], "sleep");
    CU_ASSERT_STRING_EQUAL(s->traits->command[2], "");
    workflow_free(w);
    refuse("{\"duration\": 1, \"failure_probability\": 1.5}",
           "s:1: failure_probability: must be between 0 and 1, is 1.5");
    refuse("{\"duration\": 1, \"command\": [7]}",
           "s:1: command[0]: must be a string, is the number 7");
    refuse("{\"duration\": 1, \"command\": []}",
           "s:1: command: is empty; give the program and its arguments, or leave it out");
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(defaults),  UNIT_TEST(demands),  UNIT_TEST(refused_demands),
        UNIT_TEST(durations), UNIT_TEST(releases), UNIT_TEST(the_rest),
        { NULL, NULL }
    };
    return unit_run("workflow_json_set", tests);
}
