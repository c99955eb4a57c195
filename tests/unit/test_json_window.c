/* Documents read through windows of any size, down to a few bytes: every boundary lies in every
 * token once. Oracle: the same text in memory. */
#include "base/json_scan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_impl.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"

/* A stream over memory that gives `piece` bytes at a time, and fails behind `fails_at` of them. */
struct given {
    const char *text;
    size_t size, at, piece, fails_at;
    int closed;
};

static ptrdiff_t give(void *context, char *out, size_t room, struct error *err)
{
    struct given *g = context;
    size_t n = g->size - g->at;
    n = n < room ? n : room;
    n = n < g->piece ? n : g->piece;
    if (g->fails_at && g->at + n > g->fails_at)
        return error_set(err, "w.json: the disk is broken");
    memcpy(out, g->text + g->at, n);
    g->at += n;
    return (ptrdiff_t)n;
}

static void note_closed(void *context)
{
    ((struct given *)context)->closed++;
}

static struct text_source *stream_of(struct given *g)
{
    return text_source_of_stream((struct text_stream){ give, note_closed, g });
}

/* The check's verdict through a window of so many bytes: "" or its sentence. */
static void check_through(const char *text, size_t size, size_t window_bytes, struct error *err)
{
    struct given g = { .text = text, .size = size, .piece = window_bytes % 7 + 1 };
    struct text_window window = { .source = stream_of(&g), .window_bytes = window_bytes };
    struct json_parts parts = { .lists = json_paths_of("a a.b list") };
    *err = (struct error){ "" };
    int status = json_scan(&window, &parts, err);
    unit_is(status, ==, err->text[0] ? -1 : 0);
    text_source_free(window.source);
    text_window_clear(&window);
    json_parts_clear(&parts);
}

/* All that the grammar has, with tokens of many lengths, and what it refuses. */
static const char *const texts[] = {
    "{\"a\": [1, -2.5e-3, true, false, null, \"x\\u00e9\\ud83d\\ude00\\\"\\\\\"],\r\n\t\"b\": {} , "
    "\"list\":[ [], {\"caf\xc3\xa9 \xf0\x9f\x98\x80\": 0} ], \"e\": 123456789012345678901234567890 "
    "}\n",
    "[\n  {\"a\": {\"b\": [1, 2]}},\n  1e308, 1e-400, 0.5 ]   ",
    "\"plain\"",
    "12",
    "[[[[[[]]]]]]",
    "[1, 2\n, 1e999]",
    "[1, \"a\\ud800b\"]",
    "{\"a\":\n[1, 2,, 3]}",
    "{\"a\" 1}",
    "[\"\xc3\xa9\", nul]",
    "[\"a\tb\"]",
    "[\"a\xff\"]",
    "[01]",
    "[1.]",
    "[-]",
    "[1e]",
    "[1] x",
    "{\"a\": [1, 2}",
    "",
    "  \n ",
    "[\"\\x\"]",
    "[\"\\u12g4\"]",
    "[\"\\u0000\"]",
    "[1111111111111111111111111111111111111111111111111111111111111111]",
    "{\"a\": [\"",
};

static void each_window_gives_the_same_verdict(void)
{
    for (size_t k = 0; k < sizeof texts / sizeof *texts; k++) {
        size_t size = strlen(texts[k]);
        struct error expected = { "" }, err;
        json_scan_check(texts[k], size, &expected);
        for (size_t bytes = 1; bytes < size + 80; bytes += bytes < 70 ? 1 : 7) {
            check_through(texts[k], size, bytes, &err);
            CU_ASSERT_STRING_EQUAL(err.text, expected.text);
        }
    }
}

/* Each text cut at each byte, and with each byte replaced. */
static void damage_anywhere_reads_the_same(void)
{
    for (size_t k = 0; k < 3; k++) {
        char *text = xstrdup(texts[k]);
        size_t size = strlen(text);
        struct error expected, err;
        for (size_t at = 0; at < size; at++) {
            expected = (struct error){ "" };
            json_scan_check(text, at, &expected);
            check_through(text, at, at % 80 + 1, &err);
            CU_ASSERT_STRING_EQUAL(err.text, expected.text);
            char kept = text[at];
            text[at] = "\"{]1\\\0\xff"[at % 7];
            expected = (struct error){ "" };
            json_scan_check(text, size, &expected);
            for (size_t bytes = 1; bytes < 90; bytes += 11) {
                check_through(text, size, bytes, &err);
                CU_ASSERT_STRING_EQUAL(err.text, expected.text);
            }
            text[at] = kept;
        }
        free(text);
    }
}

/* Long lists at two places and a short one, blanks around. */
static char *document(void)
{
    struct str text = { 0 };
    str_add(&text, "{\"n\": 1,\n \"list\": [ ");
    for (int i = 0; i < 3000; i++)
        str_addf(&text, "%s{\"name\": \"e, %d\",\n\"x\": [%d, {\"y\": \"]}\"}]}", i ? ",\n" : "", i,
                 i);
    str_addf(&text, "%70000s ],\n \"short\": [1, 2], \"in\": {\"m\":\n2, \"list\": [", "");
    for (int i = 0; i < 9000; i++)
        str_addf(&text, "%s[%d,\n %d]", i ? "," : "", i, i);
    str_add(&text, "]},\n \"after\": \"it\"}\n");
    return str_take(&text);
}

