#include "traces/importer/task_values.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

static double time_of(const char *text)
{
    bool date = false;
    double t;
    CU_ASSERT(task_value_time(text, &t, &date));
    unit_is(date, ==, strchr(text, ':') != NULL || strlen(text) == 10);
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
    CU_ASSERT_EQUAL(time_of("2024-02-29 12:30:05 UTC"), 1709209805.0);
    CU_ASSERT_EQUAL(time_of("2024/02/29 12:30:05"), 1709209805.0);
    CU_ASSERT_EQUAL(time_of("2024-02-29 12:30:05,25"), 1709209805.25);
    CU_ASSERT_EQUAL(time_of("2024-02-29 12:30:05 +0530"), 1709209805.0 - 19800);
    CU_ASSERT_EQUAL(time_of("2024-02-29 12:30:05.25-08"), 1709209805.25 + 28800);
    CU_ASSERT_EQUAL(time_of("1970-01-02"), 86400.0);
    static const char *const nothing[] = { "", "Unknown", "None", "N/A", "-" };
    static const char *const wrong[] = { "yesterday",
                                         "2024-13-01",
                                         "2024-02-29T25:00:00",
                                         "2024-02-29T12:30:05+2",
                                         "1e300",
                                         "2024-02-29T12:30:05+02:",
                                         "2024-02-29T12:30:05 CET",
                                         "2024/02-29",
                                         "2024-02-29T12:30:05,",
                                         "inf",
                                         "2024-02",
                                         "2024-02-29T12:30:05.",
                                         "2024-02-29T12:30:05.0x10" };
    bool date = false;
    double t;
    for (size_t i = 0; i < sizeof nothing / sizeof *nothing; i++) {
        CU_ASSERT(task_value_time(nothing[i], &t, &date));
        unit_near(t, NAN, 0);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        CU_ASSERT_FALSE(task_value_time(wrong[i], &t, &date));
    CU_ASSERT(task_value_time("1706781605000", &t, &date));
    unit_is(t, ==, 1706781605);
    CU_ASSERT(task_value_time("1706781605000000", &t, &date));
    unit_is(t, ==, 1706781605);
    CU_ASSERT(task_value_time("12.75", &t, &date));
    unit_is(t, ==, 12.75);
    CU_ASSERT_FALSE(date);
}

static void forms_of_durations(void)
{
    static const struct { const char *text; double seconds;
    } good[] = {
        { "00:05:10", 310 },
        { "1-02:03:04", 93784 },
        { "12:30", 750 },
        { "2.75", 2.75 },
        { "00:00:01.5", 1.5 },
        { "0", 0 },
        { "4h 12m 10s", 15130 },
        { "866ms", 0.866 },
        { "1d 2h", 93600 },
        { "3.7s", 3.7 },
        { "21m 20s", 1280 },
        { "1800 second(s)", 1800 },
        { "0 days 00:01:30.5", 90.5 },
        { "1 day, 2:03:04", 93784 },
        { "2 days 00:00:00", 172800 },
    };
    static const char *const wrong[] = { "-5", "1-x", "a:b:c", "4h 12", "4 parsecs", "1.2.3s", "h",
                                         "1e300", "99999999999-00:00:00", "1 day,",
                                         "2 hours 1:00:00",
                                         "1 1:00:00", "1-",
        "nan-00:00:01" };
    double seconds;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        CU_ASSERT(task_value_duration(good[i].text, &seconds));
        unit_alike(seconds, good[i].seconds, 1e-12);
    }
    CU_ASSERT(task_value_duration("", &seconds));
    unit_near(seconds, NAN, 0);
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
    CU_ASSERT_EQUAL(task_value_tres("billing=8,cpu=10,mem=40G,node=4", "cpu"), 10);
    CU_ASSERT_EQUAL(task_value_tres("billing=8,cpu=10,mem=40G,node=4", "mem"), 40960);
    CU_ASSERT(isnan(task_value_tres("billing=8,cpux=10", "cpu")));
}

