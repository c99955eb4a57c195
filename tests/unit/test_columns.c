#include "cli/columns.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/support/unit.h"

static struct columns columns_of(const char *text, const char *ending)
{
    char path[64] = "/tmp/dagcast-columns";
    struct error err = { "" };
    struct input in;
    struct columns c;
    strcat(path, ending);
    CU_ASSERT_EQUAL(file_save(path, text, strlen(text), &err), 0);
    CU_ASSERT_EQUAL(input_open(&in, path, &err), 0);
    CU_ASSERT_EQUAL(columns_open(&c, &in, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    input_close(&in);
    remove(path);
    return c;
}

static void cells_of_csv(void)
{
    struct columns c = columns_of("a,\"b, c\"\n1.5,x\n,y\n", ".csv");
    CU_ASSERT_EQUAL(c.n, 2);
    CU_ASSERT_EQUAL(c.n_rows, 2);
    CU_ASSERT_EQUAL(columns_number(&c, 0, columns_find(&c, "a")), 1.5);
    CU_ASSERT(isnan(columns_number(&c, 1, columns_find(&c, "a"))));
    CU_ASSERT_STRING_EQUAL(columns_text(&c, 1, columns_find(&c, "b, c")), "y");
    CU_ASSERT_EQUAL(columns_find(&c, "c"), -1);
    CU_ASSERT_STRING_EQUAL(columns_text(&c, 0, -1), "");
    columns_close(&c);
}

/* The first array of objects; what is within objects and arrays has a name of its own; a row may
 * lack what another has. */
static void cells_of_json(void)
{
    struct columns c = columns_of("{\"command\": \"x\", \"list\": [1, 2], \"rows\": [{\"n\": 4, "
                                  "\"p\": {\"mean\": 2.25, \"ci\": [1, 3]}},"
                                  "{\"n\": 4, \"ok\": true, \"p\": {\"mean\": null}}]}",
                                  ".json");
    CU_ASSERT_EQUAL(c.n_rows, 2);
    CU_ASSERT_EQUAL(columns_number(&c, 0, columns_find(&c, "p.mean")), 2.25);
    CU_ASSERT_EQUAL(columns_number(&c, 0, columns_find(&c, "p.ci.1")), 3);
    CU_ASSERT(isnan(columns_number(&c, 1, columns_find(&c, "p.mean"))));
    CU_ASSERT_STRING_EQUAL(columns_text(&c, 1, columns_find(&c, "ok")), "true");
    CU_ASSERT_STRING_EQUAL(columns_text(&c, 0, columns_find(&c, "ok")), "");
    CU_ASSERT(!columns_vary(&c, columns_find(&c, "n")));
    CU_ASSERT(columns_vary(&c, columns_find(&c, "ok")));
    columns_close(&c);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(cells_of_csv), UNIT_TEST(cells_of_json),
                                              { NULL, NULL } };
    return unit_run("columns", tests);
}
