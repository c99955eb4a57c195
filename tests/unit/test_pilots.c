/* Jobs side by side. Oracle: figures worked out by hand; one platform of all nodes; who runs where
 * and when. test_pilots_cores.c has a plain list of cores. */
#include "sim/pilots.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "tests/support/given.h"
#include "tests/support/pilot_world.h"
#include "tests/support/unit.h"

/* ---- hand-worked ---- */

/* Of two pilots of one node each, each up for 100 s twice: tasks of 40 s, one at a time on each. */
static void work_that_is_cut_goes_on_elsewhere(void)
{
    struct pilot_world x =
        pilot_world_given("{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 40, 'tasks': 8}]}",
                          "{'nodes': [{'count': 1, 'cores': 4}]}", "{}", 2, dist_constant(1000));
    x.scenario.walltime_s = 100;
    x.scenario.allocation.jobs = 2;
    pilot_world_open(&x);
    pilot_world_run(&x, 0);
    unit_near((double)x.out.jobs.n, 4, 0);
    unit_near((double)x.out.jobs.n_cut, 2, 0);
    unit_near((double)x.out.n_lost, 0, 0);
    unit_near((double)x.out.n_done, 8, 0);
    CU_ASSERT(x.out.complete);
    CU_ASSERT(x.out.in_time);
    unit_near(x.out.jobs.solution_s, 1100 + 1000 + 80, 1e-9);
    unit_near(x.out.makespan_s, 1180, 1e-9);
    unit_near(x.out.jobs.queue_s, 2000, 1e-9);
    unit_near(x.out.jobs.held_s, 180, 1e-9);
    unit_near(x.out.lost_slot_s, 2 * 4 * 20, 1e-9);
    pilot_world_clear(&x);
}

static void what_no_job_ends_is_not_done(void)
{
    struct pilot_world x =
        pilot_world_given("{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 40, 'tasks': 8}]}",
                          "{'nodes': [{'count': 1, 'cores': 4}]}", "{}", 2, NULL);
    x.scenario.walltime_s = 100;
    pilot_world_open(&x);
    pilot_world_run(&x, 0);
    CU_ASSERT(!x.out.complete);
    CU_ASSERT(!x.out.in_time);
    unit_near((double)x.out.n_done, 4, 0);
    unit_near((double)(x.out.n_killed + x.out.n_cancelled + x.out.n_failed), 4, 0);
    unit_near(x.out.session_s, 100, 1e-9);
    unit_near(x.out.jobs.held_s, 100, 1e-9);
    pilot_world_clear(&x);
}

static void a_task_lies_in_one_pilot(void)
{
    struct pilot_world x = pilot_world_given(
        "{'task_sets': [{'name': 'a', 'cores': 4, 'ranks': 3, 'duration': 40, 'tasks': 4}]}",
        "{'nodes': [{'count': 4, 'cores': 4}]}", "{}", 3, NULL);
    pilot_world_open(&x);
    pilot_world_run(&x, 0);
    /* one task of three nodes on each pilot of four: 12 nodes would hold four at once */
    unit_near(x.out.makespan_s, 80, 1e-9);
    pilot_world_clear(&x);
    struct error err = { "" };
    x = pilot_world_given("{'task_sets': [{'name': 'a', 'cores': 4, 'ranks': 5, 'duration': 40}]}",
                          "{'nodes': [{'count': 4, 'cores': 4}]}", "{}", 3, NULL);
    CU_ASSERT_PTR_NULL(simulator_new(&x.scenario, &err));
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "one task has 5 ranks, and the 4 nodes"));
    pilot_world_clear(&x);
}

static void each_pilot_has_its_launcher(void)
{
    struct pilot_world x =
        pilot_world_given("{'task_sets': [{'name': 'a', 'cores': 1, 'duration': 5, 'tasks': 8}]}",
                          "{'nodes': [{'count': 1, 'cores': 4}]}",
                          "{'stations': {'launch': {'service': 1}}}", 2, NULL);
    pilot_world_open(&x);
    pilot_world_run(&x, 0);
    unit_near(x.out.last_stop_s, 4 + 5, 1e-9);
    pilot_world_clear(&x);
}

