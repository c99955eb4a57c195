#include "doc/doc.h"

#include <stdlib.h>
#include <string.h>

#include "doc/render.h"
#include "tests/support/unit.h"

struct mode {
    const char *name;
    double makespan_s, sd_s, low_s, high_s;
    int nodes;
    bool in_time;
};

static const struct mode modes[] = {
    { "sequential", 1660.083, 6.19, 1658.5, 1661.25, 16, true },
    { "asynchronous", 1298.875, 2.04, 1298.5, 1299.5, 16, false },
};

static const char *name_of(const struct doc_record *r)
{
    return ((const struct mode *)r->item)->name;
}

static struct doc_value gain(const struct doc_record *r)
{
    const struct mode *m = r->item;
    return r->index == 0 ? doc_none() : doc_number(1 - m->makespan_s / modes[0].makespan_s);
}

static struct doc_value both(const struct doc_record *r)
{
    const struct mode *m = r->item;
    return doc_range(m->low_s, m->high_s);
}

static const struct doc_field fields[] = {
    { .key = "makespan/mean",
      .label = "makespan",
      .format = { .unit = DOC_SECONDS },
      DOC_MEMBER(struct mode, makespan_s) },
    { .key = "makespan/low|high",
      .label = "  range",
      .format = { .unit = DOC_SECONDS },
      .get = both },
    { .key = "gain", .label = "gain", .format = { .unit = DOC_SHARE }, .get = gain },
    { .key = "nodes", .format = { .unit = DOC_COUNT }, DOC_MEMBER(struct mode, nodes) },
    { .label = "in time", .format = { .unit = DOC_FLAG }, DOC_MEMBER(struct mode, in_time) },
    DOC_FIELDS_END,
};

static struct doc *made(enum doc_layout layout)
{
    struct doc *d = doc_new("compare", "0.1.0");
    doc_title(d, "ddmd on summit");
    doc_section(d, "Three modes");
    doc_open(d, "scenario");
    doc_fact(d, "seed", "Seed", DOC_COUNT, doc_number(7));
    doc_factf(d, "platform/name", "Platform", "%s", "summit");
    doc_fact(d, "hidden", NULL, DOC_SECONDS, doc_number(2.385));
    doc_close(d);
    doc_table(d, &(struct doc_table){ .key = "modes",
                                      .layout = layout,
                                      .fields = fields,
                                      .items = modes,
                                      .n = 2,
                                      .size = sizeof *modes,
                                      .name = name_of });
    doc_open_list(d, "notes");
    doc_say(d, DOC_ANSWER, NULL, "Asynchronous execution takes 21.8 % less time.");
    doc_open(d, NULL);
    doc_say(d, DOC_NOTE, "words", "Means over replicas.");
    doc_close(d);
    doc_close(d);
    doc_say(d, DOC_PLAIN, "absent", NULL);
    doc_say(d, DOC_WARNING, "warnings[]", "The first warning.");
    doc_say(d, DOC_WARNING, "warnings[]", "The second warning.");
    return d;
}

static char *text_of(const struct doc *d)
{
    struct str out = { 0 };
    doc_render_text(d, &(struct doc_text_options){ 0 }, &out);
    return str_take(&out);
}

static void text_is_aligned(void)
{
    struct doc *d = made(DOC_COLUMNS);
    char *text = text_of(d);
    CU_ASSERT_STRING_EQUAL(text, "Three modes\n"
                                 "Seed        7\n"
                                 "Platform    summit\n"
                                 "\n"
                                 "                  sequential        asynchronous\n"
                                 "--------  ------------------  ------------------\n"
                                 "makespan            1660.1 s            1298.9 s\n"
                                 "  range   1658.5 .. 1661.2 s  1298.5 .. 1299.5 s\n"
                                 "gain                       -              21.8 %\n"
                                 "in time                  yes                  no\n"
                                 "\n"
                                 "Asynchronous execution takes 21.8 % less time.\n"
                                 "\n"
                                 "Means over replicas.\n"
                                 "\n"
                                 "The first warning.\n"
                                 "\n"
                                 "The second warning.\n");
    free(text);
    doc_free(d);
}

