/* Where a field's value lies, when it has one, and with how many decimals (doc/doc.h). */
#include "doc/render.h"
#include "tests/support/unit.h"

struct item { unsigned count; double low, middle, high; bool known; };

static bool is_known(const struct doc_record *r)
{
    return ((const struct item *)r->item)->known;
}

static struct doc_value twice(const struct doc_record *r)
{
    return doc_number(2.0 * ((const struct item *)r->item)->count);
}

static void fields_have_values_when_they_say(void)
{
    static const struct doc_field fields[] = {
        { DOC_COLUMN("count", "count", DOC_COUNT, struct item, count) },
        { .key = "range/a|b|c", .when = is_known, DOC_MEMBER_TRIPLE(struct item, low) },
        { .key = "twice", .when = is_known, .get = twice },
        DOC_FIELDS_END,
    };
    static const struct item items[] = { { 4000000000U, 1.5, 2.25, 7, true },
                                         { 3, 1.5, 2.25, 7, false } };
    struct doc *d = doc_new("x", "1");
    doc_table(d, &(struct doc_table){ .key = "rows", .fields = fields, .items = items, .n = 2,
                                      .size = sizeof *items });
    cJSON *json = doc_render_json(d);
    char *rows = cJSON_PrintUnformatted(cJSON_GetObjectItem(json, "rows"));
    CU_ASSERT_STRING_EQUAL(rows, "[{\"count\":4000000000,\"range\":{\"a\":1.5,\"b\":2.25,\"c\":7},"
                                 "\"twice\":8000000000},{\"count\":3,\"range\":{\"a\":null,\"b\":"
                                 "null,\"c\":null},\"twice\":null}]");
    cJSON_free(rows);
    cJSON_Delete(json);
    doc_free(d);
}

/* Rows that nobody sees have no cells in a table for people; read again it is the same. */
static void rows_left_out_have_no_cells(void)
{
    static const struct doc_field fields[] = {
        { .label = "count", .format = { .unit = DOC_COUNT }, DOC_MEMBER(struct item, count) },
        { .label = "low", .format = { .unit = DOC_COUNT }, .optional = true, .when = is_known,
          DOC_MEMBER(struct item, low) },
        DOC_FIELDS_END,
    };
    static const struct item items[] = { { .count = 3, .low = 5, .known = true }, { .count = 4 },
                                         { .count = 7 }, { .count = 9 } };
    struct doc *d = doc_new("x", "1");
    doc_table(d, &(struct doc_table){ .fields = fields, .items = items, .n = 4, .most = 2,
                                      .size = sizeof *items });
    cJSON *json = doc_render_json(d), *page = cJSON_GetObjectItem(json, "page");
    const cJSON *table = cJSON_GetObjectItem(cJSON_GetObjectItem(page, "blocks")->child, "table");
    char *columns = cJSON_PrintUnformatted(cJSON_GetObjectItem(table, "fields"));
    CU_ASSERT_STRING_EQUAL(columns, "[{\"label\":\"count\",\"unit\":\"count\",\"cells\":[3,4]},"
                                    "{\"label\":\"low\",\"unit\":\"count\",\"optional\":true,"
                                    "\"cells\":[5,null]}]");
    CU_ASSERT_EQUAL(cJSON_GetObjectItem(table, "records")->valueint, 4);
    struct doc *again = doc_load(json, "x.json", NULL, NULL);
    struct str before = { 0 }, after = { 0 };
    doc_render_text(d, &(struct doc_text_options){ 0 }, &before);
    doc_render_text(again, &(struct doc_text_options){ 0 }, &after);
    CU_ASSERT_STRING_EQUAL(before.text, after.text);
    str_clear(&before);
    str_clear(&after);
    cJSON_free(columns);
    cJSON_Delete(json);
    doc_free(again);
    doc_free(d);
}

static void tables_keep_their_decimals(void)
{
    struct doc *d = doc_new("validate", "0.1.0");
    struct table *t = table_new();
    table_add_column(t, "session", TABLE_LEFT);
    table_add_column(t, "error_s", TABLE_RIGHT);
    table_add_column(t, "rate", TABLE_RIGHT);
    table_add_row(t);
    table_set_text(t, 0, "s1");
    table_set_number(t, 1, 1.18432, 2);
    table_set_number(t, 2, 0.015625, -1);
    doc_add_table(d, "sessions", NULL, t);
    struct str text = { 0 };
    doc_render_text(d, &(struct doc_text_options){ 0 }, &text);
    cJSON *json = doc_render_json(d),
          *row = cJSON_GetArrayItem(cJSON_GetObjectItem(json, "sessions"), 0);
    CU_ASSERT_STRING_EQUAL(text.text, "session  error_s      rate\n"
                                 "-------  -------  --------\n"
                                 "s1          1.18  0.015625\n");
    unit_near(cJSON_GetObjectItem(row, "error_s")->valuedouble, 1.18432, 0);
    cJSON_Delete(json);
    str_clear(&text);
    table_free(t);
    doc_free(d);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(fields_have_values_when_they_say),
                                              UNIT_TEST(rows_left_out_have_no_cells),
                                              UNIT_TEST(tables_keep_their_decimals),
                                              { NULL, NULL } };
    return unit_run("doc_fields", tests);
}
