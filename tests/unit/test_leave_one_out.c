#include "validation/leave_one_out.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/measured.h"
#include "tests/support/unit.h"

enum { SESSIONS = 4 };

/* Sessions made under one profile predict each other: an error is what two gaps vary by, and the interval holds in most. */
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
    struct validation v[SESSIONS];
    struct error err = { "" };
    int failed = leave_one_out(sessions, SESSIONS, &q, &o, v, &err);
    if (failed)
        puts(err.text);
    CU_ASSERT_EQUAL_FATAL(failed, 0);
    size_t held = 0;
    for (size_t i = 0; i < SESSIONS; i++) {
        CU_ASSERT(fabs(v[i].error_s) < 5);
        CU_ASSERT(!v[i].in_sample);
        held += v[i].in_interval;
        validation_clear(&v[i]);
        measured_clear(&run[i]);
    }
    CU_ASSERT(held >= SESSIONS - 1);
    middleware_free(m);
}

static void one_of_a_kind_is_refused(void)
{
    struct middleware *m = measured_profile();
    struct measured a = measured_session(MEASURED_STAGED, DIALECT_TASK, m, 1), b = measured_session(MEASURED_STAGED, DIALECT_TASK, m, 2),
                    c = measured_session(MEASURED_BAG, DIALECT_RANK, m, 3);
    const struct session *sessions[] = { a.session, b.session, c.session };
    struct session_question q = { .level = INFORMATION_REQUESTED, .seed = 5 };
    struct validate_options o = { .replicas = 3, .gap_s = NAN };
    struct validation v[3];
    struct error err = { "" };
    CU_ASSERT_EQUAL(leave_one_out(sessions, 3, &q, &o, v, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "is of its kind"));
    measured_clear(&a);
    measured_clear(&b);
    measured_clear(&c);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(sessions_predict_each_other), UNIT_TEST(one_of_a_kind_is_refused), { NULL, NULL },
    };
    return unit_run("leave_one_out", tests);
}