static void rows_have_units_in_their_headings(void)
{
    struct doc *d = made(DOC_ROWS);
    char *text = text_of(d);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "makespan [s]"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "gain [%]"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "1298.9"));
    CU_ASSERT_PTR_NULL(strstr(text, "1298.9 s"));
    free(text);
    doc_free(d);
}

static void json_has_values_by_key(void)
{
    struct doc *d = made(DOC_COLUMNS);
    cJSON *json = doc_render_json(d), *scenario = cJSON_GetObjectItem(json, "scenario");
    const cJSON *mode = cJSON_GetObjectItem(cJSON_GetObjectItem(json, "modes"), "asynchronous");
    unit_near(cJSON_GetObjectItem(scenario, "seed")->valuedouble, 7, 0);
    unit_near(cJSON_GetObjectItem(scenario, "hidden")->valuedouble, 2.385, 0);
    CU_ASSERT_STRING_EQUAL(
        cJSON_GetObjectItem(cJSON_GetObjectItem(scenario, "platform"), "name")->valuestring,
        "summit");
    unit_near(cJSON_GetObjectItem(cJSON_GetObjectItem(mode, "makespan"), "mean")->valuedouble,
              1298.875, 0);
    unit_near(cJSON_GetObjectItem(cJSON_GetObjectItem(mode, "makespan"), "high")->valuedouble,
              1299.5, 0);
    unit_near(cJSON_GetObjectItem(mode, "nodes")->valuedouble, 16, 0);
    CU_ASSERT_TRUE(cJSON_IsNull(cJSON_GetObjectItem(json, "absent")));
    CU_ASSERT_STRING_EQUAL(
        cJSON_GetArrayItem(cJSON_GetObjectItem(json, "warnings"), 1)->valuestring,
        "The second warning.");
    cJSON_Delete(json);
    doc_free(d);
}

/* What is stored and read again reads the same, as text and as a page. */
static void stored_results_render_the_same(void)
{
    for (int layout = DOC_ROWS; layout <= DOC_COLUMNS; layout++) {
        struct doc *d = made((enum doc_layout)layout);
        struct error err = { "" };
        struct str before = { 0 }, after = { 0 };
        cJSON *json = doc_render_json(d);
        struct doc *back = doc_load(json, "result.json", NULL, &err);
        CU_ASSERT_STRING_EQUAL(err.text, "");
        char *text = text_of(d), *again = text_of(back);
        CU_ASSERT_STRING_EQUAL(text, again);
        doc_render_html(&d, 1, NULL, &before);
        doc_render_html(&back, 1, NULL, &after);
        CU_ASSERT_STRING_EQUAL(before.text, after.text);
        str_clear(&before);
        str_clear(&after);
        free(text);
        free(again);
        cJSON_Delete(json);
        doc_free(back);
        doc_free(d);
    }
}

static void other_json_is_refused(void)
{
    cJSON *json = cJSON_Parse("{\"command\": \"compare\"}");
    struct error err = { "" };
    CU_ASSERT_PTR_NULL(doc_load(json, "w.json", NULL, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "w.json: expected a result"));
    cJSON_Delete(json);
}

static int no_picture(const void *what, const char *path, struct error *err)
{
    (void)what;
    return error_set(err, "%s: gnuplot is not installed", path);
}

static void a_picture_that_fails_says_why(void)
{
    struct doc *d = made(DOC_ROWS);
    struct str page = { 0 };
    doc_picture(d, "Tasks on nodes", no_picture, NULL);
    doc_render_html(&d, 1, "<title>", &page);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(page.text, "Tasks on nodes: not drawn: gnuplot is not installed"));
    CU_ASSERT_PTR_NOT_NULL(strstr(page.text, "<title>&lt;title&gt;</title>"));
    str_clear(&page);
    doc_free(d);
}

static bool is_first(const struct doc_record *r)
{
    return r->index == 0;
}

