/* Decisions in a workflow's file: what is refused, in which words; what is saved; what is expected.
 */
#include "core/decisions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "core/workflow.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

#define A "{'name': 'a', 'tasks': 4, 'duration': 1}"
#define B "{'name': 'b', 'duration': 1, 'after': ['a']}"
#define W(sets, more) "{'name': 'w', 'task_sets': [" sets "]" more "}"
#define LOOP(more) W(A "," B, ", 'loops': [{'name': 'l', 'sets': ['a', 'b']" more "}]")
#define CAMPAIGN(more)                                                                             \
    W("{'name': 'a', 'duration': 1}," B,                                                           \
      ", 'campaigns': [{'name': 'c', 'candidates': 'a', 'learn': 'b'" more "}]")

static void bad_loops_are_refused(void)
{
    given_refused(
        LOOP(""),
        "w.json: loop 'l': can never end; give `stop` something that happens, or `at_most`");
    given_refused(
        LOOP(", 'stop': {'probability': 0}"),
        "w.json: loop 'l': can never end; give `stop` something that happens, or `at_most`");
    given_refused(LOOP(", 'at_least': 5, 'at_most': 3"),
                  "w.json:1: loops[0]: takes at least 5 iterations and at most 3");
    given_refused(LOOP(", 'stop': {'sum': 1}"),
                  "w.json:1: loops[0].stop: `sum` and `reaches` go together: the gain of an "
                  "iteration, and the sum that ends the loop");
    given_refused(LOOP(", 'at_most': 3, 'decided_by': 'c'"),
                  "w.json: loop 'l': is decided by 'c'; expected one of its sets");
    given_refused(W(A "," B, ", 'loops': [{'name': 'l', 'sets': ['a', 'bb'], 'at_most': 2}]"),
                  "w.json: loop 'l': there is no task set 'bb'");
    given_refused(W(A "," B, ", 'loops': [{'name': 'l', 'sets': [], 'at_most': 2}]"),
                  "w.json:1: loops[0].sets: is empty; name the task sets that the loop repeats");
    given_refused(W(A "," B ",{'name': 'c', 'duration': 1, 'after': ['b']}",
                    ", 'loops': [{'name': 'l', "
                    "'sets': ['a', 'c'], 'at_most': 2}]"),
                  "w.json: loop 'l': 'b' comes after one of its sets and before another, so it "
                  "would wait for "
                  "the decision that waits for it");
    given_refused(
        W(A "," B ",{'name': 'c', 'duration': 1}",
          ", 'loops': [{'name': 'l', 'sets': ['a', 'b'], 'at_most': 2}, {'name': 'm', "
          "'sets': ['b', 'c'], 'at_most': 2}]"),
        "w.json: workflow w: loops 'm' and 'l' share some sets; one must lie inside the other");
    given_refused(
        W(A "," B,
          ", 'stages': [['a'], ['b']], 'loops': [{'name': 'l', 'sets': ['a'], 'at_most': 2}]"),
        "w.json: workflow w: has `stages` or `pipelines` beside loops or campaigns, whose sets are "
        "not known beforehand; say "
        "`after` instead");
    given_refused(
        W(A "," B, ", 'iterations': 2, 'loops': [{'name': 'l', 'sets': ['a'], 'at_most': 2}]"),
        "w.json: loop 'l': there is no task set 'a'; a set that `iterations` repeats is not "
        "decided on as a whole");
}

static void bad_numbers_are_refused(void)
{
    given_refused(
        W(A ",{'name': 'b', 'duration': 1, 'tasks': {'per': 'a', 'distribution': 'poisson', "
            "'mean': 2}}",
          ""),
        "w.json: task set 'b': its number of tasks depends on 'a', so it must come after it");
    given_refused(W(A ",{'name': 'b', 'duration': 1, 'after': ['a'], 'tasks': {'per': 'x', "
                      "'distribution': 'poisson', 'mean': 2}}",
                    ""),
                  "w.json: task set 'b': there is no task set 'x'");
    given_refused(W(A ",{'name': 'b', 'duration': 1, 'tasks': {'distribution': 'poisson', 'mean': "
                      "2, 'pre': 'a'}}",
                    ""),
                  "w.json:1: task_sets[1].tasks.pre: unknown field 'pre'; did you mean 'per'?");
    given_refused(
        W(A ",{'name': 'b', 'durations': [1, 2], 'tasks': {'distribution': 'poisson', 'mean': 2}}",
          ""),
        "w.json:1: task_sets[1].durations: has 2 values; the set has 1 tasks, so it needs as many "
        "durations; one `duration` is for any number of tasks (`import --level description` writes "
        "that)");
    given_refused(W(A ",{'name': 'b', 'duration': 1, 'after': [{'set': 'a', 'kind': 'each'}], "
                      "'tasks': {'distribution': 'constant', "
                      "'value': 4}}",
                    ""),
                  "w.json: task set 'b': comes after 'a' task by task, but their numbers are "
                  "decided at run time; kind `each` is for a "
                  "number `per` that set");
    given_refused(W(A ",{'name': 'b', 'duration': 1, 'else': 'a'}", ""),
                  "w.json:1: task_sets[1]: has `else` without `when`");
    given_refused(
        W(A ",{'name': 'b', 'duration': 1, 'when': 0.5, 'else': 'b'}", ""),
        "w.json: task set 'b': `else` names 'b', which must be another set without `when`");
    given_refused(W(A ",{'name': 'b', 'duration': 1, 'when': 1.5}", ""),
                  "w.json:1: task_sets[1].when: must "
                  "be between 0 and 1, is 1.5");
    given_refused(W(A ",{'name': 'b', 'duration': 1, 'after': ['a'], 'cancels': ['a']}", ""),
                  "w.json: task set 'b': cancels 'a', which has ended when it is done");
}

