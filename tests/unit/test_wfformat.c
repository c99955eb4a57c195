/* WfFormat of all versions to sessions. Oracles: the edges of the file, counted by hand; random
 * graphs expanded again. */
#include "traces/importer/wfformat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/xalloc.h"
#include "tests/support/given.h"
#include "tests/support/imported.h"
#include "tests/support/unit.h"
#include "traces/session_workflow.h"

/* 'x' stands for "x". */
static struct session *session_of(const char *text, struct error *err)
{
    char *json = xstrdup(text);
    for (char *c = json; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    struct json_document *doc = json_parse(json, strlen(json), "x.json", err);
    struct session *s = doc ? wfformat_session(doc, "x.json", err) : NULL;
    free(json);
    return s;
}

static struct session *given(const char *text)
{
    struct error err = { "" };
    struct session *s = session_of(text, &err);
    if (!s)
        CU_FAIL_FATAL(err.text);
    return s;
}

static void refused(const char *text, const char *why)
{
    struct error err = { "" };
    CU_ASSERT_PTR_NULL(session_of(text, &err));
    if (!strstr(err.text, why))
        CU_FAIL(err.text);
    unit_has(err.text, why);
}

/* a1, a2 -> b3 -> c4; the same in the old layout and in the new. */
static const char old_layout[] =
    "{'name': 'w', 'schemaVersion': '1.3', 'workflow': {'makespan': 70.5, "
    "'machines': [{'nodeName': 'm', 'memory': 2097152, "
    "'cpu': {'count': 8}}],'tasks': [{'name': 'a_ID01', 'id': 'ID01', 'parents': [], "
    "'runtime': 2.5, "
    "'cores': 2, 'machine': 'm'},"
    "{'name': 'a_ID02', 'id': 'ID02', 'parents': [], 'children': ['b_ID03'], 'runtime': 3.5, "
    "'cores': 2},"
    "{'name': 'b_ID03', 'id': 'ID03', 'category': 'merge', 'parents': ['a_ID01', 'a_ID02'], "
    "'runtimeInSeconds': 7.25},"
    "{'name': 'a_ID04', 'id': 'ID04', 'parents': ['ID03'], 'runtime': 4, 'cores': 2}]}}";

static const char new_layout[] =
    "{'name': 'w', 'schemaVersion': '1.6', 'workflow': {'specification': {'tasks': ["
    "{'name': 'a_ID01', 'id': '1', 'parents': [], 'children': ['3']}, {'name': 'a_ID02', "
    "'id': '2', 'parents': [], 'children': ['3']},"
    "{'name': 'merge', 'id': '3', 'parents': ['1', '2'], 'children': ['4']}, {'name': 'a_ID04', "
    "'id': '4', 'parents': ['3'], "
    "'children': []}],'files': [{'id': 'f', 'sizeInBytes': 1}]},"
    "'execution': {'makespanInSeconds': 70.5, 'executedAt': '2024-01-01', "
    "'machines': [{'nodeName': 'm', 'memoryInBytes': 2097152000, "
    "'cpu': {'coreCount': 8}}],'tasks': [{'id': '4', 'runtimeInSeconds': 4, 'coreCount': 2}, "
    "{'id': '3', 'runtimeInSeconds': 7.25},"
    "{'id': '1', 'runtimeInSeconds': 2.5, 'coreCount': 1.5, 'machines': ['m']}, {'id': '2', "
    "'runtimeInSeconds': 3.5, 'coreCount': 2}]}}}";

static void check_both(const struct session *s)
{
    const struct workflow *w = s->workflow;
    unit_must_be(w->n_sets, ==, 3);
    unit_must_be(w->n_tasks, ==, 4);
    CU_ASSERT_STRING_EQUAL(w->sets[0].name, "a.level0");
    CU_ASSERT_STRING_EQUAL(w->sets[1].name, "merge");
    CU_ASSERT_STRING_EQUAL(w->sets[2].name, "a.level2");
    unit_must_be(w->sets[0].n_tasks, ==, 2);
    unit_is(w->sets[0].durations[0], ==, 2.5);
    unit_is(w->sets[0].durations[1], ==, 3.5);
    unit_is(w->sets[0].traits->demand.cores, ==, 2);
    unit_is(w->sets[1].traits->demand.cores, ==, 1);
    unit_is(dist_mean(w->sets[1].duration), ==, 7.25);
    unit_must_be(w->sets[1].n_dependencies, ==, 1);
    unit_is(w->sets[1].dependencies[0].kind, ==, DEPENDENCY_ALL);
    unit_must_be(w->sets[2].n_dependencies, ==, 1);
    unit_is(w->sets[2].dependencies[0].parent, ==, 1);
    unit_is(s->recorded_makespan_s, ==, 70.5);
    unit_is(session_critical_path_s(s), ==, 3.5 + 7.25 + 4);
    unit_must_be(s->platform->n_nodes, ==, 1);
    unit_must_be(s->platform->shapes[0].n_slots, ==, 8);
    unit_is(s->platform->shapes[0].memory_mib, ==, 2000);
    CU_ASSERT_STRING_EQUAL(s->platform->node_names[0], "m");
    CU_ASSERT_EQUAL(noted(s, "named machine"), 1);
}

static void both_layouts_say_the_same(void)
{
    struct session *s = given(old_layout);
    check_both(s);
    CU_ASSERT_EQUAL(noted(s, "by the parent or by the child only"), 2);
    session_free(s);
    s = given(new_layout);
    check_both(s);
    CU_ASSERT_EQUAL(noted(s, "parts of cores"), 1);
    CU_ASSERT_EQUAL(noted(s, "transfers"), 1);
    CU_ASSERT_EQUAL(noted(s, "only"), 0);
    session_free(s);
}

enum { N = 24 };

/* A file of N tasks whose edges are a function of the number; edge[a][b]: from a to b. */
static struct session *random_graph(uint64_t number, bool edge[N][N])
{
    struct str text = { 0 };
    struct error err = { "" };
    str_add(&text, "{\"name\": \"r\", \"schemaVersion\": \"1.5\", \"workflow\": "
                   "{\"specification\": {\"tasks\": [");
    for (uint32_t i = 0; i < N; i++) {
        str_addf(&text, "%s{\"name\": \"c%d\", \"id\": \"%u\", \"parents\": [", i ? ", " : "",
                 given_choice(number, i, 0, 2), i);
        for (uint32_t k = 0, first = 1; k < i; k++) {
            edge[k][i] = given_choice(number, 1000 + i * N + k, 0, 5) == 0;
            if (edge[k][i])
                str_addf(&text, "%s\"%u\"", first ? "" : ", ", k);
            first = first && !edge[k][i];
        }
        str_add(&text, "]}");
    }
    str_add(&text, "]}}}");
    struct json_document *doc = json_parse(text.text, text.length, "r", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct session *s = wfformat_session(doc, "r", &err);
    if (!s)
        CU_FAIL_FATAL(err.text);
    str_clear(&text);
    return s;
}

static bool depends(const struct dependency *d, uint32_t a, uint32_t b, uint32_t n_parents,
                    uint32_t n_children)
{
    switch (d->kind) {
    case DEPENDENCY_ALL: return true;
    case DEPENDENCY_EACH: return a == b;
    case DEPENDENCY_BLOCK:
        return n_parents > n_children ? a / (n_parents / n_children) == b
                                      : b / (n_children / n_parents) == a;
    case DEPENDENCY_EDGES: break;
    }
    for (size_t e = 0; e < d->n_edges; e++)
        if (d->edges[2 * e] == a && d->edges[2 * e + 1] == b)
            return true;
    return false;
}

/* The edges of the workflow's sets, expanded, are as many as the file's, and each path that they
 * forbid, the file forbids: levels of tasks by the file are levels of sets or lower. */
static void every_edge_of_a_random_graph_is_kept(void)
{
    for (uint64_t number = 0; number < 60; number++) {
        bool edge[N][N] = { { false } };
        struct session *s = random_graph(number, edge);
        size_t in_file = 0, in_workflow = 0;
        for (size_t i = 0; i < N; i++)
            for (size_t k = 0; k < N; k++)
                in_file += edge[i][k];
        const struct workflow *w = s->workflow;
        for (size_t k = 0; k < w->n_sets; k++) {
            for (size_t d = 0; d < w->sets[k].n_dependencies; d++) {
                const struct dependency *dependency = &w->sets[k].dependencies[d];
                uint32_t parents = w->sets[dependency->parent].n_tasks,
                         children = w->sets[k].n_tasks;
                for (uint32_t a = 0; a < parents; a++)
                    for (uint32_t b = 0; b < children; b++)
                        in_workflow += depends(dependency, a, b, parents, children);
            }
        }
        CU_ASSERT_EQUAL(w->n_tasks, N);
        CU_ASSERT_EQUAL(in_file, in_workflow);
        session_free(s);
    }
}

/* Edges that are just those of a kind become that kind. */
static void kinds_are_recognised(void)
{
    struct session *s = given("{'schemaVersion': '1.5', 'workflow': {'specification': {'tasks': ["
                              "{'name': 'a', 'id': 'a0'}, {'name': 'a', 'id': 'a1'}, {'name': 'b', "
                              "'id': 'b0', 'parents': ['a0']},"
                              "{'name': 'b', 'id': 'b1', 'parents': ['a1']}, {'name': 'c', "
                              "'id': 'c0', 'parents': ['b0']},"
                              "{'name': 'c', 'id': 'c1', 'parents': ['b0']}, {'name': 'c', "
                              "'id': 'c2', 'parents': ['b1']},"
                              "{'name': 'c', 'id': 'c3', 'parents': ['b1']}, {'name': 'd', "
                              "'id': 'd0', 'parents': ['c0', 'c1', 'c2', 'c3']},"
                              "{'name': 'd', 'id': 'd1', 'parents': ['c0', 'c1', 'c2', 'c3']}, "
                              "{'name': 'e', 'id': 'e0', 'parents': ['d1']},"
                              "{'name': 'e', 'id': 'e1', 'parents': ['d0']}]}}}");
    const enum dependency_kind kinds[] = { DEPENDENCY_EACH, DEPENDENCY_BLOCK, DEPENDENCY_ALL,
                                           DEPENDENCY_EDGES };
    unit_must_be(s->workflow->n_sets, ==, 5);
    for (size_t k = 0; k < 4; k++)
        CU_ASSERT_EQUAL(s->workflow->sets[k + 1].dependencies[0].kind, kinds[k]);
    CU_ASSERT_EQUAL(noted(s, "no execution"), 12);
    CU_ASSERT(isnan(s->recorded_makespan_s));
    session_free(s);
}

static void commands_with_keys_in_any_order_are_the_same(void)
{
    struct session *s =
        given("{'schemaVersion': '1.3', 'workflow': {'tasks': ["
              "{'name': 'x_1', 'runtime': 1, 'command': {'program': 'p', 'arguments': ['-v']}},"
              "{'name': 'x_2', 'runtime': 1, 'command': {'arguments': ['-v'], 'program': 'p'}},"
              "{'name': 'y_1', 'runtime': 1, 'command': {'program': 'p', 'arguments': ['-v']}},"
              "{'name': 'y_2', 'runtime': 1, 'command': {'arguments': ['-w'], 'program': 'p'}}"
              "]}}");
    unit_must_be(s->workflow->n_sets, ==, 2);
    unit_is(s->workflow->sets[0].traits->n_command, ==, 2);
    unit_is(s->workflow->sets[1].traits->n_command, ==, 0);
    session_free(s);
}

static void our_own_field_says_the_rest_of_a_demand(void)
{
    struct session *s =
        given("{'schemaVersion': '1.5', 'workflow': {'specification': "
              "{'tasks': [{'name': 'x', 'id': 'x0'}, {'name': 'x', 'id': 'x1'},"
              "{'name': 'y', 'id': 'y'}]}, 'execution': {'tasks': ["
              "{'id': 'x0', 'runtimeInSeconds': 3.5, 'coreCount': 8, "
              "'priority': 7, 'dagcast': {'ranks': 4, 'gpus': 0.25, 'memory_mib': 512}},"
              "{'id': 'x1', 'runtimeInSeconds': 3.5, 'coreCount': 8},"
              "{'id': 'y', 'runtimeInSeconds': 3.5, 'command': {'program': 'p', "
              "'arguments': ['-v']}, 'dagcast': {'set': 's_1', 'threads': 6}}],"
              "'machines': [{'nodeName': 'm', 'cpu': {'coreCount': 10}, "
              "'dagcast': {'gpus': 3, 'threads_per_core': 2}}]}}}");
    const struct task_set *x = &s->workflow->sets[0], *y = &s->workflow->sets[2];
    unit_must_be(s->workflow->n_sets, ==, 3);
    unit_is(x->traits->demand.ranks, ==, 4);
    unit_is(x->traits->demand.cores, ==, 2);
    unit_is(x->traits->demand.gpu_share, ==, 250000);
    unit_is(x->traits->demand.memory_mib, ==, 512);
    unit_is(x->priority, ==, 7);
    unit_is(s->workflow->sets[1].traits->demand.ranks, ==, 1);
    unit_is(s->workflow->sets[1].traits->demand.cores, ==, 8);
    CU_ASSERT_STRING_EQUAL(y->name, "s_1");
    unit_is(y->traits->demand.threads, ==, 6);
    unit_is(y->traits->demand.cores, ==, 0);
    unit_must_be(y->traits->n_command, ==, 2);
    CU_ASSERT_STRING_EQUAL(y->traits->command[0], "p");
    CU_ASSERT_STRING_EQUAL(y->traits->command[1], "-v");
    unit_is(s->platform->slot_kind, ==, SLOT_THREAD);
    unit_must_be(s->platform->shapes[0].n_slots, ==, 20);
    unit_is(s->platform->shapes[0].n_gpus, ==, 3);
    session_free(s);
}

static void unusable_values_are_counted(void)
{
    struct session *s = given("{'schemaVersion': '1.5', 'workflow': {'specification': {'tasks': "
                              "[{'name': 'a', 'id': '1', 'parents': ['nobody', 7]},"
                              "{'name': 'a', 'id': '2', 'parents': 'x'}, {'name': 'a', 'id': '3'}, "
                              "{'name': 'a', 'id': '4'}]}, 'execution': {'tasks': ["
                              "{'id': '1', 'runtimeInSeconds': -5, 'coreCount': 0}, {'id': '2', "
                              "'runtimeInSeconds': 'long', 'coreCount': 1e300},"
                              "{'id': '3', 'runtimeInSeconds': 1e9, 'priority': 'high'}, {'id': "
                              "'4'}, {'id': '4', 'runtimeInSeconds': 3},"
                              "{'id': 'stranger', 'runtimeInSeconds': 3}],"
                              "'machines': [{'nodeName': 'm', 'cpu': {'coreCount': 99999}}, "
                              "{'nodeName': 'm'}, {'nodeName': 'n', 'cpu': 8}]}}}");
    unit_is(s->workflow->n_sets, ==, 1);
    unit_is(s->workflow->n_tasks, ==, 4);
    /* the only runtime there is */
    unit_is(dist_mean(s->workflow->sets[0].duration), ==, 1e9);
    CU_ASSERT_EQUAL(noted(s, "no task is called so"), 2);
    CU_ASSERT_EQUAL(noted(s, "not a number from 0"), 2);
    CU_ASSERT_EQUAL(noted(s, "more than a year"), 1);
    CU_ASSERT_EQUAL(noted(s, "no runtime"), 1);
    CU_ASSERT_EQUAL(noted(s, "cores that cannot be"), 2);
    CU_ASSERT_EQUAL(noted(s, "priority"), 1);
    CU_ASSERT_EQUAL(noted(s, "has one already"), 1);
    CU_ASSERT_EQUAL(noted(s, "not specified"), 1);
    CU_ASSERT_EQUAL(noted(s, "more than 1024"), 1);
    CU_ASSERT_EQUAL(noted(s, "of the name of another"), 1);
    CU_ASSERT_EQUAL(noted(s, "no number of cores"), 2);
    session_free(s);
}

static void what_is_broken_is_refused_in_a_sentence(void)
{
    refused("{'schemaVersion': '1.5', 'schemaVersion': '1.5', 'workflow': {}}", "twice");
    refused("{'schemaVersion': '0.9', 'workflow': {}}", "1.6");
    refused("{'schemaVersion': '1.5'}", "no 'workflow'");
    refused("{'schemaVersion': '1.5', 'workflow': {}}", "no list 'tasks'");
    refused("{'schemaVersion': '1.5', 'workflow': {'specification': {'tasks': []}}}", "0 tasks");
    refused("{'schemaVersion': '1.5', 'workflow': {'specification': {'tasks': [7]}}}", "tasks[0]");
    refused("{'schemaVersion': '1.5', 'workflow': {'specification': {'tasks': [{'name': 'x'}]}}}",
            "no 'id'");
    refused("{'schemaVersion': '1.5', 'workflow': {'specification': {'tasks': [{'id': 'x'}, {'id': "
            "'x'}]}}}",
            "two tasks are called 'x'");
    refused("{'schemaVersion': '1.5', 'workflow': {'specification': {'tasks': [{'id': 'x', "
            "'parents': ['x']}]}}}",
            "x <- x");
    refused("{'schemaVersion': '1.5', 'workflow': {'specification': {'tasks': [{'id': 's'}, {'id': "
            "'x', 'parents': ['s', 'z']}, {'id': "
            "'y', 'parents': ['x']},{'id': 'z', 'parents': ['y']}]}}}",
            "in a circle: x <- z <- y <- x");
    refused("{'schemaVersion': '1.5', 'workflow': {'specification': {'tasks': [{'id': 'x'}]}, "
            "'execution': {'tasks': "
            "[{'id': 'x', 'runtimeInSeconds': NaN}]}}}",
            "x.json");
    refused("{'schemaVersion': '1.5', 'workflow': {'specification': {'tasks': [{'id': 'x'}]}, "
            "'execution': {'tasks': "
            "[{'id': 'x', 'dagcast': {'gpus': -1}}]}}}",
            "gpus");
}

/* Ten times the tasks and edges take at most some twenty times as long: twice what linear would. */
static void time_grows_with_tasks_and_edges_only(void)
{
    double seconds[2];
    for (int large = 0; large < 2; large++) {
        uint32_t n = large ? 50000 : 5000, width = n / 10;
        struct str text = { 0 };
        struct error err = { "" };
        str_add(&text,
                "{\"schemaVersion\": \"1.5\", \"workflow\": {\"specification\": {\"tasks\": [");
        for (uint32_t i = 0; i < n; i++) {
            str_addf(&text, "%s{\"name\": \"c%u\", \"id\": \"t%u\", \"parents\": [", i ? "," : "",
                     i % 7, i);
            for (uint32_t k = 0; i >= width && k < 5; k++)
                str_addf(&text, "%s\"t%u\"", k ? "," : "",
                         (i / width - 1) * width + (i * 31 + k * 17) % width);
            str_add(&text, "]}");
        }
        str_add(&text, "]}}}");
        struct json_document *doc = json_parse(text.text, text.length, "big", &err);
        CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
        clock_t start = clock();
        struct session *s = wfformat_session(doc, "big", &err);
        seconds[large] = (double)(clock() - start) / CLOCKS_PER_SEC;
        CU_ASSERT_PTR_NOT_NULL_FATAL(s);
        CU_ASSERT_EQUAL(s->workflow->n_tasks, n);
        session_free(s);
        str_clear(&text);
    }
    unit_is(seconds[1], <, 20 * seconds[0] + 0.1);
}

static void runtimes_are_the_measured_level(void)
{
    struct session *s = given(old_layout);
    struct error err = { "" };
    size_t imputed = 1;
    struct workflow *w = session_workflow(s, INFORMATION_MEASURED, &imputed, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    CU_ASSERT_EQUAL(imputed, 0);
    unit_is(w->sets[0].durations[0], ==, 2.5);
    unit_is(w->sets[0].durations[1], ==, 3.5);
    unit_is(w->sets[1].durations[0], ==, 7.25);
    workflow_free(w);
    w = session_workflow(s, INFORMATION_DESCRIPTION, NULL, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(w);
    unit_alike(dist_mean(w->sets[0].duration), 3, 1e-3);
    workflow_free(w);
    session_free(s);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(both_layouts_say_the_same),
        UNIT_TEST(every_edge_of_a_random_graph_is_kept),
        UNIT_TEST(kinds_are_recognised),
        UNIT_TEST(commands_with_keys_in_any_order_are_the_same),
        UNIT_TEST(our_own_field_says_the_rest_of_a_demand),
        UNIT_TEST(unusable_values_are_counted),
        UNIT_TEST(what_is_broken_is_refused_in_a_sentence),
        UNIT_TEST(time_grows_with_tasks_and_edges_only),
        UNIT_TEST(runtimes_are_the_measured_level),
        { NULL, NULL },
    };
    return unit_run("wfformat", tests);
}
