#include "traces/importer/task_values.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/str.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

static double time_of(const char *text)
{
    bool date = false;
    double t;
    CU_ASSERT(task_value_time(text, &t, &date));
    CU_ASSERT(date == (strchr(text, ':') != NULL || strlen(text) == 10));
    return t;
}

/* Second method: libc's own calendar. */
static void dates_are_those_of_gmtime(void)
{
    for (uint64_t i = 0; i < 300; i++) {
        time_t t = (time_t)(given_draw(7, i) * 4e9);
        struct tm utc;
        char text[64];
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", gmtime_r(&t, &utc));
        CU_ASSERT_EQUAL(time_of(text), (double)t);
    }
}

static void forms_of_times(void)
{
    CU_ASSERT_EQUAL(time_of("2024-02-29 12:30:05.25"), 1709209805.25);
    CU_ASSERT_EQUAL(time_of("2024-02-29T12:30:05+02:30"), 1709209805.0 - 9000);
    CU_ASSERT_EQUAL(time_of("2024-02-29T12:30:05-0100"), 1709209805.0 + 3600);
    CU_ASSERT_EQUAL(time_of("2024-02-29T12:30Z"), 1709209800.0);
    CU_ASSERT_EQUAL(time_of("1970-01-02"), 86400.0);
    static const char *const nothing[] = { "", "Unknown", "None", "N/A", "-" };
    static const char *const wrong[] = { "yesterday", "2024-13-01", "2024-02-29T25:00:00",  "2024-02-29T12:30:05+2",   "1e300",
                                         "inf",       "2024-02",    "2024-02-29T12:30:05.", "2024-02-29T12:30:05.0x10" };
    bool date = false;
    double t;
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++)
        CU_ASSERT(task_value_time(nothing[i], &t, &date) && isnan(t));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CU_ASSERT_FALSE(task_value_time(wrong[i], &t, &date));
    CU_ASSERT(task_value_time("12.75", &t, &date) && t == 12.75);
    CU_ASSERT_FALSE(date);
}

static void forms_of_durations(void)
{
    static const struct { const char *text; double seconds; } good[] = {
        { "00:05:10", 310 }, { "1-02:03:04", 93784 }, { "12:30", 750 }, { "2.75", 2.75 }, { "00:00:01.5", 1.5 }, { "0", 0 },
    };
    static const char *const wrong[] = { "-5", "1-x", "a:b:c", "1e300", "99999999999-00:00:00", "nan-00:00:01" };
    double seconds;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CU_ASSERT(task_value_duration(good[i].text, &seconds) && unit_close(seconds, good[i].seconds, 1e-12));
    CU_ASSERT(task_value_duration("", &seconds) && isnan(seconds));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CU_ASSERT_FALSE(task_value_duration(wrong[i], &seconds));
}

static void gpus_are_found_among_resources(void)
{
    CU_ASSERT_EQUAL(task_value_tres_gpus("billing=8,cpu=8,gres/gpu:a100=2,gres/gpu=2,mem=32G"), 2);
    CU_ASSERT_EQUAL(task_value_tres_gpus("gres/gpu:a100=3,gres/gpu:v100=4"), 7);
    CU_ASSERT_EQUAL(task_value_tres_gpus("cpu=8,mem=32G"), 0);
    CU_ASSERT_EQUAL(task_value_tres_gpus("gres/gpumem=8,gres/gpu,=,,gres/gpu=-3"), 0);
    CU_ASSERT_EQUAL(task_value_tres_gpus(""), 0);
}

static void states_are_known(void)
{
    static const struct { const char *text; enum task_status status; } good[] = {
        { "COMPLETED", TASK_DONE }, { "CANCELLED by 1000", TASK_KILLED }, { "TIMEOUT", TASK_KILLED }, { "OUT_OF_MEMORY", TASK_FAILED },
        { "RUNNING", TASK_CUT }, { "done", TASK_DONE }, { "CANCELLED+", TASK_KILLED },
    };
    enum task_status status;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        CU_ASSERT(task_value_state(good[i].text, &status) && status == good[i].status);
    CU_ASSERT_FALSE(task_value_state("COMPLETE", &status));
    CU_ASSERT_FALSE(task_value_state("", &status));
    CU_ASSERT_FALSE(task_value_state(" by", &status));
}

static void collect(void *context, const char *name)
{
    str_addf(context, "%s ", name);
}

static void check_nodes(const char *text, size_t most, bool good, const char *expected)
{
    struct str names = { 0 };
    CU_ASSERT_EQUAL(task_value_nodes(text, most, collect, &names), good);
    CU_ASSERT_STRING_EQUAL(names.text ? names.text : "", expected);
    str_clear(&names);
}

static void node_lists_expand(void)
{
    check_nodes("n[001-003,7],m1", 99, true, "n001 n002 n003 n7 m1 ");
    check_nodes("a b;c,,d", 99, true, "a b c d ");
    check_nodes("r[1-2]n,x[09-10]-ib", 99, true, "r1n r2n x09-ib x10-ib ");
    check_nodes("None assigned", 99, true, "");
    check_nodes("n[1-999999999]", 3, false, "n1 n2 n3 ");
    check_nodes("n[9-1]", 99, false, "");
    check_nodes("n[1-", 99, false, "");
    check_nodes("n[]", 99, true, "");
    check_nodes("n[1x]", 99, false, "");
    check_nodes("n[9999999999]", 99, false, "");
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(dates_are_those_of_gmtime), UNIT_TEST(forms_of_times), UNIT_TEST(forms_of_durations),
        UNIT_TEST(gpus_are_found_among_resources), UNIT_TEST(states_are_known), UNIT_TEST(node_lists_expand), { NULL, NULL },
    };
    return unit_run("task_values", tests);
}
