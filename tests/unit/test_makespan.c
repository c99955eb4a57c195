#include "model/makespan.h"

#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

static struct makespan_form form_of(const struct workflow *w, const struct platform *p,
                                    const struct middleware *m, enum mode mode,
                                    enum wave_time wave_time)
{
    struct scenario s = { .workflow = w, .platform = p, .middleware = m, .mode = mode };
    struct makespan_form form = { 0 };
    CU_ASSERT_EQUAL(makespan_form_of(&s, wave_time, &form, NULL), 0);
    return form;
}

/* 23 tasks, 6 at once: four waves, the last of five. */
static void a_set_alone_takes_waves_times_tx(void)
{
    struct workflow *w = given_workflow(
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 23, 'cores': 3, 'duration':"
        " {'distribution': 'uniform', 'min': 2, 'max': 5}}]}");
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 2, 'cores': 10}]}");
    struct middleware *ideal = middleware_ideal();
    struct set_form f = set_form_of(w, p, 0);
    unit_is(f.capacity, ==, 6);
    unit_is(f.waves, ==, 4);
    unit_alike(f.time_s, 14, 1e-15);
    /* the largest of n uniforms: n / (n + 1) of the way */
    double maxima_s = 3 * (2 + 3 * 6 / 7.0) + 2 + 3 * 5 / 6.0;
    unit_alike(f.time_max_s, maxima_s, 1e-6);
    for (int m = 0; m < MODES; m++) {
        struct makespan_form mean = form_of(w, p, ideal, (enum mode)m, WAVE_MEAN);
        unit_is(mean.n_waves, ==, 4);
        unit_alike(mean.makespan_s, 14, 1e-15);
        unit_is(mean.overhead_s, ==, 0);
        unit_alike(form_of(w, p, ideal, (enum mode)m, WAVE_EXPECTED_MAX).makespan_s, maxima_s,
                   1e-6);
    }
    middleware_free(ideal);
    platform_free(p);
    workflow_free(w);
}

/* On 4 slots: a (2 x 2 slots, 7 s), b (3 x 1, 5 s), c (1 x 4, 1 s, after a), d (1 x 1, 2 s, after
 * b). First a; at 7 b and c are waiting: b came first, c must wait for all of it and, since d comes
 * after c was ready, c goes before d. */
static void sets_that_compete_by_hand(void)
{
    struct workflow *w =
        given_workflow("{'name': 'w', 'task_sets': ["
                       "{'name': 'a', 'tasks': 2, 'cores': 2, 'duration': 7},"
                       "{'name': 'b', 'tasks': 3, 'cores': 1, 'duration': 5},"
                       "{'name': 'c', 'tasks': 1, 'cores': 4, 'duration': 1, 'after': ['a']},"
                       "{'name': 'd', 'tasks': 1, 'cores': 1, 'duration': 2, 'after': ['b']}]}");
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 1, 'cores': 4}]}");
    struct middleware *ideal = middleware_ideal();
    /* a from 0, b from 7, c from 12, d from 13 */
    CU_ASSERT_EQUAL(form_of(w, p, ideal, MODE_ASYNCHRONOUS, WAVE_MEAN).makespan_s, 15);
    CU_ASSERT_EQUAL(form_of(w, p, ideal, MODE_SEQUENTIAL, WAVE_MEAN).makespan_s, 7 + 5 + 1 + 2);
    middleware_free(ideal);
    platform_free(p);
    workflow_free(w);
}

/* A set that finds the platform partly taken starts what fits: 3 slots, b's first two tasks beside
 * a, then two more each 4 s. */
