/* Staging out that a walltime cuts goes on in the next job. Oracle: by hand; conservation of
 * bytes. */
#include "core/timeline_phases.h"
#include "sim/simulate.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

struct run {
    struct workflow *workflow;
    struct platform *platform;
    struct middleware *middleware;
    struct simulator *simulator;
    struct timeline *timeline;
    struct replica out;
};

static struct run run_with(const char *workflow, const char *middleware, double walltime_s,
                           int jobs)
{
    struct run r = { .workflow = given_workflow(workflow),
                     .middleware = given_middleware(middleware),
                     .platform = given_platform("{'nodes': [{'count': 1, 'cores': 4}], 'flows': "
                                                "[{'name': 'f', 'rate': 100}]}") };
    struct error err = { "" };
    struct scenario s = { .workflow = r.workflow,
                          .platform = r.platform,
                          .middleware = r.middleware,
                          .mode = MODE_ASYNCHRONOUS,
                          .seed = 7,
                          .walltime_s = walltime_s,
                          .allocation = { .jobs = jobs },
                          .scheduler = scheduler_options_resolve(&(struct scheduler_options){ 0 },
                                                                 r.middleware) };
    r.simulator = simulator_new(&s, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(r.simulator);
    r.timeline = timeline_new(r.workflow, r.platform);
    struct replica bare;                 /* the same without records */
    simulator_run(r.simulator, 0, NULL, &bare);
    simulator_run(r.simulator, 0, r.timeline, &r.out);
    unit_near(bare.jobs.solution_s, r.out.jobs.solution_s, 0);
    if (timeline_check(r.timeline, &err))
        CU_FAIL(err.text);
    return r;
}

static void clear(struct run *r)
{
    simulator_free(r->simulator);
    timeline_free(r->timeline);
    workflow_free(r->workflow);
    platform_free(r->platform);
    middleware_free(r->middleware);
}

#define STAGES_OUT "'output': {'flow': 'f', 'amount': 10000, 'staging': 'outside'}"

static double moved(const struct timeline *t, size_t record)
{
    struct timeline_phase *p;
    double sum = 0;
    for (size_t k = 0, n = timeline_phases_of(t, record, &p); k < n; k++)
        sum += p[k].kind == PHASE_MOVES ? p[k].amount : 0;
    return sum;
}

/* 10,000 MiB at 100 MiB/s from 50 s on; what follows starts when all of it has been moved: in the
 * second job, and with shorter ones in the third. */
static void staging_out_is_taken_up_in_the_next_job(void)
{
    const char *w = "{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 50, " STAGES_OUT "},"
                    " {'name': 'b', 'duration': 10, 'after': ['a']}]}";
    const double walltime_s[] = { 100, 60 };
    for (int i = 0; i < 2; i++) {
        struct run r = run_with(w, "{}", walltime_s[i], 5);
        struct timeline_phase *p;
        unit_near((double)r.out.jobs.n, 2 + i, 0);
        unit_near(r.out.jobs.solution_s, 160, 1e-9);
        unit_near((double)r.out.jobs.n_cut, 0, 0);
        CU_ASSERT(r.out.complete);
        CU_ASSERT_EQUAL_FATAL(r.timeline->n, 2);
        unit_near(r.timeline->records[0].notified_s, 150, 1e-9);
        unit_near(r.timeline->records[1].started_s, 150, 1e-9);
        unit_near(moved(r.timeline, 0), 10000, 1e-6);
        CU_ASSERT_EQUAL_FATAL(timeline_phases_of(r.timeline, 0, &p), (size_t)(3 + i));
        unit_near(p[1].amount, i == 0 ? 5000 : 1000, 1e-6);
        unit_near(p[2].from_s, walltime_s[i], 1e-9);
        CU_ASSERT(p[1].cut);
        CU_ASSERT_FALSE(p[2 + i].cut);
        clear(&r);
    }
    /* the last job leaves some: it is done, and says how far it came */
    struct run r = run_with(w, "{}", 60, 2);
    CU_ASSERT_EQUAL(r.out.n_done, 1);
    unit_near(moved(r.timeline, 0), 7000, 1e-6);
    clear(&r);
}

/* Whatever is cut, each task that is done has moved all of its bytes, and no follower starts before
 * its parent has. */
static void bytes_are_conserved_over_jobs(void)
{
    const char *w = "{'task_sets': [{'name': 'a', 'tasks': 12, 'cores': 1, 'duration': "
                    "{'distribution': 'exponential', 'mean': 30}, 'input': {'flow': 'f', "
                    "'amount': 500}, " STAGES_OUT "}, {'name': 'b', 'tasks': 12, 'duration': 5, "
                    "'after': [{'set': 'a', 'kind': 'each'}]}]}";
    const char *middleware[] = {
        "{}", "{'stations': {'bootstrap': 7, 'agent': {'latency': 1}, 'notify': {'base': 2}, "
              "'detect': {'base': 0.3}, 'free': {'base': 0.2}}}" };
    size_t parts = 0;
    for (int i = 0; i < 16; i++) {
        struct run r = run_with(w, middleware[i % 2], 90 + 37 * i, 40);
        double known_s[12] = { 0 };
        CU_ASSERT(r.out.complete);
        for (size_t k = 0; k < r.timeline->n; k++) {
            const struct timeline_record *record = &r.timeline->records[k];
            struct timeline_phase *p;
            if (r.timeline->status[k] != TASK_DONE || record->task >= 12)
                continue;
            unit_near(moved(r.timeline, k), 10500, 1e-3);
            known_s[record->task] = record->notified_s;
            parts += timeline_phases_of(r.timeline, k, &p) > 3;
        }
        for (size_t k = 0; k < r.timeline->n; k++)
            if (r.timeline->records[k].task >= 12)
                unit_is(r.timeline->records[k].started_s, >=,
                        known_s[r.timeline->records[k].task - 12] - 1e-9);
        clear(&r);
    }
    unit_is(parts, >, 40);
}

#define STAGES_IN \
    "{'task_sets': [{'name': 'a', 'cores': 4, 'tasks': 3, 'duration': 25, " \
    "'input': {'flow': 'f', 'amount': 1000, 'staging': 'outside'}}]}"

static double moved_in_all(const struct timeline *t)
{
    double sum = 0;
    for (size_t i = 0; i < t->n; i++)
        sum += moved(t, i);
    return sum;
}

/* Three tasks, one at a time. Job 1 stages all in by 30 s, runs the first to 55 s and cuts the
 * second at 60 s; job 2 stages two in by 80 s, runs one to 105 s and cuts the other; job 3 stages
 * that in by 130 s. The third was staged in twice before it was placed first. */
static void staging_in_of_what_was_not_placed_is_kept(void)
{
    struct run r = run_with(STAGES_IN, "{}", 60, 3);
    const struct timeline *t = r.timeline;
    struct timeline_phase *p;
    size_t third = SIZE_MAX;
    unit_near(r.out.jobs.solution_s, 155, 1e-9);
    unit_near(moved_in_all(t), 6000, 1e-6);
    for (size_t i = 0; i < t->n; i++)
        third = t->records[i].task == 2 && timeline_attempt(t, i) == 0 ? i : third;
    unit_must_be(third, !=, SIZE_MAX);
    CU_ASSERT_EQUAL_FATAL(timeline_phases_of(t, third, &p), 3);
    const double at_s[] = { 0, 30, 60, 80, 105, 120 };
    for (int k = 0; k < 6; k++)
        unit_near(k % 2 ? p[k / 2].to_s : p[k / 2].from_s, at_s[k], 1e-9);
    clear(&r);
}

/* A task that is being staged in at the walltime has the part that was moved. */
static void staging_in_is_cut(void)
{
    struct run r = run_with(STAGES_IN, "{}", 10, 1);
    struct timeline_phase *p;
    unit_near(moved_in_all(r.timeline), 1000, 1e-6);
    for (size_t i = 0; i < 3; i++) {
        CU_ASSERT_EQUAL_FATAL(timeline_phases_of(r.timeline, i, &p), 1);
        CU_ASSERT_TRUE(p->cut);
        unit_near(p->to_s, 10, 1e-9);
    }
    clear(&r);
    r = run_with(STAGES_IN, "{}", 40, 2);
    unit_near(moved_in_all(r.timeline), 6000, 1e-6);
    clear(&r);
}

static void staging_out_is_cut_in_the_last_job(void)
{
    struct run r = run_with("{'task_sets': [{'name': 'a', 'cores': 4, 'duration': 50, " STAGES_OUT
                            "}]}",
                            "{}", 100, 1);
    unit_near(moved_in_all(r.timeline), 5000, 1e-6);
    clear(&r);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(staging_out_is_taken_up_in_the_next_job),
        UNIT_TEST(bytes_are_conserved_over_jobs),
        UNIT_TEST(staging_in_of_what_was_not_placed_is_kept),
        UNIT_TEST(staging_in_is_cut),
        UNIT_TEST(staging_out_is_cut_in_the_last_job),
        { NULL, NULL },
    };
    return unit_run("phases_left", tests);
}