/* Fields without a label and what follows doc_page_only(): no empty table, nothing in the text. */
static void some_is_for_pages_or_programs_only(void)
{
    static const struct doc_field bare[] = {
        { .key = "makespan", DOC_MEMBER(struct mode, makespan_s) },
        DOC_FIELDS_END,
    };
    struct doc *d = doc_new("compare", "0.1.0");
    struct str page = { 0 };
    doc_say(d, DOC_ANSWER, NULL, "the answer");
    doc_table(d, &(struct doc_table){ .key = "modes", .fields = bare, .items = modes, .n = 2,
                                      .size = sizeof *modes });
    doc_page_only(d);
    doc_section(d, "Task by task");
    char *text = text_of(d);
    CU_ASSERT_STRING_EQUAL(text, "the answer\n");
    doc_render_html(&d, 1, NULL, &page);
    CU_ASSERT_PTR_NULL(strstr(page.text, "<table"));
    CU_ASSERT_PTR_NOT_NULL(strstr(page.text, "Task by task</h2>"));
    cJSON *json = doc_render_json(d);
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(json, "modes");
    unit_near(cJSON_GetArrayItem(rows, 1)->child->valuedouble, 1298.875, 0);
    struct doc *again = doc_load(json, "x.json", NULL, NULL);
    char *stored = text_of(again);
    CU_ASSERT_STRING_EQUAL(stored, "the answer\n");
    free(text);
    free(stored);
    str_clear(&page);
    cJSON_Delete(json);
    doc_free(again);
    doc_free(d);
}

/* Two tables and what is opened again tell of the same records. */
static void records_go_on(void)
{
    static const struct doc_field names[] = { { .key = "name", .label = "mode",
                                                DOC_MEMBER(struct mode, name) },
                                              DOC_FIELDS_END };
    struct doc *d = doc_new("compare", "0.1.0");
    struct doc_table t = { .key = "modes", .fields = names, .items = modes, .n = 2,
                           .size = sizeof *modes };
    doc_table(d, &t);
    t.fields = fields;
    doc_table(d, &t);
    doc_open_list(d, "modes");
    for (int i = 0; i < 2; i++) {
        doc_open(d, NULL);
        doc_fact(d, "rank", "rank", DOC_COUNT, doc_number(i + 3));
        doc_close(d);
    }
    doc_close(d);
    cJSON *json = doc_render_json(d);
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(json, "modes"),
                *last = cJSON_GetArrayItem(rows, 1);
    CU_ASSERT_EQUAL(cJSON_GetArraySize(rows), 2);
    CU_ASSERT_STRING_EQUAL(cJSON_GetStringValue(cJSON_GetObjectItem(last, "name")), "asynchronous");
    unit_near(cJSON_GetNumberValue(cJSON_GetObjectItem(last, "nodes")), 16, 0);
    unit_near(cJSON_GetNumberValue(cJSON_GetObjectItem(last, "rank")), 4, 0);
    struct doc *again = doc_load(json, "x.json", NULL, NULL);
    char *text = text_of(d), *stored = text_of(again);
    CU_ASSERT_STRING_EQUAL(stored, text);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "rank        3\nrank        4\n"));
    free(text);
    free(stored);
    doc_free(again);
    cJSON_Delete(json);
    doc_free(d);
}

struct choice {
    double cost;
    const struct mode *of;
};

static void members_behind_a_pointer(void)
{
    static const struct doc_field behind[] = {
        { .key = "name", .label = "mode", DOC_MEMBER_OF(struct choice, of, struct mode, name) },
        { .key = "makespan", DOC_MEMBER_OF(struct choice, of, struct mode, makespan_s) },
        { .key = "cost", DOC_MEMBER(struct choice, cost) },
        DOC_FIELDS_END,
    };
    static const struct choice choices[] = { { 2.385, &modes[1] }, { 0.75, NULL } };
    struct doc *d = doc_new("advise", "0.1.0");
    doc_table(d, &(struct doc_table){ .key = "choices", .fields = behind, .items = choices, .n = 2,
                                      .size = sizeof *choices });
    cJSON *json = doc_render_json(d);
    const cJSON *first = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "choices"), 0);
    CU_ASSERT_STRING_EQUAL(cJSON_GetStringValue(cJSON_GetObjectItem(first, "name")),
                           "asynchronous");
    unit_near(cJSON_GetNumberValue(cJSON_GetObjectItem(first, "makespan")), 1298.875, 0);
    unit_near(cJSON_GetNumberValue(cJSON_GetObjectItem(first, "cost")), 2.385, 0);
    CU_ASSERT_TRUE(cJSON_IsNull(cJSON_GetObjectItem(first->next, "makespan")));
    cJSON_Delete(json);
    doc_free(d);
}

