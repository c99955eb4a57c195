#include "study/explain.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "core/realised.h"
#include "study/explain_impl.h"

static const struct {
    enum explain_class class;
    enum leg leg;
    const char *key, *words;
} kinds[EXPLAIN_KINDS] = {
#define ROW(id, class, leg, key, words) { EXPLAIN_CLASS_##class, leg, key, words },
#include "study/explain_rows.h"
#undef ROW
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
