#include "core/instant.h"

#include <math.h>

#include "core/timeline.h"
#include "tests/support/unit.h"

static void keys_differ(void)
{
    for (int i = 0; i < INSTANTS; i++)
        for (int k = 0; k < i; k++)
            CU_ASSERT_STRING_NOT_EQUAL(instant_key((enum instant)i), instant_key((enum instant)k));
    for (int i = 0; i < LEGS; i++)
        for (int k = 0; k < i; k++)
            CU_ASSERT_STRING_NOT_EQUAL(leg_key((enum leg)i), leg_key((enum leg)k));
    for (int i = 0; i < WAITS; i++)
        for (int k = 0; k < i; k++)
            CU_ASSERT_STRING_NOT_EQUAL(wait_key((enum wait)i), wait_key((enum wait)k));
}

/* From the release to the notification, each leg but the execution is part of one wait. */
static void waits_cover_the_way_once(void)
{
    int covered[LEGS] = { 0 };
    CU_ASSERT_EQUAL(LEGS, INSTANTS - 1);
    for (int w = 0; w < WAITS; w++)
        for (int leg = (int)wait_from((enum wait)w); leg < (int)wait_to((enum wait)w); leg++)
            covered[leg]++;
    for (int leg = 0; leg < LEGS; leg++)
        CU_ASSERT_EQUAL(covered[leg], leg != LEG_RELEASE && leg != LEG_EXECUTE);
}

static void timelines_keep_their_instants(void)
{
    struct timeline *t = timeline_new(NULL, NULL);
    timeline_add(t, &(struct timeline_record){ .task = 0 }, TASK_DONE, 0);
    CU_ASSERT(isnan(timeline_at(t, 0, INSTANT_LAUNCHED)));
    timeline_set_at(t, 0, INSTANT_LAUNCHED, NAN);
    CU_ASSERT_PTR_NULL(t->launched_s);
    for (int k = 0; k < TIMELINE_INSTANTS; k++) {
        if (k != 0)
            unit_is(timeline_instants[k], >, timeline_instants[k - 1]);
        timeline_set_at(t, 0, timeline_instants[k], 2.385 + k);
    }
    for (int k = 0; k < TIMELINE_INSTANTS; k++)
        CU_ASSERT_EQUAL(timeline_at(t, 0, timeline_instants[k]), 2.385 + k);
    CU_ASSERT_EQUAL(t->records[0].notified_s, 2.385 + 7);
    CU_ASSERT_EQUAL(t->launched_s[0], 2.385 + 3);
    CU_ASSERT(isnan(timeline_at(t, 0, INSTANT_DETECTED)));
    timeline_free(t);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(keys_differ),
        UNIT_TEST(waits_cover_the_way_once),
        UNIT_TEST(timelines_keep_their_instants),
        { NULL, NULL },
    };
    return unit_run("instant", tests);
}
