/* Every setting is a row: found by its name, read from JSON and from a text. */
#include "core/setting.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/variant.h"
#include "scheduling/names.h"
#include "tests/support/unit.h"

enum { ALL_VIEWS = SETTING_KEY | SETTING_AXIS | SETTING_CHANGE | SETTING_WHAT_IF };

static const struct setting *row(int id)
{
    return setting_at((enum setting_id)id);
}

static bool share_a_view(const struct setting *a, const struct setting *b)
{
    return (a->views & b->views) || (a->heading && b->heading);
}

static void names_are_unique_where_they_are_seen(void)
{
    for (int i = 0; i < SETTINGS; i++)
        for (int k = 0; k < i; k++) {
            if (!share_a_view(row(i), row(k)))
                continue;
            CU_ASSERT_STRING_NOT_EQUAL(row(i)->name, row(k)->name);
            if (row(i)->letter)
                unit_is(row(i)->letter, !=, row(k)->letter);
        }
}

static void every_row_is_found_by_its_name_and_does_something(void)
{
    for (int i = 0; i < SETTINGS; i++) {
        const struct setting *s = row(i);
        struct setting_change found = { .id = SETTINGS };
        char key[64];
        snprintf(key, sizeof key, "%s%s", s->name, s->of == SETTING_OF_STATION ? ".drain" : "");
        CU_ASSERT_TRUE(s->views || s->heading);
        unit_is(strlen(s->help), >, 0);
        unit_is(s->min, <=, s->max);
        CU_ASSERT_TRUE(s->apply || s->apply_to_set || s->member.kind);
        if (s->views)
            CU_ASSERT_EQUAL(setting_find(key, s->views, &found, NULL), 0);
        if (s->views)
            CU_ASSERT_EQUAL((int)found.id, i);
    }
}

static void a_dot_names_a_part_where_there_are_parts(void)
{
    struct setting_change found;
    struct error err = { "" };
    CU_ASSERT_EQUAL(setting_find("cores.a.b", SETTING_AXIS, &found, NULL), 0);
    CU_ASSERT_EQUAL(found.id, SETTING_CORES);
    CU_ASSERT_STRING_EQUAL(found.part, "a.b");
    CU_ASSERT_EQUAL(setting_find("nodes.a", SETTING_AXIS, &found, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "nodes is of no task set; write 'nodes' alone");
    CU_ASSERT_EQUAL(setting_find("station", SETTING_AXIS, &found, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "station is always of one; write 'station.NAME'");
    CU_ASSERT_EQUAL(setting_find("walltime", SETTING_WHAT_IF, &found, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "expected one of ideal_middleware, unbounded_gpus"));
}

static void values_are_equal_by_what_they_say(void)
{
    struct setting_value none = { 0 }, two = { true, NULL, 2 }, three = { true, NULL, 3 },
                         text = { true, "2", 0 };
    char copy[] = "2";
    struct setting_value same_text = { true, copy, 0 };
    CU_ASSERT_TRUE(setting_value_equal(&none, &none));
    CU_ASSERT_FALSE(setting_value_equal(&none, &two));
    CU_ASSERT_FALSE(setting_value_equal(&two, &three));
    CU_ASSERT_FALSE(setting_value_equal(&two, &text));
    CU_ASSERT_TRUE(setting_value_equal(&text, &same_text));
}

/* ---- ranges ---- */

static void refused(int id, const char *text, const char *sentence)
{
    struct setting_value v;
    struct error err = { "" };
    CU_ASSERT_EQUAL(setting_parse((enum setting_id)id, policy_names, text, &v, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, sentence);
    char *json = row(id)->type == SETTING_SECONDS || row(id)->type == SETTING_NAME
                     ? str_format("{\"x\": \"%s\"}", text)
                     : str_format("{\"x\": %s}", text);
    struct json_document *doc = json_parse(json, strlen(json), "f", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct json root = json_root(doc), at = json_member(&root, "x");
    CU_ASSERT_EQUAL(setting_read((enum setting_id)id, policy_names, &at, &v, &err), -1);
    CU_ASSERT_TRUE(str_starts(err.text, "f:1: x: "));
    json_free(doc);
    free(json);
}

/* A whole number above the largest, for one; a hundred times as much of another; one less than the
 * least. */
static void what_is_out_of_range_is_refused_in_one_sentence(void)
{
    for (int id = 0; id < SETTINGS; id++) {
        const struct setting *s = row(id);
        if (s->type != SETTING_INTEGER && s->type != SETTING_NUMBER && s->type != SETTING_SECONDS)
            continue;
        double beyond[] = { s->min - 1, s->max + 1 };
        for (int i = 0; i < 2; i++) {
            if (i == 0 && s->type == SETTING_SECONDS)
                continue;                /* "-1" is no duration at all */
            char *text = str_format("%.0f", beyond[i]);
            char *sentence =
                str_format("must be from %.10g to %.10g, is '%s'", s->min, s->max, text);
            refused(id, text, sentence);
            free(sentence);
            free(text);
        }
    }
    refused(SETTING_ORDER, "larges", "no order is named 'larges'; did you mean 'largest'?");
    refused(SETTING_MODE, "soon", "no mode is named 'soon'; 'dagcast list modes' shows them");
    refused(SETTING_GPUS, "1.5", "must be a whole number, or a share below 1; is '1.5'");
    refused(SETTING_SEED, "-3", "must be from 0 to 2^63 - 1, is '-3'");
}

static void large_seeds_stay_exact(void)
{
    struct setting_value v;
    CU_ASSERT_EQUAL(setting_parse(SETTING_SEED, NULL, "9007199254740993", &v, NULL), 0);
    struct variant variant;
    variant_init(&variant, NULL);
    CU_ASSERT_EQUAL(
        setting_apply(&variant, &(struct setting_change){ .id = SETTING_SEED, .value = v }, NULL),
        0);
    unit_is(variant.scenario.seed, ==, UINT64_C(9007199254740993));
    cJSON *json = setting_value_to_json(&v, SETTING_SEED);
    CU_ASSERT_STRING_EQUAL(json->valuestring, "9007199254740993");
    cJSON_Delete(json);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(names_are_unique_where_they_are_seen),
        UNIT_TEST(every_row_is_found_by_its_name_and_does_something),
        UNIT_TEST(a_dot_names_a_part_where_there_are_parts),
        UNIT_TEST(values_are_equal_by_what_they_say),
        UNIT_TEST(what_is_out_of_range_is_refused_in_one_sentence),
        UNIT_TEST(large_seeds_stay_exact),
        { NULL, NULL },
    };
    return unit_run("setting", tests);
}
