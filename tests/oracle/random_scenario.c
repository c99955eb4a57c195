#include "tests/oracle/random_scenario.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "num/rng.h"

enum { SETS_MAX = 6, TASKS_MAX = 8 };

struct dice { struct rng_stream stream; uint64_t at; };

static double uniform(struct dice *d)
{
    return rng_uniform(&d->stream, d->at++, 0);
}

static int between(struct dice *d, int low, int high)
{
    return low + (int)(uniform(d) * (high - low + 1));
}

static bool chance(struct dice *d, double p)
{
    return uniform(d) < p;
}

/* One or two shapes of nodes; sometimes with threads as slots, blocked slots, without GPUs, without
 * a limit of memory. */
static struct platform *random_platform(struct dice *d)
{
    struct str text = { 0 };
    bool threads = chance(d, 0.5), memory = chance(d, 0.5);
    int shapes = between(d, 1, 2);
    str_addf(&text, "{\"name\": \"p\", \"slots\": \"%s\", \"nodes\": [",
             threads ? "threads" : "cores");
    for (int i = 0; i < shapes; i++) {
        str_addf(&text, "%s{\"name\": \"n%d\", \"count\": %d, \"cores\": %d", i ? ", " : "", i,
                 between(d, 1, 2), between(d, 2, 5));
        if (threads)
            str_addf(&text, ", \"threads_per_core\": %d", between(d, 1, 2));
        str_addf(&text, ", \"gpus\": %d", between(d, 0, 3));
        if (memory)
            str_addf(&text, ", \"memory_mib\": %d", between(d, 40, 100));
        if (chance(d, 0.3))
            str_add(&text, ", \"blocked\": [1]");
        str_add(&text, "}");
    }
    str_add(&text, "]}");
    struct error err;
    struct json_document *doc = json_parse(text.text, text.length, "platform", &err);
    struct json root = json_root(doc);
    struct platform *p = platform_from_json(&root, &err);
    if (!p)
        printf("%s\n%s\n", text.text, err.text);
    assert(p);
    json_free(doc);
    str_clear(&text);
    return p;
}

static struct demand random_demand(struct dice *d)
{
    struct demand demand = { .ranks = chance(d, 0.7) ? 1 : between(d, 2, 4) };
    demand.one_node = demand.ranks > 1 && chance(d, 0.3);
    if (chance(d, 0.5))
        demand.cores = between(d, 1, 3);
    else
        demand.threads = between(d, 1, 5);
    if (chance(d, 0.3))
        demand.gpus = between(d, 1, 2);
    else if (chance(d, 0.3))
        demand.gpu_share = between(d, 1, 9) * 100000;
    if (chance(d, 0.4))
        demand.memory_mib = between(d, 1, 40);
    if ((demand.gpus || demand.gpu_share) && chance(d, 0.2))
        demand.cores = demand.threads = 0;
    return demand;
}

static struct dist *random_duration(struct dice *d)
{
    double mean = 5 + 50 * uniform(d);
    switch (between(d, 0, 4)) {
    case 0: return dist_constant(mean);
    case 1: return dist_normal(mean, 0.2 * mean);
    case 2: return dist_exponential(mean);
    case 3: return dist_uniform(0.2 * mean, mean);
    default: return dist_lognormal(mean, 0.5 * mean);
    }
}

static void random_release(struct dice *d, struct task_set *s)
{
    switch (between(d, 0, 9)) {
    case 0:
        s->release = (struct release){ .kind = RELEASE_TIME, .time_s = 40 * uniform(d) };
        break;
    case 1:
        s->release = (struct release){ .kind = RELEASE_LIST,
                                       .list_s = xcalloc(s->n_tasks, sizeof(double)) };
        for (uint32_t i = 0; i < s->n_tasks; i++)
            s->release.list_s[i] = 30 * uniform(d);
        break;
    case 2:
        s->release = (struct release){ .kind = RELEASE_GAPS, .gap = dist_exponential(6) };
        break;
    default:
        break;
    }
}

/* Task to task, each pair with probability 1/3; sorted as the workflow wants them. */
static void random_edges(struct dice *d, struct dependency *dep, uint32_t parents,
                         uint32_t children)
{
    dep->edges = xcalloc((size_t)parents * children * 2 + 2, sizeof *dep->edges);
    for (uint32_t p = 0; p < parents; p++)
        for (uint32_t c = 0; c < children; c++)
            if (chance(d, 0.33)) {
                dep->edges[2 * dep->n_edges] = p;
                dep->edges[2 * dep->n_edges++ + 1] = c;
            }
    if (dep->n_edges == 0)
        dep->n_edges = 1;                /* 0 -> 0: none at all is no dependency */
}