static void bad_campaigns_are_refused(void)
{
    given_refused(
        CAMPAIGN(", 'every': 4"),
        "w.json:1: campaigns[0]: never ends: give a `budget` of candidates, a `time` or `hits`");
    given_refused(CAMPAIGN(", 'budget': 4"),
                  "w.json:1: campaigns[0]: learns after `every` how many results?");
    given_refused(
        CAMPAIGN(", 'every': 4, 'hits': 4"),
        "w.json:1: campaigns[0]: asks for hits, but `hit_probability` is 0, so there are none");
    given_refused(CAMPAIGN(", 'every': 4, 'budget': 4, 'in_flight': 'all'"),
                  "w.json:1: campaigns[0].in_flight: must be a number of candidates, or \"fill\": "
                  "as many as the platform holds");
    given_refused(
        W(A "," B, ", 'campaigns': [{'name': 'c', 'candidates': 'a', 'budget': 9}]"),
        "w.json: campaign 'c': says how many 'a' there are and when, so the set has no tasks, "
        "durations, release or decisions of "
        "its own");
}

static void what_is_written_comes_back(void)
{
    static const char *const texts[] = {
        LOOP(", 'decided_by': 'b', 'stop': {'probability': 0.25, 'after': {'distribution': "
             "'geometric', 'p': "
             "0.5}, 'sum': 0.1, 'reaches': 2,"
             " 'budget': '2h'}, 'at_least': 2, 'at_most': 9, 'decision_time': 1.5"),
        CAMPAIGN(", 'every': 4, 'budget': 40, 'time': 90, 'hits': 3, 'hit_probability': 0.1, "
                 "'hit_gain': 1.5, 'in_flight': 6"),
        W(A ",{'name': 'b', 'duration': 1, 'after': [{'set': 'a', 'kind': 'each'}], 'tasks': "
            "{'per': 'a', 'distribution': 'constant', "
            "'value': 2}, 'when': {'probability': 0.5, 'per': 'task'}, 'else': 'c'},{'name': 'c', "
            "'duration': 1},"
            "{'name': 'd', 'duration': 1, 'after': ['a'], 'tasks': {'share': 0.5, 'of': 'a'}, "
            "'when': 0.25, 'cancels': ['c']},"
            "{'name': 'e', 'duration': 1, 'tasks': {'distribution': 'poisson', 'mean': 7}}",
          ""),
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct workflow *w = given_workflow(texts[i]), *copy = workflow_copy(w);
        cJSON *tree = workflow_to_json(w), *of_copy = workflow_to_json(copy);
        char *text = json_print(tree), *same = json_print(of_copy);
        struct error err = { "" };
        workflow_free(w);
        struct workflow *again = workflow_parse(text, strlen(text), "saved", &err);
        CU_ASSERT_STRING_EQUAL_FATAL(err.text, "");
        cJSON *second = workflow_to_json(again);
        char *second_text = json_print(second);
        CU_ASSERT_STRING_EQUAL(text, second_text);
        CU_ASSERT_STRING_EQUAL(text, same);
        CU_ASSERT(workflow_decides(again));
        CU_ASSERT(workflow_decides(copy));
        cJSON_Delete(tree);
        cJSON_Delete(of_copy);
        cJSON_Delete(second);
        free(text);
        free(same);
        free(second_text);
        workflow_free(copy);
        workflow_free(again);
    }
}

static void loops_are_expected_to_end(void)
{
    struct workflow *w =
        given_workflow(LOOP(", 'stop': {'probability': 0.2}, 'at_least': 2, 'at_most': 20"));
    unit_near(loop_expected(&w->decisions.loops[0]), 1 + (1 - pow(0.8, 19)) / 0.2, 1e-12);
    workflow_free(w);
    w = given_workflow(LOOP(", 'at_least': 2, 'at_most': 20"));
    CU_ASSERT_EQUAL(loop_expected(&w->decisions.loops[0]), 20);
    workflow_free(w);
    w = given_workflow(
        LOOP(", 'stop': {'sum': {'distribution': 'exponential', 'mean': 2}, 'reaches': 9}"));
    /* 1 + Poisson(4.5) */
    unit_near(loop_expected(&w->decisions.loops[0]), 5.5, 1e-12);
    workflow_free(w);
    w = given_workflow(
        W(A ",{'name': 'b', 'duration': 1, 'after': ['a'], 'tasks': {'per': 'a', "
            "'distribution': 'poisson', 'mean': 2.5}},"
            "{'name': 'c', 'duration': 1, 'after': ['b'], 'tasks': {'share': 0.5, 'of': 'b'}}",
          ""));
    unit_must_be(w->sets[1].n_tasks, ==, 10);
    unit_is(w->sets[2].n_tasks, ==, 5);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(bad_loops_are_refused),     UNIT_TEST(bad_numbers_are_refused),
        UNIT_TEST(bad_campaigns_are_refused), UNIT_TEST(what_is_written_comes_back),
        UNIT_TEST(loops_are_expected_to_end), { NULL, NULL },
    };
    return unit_run("decisions", tests);
}
