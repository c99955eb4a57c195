#include "traces/importer/radical_choice.h"

#include <stdlib.h>
#include <string.h>

#include "tests/support/scratch.h"
#include "tests/support/unit.h"
#include "traces/importer/importers.h"

/* A session's JSON of one task of this uid. */
static void add_json(const char *folder, const char *name, const char *session, const char *task)
{
    char *json = str_format("{\"session\": [{\"uid\": \"%s\"}], \"pilot\": [{}], "
                            "\"unit\": [{\"uid\": \"%s\", \"state\": \"DONE\"}]}", session, task);
    free(scratch_file(folder, name, json, strlen(json)));
    free(json);
}

/* The task of the JSON that was chosen, and the session's name. */
static void check_choice(const char *folder, const char *task, const char *name)
{
    struct error err = { "" };
    struct session *s = importer_radical_session.load(folder, &err);
    if (!s)
        CU_FAIL_FATAL(err.text);
    CU_ASSERT_STRING_EQUAL(s->tasks[0].uid, task);
    CU_ASSERT_EQUAL(s->timeline->n, 1);
    CU_ASSERT_STRING_EQUAL(s->name, name);
    session_free(s);
}

static void the_sessions_json_is_its_own_and_the_shallowest(void)
{
    static const char prof[] = "#time,event,comp,thread,uid,state,msg\n";
    char *folder = scratch_new();
    add_json(folder, "a/b/rp.session.other.json", "rp.session.other", "unit.deep");
    add_json(folder, "z/rp.session.third.json", "rp.session.third", "unit.flat");
    /* the shallowest, though later */
    check_choice(folder, "unit.flat", "rp.session.third");
    add_json(folder, "a/b/c/rp.session.mine.json", "rp.session.mine", "unit.mine");
    free(scratch_file(folder, "rp.session.mine/pilot.0000/agent.0.prof", prof, strlen(prof)));
    /* the profiles' folder names it */
    check_choice(folder, "unit.mine", "rp.session.mine");
    scratch_free(folder);
    folder = scratch_new();
    add_json(folder, "rp.session.mine.json", "rp.session.other", "unit.false");
    add_json(folder, "x/data.json", "rp.session.mine", "unit.true");
    free(scratch_file(folder, "rp.session.mine.prof", prof, strlen(prof)));
    /* its uid counts, whatever it is called */
    check_choice(folder, "unit.true", "rp.session.mine");
    scratch_free(folder);
}

static void packages_are_not_the_session(void)
{
    static const char *const below[] = { "rp_install", "ve", "ve.rp.local.1.5",
                                         "lib/python3.6/site-packages/radical" };
    static const char row[] =
        "#time,event,comp,thread,uid,state,msg\n1600000000.0,advance,umgr.0,M,unit.example,DONE,\n";
    for (size_t i = 0; i < sizeof below / sizeof *below; i++) {
        char *folder = scratch_new(), *json = str_format("pilot/%s/rp.session.x.json", below[i]);
        char *prof = str_format("%s/a/umgr.0.prof", below[i]);
        add_json(folder, json, "rp.session.x", "unit.example");
        add_json(folder, "a/b/c/d/e/f/rp.session.mine.json", "rp.session.mine", "unit.mine");
        free(scratch_file(folder, prof, row, strlen(row)));
        check_choice(folder, "unit.mine", "rp.session.mine");
        free(json);
        free(prof);
        scratch_free(folder);
    }
    CU_ASSERT_FALSE(radical_choice_is_foreign("rp_install.prof"));
    CU_ASSERT_FALSE(radical_choice_is_foreign("vehicle/a.prof"));
}

/* A stray byte is the same uid in profile and JSON, and \u0000 costs its text only. */
static void uids_that_are_not_utf8_are_escaped_once(void)
{
    static const char json[] = "{\"pilot\": [{\"x\": \"a\\u0000b\"}], \"unit\": [{\"uid\": "
                               "\"unit.\\udcff\", \"state\": \"DONE\", "
                               "\"description\": {\"cores\": 3}}]}";
    static const char row[] = "#time,event,comp,thread,uid,state,msg\n1600000000.0,advance,umgr.0,"
                              "M,unit.\xff,UMGR_SCHEDULING_PENDING,\n";
    char *folder = scratch_new();
    free(scratch_file(folder, "rp.session.x.json", json, strlen(json)));
    free(scratch_file(folder, "umgr.0.prof", row, strlen(row)));
    check_choice(folder, "unit.\\xff", "rp.session.x");
    struct session *s = importer_radical_session.load(folder, NULL);
    CU_ASSERT_EQUAL(
        s->workflow->sets[0].traits->demand.cores * s->workflow->sets[0].traits->demand.ranks, 3);
    CU_ASSERT_PTR_NULL(strstr(s->workflow->sets[0].name, "\xff"));
    session_free(s);
    scratch_free(folder);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(
                                                  the_sessions_json_is_its_own_and_the_shallowest),
                                              UNIT_TEST(packages_are_not_the_session),
                                              UNIT_TEST(uids_that_are_not_utf8_are_escaped_once),
                                              { NULL, NULL } };
    return unit_run("radical_choice", tests);
}
