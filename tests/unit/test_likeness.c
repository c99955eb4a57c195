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
    CU_ASSERT_FALSE(machine_equal("nersc.perlmutter", "nersc.perlmutter_gpu"));          /* other nodes */
    CU_ASSERT_FALSE(machine_equal("ornl.titan", "ornl"));
    CU_ASSERT_TRUE(machine_equal("a.", "a."));
    CU_ASSERT_FALSE(machine_equal("_srun", ""));
}

static void differences_are_what_is_known_and_unlike(void)
{
    const struct likeness a = { "ornl.summit", "1.9.2", "jsrun", 2, 1 }, same = { "summit", "1.9.7", "JSRUN", 2, 1 },
                          nothing = { NULL, NULL, NULL, -1, -1 }, other = { "lassen", "1.4", "prrte", 1, 0 };
    CU_ASSERT_EQUAL(likeness_compare(&a, &same), 0);
    CU_ASSERT_EQUAL(likeness_compare(&a, &nothing), 0);
    CU_ASSERT_EQUAL(likeness_compare(&a, &other), 31);
    CU_ASSERT_EQUAL(likeness_compare(&(struct likeness){ NULL, "1.33", NULL, -1, -1 }, &(struct likeness){ NULL, "1.3", NULL, -1, -1 }),
                    DIFFERS_VERSION);
    CU_ASSERT_EQUAL(likeness_compare(&(struct likeness){ NULL, NULL, "prte", -1, -1 }, &other), 0);
    struct str names = { 0 };
    likeness_add_names(&names, DIFFERS_VERSION | DIFFERS_LAUNCHER);
    CU_ASSERT_STRING_EQUAL(names.text, "version, launcher");
    str_clear(&names);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_machine_is_itself_at_any_site), UNIT_TEST(differences_are_what_is_known_and_unlike), { NULL, NULL },
    };
    return unit_run("likeness", tests);
}