static const char *const lists = "list in.list short";

static void check_document(struct json_document *doc)
{
    struct error err = { "" };
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    struct json root = json_root(doc), list = json_member(&root, "list"), e,
                in = json_member(&root, "in"), pairs = json_member(&in, "list"),
                after = json_member(&root, "after"), small = json_member(&root, "short");
    unit_is(json_walk_count(&list), ==, 3000);
    unit_is(json_walk_count(&pairs), ==, 9000);
    unit_is(json_walk_count(&small), ==, 2);
    CU_ASSERT_PTR_NULL(list.value->child);
    struct json_walk walk = json_walk(&list), other = json_walk(&pairs);
    for (size_t i = 0; i < 3000; i++) {
        char name[20];
        unit_is(json_walk_at(&walk, i, &e, &err), ==, 1);
        snprintf(name, sizeof name, "e, %zu", i);
        CU_ASSERT_STRING_EQUAL(json_member(&e, "name").value->valuestring, name);
        unit_is(json_walk_at(&other, 3 * i, &e, &err), ==, 1); /* others are passed */
        unit_is(e.value->child->next->valuedouble, ==, 3 * i);
    }
    struct json last = json_first(&e);
    json_error(&last, &err, "is wrong");
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:15000: in.list[8997][0]: is wrong");
    unit_is(json_walk_at(&walk, 3000, &e, &err), ==, 0);
    json_walk_end(&walk);
    json_walk_end(&other);
    json_error(&after, &err, "is wrong");
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:15004: after: is wrong");
    json_error(&small, &err, "is wrong");
    CU_ASSERT_STRING_EQUAL(err.text, "w.json:6002: short: is wrong");
    json_free(doc);
}

static void every_source_gives_the_same_document(void)
{
    struct error err = { "" };
    char *text = document(), *folder = scratch_new();
    size_t size = strlen(text);
    char *path = scratch_file(folder, "w.json", text, size);
    check_document(json_parse_apart_list(text, size, "w.json", lists, &err));
    static const size_t windows[] = { 0, 1, 61, 100, 4096, 65536 };
    for (size_t k = 0; k < sizeof windows / sizeof *windows; k++) {
        struct given g = { .text = text, .size = size, .piece = 1000 };
        check_document(json_read(stream_of(&g), windows[k], "w.json", lists, &err));
        unit_is(g.closed, ==, 1);
        check_document(
            json_read(text_source_open(path, UINT32_MAX, &err), windows[k], "w.json", lists, &err));
    }
    scratch_free(folder);
    free(path);
    free(text);
}

static void a_source_that_fails_says_why(void)
{
    struct error err = { "" };
    char *text = document();
    struct given g = { .text = text, .size = strlen(text), .piece = 1000, .fails_at = 100000 };
    CU_ASSERT_PTR_NULL(json_read(stream_of(&g), 0, "w.json", lists, &err));
    CU_ASSERT_STRING_EQUAL(err.text, "w.json: the disk is broken");
    unit_is(g.closed, ==, 1);
    free(text);
}

/* Between the check and the reading of its elements. */
static void a_file_that_changes_is_refused(void)
{
    struct error err = { "" };
    char *text = document(), *folder = scratch_new(),
         *path = scratch_file(folder, "w.json", text, strlen(text));
    struct json_document *doc =
        json_read(text_source_open(path, UINT32_MAX, &err), 4096, "w.json", lists, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(doc);
    FILE *f = fopen(path, "ab");
    fputs(" ", f);
    fclose(f);
    struct json root = json_root(doc), list = json_member(&root, "list"), e;
    struct json_walk walk = json_walk(&list);
    unit_is(json_walk_at(&walk, 0, &e, &err), ==, -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "was changed while it was read"));
    json_walk_end(&walk);
    json_free(doc);
    scratch_free(folder);
    free(path);
    free(text);
}

static void what_is_too_large_is_not_read(void)
{
    struct error err = { "" };
    char *folder = scratch_new(), *path = scratch_file(folder, "w.json", "[1, 2, 3]", 9);
    CU_ASSERT_PTR_NULL(text_source_open(path, 8, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "is larger than the 8 bytes allowed"));
    struct text_source *s = text_source_open(path, 9, &err);
    char out[4];
    unit_is(text_source_get(s, 6, out, sizeof out), ==, 3);
    unit_is(memcmp(out, " 3]", 3), ==, 0);
    text_source_free(s);
    scratch_free(folder);
    free(path);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(each_window_gives_the_same_verdict),
        UNIT_TEST(damage_anywhere_reads_the_same),
        UNIT_TEST(every_source_gives_the_same_document),
        UNIT_TEST(a_source_that_fails_says_why),
        UNIT_TEST(a_file_that_changes_is_refused),
        UNIT_TEST(what_is_too_large_is_not_read),
        { NULL, NULL },
    };
    json_use_arenas();
    return unit_run("json_window", tests);
}
