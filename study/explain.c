#include "study/explain.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "core/realised.h"
#include "study/explain_impl.h"

/* Without a key: named as the leg of a task's way that it is (core/instant.h). */
static const struct {
    enum explain_class class;
    enum leg leg;
    const char *key, *words;
} kinds[EXPLAIN_KINDS] = {
    [EXPLAIN_WORK] = { EXPLAIN_CLASS_WORK, LEG_EXECUTE, "work", "execution" },
    [EXPLAIN_EXECUTE_EXTRA] = { EXPLAIN_CLASS_MIDDLEWARE, LEG_EXECUTE, "execute_extra",
                                "execution: offset, cold start" },
    [EXPLAIN_TRANSFER] = { EXPLAIN_CLASS_WORK, LEGS, "transfer", "moving data of" },
    [EXPLAIN_SHARED] = { EXPLAIN_CLASS_FLOWS, LEGS, "shared",
                         "waiting for a shared rate, to move data of" },
    [EXPLAIN_REQUEST] = { EXPLAIN_CLASS_WORK, LEGS, "request", "asking a service, by" },
    [EXPLAIN_SERVICE] = { EXPLAIN_CLASS_FLOWS, LEGS, "service", "waiting for the service" },
    [EXPLAIN_SLOWED] = { EXPLAIN_CLASS_FLOWS, LEGS, "slowed",
                         "slowed down by others on its node:" },
    [EXPLAIN_CHECKPOINT] = { EXPLAIN_CLASS_WORK, LEGS, "checkpoint", "saving checkpoints of" },
    [EXPLAIN_DECISION] = { EXPLAIN_CLASS_DECISIONS, LEGS, "decision",
                           "waiting for a decision, after" },
    [EXPLAIN_BARRIER] = { EXPLAIN_CLASS_BARRIER, LEGS, "barrier", "barrier, waiting for" },
    [EXPLAIN_CORES] = { EXPLAIN_CLASS_RESOURCES, LEG_QUEUE, "cores", "waiting for cores, held by" },
    [EXPLAIN_GPUS] = { EXPLAIN_CLASS_RESOURCES, LEG_QUEUE, "gpus", "waiting for GPUs, held by" },
    [EXPLAIN_MEMORY] = { EXPLAIN_CLASS_RESOURCES, LEG_QUEUE, "memory",
                         "waiting for memory, held by" },
    [EXPLAIN_FRAGMENTED] = { EXPLAIN_CLASS_RESOURCES, LEG_QUEUE, "fragmented",
                             "free, but on no node together; most held by" },
    [EXPLAIN_BEHIND] = { EXPLAIN_CLASS_RESOURCES, LEG_QUEUE, "behind", "would fit, behind" },
    [EXPLAIN_NAMED] = { EXPLAIN_CLASS_RESOURCES, LEG_QUEUE, "named",
                        "waiting for a named resource, or behind" },
    [EXPLAIN_RELEASE] = { EXPLAIN_CLASS_RELEASE, LEG_RELEASE, NULL, NULL },
    [EXPLAIN_NEXT_STAGE] = { EXPLAIN_CLASS_MIDDLEWARE, LEGS, "next_stage",
                             "client: closing a stage" },
    [EXPLAIN_NEXT_RUN] = { EXPLAIN_CLASS_MIDDLEWARE, LEGS, "next_run", "client: closing a run()" },
    [EXPLAIN_NEXT_TASK] = { EXPLAIN_CLASS_MIDDLEWARE, LEGS, "next_task",
                            "submission of what waited for others" },
    [EXPLAIN_CLIENT_QUEUE] = { EXPLAIN_CLASS_MIDDLEWARE, LEG_CLIENT_QUEUE, NULL, NULL },
    [EXPLAIN_OPEN] = { EXPLAIN_CLASS_MIDDLEWARE, LEG_OPEN, NULL, NULL },
    [EXPLAIN_CLIENT] = { EXPLAIN_CLASS_MIDDLEWARE, LEG_CLIENT, NULL, NULL },
    [EXPLAIN_AGENT] = { EXPLAIN_CLASS_MIDDLEWARE, LEG_AGENT, NULL, NULL },
    [EXPLAIN_SCHEDULE] = { EXPLAIN_CLASS_MIDDLEWARE, LEG_QUEUE, "schedule",
                           "scheduler: until it looks again" },
    [EXPLAIN_LAUNCH_QUEUE] = { EXPLAIN_CLASS_MIDDLEWARE, LEG_LAUNCH_QUEUE, NULL, NULL },
    [EXPLAIN_LAUNCH] = { EXPLAIN_CLASS_MIDDLEWARE, LEG_LAUNCH, NULL, NULL },
    [EXPLAIN_ALONE] = { EXPLAIN_CLASS_MIDDLEWARE, LEG_ALONE, NULL, NULL },
    [EXPLAIN_STARTUP] = { EXPLAIN_CLASS_MIDDLEWARE, LEG_STARTUP, NULL, NULL },
    [EXPLAIN_DETECT] = { EXPLAIN_CLASS_MIDDLEWARE, LEG_DETECT, NULL, NULL },
    [EXPLAIN_FREE] = { EXPLAIN_CLASS_MIDDLEWARE, LEG_FREE, NULL, NULL },
    [EXPLAIN_NOTIFY] = { EXPLAIN_CLASS_MIDDLEWARE, LEG_NOTIFY, NULL, NULL },
    [EXPLAIN_LOST] = { EXPLAIN_CLASS_JOBS, LEGS, "lost",
                       "execution that the end of a job, or of a node, cut" },
    [EXPLAIN_ENDING] = { EXPLAIN_CLASS_JOBS, LEGS, "ending",
                         "ready, in a job that ended before it could run" },
    [EXPLAIN_BATCH_QUEUE] = { EXPLAIN_CLASS_JOBS, LEGS, "batch_queue",
                              "the next job waits in the queue" },
    [EXPLAIN_NODES] = { EXPLAIN_CLASS_JOBS, LEGS, "nodes_to_come", "nodes are yet to come" },
    [EXPLAIN_REPAIR] = { EXPLAIN_CLASS_JOBS, LEGS, "repair", "a node is down" },
    [EXPLAIN_RESTART] = { EXPLAIN_CLASS_JOBS, LEGS, "restart",
                          "the next job starts the middleware" },
    [EXPLAIN_BOOK] = { EXPLAIN_CLASS_MIDDLEWARE, LEG_BOOK, NULL, NULL },
};

