/* Lists of which the elements are read one by one. Oracle: the tree of the whole text. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "base/str.h"
#include "tests/support/unit.h"

/* A list of many elements, long enough to be set apart. */
static char *long_list(const char *last)
{
    struct str text = { 0 };
    str_add(&text, "{\"n\": 1,\n \"list\": [ ");
    for (int i = 0; i < 3000; i++)
        str_addf(&text, "{\"name\": \"e, %d\", \"x\": [%d, {\"y\": \"]}\"}]},\n", i, i);
    str_addf(&text, "%s ], \"after\": \"it\"}", last);
    return str_take(&text);
}

/* Walks all elements; returns how many are as written. */
static size_t as_written(const struct json *list, struct error *err, int *status)
{
    struct json_walk walk = json_walk(list);
    struct json e;
    size_t good = 0;
    for (size_t i = 0; (*status = json_walk_at(&walk, i, &e, err)) > 0; i++) {
        char expected[32];
        const char *name = "";
        struct json x = json_member(&e, "x"), first = json_first(&x);
        snprintf(expected, sizeof expected, "e, %zu", i);
        good += json_need_string(&e, "name", &name, err) == 0 && str_equal(name, expected) &&
                first.value && first.value->valuedouble == (double)i && e.index == i;
    }
    json_walk_end(&walk);
    return good;
}

static void a_long_list_set_apart_reads_as_a_tree_does(void)
{
    char *text = long_list("{\"name\": \"e, 3000\", \"x\": [3000]}");
    struct error err = { "" };
    struct json_document *whole = json_parse(text, strlen(text), "w.json", &err),
                         *apart = json_parse_apart_list(text, strlen(text), "w.json", "list", &err);
    struct json_document *documents[] = { whole, apart };
    for (int k = 0; k < 2; k++) {
        struct json root = json_root(documents[k]), list = json_member(&root, "list");
        const char *after = "";
        int status;
        CU_ASSERT_EQUAL(json_walk_count(&list), 3001);
        CU_ASSERT_EQUAL(as_written(&list, &err, &status), 3001);
        CU_ASSERT_EQUAL(status, 0);
        CU_ASSERT_EQUAL(json_need_string(&root, "after", &after, &err), 0);
        CU_ASSERT_STRING_EQUAL(after, "it");
    }
    struct json root = json_root(apart), list = json_member(&root, "list"), e;
    CU_ASSERT_PTR_NULL(list.value->child);               /* it was set apart */
    struct json_walk walk = json_walk(&list);
    CU_ASSERT_EQUAL(json_walk_at(&walk, 2999, &e, &err), 1);
    struct json x = json_member(&e, "x");
    json_error(&x, &err, "is wrong");
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:3001: list[2999].x: is wrong");
    json_walk_end(&walk);
    json_free(whole);
    json_free(apart);
    free(text);
}

static void keys_of_an_element_set_apart_differ(void)
{
    char *text = long_list("{\"name\": 1,\n\"name\": 2}");
    struct error err = { "" };
    struct json_document *apart = json_parse_apart_list(text, strlen(text), "w.json", "list", &err);
    struct json root = json_root(apart), list = json_member(&root, "list");
    int status;
    as_written(&list, &err, &status);
    CU_ASSERT_EQUAL(status, -1);
    CU_ASSERT_STRING_EQUAL(err.text,
                           "w.json:3003: list[3000].name: the key appears twice in its object");
    json_free(apart);
    free(text);
}

/* Two lists at places of their own, one short: only long ones are set apart. */
static void lists_below_the_root_are_set_apart(void)
{
    char *list = long_list("{\"name\": \"e, 3000\", \"x\": [3000]}");
    char *text = str_format("{\"list\": [1], \"a\": {\"list\": {\"list\": [2]}, \"b\":\n%s},\n"
                            " \"b\": %s, \"c\": [3]}",
                            list, list);
    struct error err = { "" };
    struct json_document *doc = json_parse_apart_list(
        text, strlen(text), "w.json", "list none a.b.list a.list b.list b.list.deeper c", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct json root = json_root(doc), a = json_member(&root, "a"), ab = json_member(&a, "b"),
                lists[] = { json_member(&ab, "list"), json_member(&root, "b") };
    struct json b = lists[1];
    lists[1] = json_member(&b, "list");
    for (int k = 0; k < 2; k++) {
        int status;
        CU_ASSERT_PTR_NULL(lists[k].value->child);
        CU_ASSERT_EQUAL(json_walk_count(&lists[k]), 3001);
        CU_ASSERT_EQUAL(as_written(&lists[k], &err, &status), 3001);
        CU_ASSERT_EQUAL(status, 0);
    }
    struct json short_list = json_member(&root, "list"), c = json_member(&root, "c"), e;
    CU_ASSERT_EQUAL(json_count(&short_list), 1);
    json_error(&c, &err, "is wrong");
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:6005: c: is wrong");
    struct json_walk walk = json_walk(&lists[1]);
    CU_ASSERT_EQUAL(json_walk_at(&walk, 1000, &e, &err), 1);
    json_error(&e, &err, "is wrong");
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:4005: b.list[1000]: is wrong");
    json_walk_end(&walk);
    json_free(doc);
    free(text);
    free(list);
}

/* Much text, and no element in it. */
static void a_list_of_blanks_is_empty(void)
{
    char *text = str_format("{\"list\": [%*s], \"after\": 1}", 1 << 17, "");
    struct error err = { "" };
    struct json_document *doc = json_parse_apart_list(text, strlen(text), "w.json", "list", &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct json root = json_root(doc), list = json_member(&root, "list"), e;
    struct json_walk walk = json_walk(&list);
    unit_is(json_walk_count(&list), ==, 0);
    unit_is(json_walk_at(&walk, 0, &e, &err), ==, 0);
    unit_is(json_has(&root, "after"), ==, 1);
    json_walk_end(&walk);
    json_free(doc);
    free(text);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_long_list_set_apart_reads_as_a_tree_does),
        UNIT_TEST(lists_below_the_root_are_set_apart),
        UNIT_TEST(keys_of_an_element_set_apart_differ),
        UNIT_TEST(a_list_of_blanks_is_empty),
        { NULL, NULL },
    };
    int failed = unit_run("json_apart", tests);
    json_use_arenas();
    return unit_run("json_apart in arenas", tests) || failed;
}
