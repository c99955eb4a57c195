/* Which table of a doc is printed as CSV. */
#include "base/str.h"
#include "doc/doc.h"
#include "doc/render.h"
#include "tests/support/unit.h"

struct row {
    double low_s, high_s;
    int nodes;
    bool in_time;
};

static const struct row rows[] = { { 1658.5, 1661.25, 16, true }, { 1298.5, 1299.5, 12, false } };

static const struct doc_field fields[] = {
    { .key = "makespan/low|high", .label = "makespan", DOC_MEMBER_INTERVAL(struct row, low_s) },
    { .key = "nodes", .label = "nodes", DOC_MEMBER(struct row, nodes) },
    { .label = "in time", .format = { .unit = DOC_FLAG }, DOC_MEMBER(struct row, in_time) },
    DOC_FIELDS_END,
};

static void csv_of_no_table_is_the_facts(void)
{
    struct doc *d = doc_new("model", "0");
    struct str csv = { 0 };
    struct error err = { "" };
    CU_ASSERT_EQUAL(doc_render_csv(d, NULL, &csv, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "the result holds no table");
    CU_ASSERT_EQUAL(csv.length, 0);
    doc_fact(d, "seed", "Seed", DOC_COUNT, doc_number(7));
    doc_fact(d, "span/low|high", "Span", DOC_SECONDS, doc_range(1.5, 2.25));
    doc_fact(d, NULL, "Where", DOC_TEXT, doc_text("here, there"));
    CU_ASSERT_EQUAL(doc_render_csv(d, NULL, &csv, &err), 0);
    CU_ASSERT_STRING_EQUAL(csv.text, "name,value,unit\nseed,7,count\nspan.low,1.5,seconds\n"
                                     "span.high,2.25,seconds\nWhere,\"here, there\",\n");
    str_clear(&csv);
    doc_free(d);
}

static void csv_of_a_table_by_its_path(void)
{
    static const struct doc_table whom = { .fields = fields, .items = rows, .n = 2,
                                           .size = sizeof *rows, .title = "People" };
    struct doc *d = doc_new("explain", "0");
    struct str csv = { 0 };
    struct error err = { "" };
    struct doc_table parts = whom;
    parts.key = "parts";
    doc_open(d, "modes");
    doc_table(d, &parts);
    doc_table(d, &whom);
    doc_close(d);
    CU_ASSERT_EQUAL(doc_render_csv(d, "parts", &csv, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text,
                           "no table 'parts' in this result; it has: modes.parts, table-2, facts");
    CU_ASSERT_EQUAL(doc_render_csv(d, "table-2", &csv, &err), 0);
    CU_ASSERT_STRING_EQUAL(csv.text, "makespan.low,makespan.high,nodes,in time\n"
                                     "1658.5,1661.25,16,true\n"
                                     "1298.5,1299.5,12,false\n");
    str_clear(&csv);
    CU_ASSERT_EQUAL(doc_render_csv(d, "modes.parts", &csv, &err), 0);
    CU_ASSERT_STRING_EQUAL(csv.text, "makespan.low,makespan.high,nodes\n"
                                     "1658.5,1661.25,16\n"
                                     "1298.5,1299.5,12\n");
    str_clear(&csv);
    doc_free(d);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(csv_of_no_table_is_the_facts),
        UNIT_TEST(csv_of_a_table_by_its_path),
        { NULL, NULL },
    };
    return unit_run("doc_csv", tests);
}
