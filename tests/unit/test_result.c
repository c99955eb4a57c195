#include "study/result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "tests/support/unit.h"

static struct result *given_result(void)
{
    struct result *r = result_of_error(17, "no room");
    free(r->error);
    r->error = NULL;
    r->n = 3;
    r->makespans = xcalloc(3, sizeof *r->makespans);
    r->makespans[0] = 2.385;
    r->makespans[1] = NAN;
    r->makespans[2] = 1e-300;
    for (int f = 0; f < FIGURES; f++)
        r->figures[f] = f == FIGURE_UTILISATION_GPUS ? NAN : 1.0 / (f + 3);
    return r;
}

static bool same(const struct result *a, const struct result *b)
{
    return a->point == b->point && a->n == b->n &&
           memcmp(a->figures, b->figures, sizeof a->figures) == 0 &&
           memcmp(a->makespans, b->makespans, a->n * sizeof *a->makespans) == 0;
}

static void figures_come_back_bit_by_bit(void)
{
    size_t size;
    struct result *r = given_result();
    char *bytes = result_pack(r, &size);
    struct result *back = result_unpack(bytes, size);
    CU_ASSERT_PTR_NOT_NULL_FATAL(back);
    CU_ASSERT_TRUE(same(r, back));
    CU_ASSERT_PTR_NULL(back->error);
    result_free(back);
    result_free(r);
    free(bytes);
}

static void a_reason_comes_back(void)
{
    size_t size;
    struct result *r = result_of_error(5, "task set 'a': no node can hold it");
    char *bytes = result_pack(r, &size);
    struct result *back = result_unpack(bytes, size);
    CU_ASSERT_PTR_NOT_NULL_FATAL(back);
    CU_ASSERT_EQUAL(back->point, 5);
    CU_ASSERT_EQUAL(back->n, 0);
    CU_ASSERT_STRING_EQUAL(back->error, r->error);
    CU_ASSERT_TRUE(isnan(back->figures[FIGURE_MAKESPAN]));
    result_free(back);
    result_free(r);
    free(bytes);
}

static void cut_bytes_are_no_result(void)
{
    size_t size;
    struct result *r = given_result();
    char *bytes = result_pack(r, &size);
    for (size_t n = 0; n < size; n++)
        CU_ASSERT_PTR_NULL(result_unpack(bytes, n));
    result_free(r);
    free(bytes);
}

static void names_are_all_there_and_different(void)
{
    for (int f = 0; f < FIGURES; f++)
        for (int g = 0; g < f; g++)
            CU_ASSERT_STRING_NOT_EQUAL(figure_name((enum figure)f), figure_name((enum figure)g));
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(figures_come_back_bit_by_bit),
        UNIT_TEST(a_reason_comes_back),
        UNIT_TEST(cut_bytes_are_no_result),
        UNIT_TEST(names_are_all_there_and_different),
        { NULL, NULL },
    };
    return unit_run("result", tests);
}