int explain_kind_of_leg(enum leg leg)
{
    for (int k = 0; k < EXPLAIN_KINDS; k++)
        if (kinds[k].leg == leg && !kinds[k].key)
            return k;
    return EXPLAIN_WAIT;
}

enum explain_kind explain_kind_of_cause(enum submit_cause cause)
{
    return cause == SUBMIT_NEXT_RUN     ? EXPLAIN_NEXT_RUN
           : cause == SUBMIT_NEXT_STAGE ? EXPLAIN_NEXT_STAGE
                                        : EXPLAIN_NEXT_TASK;
}

const char *explain_kind_key(enum explain_kind k)
{
    return kinds[k].key ? kinds[k].key : leg_key(kinds[k].leg);
}

const char *explain_kind_words(enum explain_kind k)
{
    return kinds[k].words ? kinds[k].words : leg_label(kinds[k].leg);
}

enum explain_class explain_class_of(enum explain_kind k)
{
    return kinds[k].class;
}

const char *explain_class_name(enum explain_class c)
{
    static const char *const names[EXPLAIN_CLASSES] = { "execution", "barriers", "resources",
                                                        "releases", "middleware",
                                                     "decisions", "shared rates", "jobs" };
    return names[c];
}

static void forget_tasks(struct explain_path *p)
{
    for (size_t i = 0; p->tasks && i < p->n; i++)
        free(p->tasks[i].set);
    free(p->tasks);
    p->tasks = NULL;
}

void explain_path_clear(struct explain_path *p)
{
    forget_tasks(p);
    free(p->steps);
    *p = (struct explain_path){ 0 };
}

void explain_path_tell(struct explain_path *p, const struct workflow *session)
{
    forget_tasks(p);
    p->tasks = xcalloc(p->n + 1, sizeof *p->tasks);
    for (size_t i = 0; i < p->n; i++) {
        const struct task_set *set =
            &session->sets[workflow_set_of_task(session, p->steps[i].task)];
        p->tasks[i] = (struct explain_task){ xstrdup(set->name),
                                             p->steps[i].task - set->first_task };
        if (p->steps[i].blame >= 0)
            p->steps[i].blame = session->realised->base[p->steps[i].blame];
    }
}

