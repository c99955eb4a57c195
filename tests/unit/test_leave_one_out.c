#include "validation/leave_one_out.h"

#include <math.h>
#include <string.h>

#include "tests/support/measured.h"
#include "tests/support/unit.h"
#include "traces/session_workflow.h"
#include "validation/peers.h"

enum { SESSIONS = 4 };

/* Sessions made under one profile predict each other: an error is what two gaps vary by, and the
 * interval holds in most. */
static void sessions_predict_each_other(void)
{
    struct middleware *m = measured_profile();
    struct measured run[SESSIONS];
    const struct session *sessions[SESSIONS];
    for (uint32_t i = 0; i < SESSIONS; i++) {
        run[i] = measured_session(MEASURED_STAGED, DIALECT_TASK, m, i);
        sessions[i] = run[i].session;
    }
    struct session_question q = { .level = INFORMATION_REQUESTED, .seed = 5 };
    struct validate_options o = { .replicas = 200, .gap_s = NAN };
    struct leave_one_out left;
    struct error err = { "" };
    int failed = leave_one_out(&left, sessions, SESSIONS, &q, &o, &err);
    if (failed)
        puts(err.text);
    CU_ASSERT_EQUAL_FATAL(failed, 0);
    CU_ASSERT_EQUAL_FATAL(left.n, SESSIONS);
    CU_ASSERT_EQUAL(left.n_skipped, 0);
    size_t held = 0;
    for (size_t i = 0; i < SESSIONS; i++) {
        unit_is(fabs(left.of[i].error_s), <, 5);
        CU_ASSERT(!left.of[i].in_sample);
        CU_ASSERT_EQUAL(left.of[i].n_peers, SESSIONS - 1);
        CU_ASSERT_EQUAL(left.of[i].peers_differ, 0);
        held += left.of[i].in_interval;
    }
    leave_one_out_clear(&left);
    for (size_t i = 0; i < SESSIONS; i++)
        measured_clear(&run[i]);
    unit_is(held, >=, SESSIONS - 1);
    middleware_free(m);
}

/* c has no peer, for it ran without EnTK: it is skipped, and a and b predict each other. */
static void one_of_a_kind_is_skipped(void)
{
    struct middleware *m = measured_profile();
    struct measured a = measured_session(MEASURED_STAGED, DIALECT_TASK, m, 1),
                    b = measured_session(MEASURED_STAGED, DIALECT_TASK, m, 2),
                    c = measured_session(MEASURED_BAG, DIALECT_RANK, m, 3);
    const struct session *sessions[] = { c.session, a.session, b.session };
    struct session_question q = { .level = INFORMATION_REQUESTED, .seed = 5 };
    struct validate_options o = { .replicas = 3, .gap_s = NAN };
    struct leave_one_out left;
    struct error err = { "" };
    CU_ASSERT_EQUAL_FATAL(leave_one_out(&left, sessions, 3, &q, &o, &err), 0);
    CU_ASSERT_EQUAL(left.n, 2);
    CU_ASSERT_PTR_EQUAL(left.of[0].session, a.session);
    CU_ASSERT_PTR_EQUAL(left.of[1].session, b.session);
    CU_ASSERT_EQUAL_FATAL(left.n_skipped, 1);
    CU_ASSERT_STRING_EQUAL(left.skipped[0].name, c.session->name);
    CU_ASSERT_PTR_NOT_NULL(strstr(left.skipped[0].why, "without EnTK"));
    leave_one_out_clear(&left);
    CU_ASSERT_EQUAL(leave_one_out(&left, sessions, 2, &q, &o, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "none of these sessions can be predicted"));
    measured_clear(&a);
    measured_clear(&b);
    measured_clear(&c);
    middleware_free(m);
}

static struct session *made_up(enum session_generation generation, const char *version,
                               const char *launcher, const char *resource)
{
    struct session *s = session_new("made-up", "made-up", "test");
    s->generation = generation;
    s->version = version;
    s->launcher = launcher;
    s->resource = resource;
    return s;
}

/* Number of peers of session `of`, and in what they differ. */
static void check_peers(struct session **sessions, size_t n, size_t of,
                        enum leave_out unit, size_t n_peers, unsigned differences)
{
    const struct session *peers[8];
    unsigned differ;
    CU_ASSERT_EQUAL(
        peers_find((const struct session *const *)sessions, n, of, unit, peers, &differ), n_peers);
    CU_ASSERT_EQUAL(differ, differences);
}

static void the_closest_are_peers(void)
{
    struct session *s[] = {
        made_up(GENERATION_UNIT, "1.5", "jsrun", "ornl.summit"),
        made_up(GENERATION_UNIT, "1.5", "jsrun", "summit"),
        made_up(GENERATION_UNIT, "1.5", "jsrun", "llnl.lassen"),
        made_up(GENERATION_UNIT, "1.4", "prrte", "ornl.summit_prte"),
        made_up(GENERATION_TASK, "1.9", "jsrun", "ornl.summit"),
        made_up(GENERATION_UNIT, "1.6", "jsrun", "ornl.summit"),
        made_up(GENERATION_UNIT, "1.5", "jsrun", "ornl.summit"),
    };
    const enum leave_out session = LEAVE_OUT_SESSION;
    /* two alike; a machine and a release nearby */
    check_peers(s, 7, 0, session, 4, DIFFERS_MACHINE | DIFFERS_VERSION);
    check_peers(s, 2, 0, session, 1, 0);
    /* none through PRRTE */
    check_peers(s, 7, 3, session, 5, DIFFERS_LAUNCHER | DIFFERS_VERSION | DIFFERS_MACHINE);
    /* none of 1.9's events */
    check_peers(s, 7, 4, session, 5, DIFFERS_GENERATION | DIFFERS_VERSION | DIFFERS_MACHINE);
    check_peers(s, 7, 0, LEAVE_OUT_MACHINE, 1, DIFFERS_MACHINE);
    /* 1.4 to 1.6 are one */
    check_peers(s, 7, 0, LEAVE_OUT_GENERATION, 1, DIFFERS_GENERATION | DIFFERS_VERSION);
    check_peers(s, 4, 0, LEAVE_OUT_GENERATION, 0, 0);
    s[1]->has_entk = true;
    check_peers(s, 2, 1, session, 0, 0);                 /* never without EnTK for one under it */
    for (size_t i = 0; i < sizeof s / sizeof *s; i++)
        session_free(s[i]);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(sessions_predict_each_other),
        UNIT_TEST(one_of_a_kind_is_skipped),
        UNIT_TEST(the_closest_are_peers),
        { NULL, NULL },
    };
    return unit_run("leave_one_out", tests);
}
