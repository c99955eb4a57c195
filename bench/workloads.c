#include "bench/workloads.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "num/rng.h"

enum { LAYERS = 100, PARENTS = 3 };
static const double W8_GAP_S = 31.2;

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
    char *text = str_format(
        "{\"name\": \"p\", \"nodes\": [{\"count\": %zu, \"cores\": 42, \"gpus\": 6}]}", n);
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
    char *text = str_format(
        "{\"task_sets\": [{\"name\": \"a\", \"tasks\": %u, \"cores\": 1, " NORMAL "}]}", n);
    struct workflow *w = parse_workflow(text);
    free(text);
    return w;
}

static struct workflow *mix(uint32_t n)
{
    char *text = str_format(
        "{\"task_sets\": [{\"name\": \"a\", \"tasks\": %u, \"cores\": 4, \"gpus\": 1, " NORMAL "}, "
        "{\"name\": \"b\", \"tasks\": %u, \"cores\": 32, " NORMAL "}, "
        "{\"name\": \"c\", \"tasks\": %u, \"cores\": 16, \"gpus\": 1, " NORMAL "}]}",
        n / 2, n / 4, n / 4);
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
    *d = (struct dependency){ .parent = parent, .kind = DEPENDENCY_EDGES,
                              .n_edges = (size_t)PARENTS * width };
    d->edges = xcalloc(2 * d->n_edges, sizeof *d->edges);
    for (size_t e = 0; e < d->n_edges; e++) {
        d->edges[2 * e] = (uint32_t)(rng_uniform(&stream, e, 0) * width);
        d->edges[2 * e + 1] = (uint32_t)(e / PARENTS);
    }
}

static struct phase transfer(void)
{
    return (struct phase){ .flow = xstrdup("scratch"), .amount = dist_constant(500) };
}

/* The bag, and each task reads and writes. */
static struct workflow *bag_with_files(uint32_t n)
{
    struct workflow *w = bag(n);
    task_phases_own(&w->sets[0])->input = transfer();
    task_phases_own(&w->sets[0])->output = transfer();
    return w;
}

static void add_file_system(struct platform *p)
{
    p->flows = xcalloc(1, sizeof *p->flows);
    p->flows[p->n_flows++] = (struct flow_rule){ .name = xstrdup("scratch"), .rate = 5000 };
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
        task_traits_own(set)->demand.cores = 1;
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
    char *text = str_format("{\"iterations\": 3, \"task_sets\": [{\"name\": \"simulation\", "
                            "\"tasks\": %u, \"cores\": 1, \"gpus\": 1, \"duration\": "
                            "{\"distribution\": \"normal\", \"mean\": 340, \"sd\": 0.005}}, "
                            "{\"name\": \"aggregation\", \"tasks\": %u, \"cores\": 8, "
                            "\"duration\": 85, \"after\": [\"simulation\"]}, {\"name\": "
                            "\"training\", \"tasks\": 1, \"cores\": 1, \"gpus\": 1, \"duration\": "
                            "62.5, \"after\": [\"aggregation\"]}, {\"name\": \"inference\", "
                            "\"tasks\": %u, \"cores\": 4, \"gpus\": 1, \"duration\": 37.5, "
                            "\"after\": [\"training\"]}]}",
                            n, n / 6, n);
    struct workflow *w = parse_workflow(text);
    free(text);
    return w;
}

/* 16 shapes, 16 nodes of each: 16 to 128 cores, none to 8 GPUs, 64 to 1,024 GiB. */
static struct platform *unlike_nodes(void)
{
    struct error err = { "" };
    struct str text = { 0 };
    str_add(&text, "{\"name\": \"p\", \"nodes\": [");
    for (int s = 0; s < 16; s++)
        str_addf(&text, "%s{\"count\": 16, \"cores\": %d, \"gpus\": %d, \"memory_mib\": %d}",
                 s > 0 ? ", " : "", 16 << s % 4, 4 * (s / 4 % 3), 65536 << (s * 7 % 5));
    str_add(&text, "]}");
    struct json_document *doc = json_parse(text.text, strlen(text.text), "bench", &err);
    struct json root = json_root(doc);
    struct platform *p = platform_from_json(&root, &err);
    assert(p);
    json_free(doc);
    str_clear(&text);
    return p;
}

