#include "base/quantity.h"

#include <stddef.h>
#include <stdio.h>

#include "tests/support/unit.h"

struct right { const char *text; double value; };

static void parses(enum quantity q, const struct right *right, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        double x = -1;
        bool fine = quantity_parse(right[i].text, q, &x);
        if (!fine)
            printf("refused: %s\n", right[i].text);
        CU_ASSERT_TRUE(fine);
        unit_near(x, right[i].value, 1e-12 * right[i].value);
    }
}

static void refuses(enum quantity q, const char *const *wrong)
{
    for (; *wrong; wrong++) {
        double x = 2.385;
        bool fine = quantity_parse(*wrong, q, &x);
        if (fine)
            printf("accepted: %s\n", *wrong);
        CU_ASSERT_FALSE(fine);
        unit_near(x, 2.385, 0);
    }
}

static void durations(void)
{
    static const struct right right[] = {
        { "90", 90 },
        { "+90", 90 },
        { "1e3", 1000 },
        { "90s", 90 },
        { "30m", 1800 },
        { "10 min", 600 },
        { "1.5h", 5400 },
        { "2d", 172800 },
        { "1h30m", 5400 },
        { "4h 12m 10s", 15130 },
        { "866ms", 0.866 },
        { "1800 second(s)", 1800 },
        { "1:30:00", 5400 },
        { "30:00", 1800 },
        { "0:00:02.5", 2.5 },
        { "100:00:59", 360059 },
        { "0", 0 },
        { "2-03:00:00", 183600 },
        { "2-03:00", 183600 },
        { "2-03", 183600 },
        { "1-00", 86400 },
    };
    static const char *const wrong[] = {
        "", "s", "-1", "-1h", "1w", "1:60", "1:-5", "1:2:3:4", ":30", "1:", "1:30m", "1e308d", "h1",
        "1h 30", "nan", "inf", "0x10", "1..5h", "-1:30", "2-", "2 03", "2-03-04", "4 GiB",
        NULL,
    };
    parses(QUANTITY_SECONDS, right, sizeof right / sizeof *right);
    refuses(QUANTITY_SECONDS, wrong);
}

static void sizes(void)
{
    static const struct right right[] = {
        { "512", 512 }, { "512 MiB", 512 }, { "4 GiB", 4096 }, { "4GiB", 4096 }, { "4gib", 4096 },
        { "1.048576 MB", 1 }, { "2 TB", 2e12 / 1048576 }, { "64G", 65536 }, { "1024 KiB", 1 },
        { "1048576 B", 1 },
    };
    static const char *const wrong[] = { "", "GiB", "4 Gib/s", "4 GiB/s", "4 GiB 2", "10m 2",
                                         "4 XB",
                                         "-4 GiB", NULL };
    parses(QUANTITY_MIB, right, sizeof right / sizeof *right);
    refuses(QUANTITY_MIB, wrong);
}

static void rates(void)
{
    static const struct right right[] = { { "2.5 TB/s", 2.5e12 / 1048576 }, { "512", 512 },
                                          { "512 MiB/s", 512 } };
    static const char *const wrong[] = { "2.5 TB", "2.5 TB/m", "2.5 TB/", NULL };
    parses(QUANTITY_MIB_PER_S, right, sizeof right / sizeof *right);
    refuses(QUANTITY_MIB_PER_S, wrong);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(durations), UNIT_TEST(sizes),
                                              UNIT_TEST(rates), { NULL, NULL } };
    return unit_run("quantity", tests);
}
