#include "tests/support/given.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "num/rng.h"
#include "tests/support/unit.h"

static char *with_double_quotes(const char *text)
{
    char *copy = xstrdup(text);
    for (char *c = strchr(text, '"') ? NULL : copy; c && *c; c++)
        if (*c == '\'')
            *c = '"';
    return copy;
}

static void refuse(const struct error *err)
{
    fprintf(stderr, "given: %s\n", err->text);
    abort();
}

struct workflow *given_workflow(const char *text)
{
    struct error err = { "" };
    char *json = with_double_quotes(text);
    struct workflow *w = workflow_parse(json, strlen(json), "given", &err);
    if (!w)
        refuse(&err);
    free(json);
    return w;
}

void given_refused(const char *text, const char *sentence)
{
    struct error err = { "" };
    char *json = with_double_quotes(text);
    struct workflow *w = workflow_parse(json, strlen(json), "w.json", &err);
    if (strcmp(err.text, sentence) != 0)
        printf("got: %s\n", err.text);
    CU_ASSERT_PTR_NULL(w);
    CU_ASSERT_STRING_EQUAL(err.text, sentence);
    workflow_free(w);
    free(json);
}

struct platform *given_platform(const char *text)
{
    struct error err = { "" };
    char *json = with_double_quotes(text);
    struct json_document *doc = json_parse(json, strlen(json), "given", &err);
    struct json root;
    struct platform *p = NULL;
    if (doc) {
        root = json_root(doc);
        p = platform_from_json(&root, &err);
    }
    if (!p)
        refuse(&err);
    json_free(doc);
    free(json);
    return p;
}

struct middleware *given_middleware(const char *text)
{
    struct error err = { "" };
    char *json = with_double_quotes(text);
    struct json_document *doc = json_parse(json, strlen(json), "given", &err);
    struct json root;
    struct middleware *m = NULL;
    if (doc) {
        root = json_root(doc);
        m = middleware_from_json(&root, &err);
    }
    if (!m)
        refuse(&err);
    json_free(doc);
    free(json);
    return m;
}

double given_draw(uint64_t number, uint64_t index)
{
    struct rng_stream s = rng_stream(20220811, 0, RNG_TEST, number);
    return rng_uniform(&s, index, 0);
}

int given_choice(uint64_t number, uint64_t index, int low, int high)
{
    return low + (int)(given_draw(number, index) * (high - low + 1));
}

struct platform *given_random_platform(uint64_t number)
{
    char text[512];
    snprintf(
        text, sizeof text,
        "{'name': 'random', 'nodes': [{'count': %d, 'cores': %d, 'gpus': %d, 'memory_mib': %d},"
        " {'count': %d, 'cores': %d, 'gpus': %d, 'memory_mib': %d}]}",
        given_choice(number, 900, 1, 3), given_choice(number, 901, 4, 9),
        given_choice(number, 902, 2, 4), given_choice(number, 903, 64, 160),
        given_choice(number, 904, 1, 2), given_choice(number, 905, 2, 16),
        given_choice(number, 906, 0, 3), given_choice(number, 907, 32, 64));
    return given_platform(text);
}

static struct demand random_demand(uint64_t number, uint64_t at, bool only_single)
{
    struct demand d = { .ranks = 1, .cores = given_choice(number, at, 1, 4),
                        .memory_mib = 8 * given_choice(number, at + 1, 0, 6) };
    int kind = given_choice(number, at + 2, 0, only_single ? 2 : 5);
    if (kind == 1 || kind == 2)
        d.gpus = given_choice(number, at + 3, 1, 2);
    if (kind == 3)
        d.gpu_share = 100000 * given_choice(number, at + 3, 1, 9);
    if (kind >= 4) {
        d.ranks = 2;
        d.one_node = kind == 5;
        d.cores = given_choice(number, at, 1, 2);
        d.gpus = given_choice(number, at + 3, 0, 1);
        d.memory_mib /= 2;
    }
    return d;
}

/* Every pair of tasks with probability a half, and the first pair always. */
static void random_edges(struct dependency *d, uint32_t parents, uint32_t children, uint64_t number,
                         uint64_t at)
{
    d->edges = xcalloc((size_t)parents * children * 2, sizeof *d->edges);
    for (uint32_t a = 0; a < parents; a++)
        for (uint32_t b = 0; b < children; b++) {
            if (a + b > 0 && given_draw(number, at + a * children + b) < 0.5)
                continue;
            d->edges[2 * d->n_edges] = a;
            d->edges[2 * d->n_edges++ + 1] = b;
        }
}

static enum dependency_kind random_kind(uint32_t parents, uint32_t children, int choice)
{
    if (choice == 1 && parents == children)
        return DEPENDENCY_EACH;
    if (choice <= 2 && choice > 0 && (parents % children == 0 || children % parents == 0))
        return DEPENDENCY_BLOCK;
    return choice == 3 ? DEPENDENCY_EDGES : DEPENDENCY_ALL;
}

static void random_dependencies(struct workflow *w, size_t set, uint64_t number, bool only_all)
{
    struct task_set *s = &w->sets[set];
    double density = given_draw(number, 2);
    s->dependencies = xcalloc(set + 1, sizeof *s->dependencies);
    for (size_t parent = 0; parent < set; parent++) {
        uint64_t at = 1000000 + (set * 64 + parent) * 10000;
        if (given_draw(number, at) > density / 1.5)
            continue;
        struct dependency *d = &s->dependencies[s->n_dependencies++];
        uint32_t parents = w->sets[parent].n_tasks;
        d->parent = (int)parent;
        d->kind = only_all ? DEPENDENCY_ALL
                           : random_kind(parents, s->n_tasks, given_choice(number, at + 1, 0, 3));
        if (d->kind == DEPENDENCY_EDGES)
            random_edges(d, parents, s->n_tasks, number, at + 2);
    }
}

struct workflow *given_random_workflow(uint64_t number, const struct given_limits *limits)
{
    struct error err = { "" };
    size_t n = (size_t)given_choice(number, 1, 1, (int)limits->max_sets);
    struct workflow *w = workflow_new("random", n);
    for (size_t s = 0; s < n; s++) {
        struct task_set *set = &w->sets[s];
        uint64_t at = 1000 + 100 * s;
        free(set->name);
        set->name = str_format("set%zu", s);
        set->n_tasks = (uint32_t)given_choice(number, at + 10, 1, (int)limits->max_tasks);
        task_traits_own(set)->demand = random_demand(number, at, limits->only_single);
        double mean = given_choice(number, at + 11, 1, 12) / 8.0;
        set->duration = limits->varying ? dist_normal(mean, mean * given_draw(number, at + 12))
                                        : dist_constant(mean);
        random_dependencies(w, s, number, limits->only_all);
    }
    if (workflow_finish(w, &err))
        refuse(&err);
    return w;
}
