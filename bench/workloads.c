#include "bench/workloads.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "num/rng.h"

enum { LAYERS = 100, PARENTS = 3 };

static struct workflow *parse_workflow(const char *text)
{
    struct error err = { "" };
    struct workflow *w = workflow_parse(text, strlen(text), "bench", &err);
    if (!w)
        fprintf(stderr, "%s\n", err.text);
    assert(w);
    return w;
}

static struct platform *nodes(size_t n)
{
    struct error err = { "" };
    char *text = str_format("{\"name\": \"p\", \"nodes\": [{\"count\": %zu, \"cores\": 42, \"gpus\": 6}]}", n);
    struct json_document *doc = json_parse(text, strlen(text), "bench", &err);
    struct json root = json_root(doc);
    struct platform *p = platform_from_json(&root, &err);
    assert(p);
    json_free(doc);
    free(text);
    return p;
}

#define NORMAL "\"duration\": {\"distribution\": \"normal\", \"mean\": 340, \"sd\": 17}"

static struct workflow *bag(uint32_t n)
{
    char *text = str_format("{\"task_sets\": [{\"name\": \"a\", \"tasks\": %u, \"cores\": 1, " NORMAL "}]}", n);
    struct workflow *w = parse_workflow(text);
    free(text);
    return w;
}

static struct workflow *mix(uint32_t n)
{
    char *text = str_format("{\"task_sets\": [{\"name\": \"a\", \"tasks\": %u, \"cores\": 4, \"gpus\": 1, " NORMAL "}, "
                            "{\"name\": \"b\", \"tasks\": %u, \"cores\": 32, " NORMAL "}, "
                            "{\"name\": \"c\", \"tasks\": %u, \"cores\": 16, \"gpus\": 1, " NORMAL "}]}", n / 2, n / 4, n / 4);
    struct workflow *w = parse_workflow(text);
    free(text);
    return w;
}

/* Three random parents a task in the layer before; two that are equal count once. */
static void add_parents(struct task_set *set, int parent, uint32_t width)
{
    struct rng_stream stream = rng_stream(5, 0, RNG_TEST, (uint64_t)parent);
    struct dependency *d = set->dependencies = xcalloc(1, sizeof *d);
    set->n_dependencies = 1;
    *d = (struct dependency){ .parent = parent, .kind = DEPENDENCY_EDGES, .n_edges = (size_t)PARENTS * width };
    d->edges = xcalloc(2 * d->n_edges, sizeof *d->edges);
    for (size_t e = 0; e < d->n_edges; e++) {
        d->edges[2 * e] = (uint32_t)(rng_uniform(&stream, e, 0) * width);
        d->edges[2 * e + 1] = (uint32_t)(e / PARENTS);
    }
}

static struct workflow *layers(uint32_t n)
{
    uint32_t width = n / LAYERS;
    struct error err = { "" };
    struct workflow *w = workflow_new("layers", LAYERS);
    for (int l = 0; l < LAYERS; l++) {
        struct task_set *set = &w->sets[l];
        set->name = str_format("layer%d", l);
        set->n_tasks = width;
        set->demand.cores = 1;
        set->duration = dist_normal(340, 17);
        if (l > 0)
            add_parents(set, l - 1, width);
    }
    int status = workflow_finish(w, &err);
    assert(status == 0);
    return w;
}

static struct workflow *ddmd(uint32_t n)
{
    char *text = str_format(
        "{\"iterations\": 3, \"task_sets\": [{\"name\": \"simulation\", \"tasks\": %u, \"cores\": 1, \"gpus\": 1, \"duration\": "
        "{\"distribution\": \"normal\", \"mean\": 340, \"sd\": 0.005}}, {\"name\": \"aggregation\", \"tasks\": %u, \"cores\": 8, "
        "\"duration\": 85, \"after\": [\"simulation\"]}, {\"name\": \"training\", \"tasks\": 1, \"cores\": 1, \"gpus\": 1, \"duration\": "
        "62.5, \"after\": [\"aggregation\"]}, {\"name\": \"inference\", \"tasks\": %u, \"cores\": 4, \"gpus\": 1, \"duration\": 37.5, "
        "\"after\": [\"training\"]}]}",
        n, n / 6, n);
    struct workflow *w = parse_workflow(text);
    free(text);
    return w;
}

struct workload workload_make(const char *which, uint32_t n)
{
    struct error err = { "" };
    struct workload w = { .name = which };
    struct scheduler_options options = { 0 };
    int number = which[0] == 'w' ? which[1] - '0' : 0;
    assert(number >= 1 && number <= 5 && which[2] == '\0');
    w.workflow = number == 1 ? bag(n) : number == 3 ? layers(n) : number == 5 ? ddmd(n) : mix(n);
    w.platform = nodes(number == 4 ? 4608 : number < 4 ? 16 : n > 9600 ? 9408 : 1600);
    w.middleware = number == 5 ? middleware_load("traces/profiles/radical-entk.json", &err) : middleware_ideal();
    if (!w.middleware)
        fprintf(stderr, "%s\n", err.text);
    assert(w.middleware);
    if (number == 1 || number == 3)
        options.overtake = "none";
    w.scenario = (struct scenario){ .workflow = w.workflow, .platform = w.platform, .middleware = w.middleware, .seed = 1,
                                    .mode = number == 5 ? MODE_PIPELINED : MODE_ASYNCHRONOUS };
    w.scenario.scheduler = scheduler_options_resolve(&options, w.middleware);
    return w;
}

void workload_clear(struct workload *w)
{
    workflow_free(w->workflow);
    platform_free(w->platform);
    middleware_free(w->middleware);
}
