#include "traces/importer/base64.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/unit.h"

/* The examples of RFC 4648, and its other alphabet. */
static void known_texts_decode(void)
{
    static const struct { const char *text, *bytes;
    } cases[] = {
        { "", "" },
        { "Zg==", "f" },
        { "Zm8=", "fo" },
        { "Zm9v", "foo" },
        { "Zm9vYg==", "foob" },
        { "Zm9vYmE=", "fooba" },
        { "Zm9vYmFy", "foobar" },
        { "Pj4_Pz8-", ">>?\?\?>" },
        { "Pj4/Pz8+", ">>?\?\?>" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t size = 99;
        unsigned char *bytes = base64_decode(cases[i].text, &size);
        CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
        CU_ASSERT_EQUAL(size, strlen(cases[i].bytes));
        CU_ASSERT_EQUAL(memcmp(bytes, cases[i].bytes, size), 0);
        free(bytes);
    }
}

static void other_characters_are_refused(void)
{
    size_t size;
    CU_ASSERT_PTR_NULL(base64_decode("Zm9v!", &size));
    CU_ASSERT_PTR_NULL(base64_decode("Zm 9v", &size));
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(known_texts_decode), UNIT_TEST(other_characters_are_refused), { NULL, NULL },
    };
    return unit_run("base64", tests);
}
