#include "study/explain.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "study/explain_impl.h"

static const struct { const char *key, *words; enum explain_class class; } kinds[EXPLAIN_KINDS] = {
    [EXPLAIN_WORK] = { "work", "execution", EXPLAIN_CLASS_WORK },
    [EXPLAIN_EXECUTE_EXTRA] = { "execute_extra", "execution: offset, cold start", EXPLAIN_CLASS_MIDDLEWARE },
    [EXPLAIN_BARRIER] = { "barrier", "barrier, waiting for", EXPLAIN_CLASS_BARRIER },
    [EXPLAIN_CORES] = { "cores", "waiting for cores, held by", EXPLAIN_CLASS_RESOURCES },
    [EXPLAIN_GPUS] = { "gpus", "waiting for GPUs, held by", EXPLAIN_CLASS_RESOURCES },
    [EXPLAIN_MEMORY] = { "memory", "waiting for memory, held by", EXPLAIN_CLASS_RESOURCES },
    [EXPLAIN_FRAGMENTED] = { "fragmented", "free, but on no node together; most held by", EXPLAIN_CLASS_RESOURCES },
    [EXPLAIN_BEHIND] = { "behind", "would fit, behind", EXPLAIN_CLASS_RESOURCES },
    [EXPLAIN_RELEASE] = { "release", "not yet released", EXPLAIN_CLASS_RELEASE },
    [EXPLAIN_NEXT_STAGE] = { "next_stage", "client: closing a stage", EXPLAIN_CLASS_MIDDLEWARE },
    [EXPLAIN_NEXT_RUN] = { "next_run", "client: closing a run()", EXPLAIN_CLASS_MIDDLEWARE },
    [EXPLAIN_CLIENT_QUEUE] = { "client_queue", "client: busy with others", EXPLAIN_CLASS_MIDDLEWARE },
    [EXPLAIN_CLIENT] = { "client", "client: submitting", EXPLAIN_CLASS_MIDDLEWARE },
    [EXPLAIN_AGENT] = { "agent", "on the way to the scheduler", EXPLAIN_CLASS_MIDDLEWARE },
    [EXPLAIN_SCHEDULE] = { "schedule", "scheduler: until it looks again", EXPLAIN_CLASS_MIDDLEWARE },
    [EXPLAIN_LAUNCH_QUEUE] = { "launch_queue", "launch: waiting for the launcher", EXPLAIN_CLASS_MIDDLEWARE },
    [EXPLAIN_LAUNCH] = { "launch", "launch: being launched", EXPLAIN_CLASS_MIDDLEWARE },
    [EXPLAIN_STARTUP] = { "startup", "start-up", EXPLAIN_CLASS_MIDDLEWARE },
    [EXPLAIN_DETECT] = { "detect", "until its end is seen", EXPLAIN_CLASS_MIDDLEWARE },
    [EXPLAIN_FREE] = { "free", "until its slots are free", EXPLAIN_CLASS_MIDDLEWARE },
    [EXPLAIN_NOTIFY] = { "notify", "until the client knows", EXPLAIN_CLASS_MIDDLEWARE },
};

const char *explain_kind_key(enum explain_kind k)
{
    return kinds[k].key;
}

const char *explain_kind_words(enum explain_kind k)
{
    return kinds[k].words;
}

enum explain_class explain_class_of(enum explain_kind k)
{
    return kinds[k].class;
}

const char *explain_class_name(enum explain_class c)
{
    static const char *const names[EXPLAIN_CLASSES] = { "execution", "barriers", "resources", "releases", "middleware" };
    return names[c];
}

void explain_path_clear(struct explain_path *p)
{
    free(p->steps);
    *p = (struct explain_path){ 0 };
}

void explain_path_add(struct explain_path *p, const struct explain_step *step)
{
    if (!(step->to_s > step->from_s))
        return;
    struct explain_step *last = p->n > 0 ? &p->steps[p->n - 1] : NULL;
    bool same = last && last->kind == step->kind && last->task == step->task && last->blame == step->blame;
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
    struct simulator *simulator;
    struct readiness *readiness;
    struct timeline *timeline;
    struct task_moments *moments;
};

struct explainer *explainer_new(const struct scenario *s, struct error *err)
{
    struct simulator *simulator = simulator_new(s, err);
    if (!simulator)
        return NULL;
    struct explainer *e = xcalloc(1, sizeof *e);
    e->scenario = *s;
    e->simulator = simulator;
    e->readiness = readiness_new(s->workflow, s->mode);
    e->timeline = timeline_new(s->workflow, s->platform);
    e->moments = xcalloc(s->workflow->n_tasks, sizeof *e->moments);
    simulator_watch(simulator, e->moments);
    return e;
}

void explainer_free(struct explainer *e)
{
    if (!e)
        return;
    simulator_free(e->simulator);
    readiness_free(e->readiness);
    timeline_free(e->timeline);
    free(e->moments);
    free(e);
}

void explainer_run(struct explainer *e, uint32_t replica, struct explain_path *path)
{
    struct replica replica_of;
    struct explain_run run = { &e->scenario, e->readiness, e->timeline, e->moments };
    simulator_run(e->simulator, replica, e->timeline, &replica_of);
    explain_walk(&run, path);
    explain_waits(&run, path);
    path->complete = replica_of.complete;
}

static void accumulate(struct explanation *out, const struct explain_path *path)
{
    out->makespan_s += path->makespan_s;
    out->share_complete += path->complete;
    for (size_t i = 0; i < path->n; i++) {
        const struct explain_step *s = &path->steps[i];
        out->seconds[(size_t)s->kind * (out->n_sets + 1) + (size_t)(s->blame + 1)] += s->to_s - s->from_s;
    }
}

static void average(struct explanation *out)
{
    out->makespan_s /= (double)out->replicas;
    out->share_complete /= (double)out->replicas;
    for (size_t i = 0; i < EXPLAIN_KINDS * (out->n_sets + 1); i++)
        out->seconds[i] /= (double)out->replicas;
}

int explain(const struct scenario *s, size_t replicas, const atomic_bool *stop, struct progress *progress, struct explanation *out,
            struct error *err)
{
    struct explainer *e = explainer_new(s, err);
    if (!e)
        return -1;
    struct explain_path path = { 0 };
    *out = (struct explanation){ .replicas = replicas, .n_sets = s->workflow->n_sets };
    out->seconds = xcalloc(EXPLAIN_KINDS * (out->n_sets + 1), sizeof *out->seconds);
    for (size_t r = 0; r < replicas && !out->interrupted; r++) {
        struct explain_path *into = r == 0 ? &out->path : &path;
        explainer_run(e, (uint32_t)r, into);
        accumulate(out, into);
        progress_step(progress, 1);
        out->interrupted = stop && atomic_load(stop);
    }
    average(out);
    explain_path_clear(&path);
    explainer_free(e);
    return 0;
}

void explanation_clear(struct explanation *e)
{
    free(e->seconds);
    explain_path_clear(&e->path);
    *e = (struct explanation){ 0 };
}

double explanation_of_kind(const struct explanation *e, enum explain_kind k)
{
    double sum = 0;
    for (size_t b = 0; b <= e->n_sets; b++)
        sum += e->seconds[(size_t)k * (e->n_sets + 1) + b];
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

int explanation_most(const struct explanation *e, enum explain_kind k)
{
    const double *of = e->seconds + (size_t)k * (e->n_sets + 1) + 1;
    int most = -1;
    for (size_t s = 0; s < e->n_sets; s++)
        if (of[s] > 0 && (most < 0 || of[s] > of[most]))
            most = (int)s;
    return most;
}