static void small_waves_use_what_is_left(void)
{
    struct workflow *w = given_workflow(
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 1, 'cores': 1, 'duration': 10.5},"
        "{'name': 'b', 'tasks': 7, 'cores': 1, 'duration': 4}]}");
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 1, 'cores': 3}]}");
    struct middleware *ideal = middleware_ideal();
    struct makespan_form form = form_of(w, p, ideal, MODE_ASYNCHRONOUS, WAVE_MEAN);
    /* b: 2 at 0, 4, 8; the last at 10.5 */
    unit_is(form.makespan_s, ==, 14.5);
    unit_is(form.n_waves, ==, 5);
    middleware_free(ideal);
    platform_free(p);
    workflow_free(w);
}

/* Released at 5 and at 1, 9, 4: the run begins at 1 and cannot end before 9 + 2.5. */
static void releases_delay(void)
{
    struct workflow *w = given_workflow(
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 1, 'cores': 1, 'duration': 3, "
        "'release': 5},"
        "{'name': 'b', 'tasks': 3, 'cores': 1, 'duration': 2.5, 'release': [1, 9, 4]}]}");
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 1, 'cores': 8}]}");
    struct middleware *ideal = middleware_ideal();
    CU_ASSERT_EQUAL(form_of(w, p, ideal, MODE_ASYNCHRONOUS, WAVE_MEAN).makespan_s, 11.5 - 1);
    middleware_free(ideal);
    platform_free(p);
    workflow_free(w);
}

/* C along the path that ends last: a -> b by a barrier, and the short branch a -> c does not count.
 */
static void overhead_is_that_of_the_path_that_ends_last(void)
{
    struct workflow *w = given_workflow(
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 4, 'cores': 1, 'duration': 10},"
        "{'name': 'b', 'tasks': 3, 'cores': 1, 'duration': 20, 'after': ['a']},"
        "{'name': 'c', 'tasks': 5, 'cores': 1, 'duration': 1, 'after': ['a']},"
        "{'name': 'd', 'tasks': 5, 'cores': 1, 'duration': 2, 'after': ['c']}]}");
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 1, 'cores': 64}]}");
    struct middleware *m = middleware_ideal();
    m->parameter[STATION_LAUNCH] = dist_constant(0.5);
    m->parameter[STATION_CLIENT_BASE] = dist_constant(2.25);
    m->parameter[STATION_NOTIFY] = dist_constant(0.75);
    struct makespan_form form = form_of(w, p, m, MODE_ASYNCHRONOUS, WAVE_MEAN);
    unit_is(form.schedule_s, ==, 30);
    unit_alike(form.overhead_s, 3 * 0.5 + 0.75 + 2.25 + 3 * 0.5, 1e-12);
    CU_ASSERT_EQUAL(form.makespan_s, form.schedule_s + form.overhead_s);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

/* Room made by another wave costs detect + free and the launch, not the client. */
static void waiting_for_room_costs_the_scheduler_only(void)
{
    struct workflow *w = given_workflow(
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 6, 'cores': 1, 'duration': 10}]}");
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 1, 'cores': 2}]}");
    struct middleware *m = middleware_ideal();
    m->parameter[STATION_LAUNCH] = dist_constant(0.5);
    m->parameter[STATION_CLIENT_BASE] = dist_constant(2.25);
    m->parameter[STATION_NOTIFY] = dist_constant(0.75);
    m->parameter[STATION_FREE] = dist_constant(0.125);
    struct makespan_form form = form_of(w, p, m, MODE_ASYNCHRONOUS, WAVE_MEAN);
    unit_is(form.schedule_s, ==, 30);
    unit_alike(form.overhead_s, 0.5 + 2 * (0.125 + 2 * 0.5), 1e-12);
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

/* Where durations do not vary and dependencies join whole sets, the schedule of waves is the
 * simulator's schedule of tasks. */
