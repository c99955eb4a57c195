#include "base/json_find.h"

#include "tests/support/unit.h"

/* Each value tells the line it stands on, an object's child that of its key. */
static void lines(void)
{
    const char *text = "\n{\"a]\\\"\" : [2, [\n3, 3,\n\"x,]\\\\\",\n5], {}],\n\"b\"\n:\n6}";
    CU_ASSERT_EQUAL(json_find_line(text, NULL, 0), 2);
    CU_ASSERT_EQUAL(json_find_line(text, (size_t[]){ 0 }, 1), 2);
    CU_ASSERT_EQUAL(json_find_line(text, (size_t[]){ 0, 1 }, 2), 2);
    CU_ASSERT_EQUAL(json_find_line(text, (size_t[]){ 0, 1, 1 }, 3), 3);
    CU_ASSERT_EQUAL(json_find_line(text, (size_t[]){ 0, 1, 2 }, 3), 4);
    CU_ASSERT_EQUAL(json_find_line(text, (size_t[]){ 0, 1, 3 }, 3), 5);
    CU_ASSERT_EQUAL(json_find_line(text, (size_t[]){ 0, 2 }, 2), 5);
    CU_ASSERT_EQUAL(json_find_line(text, (size_t[]){ 1 }, 1), 6);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(lines),
        { NULL, NULL },
    };
    return unit_run("json_find", tests);
}
