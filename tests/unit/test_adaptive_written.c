/* Workflows that decide at run time, of which it is sure what they decide: they run as the same
 * workflow written out does. */
#include <math.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/timeline.h"
#include "scheduling/order.h"
#include "scheduling/realise.h"
#include "study/replicate.h"
#include "tests/support/decided.h"
#include "tests/support/given.h"
#include "tests/support/known_middleware.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"

static char *timeline_text(const struct scenario *s)
{
    struct adaptive_session session;
    struct error err = { "" };
    CU_ASSERT_EQUAL_FATAL(adaptive_session(s, 0, NULL, &session, &err), 0);
    struct simulator *sim = simulator_new(&session.scenario, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(sim);
    struct timeline *t = timeline_new(session.scenario.workflow, s->platform);
    struct replica r;
    char *text;
    size_t size;
    simulator_run(sim, 0, t, &r);
    CU_ASSERT_EQUAL(timeline_check(t, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    char *folder = scratch_new(), *path = str_format("%s/t.csv", folder);
    CU_ASSERT_EQUAL_FATAL(timeline_save_csv(t, path, &err), 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text = file_load(path, 1 << 24, &size, &err));
    free(path);
    scratch_free(folder);
    timeline_free(t);
    simulator_free(sim);
    adaptive_session_clear(&session);
    return text;
}

static void same_timelines(const char *decided, const char *written)
{
    struct middleware *m = known_middleware();
    for (int mode = 0; mode < MODES; mode++)
        for (int with = 0; with < 2; with++) {
            struct decided a = decided_of(decided, (enum mode)mode),
                           b = decided_of(written, (enum mode)mode);
            if (with)
                a.scenario.middleware = b.scenario.middleware = m;
            char *x = timeline_text(&a.scenario), *y = timeline_text(&b.scenario);
            CU_ASSERT_STRING_EQUAL(x, y);
            free(x);
            free(y);
            decided_clear(&a);
            decided_clear(&b);
        }
    middleware_free(m);
}

#define A                                                                                          \
    "{'name': 'a', 'tasks': 9, 'cores': 2, 'duration': {'distribution': 'normal', 'mean': 10, "    \
    "'sd': 2}"
#define B                                                                                          \
    "{'name': 'b', 'tasks': 3, 'gpus': 1, 'duration': {'distribution': 'exponential', 'mean': 7}," \
    " 'after': [{'set': 'a', 'kind': 'block'}]"
#define C "{'name': 'c', 'duration': 4, 'after': ['b']}"
#define SIDE                                                                                       \
    "{'name': 'side', 'tasks': 4, 'duration': {'distribution': 'normal', 'mean': 25, 'sd': 3}}"

static void a_loop_of_three_is_three_iterations(void)
{
    static const char written[] =
        "{'name': 'w', 'task_sets': [" A ", 'after_previous': ['b']}, " B "}, " C ", " SIDE "],"
        " 'iterations': {'count': 3, 'sets': ['a', 'b']}}";
    same_timelines("{'name': 'w', 'task_sets': [" A "}, " B "}, " C ", " SIDE "],"
                   " 'loops': [{'name': 'l', 'sets': ['a', 'b'], 'at_least': 3, 'at_most': 3}]}",
                   written);
    same_timelines(
        "{'name': 'w', 'task_sets': [" A "}, " B "}, " C ", " SIDE "],"
        " 'loops': [{'name': 'l', 'sets': ['a', 'b'], 'decided_by': 'b', 'stop': {'after': 3}}]}",
        written);
    same_timelines(
        "{'name': 'w', 'task_sets': [" A "}, " B "}, " C ", " SIDE "],"
        " 'loops': [{'name': 'l', 'sets': ['a', 'b'], 'stop': {'sum': 0.5, 'reaches': 1.2}}]}",
        written);
}

static void a_loop_that_stops_at_once_is_none(void)
{
    same_timelines("{'name': 'w', 'task_sets': [" A "}, " B "}, " C ", " SIDE "],"
                   " 'loops': [{'name': 'l', 'sets': ['a', 'b'], 'stop': {'probability': 1}}]}",
                   "{'name': 'w', 'task_sets': [" A "}, " B "}, " C ", " SIDE "]}");
}

static void sure_sets_are_as_written(void)
{
    static const char written[] = "{'name': 'w', 'task_sets': [" A "}, " B "}, " C ", " SIDE "]}";
    same_timelines("{'name': 'w', 'task_sets': [" A ", 'when': 1}, " B "}, " C ", " SIDE "]}",
                   written);
    same_timelines("{'name': 'w', 'task_sets': [" A "}, " B ", 'when': 1, 'else': 'x'}, " C
                   ", " SIDE ","
                   "{'name': 'x', 'duration': 3, 'after': ['a']}]}",
                   written);
    same_timelines("{'name': 'w', 'task_sets': [" A
                   "}, {'name': 'x', 'duration': 3, 'after': ['a'], 'when': 0, 'else': 'b'}, " B
                   "}, "
                   "{'name': 'c', 'duration': 4, 'after': ['b', 'x']}, " SIDE "]}",
                   written);
    same_timelines("{'name': 'w', 'task_sets': [{'name': 'a', 'duration': 5}, {'name': 'b', "
                   "'duration': 3, 'after': ['a'],"
                   " 'tasks': {'per': 'a', 'distribution': 'binomial', 'n': 6, 'p': 1}}, "
                   "{'name': 'c', 'duration': 9, 'after': ['b'],"
                   " 'tasks': {'share': 0.5, 'of': 'b'}}]}",
                   "{'name': 'w', 'task_sets': [{'name': 'a', 'duration': 5}, {'name': 'b', "
                   "'duration': 3, 'after': ['a'], 'tasks': 6},"
                   " {'name': 'c', 'duration': 9, 'after': ['b'], 'tasks': 3}]}");
}

/* What does not exist is skipped: what comes after it comes after what it came after. */
static void nothing_is_skipped_as_done(void)
{
    same_timelines(
        "{'name': 'w', 'task_sets': [" A "}, {'name': 'x', 'duration': 3, 'after': ['a'], 'tasks':"
        " {'distribution': 'binomial', 'n': 5, 'p': 0}}, {'name': 'c', 'duration': 4, "
        "'after': ['x']}]}",
        "{'name': 'w', 'task_sets': [" A "}, {'name': 'c', 'duration': 4, 'after': ['a']}]}");
}

static void what_has_ended_is_not(void)
{
    same_timelines("{'name': 'w', 'task_sets': [" A "}, " B "}, " C
                   ", {'name': 'late', 'duration': 500, 'cancels': ['a']}]}",
                   "{'name': 'w', 'task_sets': [" A "}, " B "}, " C
                   ", {'name': 'late', 'duration': 500}]}");
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_loop_of_three_is_three_iterations),
        UNIT_TEST(a_loop_that_stops_at_once_is_none),
        UNIT_TEST(sure_sets_are_as_written),
        UNIT_TEST(nothing_is_skipped_as_done),
        UNIT_TEST(what_has_ended_is_not),
        { NULL, NULL },
    };
    return unit_run("adaptive_written", tests);
}