/* Those of a second table, which the JSON has no key for, are nowhere. */
static void rows_left_out_are_counted(void)
{
    struct doc *d = doc_new("advise", "0.1.0");
    struct doc_table table = { .key = "rows", .fields = fields, .items = modes, .n = 2,
                               .size = sizeof *modes, .shown = is_first };
    doc_table(d, &table);
    table.key = NULL;
    doc_table(d, &table);
    char *text = text_of(d);
    cJSON *json = doc_render_json(d);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "(1 further row: --json shows it)"));
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "(1 further row is not shown)"));
    CU_ASSERT_EQUAL(cJSON_GetArraySize(cJSON_GetObjectItem(json, "rows")), 2);
    cJSON_Delete(json);
    free(text);
    doc_free(d);
}

/* ---- CSV ---- */

static void csv_holds_the_first_table_in_full(void)
{
    struct doc *d = made(DOC_ROWS);
    struct str csv = { 0 };
    CU_ASSERT_EQUAL(doc_render_csv(d, NULL, &csv, NULL), 0);
    CU_ASSERT_STRING_EQUAL(csv.text,
                           "name,makespan.mean,makespan.low,makespan.high,gain,nodes\n"
                           "sequential,1660.083,1658.5,1661.25,,16\n"
                           "asynchronous,1298.875,1298.5,1299.5,0.21758430150781627,16\n");
    str_clear(&csv);
    doc_free(d);
}

static struct doc_value in_time_only(const struct doc_record *r)
{
    const struct mode *m = r->item;
    return m->in_time ? doc_number(m->makespan_s + (double)r->field->offset) : doc_none();
}

static const struct doc_field nullable[] = {
    { .key = "order?/best", .get = in_time_only, .offset = 2 },
    { .key = "order?/worst", .get = in_time_only, .offset = 5 },
    { .key = "pi95", DOC_MEMBER_INTERVAL(struct mode, low_s) },
    DOC_FIELDS_END,
};

static void an_object_without_values_may_be_null(void)
{
    struct doc *d = doc_new("compare", "0");
    struct str csv = { 0 };
    doc_table(d, &(struct doc_table){ .key = "rows", .fields = nullable, .items = modes, .n = 2,
                                      .size = sizeof *modes });
    cJSON *json = doc_render_json(d);
    const cJSON *rows = cJSON_GetObjectItem(json, "rows"),
                *order = cJSON_GetObjectItem(cJSON_GetArrayItem(rows, 0), "order");
    unit_near(cJSON_GetNumberValue(cJSON_GetObjectItem(order, "best")), 1662.083, 1e-9);
    unit_near(cJSON_GetNumberValue(cJSON_GetObjectItem(order, "worst")), 1665.083, 1e-9);
    CU_ASSERT(cJSON_IsNull(cJSON_GetObjectItem(cJSON_GetArrayItem(rows, 1), "order")));
    cJSON_Delete(json);
    CU_ASSERT_EQUAL(doc_render_csv(d, NULL, &csv, NULL), 0);
    CU_ASSERT_STRING_EQUAL(csv.text, "order.best,order.worst,pi95.0,pi95.1\n"
                                     "1662.083,1665.083,1658.5,1661.25\n,,1298.5,1299.5\n");
    str_clear(&csv);
    doc_free(d);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(text_is_aligned),
        UNIT_TEST(rows_have_units_in_their_headings),
        UNIT_TEST(json_has_values_by_key),
        UNIT_TEST(stored_results_render_the_same),
        UNIT_TEST(other_json_is_refused),
        UNIT_TEST(a_picture_that_fails_says_why),
        UNIT_TEST(rows_left_out_are_counted),
        UNIT_TEST(some_is_for_pages_or_programs_only),
        UNIT_TEST(records_go_on),
        UNIT_TEST(members_behind_a_pointer),
        UNIT_TEST(csv_holds_the_first_table_in_full),
        UNIT_TEST(an_object_without_values_may_be_null),
        { NULL, NULL },
    };
    return unit_run("doc", tests);
}
