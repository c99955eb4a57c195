#include "core/likeness.h"

#include <stddef.h>

#include "tests/support/unit.h"

static void a_machine_is_itself_at_any_site(void)
{
    CU_ASSERT_TRUE(machine_equal("summit", "ornl.summit"));
    CU_ASSERT_TRUE(machine_equal("ornl.summit", "summit"));
    CU_ASSERT_TRUE(machine_equal("ornl.summit_prte", "Summit"));
    CU_ASSERT_TRUE(machine_equal("ornl.summit_jsrun", "ornl.summit_interactive"));
    CU_ASSERT_FALSE(machine_equal("ornl.summit", "llnl.lassen"));
    CU_ASSERT_FALSE(machine_equal("summit", "summitdev"));
    /* other nodes */
    CU_ASSERT_FALSE(machine_equal("nersc.perlmutter", "nersc.perlmutter_gpu"));
    CU_ASSERT_FALSE(machine_equal("ornl.titan", "ornl"));
    CU_ASSERT_TRUE(machine_equal("a.", "a."));
    CU_ASSERT_FALSE(machine_equal("_srun", ""));
}

static void differences_are_what_is_known_and_unlike(void)
{
    const struct likeness a = { "ornl.summit", "1.9.2", "jsrun", 2, 1, 4 },
                          same = { "summit", "1.9.7", "JSRUN", 2, 1, 4 },
                          nothing = { NULL, NULL, NULL, -1, -1, 0 },
                          other = { "lassen", "1.4", "prrte", 1, 0, 1 };
    CU_ASSERT_EQUAL(likeness_compare(&a, &same), 0);
    CU_ASSERT_EQUAL(likeness_compare(&a, &nothing), 0);
    CU_ASSERT_EQUAL(likeness_compare(&a, &other), 63);
    CU_ASSERT_EQUAL(likeness_compare(&(struct likeness){ NULL, "1.33", NULL, -1, -1, 0 },
                                     &(struct likeness){ NULL, "1.3", NULL, -1, -1, 0 }),
                    DIFFERS_VERSION);
    CU_ASSERT_EQUAL(likeness_compare(&(struct likeness){ NULL, NULL, "prte", -1, -1, 0 }, &other),
                    0);
    struct str names = { 0 };
    likeness_add_names(&names, DIFFERS_VERSION | DIFFERS_LAUNCHER);
    CU_ASSERT_STRING_EQUAL(names.text, "version, launcher");
    str_clear(&names);
}

/* A profile of several machines and releases is like a run of any of them. */
static void lists_hold_alternatives(void)
{
    const struct likeness profile = { "ornl.summit, llnl.lassen", "1.5.7, 1.5.8", "jsrun", -1, 1,
                                      0 };
    CU_ASSERT_EQUAL(
        likeness_compare(&profile, &(struct likeness){ "lassen", "1.5.9", "jsrun", 1, 1, 0 }), 0);
    CU_ASSERT_EQUAL(
        likeness_compare(&profile, &(struct likeness){ "sierra", "1.4", "jsrun", 1, 1, 0 }),
        DIFFERS_MACHINE | DIFFERS_VERSION);
    CU_ASSERT_EQUAL(likeness_compare(&profile, &(struct likeness){ "", ",", " ", -1, -1, 0 }),
                    DIFFERS_MACHINE | DIFFERS_VERSION | DIFFERS_LAUNCHER);
}

static double apart(const char *machine, const char *version, const char *launcher, int entk)
{
    const struct likeness a = { "summit", "0.90.6, 1.0.0", "jsrun", -1, 0, 0 },
                          b = { machine, version, launcher, -1, entk, 0 };
    unit_near(likeness_distance(&a, &b), likeness_distance(&b, &a), 1e-12);
    return likeness_distance(&a, &b);
}

/* 0.73 is 17 releases before 0.90, 1.4 four after 1.0; a client weighs more than a launcher, that
 * more than a machine. */
static void releases_are_counted(void)
{
    unit_near(apart("ornl.summit", "1.0.3", "jsrun", 0), 0, 1e-12);
    unit_near(apart("ornl.summit", "0.73", NULL, -1), DISTANCE_RELEASE + 17, 1e-12);
    unit_near(apart("lassen", "1.4.0", "jsrun", 0), DISTANCE_RELEASE + 4 + DISTANCE_MACHINE, 1e-12);
    unit_near(apart("summit", "devel", "srun", 1),
              DISTANCE_RELEASE + DISTANCE_LAUNCHER + DISTANCE_ENTK, 1e-12);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_machine_is_itself_at_any_site),
        UNIT_TEST(differences_are_what_is_known_and_unlike),
        UNIT_TEST(lists_hold_alternatives),
        UNIT_TEST(releases_are_counted),
        { NULL, NULL },
    };
    return unit_run("likeness", tests);
}
