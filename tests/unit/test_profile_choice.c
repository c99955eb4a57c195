#include "validation/profile_choice.h"

#include <string.h>

#include "tests/support/unit.h"

static const char *const folders[] = { "traces", NULL };

/* The profile chosen for a session of this kind, and in what it differs. */
static void check(struct session kind, const char *profile, unsigned differences)
{
    struct session *s = session_new("made-up", "made-up", "test");
    s->generation = GENERATION_UNIT;
    s->version = kind.version;
    s->launcher = kind.launcher;
    s->resource = kind.resource;
    s->has_entk = kind.has_entk;
    struct profile_choice c;
    struct error err = { "" };
    CU_ASSERT_EQUAL_FATAL(profile_choose(&c, s, NULL, folders, &err), 0);
    CU_ASSERT_STRING_EQUAL(c.profile->name, profile);
    CU_ASSERT_EQUAL(c.differences, differences);
    unit_is(c.n_candidates, >=, 19);
    profile_choice_clear(&c);
    session_free(s);
}

static void the_closest_is_chosen(void)
{
    check(
        (struct session){
            .has_entk = true, .version = "1.9.2", .launcher = "jsrun", .resource = "ornl.summit" },
        "radical-entk", 0);
    check(
        (struct session){
            .has_entk = true, .version = "1.5.8", .launcher = "jsrun", .resource = "llnl.lassen" },
        "radical-entk-1.x", 0);
    check((struct session){ .has_entk = true,
                            .version = "1.5.8",
                            .launcher = "prte",
                            .resource = "ornl.summit_prte" },
          "radical-entk-1.x-prrte", DIFFERS_VERSION);
    check(
        (struct session){
            .has_entk = true, .version = "0.70.3", .launcher = "jsrun", .resource = "ornl.summit" },
        "radical-entk-0.70", 0);
    check((struct session){ .version = "0.72.1", .launcher = "jsrun", .resource = "ornl.summit" },
          "radical-0.70", DIFFERS_VERSION);
    check((struct session){ .version = "1.9.4", .launcher = "jsrun", .resource = "ornl.summit" },
          "radical-1.9", 0);
    check((struct session){ .version = "1.21", .launcher = "fork", .resource = "local.localhost" },
          "radical-1.22-fork", DIFFERS_VERSION);
    check((struct session){ .version = "1.80", .launcher = "mpiexec", .resource = "alcf.aurora" },
          "radical-1.60-mpiexec", DIFFERS_VERSION | DIFFERS_MACHINE);
}

/* The profile of another tool's runs: the same tool's, the closest machine and number of tasks at
 * once. */
static void another_tool_is(const char *tool, const char *machine, int window, const char *profile)
{
    struct session *s = session_new("made-up", "made-up", tool);
    struct profile_choice c;
    struct error err = { "" };
    s->generation = GENERATION_NONE;
    s->resource = machine;
    s->window = window;
    CU_ASSERT_EQUAL_FATAL(profile_choose(&c, s, NULL, folders, &err), 0);
    CU_ASSERT_STRING_EQUAL(c.profile->name, profile);
    profile_choice_clear(&c);
    session_free(s);
}

static void a_tool_has_its_own_profiles(void)
{
    another_tool_is("libensemble", "theta-knl", 4, "libensemble-theta");
    another_tool_is("libensemble", "polaris-gpu", 4, "libensemble-polaris");
    another_tool_is("libensemble", "polaris-gpu", 1, "libensemble-polaris-1");
    another_tool_is("parsl", "polaris-gpu", 0, "ideal");
}

/* A session by whose name the closest profile was fitted: the next, and both are named. */
static void one_that_saw_the_session_is_passed_over(void)
{
    struct profile_choice known, c;
    struct error err = { "" };
    struct str text = { 0 };
    struct session *s = session_new("made-up", "made-up", "test");
    s->generation = GENERATION_UNIT;
    s->has_entk = true;
    s->version = "1.9.2";
    s->launcher = "jsrun";
    s->resource = "ornl.summit";
    CU_ASSERT_EQUAL_FATAL(profile_choose_unseen(&known, s, NULL, folders, &err), 0);
    CU_ASSERT_STRING_EQUAL(known.profile->name, "radical-entk");
    CU_ASSERT_PTR_NULL(known.passed_over);
    session_free(s);
    s = session_new(known.profile->sessions[0].name, "made-up", "test");
    s->generation = GENERATION_UNIT;
    s->has_entk = true;
    s->version = "1.9.2";
    s->launcher = "jsrun";
    s->resource = "ornl.summit";
    CU_ASSERT_EQUAL_FATAL(profile_choose_unseen(&c, s, NULL, folders, &err), 0);
    CU_ASSERT_STRING_NOT_EQUAL(c.profile->name, "radical-entk");
    unit_is(c.n_candidates, <, known.n_candidates);
    CU_ASSERT_PTR_NOT_NULL_FATAL(c.passed_over);
    CU_ASSERT_STRING_EQUAL(c.passed_over, "radical-entk");
    profile_choice_add(&text, &c);
    CU_ASSERT_PTR_NOT_NULL(
        strstr(text.text, "(radical-entk is closer, and was: --in-sample takes it)"));
    str_clear(&text);
    profile_choice_clear(&c);
    CU_ASSERT_EQUAL_FATAL(profile_choose(&c, s, NULL, folders, &err), 0);
    CU_ASSERT_STRING_EQUAL(c.profile->name, "radical-entk");
    profile_choice_clear(&c);
    profile_choice_clear(&known);
    session_free(s);
}

static void what_was_chosen_is_said(void)
{
    struct profile_choice c = { .n_candidates = 20,
                                .differences = DIFFERS_VERSION | DIFFERS_MACHINE };
    struct str text = { 0 };
    profile_choice_add(&text, &c);
    CU_ASSERT_STRING_EQUAL(
        text.text, "chosen: the closest of 20 shipped profiles; differs in machine, version");
    str_clear(&text);
}

/* A named profile is taken whatever the session; without a name a session of no RADICAL has ideal
 * middleware. */
static void a_name_is_taken(void)
{
    struct session *s = session_new("made-up", "made-up", "test");
    s->generation = GENERATION_NONE;
    struct profile_choice c;
    struct error err = { "" };
    struct str text = { 0 };
    CU_ASSERT_EQUAL(profile_choose(&c, s, "radical-1.33", folders, &err), 0);
    CU_ASSERT_STRING_EQUAL(c.profile->name, "radical-1.33");
    profile_choice_add(&text, &c);
    CU_ASSERT_EQUAL(text.length, 0);
    profile_choice_clear(&c);
    CU_ASSERT_EQUAL_FATAL(profile_choose(&c, s, NULL, folders, &err), 0);
    CU_ASSERT_STRING_EQUAL(c.profile->name, "ideal");
    profile_choice_add(&text, &c);
    CU_ASSERT_PTR_NOT_NULL(strstr(text.text, "no shipped profile is for such a session"));
    str_clear(&text);
    profile_choice_clear(&c);
    session_free(s);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_closest_is_chosen),
        UNIT_TEST(a_tool_has_its_own_profiles),
        UNIT_TEST(what_was_chosen_is_said),
        UNIT_TEST(one_that_saw_the_session_is_passed_over),
        UNIT_TEST(a_name_is_taken),
        { NULL, NULL },
    };
    return unit_run("profile_choice", tests);
}
