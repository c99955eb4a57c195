#include "validation/outlook_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/phases.h"
#include "core/workflow_subset.h"

/* Measured durations hold what the launcher adds while a task executes. */
static struct middleware *without_execution(const struct middleware *m)
{
    struct middleware *copy = middleware_copy(m);
    middleware_set_constant(copy, STATION_EXECUTE_OFFSET, 0);
    middleware_set_constant(copy, STATION_EXECUTE_COLD, 0);
    copy->execute_slope = 1;
    return copy;
}

/* The ranks of the tasks that are kept, in the order of the whole. */
static uint32_t *order_of_part(const struct scenario *plan, const struct workflow_subset *of)
{
    uint32_t n = plan->workflow->n_tasks, next = 0;
    if (!plan->task_order)
        return NULL;
    uint32_t *at_rank = xcalloc(n + 1, sizeof *at_rank), *order = xcalloc(n + 1, sizeof *order);
    for (uint32_t k = 0; k < of->workflow->n_tasks; k++)
        at_rank[plan->task_order[of->task_of[k]]] = k + 1;
    for (uint32_t r = 0; r < n; r++)
        if (at_rank[r])
            order[at_rank[r] - 1] = next++;
    free(at_rank);
    return order;
}

static bool is_of_the_past(const struct run_task *t)
{
    return !isnan(t->started_s);
}

static bool is_to_come(const struct run_task *t)
{
    return t->phase == RUN_UNSEEN || t->phase == RUN_WAITING || t->phase == RUN_RUNNING;
}

/* false: no task is of that part. */
static bool part_init(struct run_part *p, const struct outlook_question *q,
                      bool (*belongs)(const struct run_task *t))
{
    const struct scenario *plan = q->plan;
    bool *keep = xcalloc(q->st->n + 1, sizeof *keep), any = false;
    for (uint32_t t = 0; t < q->st->n; t++)
        any |= keep[t] = belongs(&q->st->tasks[t]);
    *p = (struct run_part){ .scenario = *plan };
    if (any) {
        p->of = workflow_subset(plan->workflow, keep);
        p->middleware = without_execution(plan->middleware);
        p->task_order = order_of_part(plan, &p->of);
        p->scenario.workflow = p->of.workflow;
        p->scenario.middleware = p->middleware;
        p->scenario.task_order = p->task_order;
        p->scenario.pipeline_order = NULL;
        p->scenario.begins_after = NULL;
        p->scenario.values = NULL;
        p->scenario.walltime_s = 0;
        p->scenario.seed = q->seed;
    }
    free(keep);
    return any;
}

void run_part_clear(struct run_part *p)
{
    workflow_subset_clear(&p->of);
    middleware_free(p->middleware);
    free(p->task_order);
    for (int k = 0; k < STATION_PARAMETERS; k++)
        free(p->value[k]);
}

static void fix_durations(struct run_part *p)
{
    struct workflow *w = p->of.workflow;
    w->session_sd = 0;
    for (size_t i = 0; i < w->n_sets; i++) {
        struct task_set *s = &w->sets[i];
        s->durations = xrealloc(s->durations, s->n_tasks, sizeof *s->durations);
        if (s->traits->set_sd > 0 || s->traits->failure_probability > 0) {
            struct task_traits *t = task_traits_own(s);
            t->set_sd = 0;
            t->failure_probability = 0;
        }
    }
}

bool run_part_past(struct run_part *p, const struct outlook_question *q)
{
    if (!part_init(p, q, is_of_the_past))
        return false;
    fix_durations(p);
    return true;
}

static const enum station_parameter before_start[] = {
    STATION_BOOTSTRAP,  STATION_CLIENT_BASE, STATION_CLIENT_TASK,  STATION_CLIENT_FIRST,
    STATION_NEXT_STAGE, STATION_NEXT_RUN,    STATION_OPEN_TASK,    STATION_AGENT,
    STATION_NEXT_TASK,  STATION_LAUNCH,      STATION_STARTUP_WARM, STATION_STARTUP_COLD,
};
enum {
    BEFORE_START = sizeof before_start / sizeof *before_start,
    BEFORE_ARRIVAL = BEFORE_START - 3
};

static void take_no_time(struct run_part *p, uint32_t task, int n)
{
    for (int i = 0; i < n; i++)
        p->value[before_start[i]][task] = 0;
}

/* What runs has its slots again at the first pass of the scheduler; all else comes after that. */
static double release_of(struct run_part *p, uint32_t task, const struct run_task *t)
{
    double first_pass_s = p->scenario.middleware->period_s[POLL_SCHEDULE] + 1e-6;
    p->value[STATION_BOOTSTRAP][task] = 0;
    if (t->phase == RUN_RUNNING)
        take_no_time(p, task, BEFORE_START);
    if (t->phase == RUN_WAITING)
        take_no_time(p, task, BEFORE_ARRIVAL);
    return t->phase == RUN_RUNNING ? 0 : first_pass_s;
}

static void release_set(struct run_part *p, struct task_set *s, const struct run_state *st)
{
    enum release_kind planned = s->release.kind;
    if (planned != RELEASE_LIST)
        s->release.list_s = xcalloc(s->n_tasks, sizeof *s->release.list_s);
    dist_free(s->release.gap);
    s->release.gap = NULL;
    s->release.kind = RELEASE_LIST;
    for (uint32_t k = 0; k < s->n_tasks; k++) {
        const struct run_task *t = &st->tasks[p->of.task_of[s->first_task + k]];
        double planned_s = planned == RELEASE_LIST   ? s->release.list_s[k]
                           : planned == RELEASE_TIME ? s->release.time_s
                                                     : 0;
        double least_s = t->phase == RUN_UNSEEN && !isnan(st->first_start_s)
                             ? st->first_start_s + planned_s - st->now_s
                             : 0;
        s->release.list_s[k] = fmax(release_of(p, s->first_task + k, t), least_s);
    }
}

bool run_part_to_come(struct run_part *p, const struct outlook_question *q)
{
    if (!part_init(p, q, is_to_come))
        return false;
    struct workflow *w = p->of.workflow;
    for (int k = 0; k < STATION_PARAMETERS; k++) {
        p->value[k] = xcalloc(w->n_tasks + 1, sizeof *p->value[k]);
        for (uint32_t t = 0; t < w->n_tasks; t++)
            p->value[k][t] = NAN;
        p->values.of[k] = p->value[k];
    }
    for (int k = 0; k < STATION_POLLS; k++)
        p->values.phase_s[k] = NAN;
    p->scenario.values = &p->values;
    fix_durations(p);
    for (size_t i = 0; i < w->n_sets; i++)
        release_set(p, &w->sets[i], q->st);
    return true;
}
