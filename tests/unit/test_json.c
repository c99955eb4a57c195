#include "base/json.h"

#include <float.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "tests/support/unit.h"

static struct json_document *parse(const char *text)
{
    struct error err = { "" };
    struct json_document *doc = json_parse(text, strlen(text), "w.json", &err);
    CU_ASSERT_STRING_EQUAL_FATAL(err.text, "");
    return doc;
}

static void expect_unread(const char *text, const char *sentence)
{
    struct error err = { "" };
    CU_ASSERT_PTR_NULL(json_parse(text, strlen(text), "w.json", &err));
    CU_ASSERT_STRING_EQUAL(err.text, sentence);
}

static void texts_that_are_refused(void)
{
    expect_unread("[1,\n2", "w.json:2:2: not JSON: expected ',' or ']', found the end of the text");
    expect_unread("{\"a\": 1,\n \"a\": 2}", "w.json:2: a: the key appears twice in its object");
    expect_unread("{\"b\": [1, {\"c\": 1,\n\n\"\\u0063\": 2}]}",
                  "w.json:3: b[1].c: the key appears twice in its object");
    expect_unread("[[], {\"a\": {}, \"b\": 1, \"a\": {}}]",
                  "w.json:1: [1].a: the key appears twice in its object");
    /* more than are compared one by one */
    char many[400] = "{\"k7\": 0";
    for (int i = 0; i < 20; i++)
        sprintf(many + strlen(many), ",\n\"k%d\": %d", i, i);
    strcat(many, "}");
    expect_unread(many, "w.json:9: k7: the key appears twice in its object");
}

static void the_same_key_in_two_objects_is_fine(void)
{
    json_free(parse("[{\"a\":1},{\"a\":{\"a\":2}}]"));
    json_free(NULL);
}

static void walking(void)
{
    struct json_document *doc =
        parse("{\"list\": [1.5, 2.5, 4.5], \"object\": {\"x\": 1, \"y\": 2}, \"n\": null}");
    struct json root = json_root(doc), list = json_member(&root, "list"),
                object = json_member(&root, "object");
    double sum = 0, x = 0;
    size_t index = 0;
    for (struct json e = json_first(&list); e.value; e = json_next(&e)) {
        unit_is(e.index, ==, index++);
        CU_ASSERT_PTR_NULL(e.key);
        CU_ASSERT_EQUAL(json_as_number(&e, 0, 9, &x, NULL), 0);
        sum += x;
    }
    CU_ASSERT_EQUAL(sum, 8.5);
    struct str keys = { 0 };
    for (struct json e = json_first(&object); e.value; e = json_next(&e))
        str_add(&keys, e.key);
    CU_ASSERT_STRING_EQUAL(keys.text, "xy");
    str_clear(&keys);
    struct json absent = json_member(&root, "absent"), below = json_member(&absent, "x"),
                inside = json_member(&list, "x");
    CU_ASSERT_FALSE(absent.value);
    CU_ASSERT_FALSE(below.value);
    CU_ASSERT_FALSE(inside.value);
    CU_ASSERT_FALSE(json_first(&absent).value);
    unit_is(json_count(&root), ==, 3);
    unit_is(json_count(&list), ==, 3);
    unit_is(json_count(&absent), ==, 0);
    CU_ASSERT(json_has(&root, "n"));
    CU_ASSERT_FALSE(json_has(&root, "N"));
    json_free(doc);
}