static void gpus_are_found_among_generic_resources(void)
{
    static const struct { const char *text; double gpus; } rows[] = {
        { "gpu:2", 2 }, { "gpu", 1 }, { "gpu:a100", 1 }, { "gpu:a100:3", 3 }, { "gres:gpu:4", 4 },
        { "nic:1,gpu:a100:2,gpu:v100:1", 3 }, { "gpu:2(IDX:0,1),nic:5", 2 }, { "7696487:2", 2 },
        { "gres/gpu=2", 2 }, { "gpu:a100:2(S:0-1)", 2 }, { "gpumem:40G,shard:3", 0 }, { "", 0 },
        { "nic:gpu:2", 0 }, { "gpu:0", 0 }, { ",,", 0 }, { "gpu:1e99", 0 }, { "gpu:1g.5gb", 1 },
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        unit_near(task_value_gres_gpus(rows[i].text), rows[i].gpus, 0);
}

/* Second method: the same moment as an ISO date. */
static void months_by_name(void)
{
    double t, iso;
    bool has_year, date = false;
    CU_ASSERT(task_value_time("2024-05-01T12:01:30", &iso, &date));
    CU_ASSERT(task_value_month_time("May  1 12:01:30 2024", &t, &has_year));
    CU_ASSERT(has_year);
    unit_is(t, ==, iso);
    CU_ASSERT(task_value_month_time("Wed May  1 12:01:30 2024", &t, &has_year));
    CU_ASSERT(has_year);
    unit_is(t, ==, iso);
    CU_ASSERT(task_value_month_time("May 11 12:31 L", &t, &has_year));
    CU_ASSERT_FALSE(has_year);
    CU_ASSERT(task_value_time("1972-05-11T12:31:00", &iso, &date));
    unit_is(t, ==, iso);
    CU_ASSERT_FALSE(task_value_month_time("Maz 11 12:31", &t, &has_year));
    CU_ASSERT_FALSE(task_value_month_time("May 11 12:31 Q", &t, &has_year));
    CU_ASSERT_FALSE(task_value_month_time("May", &t, &has_year));
}

static void check_memory(const char *text, double mib, char expected_per)
{
    double amount;
    bool has_unit;
    char per;
    CU_ASSERT(task_value_memory(text, &amount, &has_unit, &per));
    CU_ASSERT(has_unit);
    unit_near(amount, mib, 1e-9 * mib);
    CU_ASSERT_EQUAL(per, expected_per);
}

static void amounts_of_memory(void)
{
    double amount;
    bool has_unit;
    char per;
    check_memory("72.7 MB", 72.7, '\0');
    check_memory("8 GB", 8192, '\0');
    check_memory("4000Mc", 4000, 'c');
    check_memory("16Gn", 16384, 'n');
    check_memory("1536kb", 1.5, '\0');
    check_memory("1.5 Gbytes", 1536, '\0');
    check_memory("2TiB", 2097152, '\0');
    CU_ASSERT(task_value_memory("4096", &amount, &has_unit, &per));
    CU_ASSERT_FALSE(has_unit);
    unit_is(amount, ==, 4096);
    CU_ASSERT(task_value_memory("-", &amount, &has_unit, &per));
    unit_near(amount, NAN, 0);
    CU_ASSERT_FALSE(task_value_memory("lots", &amount, &has_unit, &per));
    CU_ASSERT_FALSE(task_value_memory("4 Gx", &amount, &has_unit, &per));
}

static void states_are_known(void)
{
    static const struct { const char *text; enum task_status status;
    } good[] = {
        { "COMPLETED", TASK_DONE },    { "CANCELLED by 1000", TASK_KILLED },
        { "TIMEOUT", TASK_KILLED },    { "OUT_OF_MEMORY", TASK_FAILED },
        { "RUNNING", TASK_CUT },       { "done", TASK_DONE },
        { "CANCELLED+", TASK_KILLED }, { "OUT_OF_ME+", TASK_FAILED },
        { "EXIT", TASK_FAILED },       { "PEND", TASK_CUT },
        { "CACHED", TASK_DONE },       { "ABORTED", TASK_KILLED },
        { "BOOT_FAIL", TASK_FAILED },  { "DEADLINE", TASK_KILLED },
        { "CD", TASK_DONE },           { "TO", TASK_KILLED },
        { "OOM", TASK_FAILED },        { "PD", TASK_CUT },
    };
    enum task_status status;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        CU_ASSERT(task_value_state(good[i].text, &status));
        unit_is(status, ==, good[i].status);
    }
    CU_ASSERT_FALSE(task_value_state("COMPLETE", &status));
    CU_ASSERT_FALSE(task_value_state("", &status));
    CU_ASSERT_FALSE(task_value_state(" by", &status));
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(dates_are_those_of_gmtime), UNIT_TEST(forms_of_times),
        UNIT_TEST(forms_of_durations),        UNIT_TEST(gpus_are_found_among_resources),
        UNIT_TEST(gpus_are_found_among_generic_resources),
        UNIT_TEST(states_are_known),          UNIT_TEST(months_by_name),
        UNIT_TEST(amounts_of_memory),         { NULL, NULL },
    };
    return unit_run("task_values", tests);
}
