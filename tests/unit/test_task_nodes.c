#include "traces/importer/task_nodes.h"

#include <math.h>

#include "base/str.h"
#include "tests/support/unit.h"

static void collect(void *context, const char *name, double cores, double gpus)
{
    str_addf(context, "%s ", name);
    if (!isnan(cores))
        str_addf(context, "%g ", cores);
    if (!isnan(gpus))
        str_addf(context, "%g ", gpus);
}

static void check_nodes(const char *text, size_t most, bool good, const char *expected)
{
    struct str names = { 0 };
    CU_ASSERT_EQUAL(task_nodes_read(text, most, collect, &names), good);
    CU_ASSERT_STRING_EQUAL(names.text ? names.text : "", expected);
    str_clear(&names);
}

static void slurm_lists_expand(void)
{
    check_nodes("n[001-003,7],m1", 99, true, "n001 n002 n003 n7 m1 ");
    check_nodes("a b;c,,d", 99, true, "a b c d ");
    check_nodes("r[1-2]n,x[09-10]-ib", 99, true, "r1n r2n x09-ib x10-ib ");
    check_nodes("None assigned", 99, true, "");
    check_nodes("n[1-999999999]", 3, false, "n1 n2 n3 ");
    check_nodes("n[9-1]", 99, false, "");
    check_nodes("n[1-", 99, false, "");
    check_nodes("n[]", 99, false, "");
    check_nodes("n]", 99, false, "");
    check_nodes("n[1x]", 99, false, "");
    check_nodes("n[9999999999]", 99, false, "");
    check_nodes("tcp://10.0.0.1:4000", 99, true, "tcp://10.0.0.1:4000 ");
}

static void several_brackets_multiply(void)
{
    check_nodes("r[1-2]n[01-02]", 99, true, "r1n01 r1n02 r2n01 r2n02 ");
    check_nodes("a[1,3]b[2]c[7-8]-x,z", 99, true, "a1b2c7-x a1b2c8-x a3b2c7-x a3b2c8-x z ");
    check_nodes("r[1-2]n[", 99, false, "");
    check_nodes("r[1-9][1-9][1-9][1-9][1-9][1-9][1-9][]", 99, false, "");
}

static void lists_with_shares(void)
{
    check_nodes("42*h01n01:42*h01n02", 99, true, "h01n01 42 h01n02 42 ");
    check_nodes("h1:h1:h2", 99, true, "h1 1 h1 1 h2 1 ");
    check_nodes("(n1:ncpus=32:ngpus=4)+(n2:ncpus=16:mem=4gb:ngpus=2)", 99, true,
                "n1 32 4 n2 16 2 ");
    check_nodes("(n1:ncpus=4+n2:ncpus=8)", 99, true, "n1 4 0 n2 8 0 ");
    check_nodes("n1/0*32+n2/1", 99, true, "n1 32 n2 1 ");
    check_nodes("x*h1", 99, false, "");
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(slurm_lists_expand),
        UNIT_TEST(several_brackets_multiply),
        UNIT_TEST(lists_with_shares),
        { NULL, NULL },
    };
    return unit_run("task_nodes", tests);
}