/* The first pilot waits as the only one would. */
static void waits_are_paired(void)
{
    static const char a[] =
        "{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 400, 'tasks': 9}]}";
    static const char node[] = "{'nodes': [{'count': 1, 'cores': 4}]}";
    struct pilot_world x = pilot_world_given(a, node, "{}", 3, dist_exponential(50)),
                       one = pilot_world_given(a, node, "{}", 1, dist_exponential(50));
    size_t n, n_one;
    pilot_world_open(&x);
    pilot_world_open(&one);
    pilot_world_run(&x, 4);
    pilot_world_run(&one, 4);
    const struct job_span *jobs = simulator_each_job(x.simulator, &n),
                          *job = simulator_each_job(one.simulator, &n_one);
    CU_ASSERT_EQUAL_FATAL(n, 3);
    CU_ASSERT_EQUAL_FATAL(n_one, 1);
    bool found = false;
    for (size_t i = 0; i < n; i++)
        found |= fabs(jobs[i].started_s - job->started_s) < 1e-9;
    CU_ASSERT(found);
    unit_is(jobs[0].started_s, <, jobs[1].started_s);
    unit_near(x.out.jobs.queue_s, jobs[0].started_s, 0);
    pilot_world_clear(&x);
    pilot_world_clear(&one);
}

/* ---- one platform of all nodes ---- */

static void check_same(const struct timeline *a, const struct timeline *b)
{
    struct timeline_slots x, y;
    CU_ASSERT_EQUAL_FATAL(a->n, b->n);
    for (size_t i = 0; i < a->n; i++) {
        CU_ASSERT_EQUAL(memcmp(&a->records[i], &b->records[i], sizeof a->records[i]), 0);
        CU_ASSERT_EQUAL(a->status[i], b->status[i]);
        CU_ASSERT_EQUAL(timeline_attempt(a, i), timeline_attempt(b, i));
        bool more = timeline_slots_first(a, i, &x);
        CU_ASSERT_EQUAL(more, timeline_slots_first(b, i, &y));
        for (; more; more = timeline_slots_next(&x) && timeline_slots_next(&y)) {
            CU_ASSERT_EQUAL(x.node, y.node);
            CU_ASSERT_EQUAL_FATAL(x.n_cores, y.n_cores);
            CU_ASSERT_EQUAL(memcmp(x.cores, y.cores, x.n_cores * sizeof *x.cores), 0);
        }
    }
}

/* Pilots that neither wait nor end are one allocation, record for record, if no task spans nodes.
 */
static void without_waits_it_is_one_platform(void)
{
    for (uint64_t number = 0; number < 60; number++) {
        const struct given_limits limits = {
            .max_sets = 6, .max_tasks = 20, .only_single = true, .varying = number % 2
        };
        size_t pilots = 2 + number % 3;
        struct pilot_world x =
            pilot_world_of(given_random_workflow(number, &limits), given_random_platform(number),
                           given_middleware("{}"), pilots, NULL);
        x.scenario.mode = (enum mode)(number % MODES);
        x.scenario.walltime_s = number % 2 ? 1e8 : 0;
        pilot_world_open(&x);
        pilot_world_run(&x, 0);
        struct platform *all = platform_copy(x.platform);
        all->pilots = 0;
        struct scenario whole = x.scenario;
        whole.platform = all;
        whole.walltime_s = 0;
        struct simulator *sim = simulator_new(&whole, NULL);
        struct timeline *t = timeline_new(x.workflow, all);
        struct replica out;
        simulator_run(sim, 0, t, &out);
        check_same(x.timeline, t);
        unit_near(x.out.session_s, out.session_s, 0);
        unit_near(x.out.jobs.held_s, out.session_s, 1e-9);
        timeline_free(t);
        simulator_free(sim);
        platform_free(all);
        pilot_world_clear(&x);
    }
}

