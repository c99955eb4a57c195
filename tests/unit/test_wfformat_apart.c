/* Files whose lists are read element by element. Oracle: the same text as one tree. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "core/timeline.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"
#include "traces/importer/wfformat.h"
#include "traces/session_files.h"

enum { N = 1500, MACHINES = 40 };

static void add_machines(struct str *text)
{
    str_add(text, "\"machines\": [");
    for (int m = 0; m < MACHINES; m++)
        str_addf(text, "%s{\"nodeName\": \"m%d\", \"cpu\": {\"coreCount\": 64}}", m ? ", " : "", m);
    str_add(text, "]");
}

/* What a task waits for and who waits for it, some of it not there; files shared by neighbours. */
static void add_links(struct str *text, int i, bool old_layout)
{
    int parent = i - given_choice(1, (uint64_t)i, 1, 400);
    str_add(text, "\"parents\": [");
    if (parent >= -5)
        str_addf(text, "\"k%d_ID%d\"", i > 0 ? parent % 7 : 9, parent);
    str_addf(text, "], \"children\": [%s]", i % 50 ? "" : "\"nobody\", 3");
    if (old_layout)
        str_addf(text, ", \"files\": [{\"link\": \"input\", \"name\": \"f%d\", \"size\": %d}, "
                       "{\"link\": \"output\", \"name\": \"f%d\", \"size\": %d}]",
                 i / 3, 7 * (i / 3), i / 3 + 1, 7 * (i / 3 + 1));
    else
        str_addf(text, ", \"inputFiles\": [\"f%d\"], \"outputFiles\": [\"f%d\", \"g%d\"]", i / 3,
                 i / 3 + 1, i);
}

static void add_run(struct str *text, int i)
{
    str_addf(text, "\"runtimeInSeconds\": %d.25, \"machines\": [\"m%d\"], "
                   "\"executedAt\": \"2024-01-01T%02d:%02d:%02dZ\", "
                   "\"command\": {\"program\": \"/bin/k\", \"arguments\": [\"-n\", \"%d\"]}",
             5 + i % 11, i % MACHINES, i / 3600, i / 60 % 60, i % 60, i % 7 ? 1 : i);
}

static char *instance(bool old_layout)
{
    struct str text = { 0 };
    str_addf(&text, "{\"name\": \"w\", \"schemaVersion\": \"%s\", \"workflow\": {",
             old_layout ? "1.3" : "1.5");
    str_add(&text, old_layout ? "" : "\"specification\": {");
    str_add(&text, "\"tasks\": [");
    for (int i = 0; i < N; i++) {
        str_addf(&text, "%s{\"name\": \"k%d_ID%d\", \"id\": \"k%d_ID%d\", ", i ? ",\n" : "", i % 7,
                 i, i % 7, i);
        add_links(&text, i, old_layout);
        str_add(&text, old_layout ? ", " : "");
        if (old_layout)
            add_run(&text, i);
        str_add(&text, "}");
    }
    str_add(&text, old_layout ? "], " : "], \"files\": [");
    for (int i = 0; i < N && !old_layout; i++)
        str_addf(&text, "%s{\"id\": \"f%d\", \"sizeInBytes\": %d, \"name\": \"a file of many\"}",
                 i ? ", " : "", N - i, i);
    str_add(&text, old_layout ? "" : "]}, \"execution\": {\"tasks\": [");
    for (int i = N - 1; i >= 0 && !old_layout; i--) {
        str_addf(&text, "{\"id\": \"k%d_ID%d\", ", i % 7, i);
        add_run(&text, i);
        str_add(&text, i ? "},\n" : "}], ");
    }
    add_machines(&text);
    str_add(&text, old_layout ? "}}" : "}}}");
    return str_take(&text);
}

static void check_notes(const struct session *a, const struct session *b)
{
    CU_ASSERT_EQUAL_FATAL(a->notes.n, b->notes.n);
    for (size_t k = 0; k < a->notes.n; k++) {
        CU_ASSERT_EQUAL(a->notes.at[k].count, b->notes.at[k].count);
        CU_ASSERT_STRING_EQUAL(a->notes.at[k].why, b->notes.at[k].why);
    }
}

static void check_files(const struct session_files *a, const struct session_files *b)
{
    CU_ASSERT_EQUAL_FATAL(a->n, b->n);
    for (size_t k = 0; k < a->n; k++) {
        CU_ASSERT_STRING_EQUAL(a->at[k].id, b->at[k].id);
        unit_near(a->at[k].bytes, b->at[k].bytes, 0);
    }
    CU_ASSERT_EQUAL(memcmp(a->first, b->first, (2 * N + 1) * sizeof *a->first), 0);
    CU_ASSERT_EQUAL(memcmp(a->ids, b->ids, a->first[2 * N] * sizeof *a->ids), 0);
}

static void check_layout(bool old_layout)
{
    struct error err = { "" };
    char *text = instance(old_layout);
    size_t size = strlen(text);
    struct json_document *whole = json_parse(text, size, "w.json", &err),
                         *apart = json_parse_apart_list(text, size, "w.json", WFFORMAT_LISTS, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(whole);
    CU_ASSERT_PTR_NOT_NULL_FATAL(apart);
    struct session *a = wfformat_session(whole, "w.json", &err),
                   *b = wfformat_session(apart, "w.json", &err);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(a);
    CU_ASSERT_PTR_NOT_NULL_FATAL(b);
    cJSON *of_a = workflow_to_json(a->workflow), *of_b = workflow_to_json(b->workflow);
    CU_ASSERT(cJSON_Compare(of_a, of_b, true));
    CU_ASSERT_EQUAL(b->workflow->n_tasks, N);
    CU_ASSERT_EQUAL(b->timeline->n, N);
    CU_ASSERT_EQUAL(b->platform->n_nodes, MACHINES);
    check_notes(a, b);
    check_files(a->files, b->files);
    cJSON_Delete(of_a);
    cJSON_Delete(of_b);
    session_free(a);
    session_free(b);
    free(text);
}

static void an_instance_read_by_elements_is_that_of_the_tree(void)
{
    check_layout(false);
    check_layout(true);
}

static void an_element_is_refused_at_its_place(void)
{
    struct error err = { "" };
    char *text = instance(false), *last = strstr(text, "\"id\": \"k1_ID1\", \"runtime");
    memcpy(last, "\"Id\"", 4);
    struct json_document *doc =
        json_parse_apart_list(text, strlen(text), "w.json", WFFORMAT_LISTS, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    CU_ASSERT_PTR_NULL(wfformat_session(doc, "w.json", &err));
    unit_has(err.text, "w.json:2998: workflow.execution.tasks[1498].id: ");
    free(text);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(an_instance_read_by_elements_is_that_of_the_tree),
        UNIT_TEST(an_element_is_refused_at_its_place),
        { NULL, NULL },
    };
    int failed = unit_run("wfformat_apart", tests);
    json_use_arenas();
    return unit_run("wfformat_apart in arenas", tests) || failed;
}
