/* A text held packed is the text, whatever is in it and in whatever pieces it came. */
#include "base/text_pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tests/support/unit.h"

enum { SIZE = 5 * TEXT_PACK_BLOCK / 2 };

static uint32_t next(uint32_t *x)
{
    *x ^= *x << 13;
    *x ^= *x >> 17;
    return *x ^= *x << 5;
}

static struct text_pack *packed(const char *text, size_t size, size_t piece)
{
    struct text_pack *p = text_pack_new();
    for (size_t at = 0; at < size;) {
        size_t room;
        char *out = text_pack_room(p, &room);
        size_t n = room < piece ? room : piece;
        n = n < size - at ? n : size - at;
        memcpy(out, text + at, n);
        text_pack_add(p, n);
        at += n;
    }
    return p;
}

static void check(const char *text, size_t size, size_t piece)
{
    struct text_pack *p = packed(text, size, piece);
    char *out = xmalloc(size + 10);
    uint32_t x = 7;
    unit_is(text_pack_size(p), ==, size);
    unit_is(text_pack_get(p, 0, out, size + 10), ==, size);
    unit_is(memcmp(out, text, size), ==, 0);
    for (int i = 0; i < 200; i++) {
        size_t from = next(&x) % size, n = next(&x) % 5000,
               expected = n < size - from ? n : size - from;
        unit_is(text_pack_get(p, from, out, n), ==, expected);
        unit_is(memcmp(out, text + from, expected), ==, 0);
    }
    unit_is(text_pack_get(p, size, out, 10), ==, 0);
    text_pack_free(p);
    free(out);
}

/* Noise, runs of a byte and of short patterns (matches that overlap themselves), words that repeat
 * at all distances. */
static void any_text_comes_back(void)
{
    char *text = xmalloc(SIZE);
    for (uint32_t kind = 0, x = 1; kind < 12; kind++) {
        for (size_t i = 0; i < SIZE; i++)
            text[i] = kind == 0                ? (char)next(&x)
                      : kind == 1              ? '\0'
                      : kind < 10 && i >= kind ? text[i - kind + (next(&x) % 4000 == 0)]
                      : kind < 10              ? (char)next(&x)
                                  : "0123456789, :\"{}"[next(&x) % (kind == 10 ? 2 : 15)];
        check(text, SIZE, kind % 2 ? 1000 : SIZE);
    }
    free(text);
}

static void json_takes_little_room(void)
{
    char *text = xmalloc(SIZE + 100);
    size_t n = 0;
    for (int i = 0; n < SIZE; i++)
        n += (size_t)sprintf(text + n, "{\"name\": \"task_%d\", \"runtimeInSeconds\": %d.5},\n", i,
                             i);
    struct text_pack *p = packed(text, SIZE, 4096);
    unit_is(text_pack_held(p), <, SIZE / 4);
    text_pack_free(p);
    check(text, SIZE, 4096);
    free(text);
}

static void few_bytes_are_held_as_they_are(void)
{
    check("x", 1, 1);
    check("[1, 2]", 6, 4);
    struct text_pack *p = text_pack_new();
    char out[4];
    unit_is(text_pack_get(p, 0, out, sizeof out), ==, 0);
    text_pack_free(p);
    text_pack_free(NULL);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(any_text_comes_back),
        UNIT_TEST(json_takes_little_room),
        UNIT_TEST(few_bytes_are_held_as_they_are),
        { NULL, NULL },
    };
    return unit_run("text_pack", tests);
}
