#include "tests/support/ran.h"

#include <string.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

struct ran ran_parts(struct workflow *w, struct platform *p, struct middleware *m,
                                      const struct ran_scenario *s)
{
    struct ran r = { .workflow = w, .platform = p, .middleware = m,
                               .timeline = timeline_new(w, p) };
    struct scenario scenario = { .workflow = w, .platform = p, .middleware = m, .mode = s->mode,
                                 .seed = s->seed, .walltime_s = s->walltime_s };
    struct error err = { "" };
    struct replica again;
    CU_ASSERT_EQUAL_FATAL(scheduler_options_choose(&s->scheduler, m, &scenario.scheduler, &err), 0);
    struct simulator *sim = simulator_new(&scenario, &err);
    CU_ASSERT_PTR_NOT_NULL_FATAL(sim);
    simulator_run(sim, s->replica, r.timeline, &r.out);
    simulator_run(sim, s->replica, NULL, &again);
    CU_ASSERT_EQUAL(memcmp(&again.makespan_s, &r.out.makespan_s, sizeof again.makespan_s), 0);
    CU_ASSERT_EQUAL(memcmp(&again.session_s, &r.out.session_s, sizeof again.session_s), 0);
    CU_ASSERT_EQUAL(again.n_done, r.out.n_done);
    simulator_free(sim);
    CU_ASSERT_EQUAL(timeline_check(r.timeline, &err), 0);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    return r;
}

struct ran ran_texts(const struct ran_scenario *s)
{
    return ran_parts(given_workflow(s->workflow), given_platform(s->platform),
                            s->middleware ? given_middleware(s->middleware) : middleware_ideal(),
                            s);
}

struct ran ran_on_one_node(const char *workflow, const char *middleware, enum mode mode,
                           double walltime_s)
{
    return ran_texts(&(struct ran_scenario){
        .workflow = workflow, .platform = "{'nodes': [{'count': 1, 'cores': 4, 'gpus': 1}]}",
        .middleware = middleware, .mode = mode, .walltime_s = walltime_s, .seed = 7 });
}

void ran_clear(struct ran *r)
{
    timeline_free(r->timeline);
    workflow_free(r->workflow);
    platform_free(r->platform);
    middleware_free(r->middleware);
}

const struct timeline_record *ran_record(const struct ran *r, uint32_t task)
{
    for (size_t i = 0; i < r->timeline->n; i++)
        if (r->timeline->records[i].task == task)
            return &r->timeline->records[i];
    CU_FAIL_FATAL("no such record");
    return NULL;
}

void ran_starts(const struct ran *r, double *start_s)
{
    for (size_t i = 0; i < r->timeline->n; i++)
        start_s[r->timeline->records[i].task] = r->timeline->records[i].started_s;
}
