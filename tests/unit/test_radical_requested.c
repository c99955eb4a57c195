#include <math.h>
#include <string.h>

#include "tests/support/unit.h"
#include "traces/importer/radical_impl.h"

static double requested(const char *executable, const char *arguments, bool *guessed)
{
    cJSON *list = cJSON_Parse(arguments);
    double seconds = radical_requested(executable, list, guessed);
    cJSON_Delete(list);
    return seconds;
}

static void sleeps_are_recognised(void)
{
    static const struct {
        const char *executable, *arguments;
        double seconds;
        bool guessed;
    } cases[] = {
        { "/usr/bin/sleep", "[\"766.7707836629639\"]", 766.7707836629639, false },
        { "sleep", "[\"1m\", \"30\"]", 90, false },
        { "sleep", "[42]", 42, false },
        { "/bin/sh", "[\"-c\", \"sleep 765; echo 1\"]", 765, false },
        { "bash", "[\"-lc\", \"/bin/sleep 2.5 && sleep 1h\"]", 3602.5, false },
        { "python3", "[\"-c\", \"import time; time.sleep(12.25)\"]", 12.25, false },
        { "/home/u/hello_rp.sh", "[\"729\"]", 729, true },
        { "sleep 17", "[]", 17, false },
        { "/u/bin/stress", "[\"--cpu 1\", \"--timeout 900s\"]", 900, false },
        { "stress", "[\"--cpu\", \"1\", \"--timeout\", \"15m\"]", 900, false },
        { "stress-ng", "[\"-c\", \"20\", \"-t\", \"60\"]", 60, false },
        { "stress-ng", "[\"-c\", 20, \"--timeout=2.5h\", \"--metrics\"]", 9000, false },
        { "stress", "[\"-t\", 45]", 45, false },
        { "/bin/bash",
          "[\"-c\", \"module load stress; /opt/bin/stress --vm 2 --timeout 30 && echo ok\"]", 30,
          false },
        { "bash", "[\"-lc\", \"stress -t 12s > log\"]", 12, false },
        { "gmx", "[\"mdrun\", \"-s\", \"topol.tpr\", \"-maxh\", \"0.5\"]", 1800, true },
        { "/bin/sh", "[\"-c\", \"srun gmx_mpi mdrun -maxh 2 -deffnm md\"]", 7200, true },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool guessed;
        double seconds = requested(cases[i].executable, cases[i].arguments, &guessed);
        unit_alike(seconds, cases[i].seconds, 1e-15);
        CU_ASSERT_EQUAL(guessed, cases[i].guessed);
    }
}

static void what_cannot_be_known_is_not_guessed(void)
{
    static const struct { const char *executable, *arguments;
    } cases[] = {
        { "/bin/sh", "[\"-c\", \"for i in 1 2 3; do sleep 10; done\"]" },
        { "/bin/sh", "[\"-c\", \"sleep $T\"]" },
        { "/bin/sh", "[\"-c\", \"nosleep 10\"]" },
        { "sleep", "[]" },
        { "sleep", "[\"-5\"]" },
        { "sleep", "[\"abc\"]" },
        { "sleep", "[\"5x\"]" },
        { "namd", "[\"input.conf\"]" },
        { "namd", "[\"5\", \"6\"]" },
        { NULL, "[]" },
        { "work", "null" },
        { "stress", "[\"--cpu\", \"1\"]" },
        { "stress", "[\"--timeout\", \"$T\"]" },
        { "stress", "[\"--timeout\"]" },
        { "mystress", "[\"--timeout\", \"9\", \"x\"]" },
        { "stress", "[\"--timeouts\", \"9\", \"x\"]" },
        { "/bin/sh", "[\"-c\", \"stress --cpu 1; other --timeout 9\"]" },
        { "gmx", "[\"mdrun\", \"-nsteps\", \"5000\"]" },
        { "/bin/sh", "[\"-c\", \"for i in 1 2; do stress -t 5; done\"]" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        bool guessed;
        CU_ASSERT(isnan(requested(cases[i].executable, cases[i].arguments, &guessed)));
    }
}

static void a_name_less_its_number_is_its_prefix(void)
{
    static const char *const names[][2] = { { "T0.71", "T0" },
                                            { "unit.000012", "unit" },
                                            { "task-7", "task" },
                                            { "0012", "" },
                                            { "sim", "sim" } };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t n;
        const char *prefix = radical_prefix(names[i][0], &n);
        unit_must_be(n, ==, strlen(names[i][1]));
        CU_ASSERT_FALSE(strncmp(prefix, names[i][1], n));
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(sleeps_are_recognised), UNIT_TEST(what_cannot_be_known_is_not_guessed),
        UNIT_TEST(a_name_less_its_number_is_its_prefix), { NULL, NULL },
    };
    return unit_run("radical_requested", tests);
}
