#include "traces/importer/json_values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"

static char *folder;

struct seen { size_t n; double sum, missing; };

static void add(void *context, const cJSON *value)
{
    struct seen *s = context;
    double x = value_number_at(value, "x");
    s->n++;
    s->sum += isnan(x) ? 0 : x;
    s->missing += isnan(x);
}

static struct seen read_text(const char *text, const char *list, size_t *torn)
{
    struct error err = { "" };
    struct seen s = { 0 };
    char *path = scratch_file(folder, "values", text, strlen(text));
    *torn = 0;
    CU_ASSERT_EQUAL(values_read(path, list, add, &s, torn, &err), 0);
    free(path);
    return s;
}

/* One a line, one list, or a member of an object: the same values. */
static void every_layout_holds_the_same(void)
{
    size_t torn;
    struct seen lines = read_text("{\"x\": 1.5}\n\n{\"x\": 2}\r\n{\"x\": 4", NULL, &torn);
    CU_ASSERT_EQUAL(lines.n, 2);
    CU_ASSERT_EQUAL(lines.sum, 3.5);
    CU_ASSERT_EQUAL(torn, 1);
    struct seen list = read_text(" [{\"x\": 1.5},\n {\"x\": 2}]\n", NULL, &torn);
    CU_ASSERT_EQUAL(list.sum, 3.5);
    CU_ASSERT_EQUAL(torn, 0);
    struct seen member = read_text("{\"jobs\": [{\"x\": 1.5}, {\"x\": 2}]}", "jobs", &torn);
    CU_ASSERT_EQUAL(member.sum, 3.5);
    struct seen events = read_text("{\"x\": 1.5}\n{\"x\": 2}\n", "jobs", &torn);
    CU_ASSERT_EQUAL(events.sum, 3.5);
    CU_ASSERT_EQUAL(torn, 0);
}

/* Larger than a document's arena keeps for the next: its memory is gone once it was read. */
static void a_long_list_is_read_once(void)
{
    struct str text = { 0 };
    size_t torn;
    str_add(&text, "{\"jobs\": [{\"x\": 1}");
    for (int i = 0; i < 50000; i++)
        str_add(&text, ", {\"x\": 1}");
    str_add(&text, "]}");
    struct seen s = read_text(text.text, "jobs", &torn);
    CU_ASSERT_EQUAL(s.n, 50001);
    CU_ASSERT_EQUAL(s.sum, 50001);
    CU_ASSERT_EQUAL(torn, 0);
    str_clear(&text);
}

/* As Python writes them; in a text they are words. */
static void words_for_numbers_are_missing(void)
{
    size_t torn;
    struct seen s =
        read_text("{\"x\": NaN, \"y\": \"NaN \\\" Infinity\"}\n{\"x\": -Infinity}\n{\"x\": 3}\n",
                  NULL, &torn);
    CU_ASSERT_EQUAL(s.n, 3);
    CU_ASSERT_EQUAL(s.missing, 2);
    CU_ASSERT_EQUAL(torn, 0);
}

static void what_has_another_type_is_missing(void)
{
    cJSON *o = cJSON_Parse("{\"t\": -1, \"u\": 5, \"s\": \"text\"}");
    CU_ASSERT(isnan(value_time_at(o, "t")));
    CU_ASSERT_EQUAL(value_time_at(o, "u"), 5);
    CU_ASSERT(isnan(value_number_at(o, "s")));
    CU_ASSERT_STRING_EQUAL(value_text_at(o, "u"), "");
    CU_ASSERT_STRING_EQUAL(value_text_at(value_at(o, "s"), "s"), "");
    CU_ASSERT_PTR_NULL(value_at(NULL, "s"));
    cJSON_Delete(o);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(every_layout_holds_the_same),
        UNIT_TEST(a_long_list_is_read_once),
        UNIT_TEST(words_for_numbers_are_missing),
        UNIT_TEST(what_has_another_type_is_missing),
        { NULL, NULL },
    };
    json_use_arenas();
    folder = scratch_new();
    int status = unit_run("json_values", tests);
    scratch_free(folder);
    return status;
}
