#include "traces/swf.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "tests/support/unit.h"

#define JOB(number, submit, wait, run)                                                             \
    number " " submit " " wait " " run " 4 -1 -1 4 100 -1 1 1 1 7 2 1 -1 -1"

static void jobs_and_facts_are_read(void)
{
    char *text =
        xstrdup("; Version: 2.2\r\n;  Computer: IBM SP2 \r\n; MaxProcs: 128 (of which "
                "some)\n;UnixStartTime: 832000000\n\n" JOB("1", "0", "5", "10.5") "\r\n  " JOB(
                    "2", "3", "-1",
                    "-1") "  \n1 2 3\n" JOB("x", "3", "1",
                                            "1") "\n" JOB("4", "1e13", "1",
                                                          "1") "\n" JOB("5", "3", "1",
                                                                        "1") " 19\n" JOB("6", "9",
                                                                                         "0", "1"));
    struct swf_reader r = swf_open(text);
    double x[SWF_COLUMNS];
    CU_ASSERT_TRUE_FATAL(swf_next(&r, x));
    CU_ASSERT_EQUAL(x[SWF_RUN], 10.5);
    CU_ASSERT_EQUAL(x[SWF_PROCS], 4);
    CU_ASSERT_EQUAL(x[SWF_EXECUTABLE], 7);
    CU_ASSERT_EQUAL(r.line, 6);
    CU_ASSERT_EQUAL(r.max_procs, 128);
    CU_ASSERT_EQUAL(r.unix_start_s, 832000000);
    CU_ASSERT(isnan(r.max_nodes));
    CU_ASSERT_STRING_EQUAL(r.computer, "IBM SP2 ");
    CU_ASSERT_TRUE_FATAL(swf_next(&r, x));
    CU_ASSERT_EQUAL(x[SWF_WAIT], -1);
    CU_ASSERT_TRUE_FATAL(swf_next(&r, x));
    CU_ASSERT_EQUAL(x[SWF_JOB], 6);
    CU_ASSERT_FALSE(swf_next(&r, x));
    CU_ASSERT_EQUAL(r.torn, 4);
    CU_ASSERT_EQUAL(r.first_torn, 8);
    free(text);
}

static void a_log_is_known_by_its_first_job(void)
{
    CU_ASSERT_EQUAL(swf_likeness("; a comment\n" JOB("1", "0", "5", "10") "\n"), SWF_SURE);
    CU_ASSERT_EQUAL(swf_likeness("; MaxNodes: 4\n"), SWF_PERHAPS);
    CU_ASSERT_EQUAL(swf_likeness("id,name\n" JOB("1", "0", "5", "10") "\n"), SWF_NO);
    CU_ASSERT_EQUAL(swf_likeness(JOB("1", "0", "5", "10") " 19\n"), SWF_NO);
    CU_ASSERT_EQUAL(swf_likeness(""), SWF_NO);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(jobs_and_facts_are_read),
        UNIT_TEST(a_log_is_known_by_its_first_job),
        { NULL, NULL },
    };
    return unit_run("swf", tests);
}