/* ---- everything at once ---- */

/* Each record lies within one job of its pilot. */
static void check_places(const struct pilot_world *x)
{
    size_t n, per = platform_job_nodes(x->platform);
    const struct job_span *jobs = simulator_each_job(x->simulator, &n);
    struct timeline_slots s;
    for (size_t i = 0; i < x->timeline->n; i++) {
        const struct timeline_record *r = &x->timeline->records[i];
        size_t within = 0;
        if (isnan(r->started_s) || !timeline_slots_first(x->timeline, i, &s))
            continue;
        for (size_t j = 0; j < n; j++)
            within += jobs[j].started_s <= r->scheduled_s && r->stopped_s <= jobs[j].ended_s + 1e-9;
        unit_is(within, >, 0);
        unit_is(s.node / per, <, platform_pilots(x->platform));
    }
}

static const char *const middlewares[] = {
    "{}",
    "{'stations': {'bootstrap': 11, 'launch': {'service': 0.25}, 'free': {'base': 0.5}, 'notify': "
    "{'base': 0.5}}}",
    "{'scheduler': 'radical', 'stations': {'bootstrap': 5, 'schedule': {'retry': 0.1}, "
    "'launch': {'service': 0.125, 'servers': 2, 'cap': 3}}}",
};

static void random_pilots_keep_the_rules(void)
{
    size_t complete = 0, cut = 0, lost = 0;
    for (uint64_t number = 0; number < 150; number++) {
        const struct given_limits limits = { .max_sets = 6,
                                             .max_tasks = 30,
                                             .varying = number % 2 };
        struct platform *one = given_random_platform(number);
        if (number % 4 == 0) {
            one->failures.mtbf_s = 300;
            one->failures.repair = dist_constant(20);
        }
        struct pilot_world x = pilot_world_of(given_random_workflow(number, &limits), one,
                                              given_middleware(middlewares[number % 3]),
                                              2 + number % 3, dist_lognormal(60, 200));
        struct replica whole;
        x.scenario.mode = (enum mode)(number % MODES);
        x.scenario.seed = number;
        pilot_world_open(&x);
        simulator_run(x.simulator, 0, x.timeline, &whole);
        double longest_s = 0;
        for (size_t i = 0; i < x.timeline->n; i++)
            longest_s = fmax(longest_s,
                             x.timeline->records[i].stopped_s - x.timeline->records[i].scheduled_s);
        simulator_free(x.simulator);
        timeline_free(x.timeline);
        x.scenario.walltime_s = longest_s * 1.5 + (number % 3 ? 20 : 0.1);
        x.scenario.allocation.jobs = JOBS_MOST / 4;
        pilot_world_open(&x);
        pilot_world_run(&x, 0);
        check_places(&x);
        size_t killed = 0;
        for (size_t i = 0; i < x.timeline->n; i++)
            killed += x.timeline->status[i] == TASK_KILLED;
        unit_is(killed, >=, x.out.n_lost + x.out.jobs.n_cut);
        complete += x.out.complete;
        cut += x.out.jobs.n_cut;
        lost += x.out.n_lost;
        pilot_world_clear(&x);
    }
    printf("  %zu of 150 complete, %zu cut, %zu lost\n", complete, cut, lost);
    unit_is(complete, >, 75);
    unit_is(cut, >, 20);
    unit_is(lost, >, 5);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(work_that_is_cut_goes_on_elsewhere),
        UNIT_TEST(what_no_job_ends_is_not_done),
        UNIT_TEST(a_task_lies_in_one_pilot),
        UNIT_TEST(each_pilot_has_its_launcher),
        UNIT_TEST(waits_are_paired),
        UNIT_TEST(without_waits_it_is_one_platform),
        UNIT_TEST(random_pilots_keep_the_rules),
        { NULL, NULL },
    };
    return unit_run("pilots", tests);
}