void explain_path_reverse(struct explain_path *p)
{
    for (size_t i = 0; i < p->n / 2; i++) {
        struct explain_step step = p->steps[i];
        p->steps[i] = p->steps[p->n - 1 - i];
        p->steps[p->n - 1 - i] = step;
    }
}

void explain_path_add(struct explain_path *p, const struct explain_step *step)
{
    if (!(step->to_s > step->from_s))
        return;
    struct explain_step *last = p->n > 0 ? &p->steps[p->n - 1] : NULL;
    bool same =
        last && last->kind == step->kind && last->task == step->task && last->blame == step->blame;
    if (same && last->to_s == step->from_s) {
        last->to_s = step->to_s;
    } else if (same && last->from_s == step->to_s) {     /* while walking back */
        last->from_s = step->from_s;
    } else {
        xgrow(&p->steps, &p->room, p->n + 1, sizeof *p->steps);
        p->steps[p->n++] = *step;
    }
}

struct explainer {
    struct scenario scenario;
    struct readiness *readiness;
    struct task_instants *instants;
};

struct explainer *explainer_new(const struct scenario *s)
{
    struct explainer *e = xcalloc(1, sizeof *e);
    e->scenario = *s;
    e->readiness = readiness_new(s->workflow, s->mode);
    e->instants = task_instants_new(s->workflow->n_tasks);
    return e;
}

void explainer_free(struct explainer *e)
{
    if (!e)
        return;
    readiness_free(e->readiness);
    task_instants_free(e->instants);
    free(e);
}

void explainer_run(struct explainer *e, struct simulator *simulator, uint32_t replica,
                   struct timeline *timeline, struct explain_path *path, struct replica *out)
{
    struct explain_run run = { .scenario = &e->scenario, .readiness = e->readiness,
                               .timeline = timeline,
                               .instants = e->instants };
    simulator_watch(simulator, e->instants);
    simulator_run(simulator, replica, timeline, out);
    simulator_watch(simulator, NULL);
    run.jobs = simulator_jobs(simulator, &run.n_jobs);
    run.each_job = simulator_each_job(simulator, &run.n_each);
    run.downs = simulator_downs(simulator, &run.n_downs);
    explain_walk(&run, path);
    explain_waits(&run, path);
    path->complete = out->complete;
}

void explanation_add(struct explanation *e, const struct workflow *w, struct explain_path *path)
{
    e->n_sets = w->n_sets;
    e->makespan_s += path->makespan_s;
    e->share_complete += path->complete;
    for (size_t i = 0; i < path->n; i++) {
        const struct explain_step *s = &path->steps[i];
        double **seconds = &e->seconds[s->kind];
        if (!*seconds)
            *seconds = xcalloc(e->n_sets + 1, sizeof **seconds);
        (*seconds)[s->blame + 1] += s->to_s - s->from_s;
    }
    if (e->replicas++ == 0) {
        e->path = *path;
        *path = (struct explain_path){ 0 };
    }
}

void explanation_end(struct explanation *e)
{
    e->makespan_s /= (double)e->replicas;
    e->share_complete /= (double)e->replicas;
    for (int k = 0; k < EXPLAIN_KINDS; k++)
        for (size_t b = 0; e->seconds[k] && b <= e->n_sets; b++)
            e->seconds[k][b] /= (double)e->replicas;
}

void explanation_clear(struct explanation *e)
{
    for (int k = 0; k < EXPLAIN_KINDS; k++)
        free(e->seconds[k]);
    explain_path_clear(&e->path);
    *e = (struct explanation){ 0 };
}

double explanation_of(const struct explanation *e, enum explain_kind k, int blame)
{
    return e->seconds[k] ? e->seconds[k][blame + 1] : 0;
}

double explanation_of_kind(const struct explanation *e, enum explain_kind k)
{
    double sum = 0;
    for (size_t b = 0; e->seconds[k] && b <= e->n_sets; b++)
        sum += e->seconds[k][b];
    return sum;
}

double explanation_of_class(const struct explanation *e, enum explain_class c)
{
    double sum = 0;
    for (int k = 0; k < EXPLAIN_KINDS; k++)
        if (explain_class_of((enum explain_kind)k) == c)
            sum += explanation_of_kind(e, (enum explain_kind)k);
    return sum;
}
