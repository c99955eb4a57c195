/* A node whose clock is off, two pilots: sessions made by the writer, then bent. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "tests/support/radical_by_hand.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"
#include "traces/importer/importers.h"
#include "traces/session_cautions.h"

enum { TASKS = 6 };

/* Tasks of 100 s on nodes a and b in turn, one after the other; the clock of b shows `off_s` more.
 */
static char *write_session(double off_s, bool launches)
{
    struct radical_by_hand made = radical_by_hand_new(2);
    for (int i = 0; i < TASKS; i++) {
        double start = 1600000000.0 + 100 + 120.0 * i, shown = start + (i % 2 ? off_s : 0);
        str_addf(&made.json, "%s{\"uid\": \"t.%d\", \"state\": \"DONE\", "
                 "\"slots\": {\"ranks\": [{\"node_name\": \"%s\", \"core_map\": [[0]]}]}}",
                 i ? ", " : "", i, i % 2 ? "b" : "a");
        str_addf(&made.agent, "%.7f,schedule_ok,agent_scheduling.0,M,t.%d,,\n", start - 2, i);
        if (launches)
            str_addf(&made.agent,
                     "%.7f,task_run_start,agent_executing.0,M,t.%d,,\n%.7f,task_run_stop,agent_"
                     "executing.0,M,t.%d,,\n",
                     start - 1, i, start + 101, i);
        if (launches || off_s < 0)
            str_addf(&made.agent, "%.7f,unschedule_stop,agent_scheduling.0,M,t.%d,,\n", start + 102,
                     i);
        radical_by_hand_ran(&made, i, shown, shown + 100);
    }
    return radical_by_hand_end(&made);
}

static void a_clock_off_by_minutes_is_corrected_by_the_launches(void)
{
    static const double offsets[] = { 0, 2400, -2400, 86400 * 30.0, 90 };
    for (size_t i = 0; i < sizeof offsets / sizeof *offsets; i++) {
        char *folder = write_session(offsets[i], true);
        struct error err = { "" };
        struct session *s = importer_radical_session.load(folder, &err);
        if (!s)
            CU_FAIL_FATAL(err.text);
        unit_near(timeline_makespan(s->timeline), 120 * (TASKS - 1) + 100, 1e-3);
        CU_ASSERT_EQUAL(s->n_skews, offsets[i] != 0 ? 1 : 0);
        if (s->n_skews) {
            CU_ASSERT_STRING_EQUAL(s->skews[0].node, "b");
            CU_ASSERT(s->skews[0].corrected);
            unit_is(s->skews[0].violations, >=, TASKS / 2);
            unit_near(s->skews[0].offset_s, offsets[i], 1e-3);
        }
        /* second 0 is the first schedule_ok */
        unit_near(timeline_first_start(s->timeline), 2, 1e-3);
        cJSON *cautions = session_cautions(s);
        /* two pilots, and no profiles of the client */
        unit_is(cJSON_GetArraySize(cautions), ==, 2 + (offsets[i] != 0));
        CU_ASSERT_PTR_NOT_NULL(strstr(cJSON_GetArrayItem(cautions, 0)->valuestring, "2 pilots"));
        cJSON_Delete(cautions);
        session_free(s);
        scratch_free(folder);
    }
}

static void without_launches_it_is_bounded_by_the_slots_or_refused(void)
{
    char *folder = write_session(-2400, false);
    struct error err = { "" };
    struct session *s = importer_radical_session.load(folder, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    unit_near(timeline_makespan(s->timeline), 120 * (TASKS - 1) + 100, 2);
    session_free(s);
    scratch_free(folder);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_clock_off_by_minutes_is_corrected_by_the_launches),
        UNIT_TEST(without_launches_it_is_bounded_by_the_slots_or_refused),
        { NULL, NULL }
    };
    return unit_run("radical_clocks", tests);
}
