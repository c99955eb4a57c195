#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tests/support/unit.h"

/* The bytes as a program marked them, against UTF-8. */
static void becomes(const char *bytes, size_t n, const char *expected)
{
    char *text = xmalloc(n + 1);
    memcpy(text, bytes, n);
    text[n] = '\0';
    size_t size = utf8_from_marked(&text, n);
    CU_ASSERT_EQUAL(size, strlen(expected));
    CU_ASSERT_STRING_EQUAL(text, expected);
    free(text);
}

static void marks_are_removed(void)
{
    becomes("a,b\n", 4, "a,b\n");
    becomes("", 0, "");
    becomes("\xef\xbb\xbf" "a,b", 6, "a,b");
    becomes("\xef\xbb\xbf", 3, "");
    becomes("\xef\xbb", 2, "\xef\xbb");
}

static void utf16_becomes_utf8(void)
{
    becomes("\xff\xfe" "a\0\n\0", 6, "a\n");
    becomes("\xfe\xff" "\0a\0\n", 6, "a\n");
    becomes("\xff\xfe\xe9\0\xac\x20", 6, "\xc3\xa9\xe2\x82\xac");        /* e acute, euro sign */
    /* beyond 16 bits: two units */
    becomes("\xff\xfe\x3d\xd8\x00\xde" "x\0", 8, "\xf0\x9f\x98\x80x");
    becomes("\xff\xfe\x3d\xd8" "x\0", 6, "\xef\xbf\xbdx");               /* half a pair */
    becomes("\xff\xfe" "a\0b", 5, "a");                                  /* cut within a unit */
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(marks_are_removed),
                                              UNIT_TEST(utf16_becomes_utf8), { NULL, NULL } };
    return unit_run("utf8", tests);
}