static void random_dependencies(struct dice *d, struct workflow *w, int set)
{
    struct task_set *s = &w->sets[set];
    s->dependencies = xcalloc((size_t)set + 1, sizeof *s->dependencies);
    for (int p = 0; p < set; p++) {
        if (!chance(d, 0.35))
            continue;
        uint32_t parents = w->sets[p].n_tasks, children = s->n_tasks;
        struct dependency *dep = &s->dependencies[s->n_dependencies++];
        *dep = (struct dependency){ .parent = p, .kind = DEPENDENCY_ALL };
        if (parents == children && chance(d, 0.5))
            dep->kind = DEPENDENCY_EACH;
        else if ((parents % children == 0 || children % parents == 0) && chance(d, 0.6))
            dep->kind = DEPENDENCY_BLOCK;
        else if (chance(d, 0.4))
            dep->kind = DEPENDENCY_EDGES;
        if (dep->kind == DEPENDENCY_EDGES)
            random_edges(d, dep, parents, children);
    }
}

static void random_set(struct dice *d, struct workflow *w, int set, const struct platform *p)
{
    struct task_set *s = &w->sets[set];
    free(s->name);
    s->name = str_format("s%d", set);
    s->n_tasks = (uint32_t)between(d, 1, TASKS_MAX);
    struct slot_demand slots;
    do {
        task_traits_own(s)->demand = random_demand(d);
        slots = platform_slots(p, &s->traits->demand);
    } while (platform_capacity(p, &slots) == 0);
    dist_free(s->duration);
    s->duration = random_duration(d);
    s->priority = between(d, 0, 2);
    task_traits_own(s)->set_sd = chance(d, 0.2) ? 0.1 : 0;
    if (chance(d, 0.15)) {
        struct task_traits *t = task_traits_own(s);
        t->failure_probability = 0.2;
        t->retries = between(d, 0, 3);
        t->on_failure = (enum on_failure)between(d, ON_FAILURE_UNSAID, ON_FAILURE_CONTINUE);
    }
    random_release(d, s);
    random_dependencies(d, w, set);
}

/* Two pipelines that deal out the sets in file order, or stages of the whole workflow; else both
 * are derived. */
static void random_pipelines(struct dice *d, struct workflow *w)
{
    size_t n = w->n_sets;
    if (n < 2 || !chance(d, 0.4))
        return;
    w->n_pipelines = 2;
    w->pipelines = xcalloc(2, sizeof *w->pipelines);
    for (size_t i = 0; i < 2; i++) {
        struct pipeline *p = &w->pipelines[i];
        p->name = str_format("p%zu", i);
        p->stages = xcalloc(n, sizeof *p->stages);
        for (size_t s = i; s < n; s += 2) {
            struct stage *stage = &p->stages[p->n_stages++];
            stage->sets = xcalloc(1, sizeof *stage->sets);
            stage->sets[stage->n_sets++] = (int)s;
        }
    }
}

static struct workflow *random_workflow(struct dice *d, const struct platform *p)
{
    struct workflow *w = workflow_new("random", (size_t)between(d, 1, SETS_MAX));
    for (size_t i = 0; i < w->n_sets; i++)
        random_set(d, w, (int)i, p);
    w->session_sd = chance(d, 0.2) ? 0.05 : 0;
    random_pipelines(d, w);
    struct error err;
    if (workflow_finish(w, &err))
        printf("%s\n", err.text);
    return w;
}

static struct middleware *random_middleware(struct dice *d)
{
    struct middleware *m = middleware_ideal();
    if (chance(d, 0.75))
        return m;
    m->parameter[STATION_BOOTSTRAP] = dist_constant(3.5);
    m->parameter[STATION_CLIENT_BASE] = dist_exponential(1.5);
    m->parameter[STATION_CLIENT_TASK] = dist_constant(0.25);
    m->parameter[STATION_NEXT_STAGE] = dist_uniform(0.5, 1.5);
    m->parameter[STATION_CLOSE_TASK] = dist_uniform(0, 0.5);
    m->parameter[STATION_OPEN_TASK] = dist_uniform(0, 0.25);
    m->parameter[STATION_AGENT] = dist_constant(0.75);
    m->parameter[STATION_LAUNCH] = dist_exponential(0.5);
    m->parameter[STATION_STARTUP_WARM] = dist_constant(0.125);
    m->parameter[STATION_FREE] = dist_exponential(0.25);
    m->parameter[STATION_NOTIFY] = dist_constant(0.5);
    m->period_s[POLL_AGENT] = chance(d, 0.5) ? 2 : 0;
    m->period_s[POLL_NOTIFY] = chance(d, 0.5) ? 1 : 0;
    m->live_cap = chance(d, 0.3) ? 3 : 0;
    if (chance(d, 0.4))
        m->alone.sessions[between(d, ALONE_NODES, ALONE_CORE)]++;
    m->alone_random = chance(d, 0.5);
    return m;
}

struct random_scenario random_scenario_new(uint64_t number)
{
    struct dice d = { .stream = rng_stream(number, 0, RNG_TEST, str_hash("random scenario")) };
    struct random_scenario s = { .platform = random_platform(&d) };
    s.workflow = random_workflow(&d, s.platform);
    s.middleware = random_middleware(&d);
    return s;
}

void random_scenario_free(struct random_scenario *s)
{
    workflow_free(s->workflow);
    platform_free(s->platform);
    middleware_free(s->middleware);
}