static void errors_name_file_line_and_path(void)
{
    struct json_document *doc = parse("{\"task_sets\": [\n{},\n{\"duration\":\n {\"mean\": -1}}]}");
    struct json root = json_root(doc), sets = json_member(&root, "task_sets"),
                first = json_first(&sets), second = json_next(&first);
    struct json duration = json_member(&second, "duration");
    struct error err;
    double x = 2.385;
    CU_ASSERT_EQUAL(json_need_number(&duration, "mean", 0, INFINITY, &x, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text,
                           "w.json:4: task_sets[1].duration.mean: must be at least 0, is -1");
    CU_ASSERT_EQUAL(json_need_number(&duration, "sd", 0, INFINITY, &x, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text,
                           "w.json:3: task_sets[1].duration.sd: must be a number, is missing");
    CU_ASSERT_EQUAL(json_error(&first, &err, "holds %d tasks", 0), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:2: task_sets[0]: holds 0 tasks");
    json_error(&root, &err, "is empty");
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:1: is empty");
    CU_ASSERT_EQUAL(x, 2.385);
    json_free(doc);
}

static void expect_range_error(double min, double max, double value, const char *sentence)
{
    char *text = str_format("[%g]", value);
    struct json_document *doc = parse(text);
    struct json root = json_root(doc), e = json_first(&root);
    struct error err;
    double x;
    CU_ASSERT_EQUAL(json_as_number(&e, min, max, &x, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, sentence);
    json_free(doc);
    free(text);
}

static void numbers_within_bounds(void)
{
    expect_range_error(0, 1, 1.5, "w.json:1: [0]: must be between 0 and 1, is 1.5");
    expect_range_error(-INFINITY, 1, 1.5, "w.json:1: [0]: must be at most 1, is 1.5");
    expect_range_error(DBL_MIN, INFINITY, 0, "w.json:1: [0]: must be more than 0, is 0");
    expect_range_error(DBL_MIN, DBL_MAX, -3, "w.json:1: [0]: must be more than 0, is -3");
    expect_range_error(DBL_MIN, 5, 7, "w.json:1: [0]: must be more than 0 and at most 5, is 7");
}

static void integers(void)
{
    struct json_document *doc =
        parse("{\"half\": 2.5, \"big\": 1e17, \"n\": -4096, \"e\": 1e3, \"text\": \"7\"}");
    struct json root = json_root(doc);
    struct error err;
    int64_t n = 75;
    unit_is(json_need_int(&root, "n", -5000, 5000, &n, &err), ==, 0);
    unit_is(n, ==, -4096);
    unit_is(json_get_int(&root, "e", 0, INT64_MAX, &n, &err), ==, 0);
    unit_is(n, ==, 1000);
    unit_is(json_get_int(&root, "absent", 0, 5, &n, &err), ==, 0);
    unit_is(n, ==, 1000);
    CU_ASSERT_EQUAL(json_get_int(&root, "half", 0, 5, &n, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:1: half: must be an integer, is the number 2.5");
    CU_ASSERT_EQUAL(json_get_int(&root, "big", 0, INT64_MAX, &n, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text,
                           "w.json:1: big: must be an integer below 2^53 in size, is 1e+17");
    CU_ASSERT_EQUAL(json_get_int(&root, "n", 0, 64, &n, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:1: n: must be between 0 and 64, is -4096");
    CU_ASSERT_EQUAL(json_get_int(&root, "n", 1, INT64_MAX, &n, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:1: n: must be at least 1, is -4096");
    CU_ASSERT_EQUAL(json_get_int(&root, "text", 0, 64, &n, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:1: text: must be an integer, is the string \"7\"");
    CU_ASSERT_EQUAL(json_need_int(&root, "absent", 0, 64, &n, &err), -1);
    CU_ASSERT_EQUAL(n, 1000);
    json_free(doc);
}

static void strings_and_booleans(void)
{
    struct json_document *doc = parse("{\"s\": \"summit\", \"empty\": \"\", \"yes\": true, \"no\": "
                                      "false, \"null\": null, \"list\": []}");
    struct json root = json_root(doc);
    struct error err;
    const char *s = "default";
    bool b = true;
    unit_is(json_get_string(&root, "absent", &s, &err), ==, 0);
    CU_ASSERT_STRING_EQUAL(s, "default");
    unit_is(json_get_string(&root, "s", &s, &err), ==, 0);
    CU_ASSERT_STRING_EQUAL(s, "summit");
    CU_ASSERT_EQUAL(json_need_string(&root, "empty", &s, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:1: empty: must not be empty");
    CU_ASSERT_EQUAL(json_get_string(&root, "yes", &s, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:1: yes: must be a string, is true");
    CU_ASSERT_EQUAL(json_get_string(&root, "null", &s, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:1: null: must be a string, is null");
    unit_is(json_get_bool(&root, "no", &b, &err), ==, 0);
    unit_is(b, ==, false);
    unit_is(json_get_bool(&root, "yes", &b, &err), ==, 0);
    unit_is(b, ==, true);
    CU_ASSERT_EQUAL(json_get_bool(&root, "list", &b, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:1: list: must be true or false, is an array");
    unit_is(b, ==, true);
    CU_ASSERT_STRING_EQUAL(s, "summit");
    json_free(doc);
}

static void choices(void)
{
    static const char *const names[] = { "cyclic", "block", NULL };
    struct json_document *doc = parse("{\"layout\": \"block\", \"other\": \"blokc\"}");
    struct json root = json_root(doc);
    struct error err;
    int i = -1;
    unit_is(json_get_choice(&root, "absent", names, &i, &err), ==, 0);
    unit_is(i, ==, -1);
    unit_is(json_get_choice(&root, "layout", names, &i, &err), ==, 0);
    unit_is(i, ==, 1);
    CU_ASSERT_EQUAL(json_get_choice(&root, "other", names, &i, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:1: other: must be one of cyclic, block, is "
                                     "\"blokc\"; did you mean 'block'?");
    json_free(doc);
}

static void containers(void)
{
    static const char *const known[] = { "name", "tasks", "name", NULL };
    struct json_document *doc =
        parse("{\"ok\": {\"name\": 1, \"_note\": 2, \"comment\": 3, \"$schema\": \"s\"}, "
              "\"near\":\n{\"taks\": 1}, \"far\": {\"walltime\": 1}, \"dot\": {\"name.x.y\": 1}}");
    struct json root = json_root(doc), ok = json_member(&root, "ok"),
                near = json_member(&root, "near"), far = json_member(&root, "far"),
                dot = json_member(&root, "dot");
    struct error err;
    CU_ASSERT_EQUAL(json_expect_object(&ok, known, &err), 0);
    CU_ASSERT_EQUAL(json_expect_object(&near, known, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text,
                           "w.json:2: near.taks: unknown field 'taks'; did you mean 'tasks'?");
    CU_ASSERT_EQUAL(json_expect_object(&far, known, &err), -1);
    CU_ASSERT_STRING_EQUAL(
        err.text, "w.json:2: far.walltime: unknown field 'walltime'; known here: name, tasks");
    CU_ASSERT_EQUAL(json_expect_object(&dot, known, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:2: dot.name.x.y: unknown field 'name.x.y'; write it "
                                     "as \"name\": {\"x.y\": ...}");
    CU_ASSERT_EQUAL(json_expect_array(&ok, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:1: ok: must be an array, is an object");
    struct json absent = json_member(&root, "absent");
    CU_ASSERT_EQUAL(json_expect_object(&absent, known, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:1: absent: must be an object, is missing");
    json_free(doc);
}

static void files_are_loaded_by_name(void)
{
    char path[] = "/tmp/dagcast-test-json-XXXXXX";
    struct error err = { "" };
    int fd = mkstemp(path);
    CU_ASSERT_EQUAL_FATAL(write(fd, "{\"a\":\n1 2}", 10), 10);
    close(fd);
    CU_ASSERT_PTR_NULL(json_load(path, &err));
    char *sentence = str_format("%s:2:3: not JSON: expected ',' or '}', found '2'", path);
    CU_ASSERT_STRING_EQUAL(err.text, sentence);
    free(sentence);
    CU_ASSERT_EQUAL(file_save(path, "[17.5]", 6, &err), 0);
    struct json_document *doc = json_load(path, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    json_free(doc);
    unlink(path);
    CU_ASSERT_PTR_NULL(json_load(path, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "cannot open"));
}

/* An object of n members, each an array, in processor seconds; all members must come back. */
static double seconds_to_read(size_t n)
{
    struct str s = { 0 };
    str_add(&s, "{\"first\": 0");
    for (size_t i = 0; i < n; i++)
        str_addf(&s, ",\"k%zu\":[%zu.5]", i, i);
    str_add(&s, "}");
    clock_t start = clock();
    struct json_document *doc = parse(s.text);
    struct json root = json_root(doc);
    size_t seen = 0;
    for (struct json e = json_first(&root); e.value; e = json_next(&e))
        seen++;
    CU_ASSERT_EQUAL(seen, n + 1);
    json_free(doc);
    str_clear(&s);
    return (double)(clock() - start) / CLOCKS_PER_SEC;
}

/* Ten times the elements must not take a hundred times as long: 30 leaves room for sorting and for
 * a busy machine. */
static void a_million_elements_are_read_in_linear_time(void)
{
    double small = seconds_to_read(100000), large = seconds_to_read(1000000);
    unit_is(large, <, 30 * small + 0.1);
}

enum { THREADS = 4 };

/* What is made while no text is being read, and what another thread reads, is of no concern to a
 * document. */
static void *read_and_print(void *failed)
{
    static const char text[] = "{\n  \"sets\": [2.385, 7, \"a longer text, to be copied\"]\n}\n";
    static const char packed[] = "{\"sets\":[2.385,7,\"a longer text, to be copied\"]}";
    for (int i = 0; i < 500; i++) {
        struct json_document *doc = json_parse(text, sizeof text - 1, "w.json", NULL);
        struct json_document *wrong = json_parse("[[1], nul]", 10, "w.json", NULL);
        cJSON *copy = cJSON_Duplicate(json_root(doc).value, true);
        json_free(doc);
        char *printed = json_print(copy), *plain = cJSON_PrintUnformatted(copy);
        *(bool *)failed |= wrong || !str_equal(printed, text) || !str_equal(plain, packed);
        cJSON_Delete(copy);
        cJSON_free(plain);
        free(printed);
    }
    return NULL;
}

static void threads_read_at_once(void)
{
    pthread_t threads[THREADS];
    bool failed[THREADS] = { false };
    for (int i = 0; i < THREADS; i++)
        CU_ASSERT_EQUAL_FATAL(pthread_create(&threads[i], NULL, read_and_print, &failed[i]), 0);
    for (int i = 0; i < THREADS; i++) {
        pthread_join(threads[i], NULL);
        CU_ASSERT_FALSE(failed[i]);
    }
}

/* All of it twice: trees from malloc(), and in arenas. */
int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(texts_that_are_refused),
        UNIT_TEST(the_same_key_in_two_objects_is_fine),
        UNIT_TEST(walking),
        UNIT_TEST(errors_name_file_line_and_path),
        UNIT_TEST(numbers_within_bounds),
        UNIT_TEST(integers),
        UNIT_TEST(strings_and_booleans),
        UNIT_TEST(choices),
        UNIT_TEST(containers),
        UNIT_TEST(files_are_loaded_by_name),
        UNIT_TEST(threads_read_at_once),
        UNIT_TEST(a_million_elements_are_read_in_linear_time),
        { NULL, NULL },
    };
    int failed = unit_run("json", tests);
    json_use_arenas();
    return unit_run("json in arenas", tests) || failed;
}
