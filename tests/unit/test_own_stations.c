#include "validation/own_stations.h"

#include <math.h>

#include "tests/support/simulated_session.h"
#include "tests/support/unit.h"

static const char workflow[] = "{'task_sets': [{'name': 'a', 'tasks': 6, 'duration': 7.25, "
                               "'cores': 1}, {'name': 'b', 'tasks': 3, 'duration': 4, 'cores': 1}],"
                               " 'pipelines': [{'name': 'p', 'stages': [['a'], ['b']]}]}";
static const char platform[] = "{'nodes': [{'count': 1, 'cores': 4}]}";

/* The session again, with what it keeps of one task's arrival lost or its set released at one time.
 */
static void placebo_of(const struct session *s, const struct middleware *m)
{
    struct own_stations own;
    struct error err = { "" };
    CU_ASSERT_EQUAL_FATAL(own_stations_init(&own, s, m, &err), 0);
    const struct workflow *w = own.asked.workflow;
    for (size_t k = 0; k < w->n_sets; k++)
        for (uint32_t t = 0; w->sets[k].release.kind == RELEASE_LIST && t < w->sets[k].n_tasks; t++)
            unit_is(w->sets[k].release.list_s[t], >=, 0);
    CU_ASSERT(isfinite(own.phase_s));
    own_stations_clear(&own);
}

/* Its arrival was lost, but the agent had pulled it before all others arrived: no task may be
 * released before second 0. */
static void a_lost_arrival_may_be_the_first(void)
{
    struct middleware *m = middleware_ideal();
    struct session *s = simulated_session(workflow, platform, m, 3, 0);
    double first_s = INFINITY;
    for (size_t i = 0; i < s->timeline->n; i++)
        first_s = fmin(first_s, s->timeline->records[i].arrived_s);
    s->timeline->records[2].arrived_s = NAN;
    s->tasks[2].at[EVENT_AGENT_PULLED] = first_s - 1.5;
    placebo_of(s, m);
    session_free(s);
    middleware_free(m);
}

static void sets_released_at_one_time_are_taken(void)
{
    struct middleware *m = middleware_ideal();
    struct session *s = simulated_session(workflow, platform, m, 3, 0);
    s->workflow->sets[0].release = (struct release){ .kind = RELEASE_TIME, .time_s = 2.5 };
    placebo_of(s, m);
    session_free(s);
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_lost_arrival_may_be_the_first),
        UNIT_TEST(sets_released_at_one_time_are_taken),
        { NULL, NULL },
    };
    return unit_run("own_stations", tests);
}
