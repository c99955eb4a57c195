#include "validation/improvements.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "tests/support/given.h"
#include "tests/support/plain_session.h"
#include "tests/support/unit.h"

enum { N = 4, REPLICAS = 3 };

struct world { struct leave_one_out all; struct session *sessions[N]; };

/* Two sets, one behind the other or side by side; one of other tasks; one as the first, but
 * interrupted. Measured 100, 80, 50 and 90 s; predicted to 100, 101, 102 s and what that times
 * makes. */
static struct world world_of(void)
{
    static const char *const workflows[N] = {
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 2, 'cores': 1, 'duration': 10},"
        " {'name': 'b', 'tasks': 2, 'cores': 2, 'duration': 4, 'after': ['a']}]}",
        "{'name': 'w', 'task_sets': [{'name': 'b', 'tasks': 2, 'cores': 2, 'duration': 4.05},"
        " {'name': 'a', 'tasks': 2, 'cores': 1, 'duration': 9.95}]}",
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 2, 'cores': 2, 'duration': 10},"
        " {'name': 'b', 'tasks': 2, 'cores': 1, 'duration': 4, 'after': ['a']}]}",
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 2, 'cores': 1, 'duration': 10},"
        " {'name': 'b', 'tasks': 2, 'cores': 2, 'duration': 4, 'after': ['a']}]}"
    };
    static const double measured_s[N] = { 100, 80, 50, 90 }, times[N] = { 1, 0.75, 0.5, 1 };
    struct middleware *ideal = middleware_ideal();
    struct world w = { .all = { .n = N, .of = xcalloc(N, sizeof *w.all.of) } };
    for (size_t i = 0; i < N; i++) {
        const struct plain_kind kind = {
            .workflow = workflows[i],
            .platform = "{'name': 'p', 'nodes': [{'count': 1, 'cores': 8}]}"
        };
        struct validation *v = &w.all.of[i];
        v->session = w.sessions[i] = plain_session(&kind, ideal, 1, 0);
        w.sessions[i]->n_interruptions = i == 3;
        v->measured_s = measured_s[i];
        v->span_s = i == 0 ? NAN : measured_s[i] + 20;
        v->forecast.n = REPLICAS;
        v->forecast.makespan_s = xcalloc(REPLICAS, sizeof(double));
        v->forecast.span_s = xcalloc(REPLICAS, sizeof(double));
        for (int r = 0; r < REPLICAS; r++) {
            v->forecast.makespan_s[r] = (100 + r) * times[i];
            v->forecast.span_s[r] = v->forecast.makespan_s[r] + 20;
        }
    }
    middleware_free(ideal);
    return w;
}

static void world_clear(struct world *w)
{
    for (size_t i = 0; i < N; i++) {
        free(w->all.of[i].forecast.makespan_s);
        free(w->all.of[i].forecast.span_s);
        session_free(w->sessions[i]);
    }
    free(w->all.of);
}

static void those_of_the_same_tasks_are_compared(void)
{
    struct world w = world_of();
    struct improvements x = improvements_of(&w.all);
    CU_ASSERT_EQUAL_FATAL(x.n, 1);
    CU_ASSERT_PTR_EQUAL(x.at[0].of, &w.all.of[1]);
    CU_ASSERT_PTR_EQUAL(x.at[0].over, &w.all.of[0]);
    unit_near(x.at[0].makespan.measured, 0.2, 1e-12);
    unit_near(x.at[0].makespan.predicted.mean, 0.25, 1e-12);
    unit_near(x.at[0].span.predicted.mean, 1 - (101 * 0.75 + 20) / 121, 1e-12);
    CU_ASSERT_TRUE(isnan(x.at[0].span.measured));
    improvements_clear(&x);
    world_clear(&w);
}

/* Of one run of each: 0.75 (100 .. 102) / (100 .. 102), never a replica by itself. */
static void the_interval_is_of_unrelated_runs(void)
{
    struct world w = world_of();
    struct improvements x = improvements_of(&w.all);
    CU_ASSERT_EQUAL_FATAL(x.n, 1);
    struct stats_interval i = x.at[0].makespan.predicted.ci95_independent;
    unit_is(i.low, <, 0.25);
    unit_is(i.low, >=, 1 - 0.75 * 1.02);
    unit_is(i.high, >, 0.25);
    unit_is(i.high, <=, 1 - 0.75 * 100 / 102);
    CU_ASSERT_FALSE(improvement_holds(&x.at[0].makespan));
    x.at[0].makespan.measured = 0.25;
    CU_ASSERT_TRUE(improvement_holds(&x.at[0].makespan));
    CU_ASSERT_FALSE(improvement_holds(&x.at[0].span));
    improvements_clear(&x);
    world_clear(&w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(those_of_the_same_tasks_are_compared),
        UNIT_TEST(the_interval_is_of_unrelated_runs),
        { NULL, NULL },
    };
    return unit_run("improvements", tests);
}