static void equals_the_simulation_without_variance(void)
{
    static const struct given_limits limits = { .max_sets = 9, .max_tasks = 14, .only_all = true };
    struct middleware *ideal = middleware_ideal();
    for (uint64_t number = 0; number < 500; number++) {
        struct workflow *w = given_random_workflow(number, &limits);
        struct platform *p = given_random_platform(number);
        for (int m = 0; m < MODES; m++) {
            struct scenario s = { .workflow = w, .platform = p, .middleware = ideal,
                                  .mode = (enum mode)m, .seed = number };
            s.scheduler = scheduler_options_resolve(&s.scheduler, ideal);
            struct simulator *sim = simulator_new(&s, NULL);
            struct replica replica;
            simulator_run(sim, 0, NULL, &replica);
            unit_alike(form_of(w, p, ideal, (enum mode)m, WAVE_MEAN).makespan_s, replica.makespan_s,
                       1e-12);
            simulator_free(sim);
        }
        platform_free(p);
        workflow_free(w);
    }
    middleware_free(ideal);
}

static double simulated(const struct workflow *w, const struct platform *p,
                        const struct middleware *m, enum mode mode)
{
    struct scenario s = { .workflow = w, .platform = p, .middleware = m, .mode = mode };
    s.scheduler = scheduler_options_resolve(&s.scheduler, m);
    struct simulator *sim = simulator_new(&s, NULL);
    struct replica replica;
    simulator_run(sim, 0, NULL, &replica);
    simulator_free(sim);
    return replica.makespan_s;
}

/* With stations that do not vary either, C is what the simulation adds: a chain of stages, in each
 * mode. */
static void overhead_equals_the_simulations_along_a_chain(void)
{
    struct workflow *w = given_workflow(
        "{'name': 'w', 'task_sets': [{'name': 'a', 'tasks': 40, 'cores': 1, 'duration': 30},"
        "{'name': 'b', 'tasks': 9, 'cores': 3, 'duration': 12.5, 'after': ['a']},"
        "{'name': 'c', 'tasks': 33, 'cores': 1, 'duration': 25, 'after': ['b']}]}");
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 1, 'cores': 64}]}");
    struct middleware *m = middleware_ideal();
    m->parameter[STATION_CLIENT_BASE] = dist_constant(2.25);
    m->parameter[STATION_CLIENT_TASK] = dist_constant(0.0125);
    m->parameter[STATION_CLIENT_FIRST] = dist_constant(5.5);
    m->parameter[STATION_NEXT_STAGE] = dist_constant(1.5);
    m->parameter[STATION_CLOSE_TASK] = dist_constant(0.0625);
    m->parameter[STATION_OPEN_TASK] = dist_constant(0.125);
    m->parameter[STATION_AGENT] = dist_constant(0.75);
    m->parameter[STATION_LAUNCH] = dist_constant(0.02);
    m->parameter[STATION_STARTUP_WARM] = dist_constant(0.25);
    m->parameter[STATION_EXECUTE_OFFSET] = dist_constant(0.0625);
    m->parameter[STATION_DETECT] = dist_constant(0.03125);
    m->parameter[STATION_FREE] = dist_constant(0.015625);
    m->parameter[STATION_NOTIFY] = dist_constant(0.375);
    for (int mode = 0; mode < MODES; mode++) {
        struct makespan_form form = form_of(w, p, m, (enum mode)mode, WAVE_MEAN);
        unit_alike(form.makespan_s, simulated(w, p, m, (enum mode)mode), 1e-12);
    }
    middleware_free(m);
    platform_free(p);
    workflow_free(w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_set_alone_takes_waves_times_tx),
        UNIT_TEST(sets_that_compete_by_hand),
        UNIT_TEST(small_waves_use_what_is_left),
        UNIT_TEST(releases_delay),
        UNIT_TEST(overhead_is_that_of_the_path_that_ends_last),
        UNIT_TEST(waiting_for_room_costs_the_scheduler_only),
        UNIT_TEST(equals_the_simulation_without_variance),
        UNIT_TEST(overhead_equals_the_simulations_along_a_chain),
        { NULL, NULL },
    };
    return unit_run("makespan", tests);
}