/* No two tasks want the same: memory differs (7919 is prime). */
static struct workflow *distinct(uint32_t n)
{
    struct rng_stream stream = rng_stream(6, 0, RNG_TEST, 0);
    struct error err = { "" };
    struct workflow *w = workflow_new("distinct", n);
    for (uint32_t i = 0; i < n; i++) {
        struct task_set *set = &w->sets[i];
        bool gpu = rng_uniform(&stream, i, 0) < 1 / 3.0;
        set->name = str_format("t%u", i);
        set->n_tasks = 1;
        task_traits_own(set)->demand.cores = 1 + (int)(rng_uniform(&stream, i, 1) * 16);
        task_traits_own(set)->demand.gpus = gpu ? 1 + (int)(rng_uniform(&stream, i, 2) * 4) : 0;
        task_traits_own(set)->demand.memory_mib = 512 + (int64_t)(i * UINT64_C(7919) % n);
        set->duration = dist_constant(60 + rng_uniform(&stream, i, 3) * 3540);
        set->priority = (int)(rng_uniform(&stream, i, 4) * 10);
    }
    int status = workflow_finish(w, &err);
    if (status != 0)
        fprintf(stderr, "%s\n", err.text);
    assert(status == 0);
    return w;
}

/* A machine's jobs of a year as `sacct` prints them: 1 to 128 whole nodes of 8,192, a minute to a
 * day, arrivals at random that keep 85 % of the machine busy. */
static struct workflow *jobs(uint32_t n)
{
    struct rng_stream stream = rng_stream(8, 0, RNG_TEST, 0);
    struct error err = { "" };
    struct workflow *w = workflow_new("jobs", n);
    double now_s = 0;
    for (uint32_t i = 0; i < n; i++) {
        struct task_set *set = &w->sets[i];
        int nodes = 1 << (int)(8 * pow(rng_uniform(&stream, i, 0), 2));
        double lasts_s = floor(60 * pow(1440, rng_uniform(&stream, i, 1)));
        now_s += -log(rng_uniform(&stream, i, 2)) * W8_GAP_S;
        set->name = str_format("j%u", i);
        set->n_tasks = 1;
        task_traits_own(set)->demand = (struct demand){ .ranks = nodes, .cores = 42 };
        set->duration = dist_constant(lasts_s);
        set->release = (struct release){ .kind = RELEASE_TIME, .time_s = floor(now_s) };
    }
    int status = workflow_finish(w, &err);
    if (status != 0)
        fprintf(stderr, "%s\n", err.text);
    assert(status == 0);
    return w;
}

static struct workflow *workflow_of(int number, uint32_t n)
{
    switch (number) {
    case 1: return bag(n);
    case 3: return layers(n);
    case 5: return ddmd(n);
    case 6: return distinct(n);
    case 7: return bag_with_files(n);
    case 8: return jobs(n);
    default: return mix(n);
    }
}

static size_t nodes_of(int number, uint32_t n)
{
    if (number == 4)
        return 4608;
    if (number == 8)
        return W8_NODES;
    return number != 5 ? 16 : n > 9600 ? 9408 : 1600;
}

struct workload workload_make(const char *which, uint32_t n, const char *order,
                              const char *overtake)
{
    struct error err = { "" };
    struct workload w = { .name = which };
    struct scheduler_options options = { 0 };
    int number = which[0] == 'w' ? which[1] - '0' : 0;
    assert(number >= 1 && number <= 8 && which[2] == '\0');
    w.workflow = workflow_of(number, n);
    w.platform = number == 6 ? unlike_nodes() : nodes(nodes_of(number, n));
    if (number == 7)
        add_file_system(w.platform);
    w.middleware = number == 5 ? middleware_load("traces/profiles/radical-entk.json", json_load,
                                                &err)
                               : middleware_ideal();
    if (!w.middleware)
        fprintf(stderr, "%s\n", err.text);
    assert(w.middleware);
    if (number == 1 || number == 3 || number == 7)
        options.overtake = "none";
    if (number == 6 || number == 8)
        options = (struct scheduler_options){ .order = order, .overtake = overtake };
    w.scenario = (struct scenario){ .workflow = w.workflow,
                                    .platform = w.platform,
                                    .middleware = w.middleware,
                                    .seed = 1,
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
