#include "core/workflow.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/realised.h"
#include "core/workflow_json_impl.h"

struct workflow *workflow_new(const char *name, size_t n_sets)
{
    struct workflow *w = xcalloc(1, sizeof *w);
    w->name = xstrdup(name);
    w->n_sets = n_sets;
    w->sets = xcalloc(n_sets ? n_sets : 1, sizeof *w->sets);
    w->iterations = 1;
    for (size_t s = 0; s < n_sets; s++) {
        w->sets[s].n_tasks = 1;
        w->sets[s].traits = &task_traits_none;
    }
    return w;
}

/* Blocks grow with what is kept: a few hold all. */
enum { FIRST_NAMES = 1 << 10, TYPICAL_NAME = 8 };

void workflow_keep_name(struct workflow *w, struct task_set *set)
{
    char *name = set->name;
    w->names.block_bytes = FIRST_NAMES + TYPICAL_NAME * (size_t)(set - w->sets);
    set->name = arena_keep(&w->names, name, strlen(name));
    free(name);
}

static void forget_kept_names(const struct workflow *w, struct task_set *set)
{
    if (set->label == set->name || arena_holds(&w->names, set->label))
        set->label = NULL;
    if (arena_holds(&w->names, set->name))
        set->name = NULL;
}

void workflow_drop_dependencies(struct task_set *set)
{
    for (size_t d = 0; d < set->n_dependencies; d++)
        free(set->dependencies[d].edges);
    free(set->dependencies);
    set->dependencies = NULL;
    set->n_dependencies = 0;
}

static void clear_set(struct task_set *set, bool shared)
{
    workflow_drop_dependencies(set);
    if (shared)
        free(set->name);
    else
        workflow_clear_fields(set);
}

static void clear_stages(struct stage *stages, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(stages[i].sets);
    free(stages);
}

void workflow_drop_order(struct workflow *w)
{
    for (size_t p = 0; p < w->n_pipelines; p++) {
        clear_stages(w->pipelines[p].stages, w->pipelines[p].n_stages);
        xfree(w->pipelines[p].name, w->pipelines[p].after);
    }
    clear_stages(w->stages, w->n_stages);
    free(w->pipelines);
    w->pipelines = NULL;
    w->stages = NULL;
    w->n_pipelines = w->n_stages = 0;
}

void workflow_free(struct workflow *w)
{
    if (!w)
        return;
    for (size_t s = 0; s < w->n_sets; s++) {
        forget_kept_names(w, &w->sets[s]);
        clear_set(&w->sets[s], w->realised && w->realised->shares);
    }
    arena_clear(&w->names);
    workflow_drop_order(w);
    free(w->sets);
    schema_clear(&workflow_schema, w);
    realised_free(w->realised);
    free(w);
}

bool workflow_failure_cancels(const struct workflow *w, const struct dependency *d,
                              enum on_failure fallback)
{
    enum on_failure said = w->sets[d->parent].traits->on_failure;
    said = said != ON_FAILURE_UNSAID            ? said
           : w->on_failure != ON_FAILURE_UNSAID ? w->on_failure
                                                : fallback;
    return said == ON_FAILURE_UNSAID ? !d->implied : said == ON_FAILURE_CANCEL;
}

void workflow_add_dependency(struct task_set *set, struct dependency d)
{
    size_t n = set->n_dependencies;
    if ((n & (n - 1)) == 0)                              /* full at powers of two */
        set->dependencies = xrealloc(set->dependencies, n ? 2 * n : 1, sizeof *set->dependencies);
    set->dependencies[set->n_dependencies++] = d;
}

const char *workflow_title(const struct workflow *w)
{
    return str_equal(w->name, "workflow") ? "without a name" : w->name;
}

int workflow_find_set(const struct workflow *w, const char *name)
{
    for (size_t s = 0; s < w->n_sets; s++)
        if (str_equal(w->sets[s].name, name))
            return (int)s;
    return -1;
}

/* Where sets are alike, the set is where the task's share of all tasks says. */
int workflow_set_of_task(const struct workflow *w, uint32_t task)
{
    size_t low = 0, high = w->n_sets,
           near = w->n_tasks > 0 ? (uint64_t)task * w->n_sets / w->n_tasks : w->n_sets;
    if (near < w->n_sets && task - w->sets[near].first_task < w->sets[near].n_tasks)
        return (int)near;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (w->sets[middle].first_task <= task)
            low = middle;
        else
            high = middle;
    }
    return (int)low;
}

size_t workflow_edge_count(const struct workflow *w)
{
    size_t n = 0;
    for (size_t s = 0; s < w->n_sets; s++)
        n += w->sets[s].n_dependencies;
    return n;
}

/* Kahn's algorithm: a set is appended with its last parent; sources stand in file order. */
int *workflow_sort(const struct workflow *w, size_t *n_sorted)
{
    size_t n = w->n_sets, added = 0;
    uint32_t *begin = xcalloc(n + 2, sizeof *begin);
    int *order = xcalloc(n + 1, sizeof *order), *needs = xcalloc(n + 1, sizeof *needs);
    for (size_t s = 0; s < n; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
            begin[w->sets[s].dependencies[d].parent + 2]++;
    for (size_t s = 2; s < n + 2; s++)
        begin[s] += begin[s - 1];
    int *children = xcalloc(begin[n + 1] + 1, sizeof *children);
    for (size_t s = 0; s < n; s++) {
        needs[s] = (int)w->sets[s].n_dependencies;
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
            children[begin[w->sets[s].dependencies[d].parent + 1]++] = (int)s;
        if (needs[s] == 0)
            order[added++] = (int)s;
    }
    for (size_t done = 0; done < added; done++)
        for (size_t c = begin[order[done]]; c < begin[order[done] + 1]; c++)
            if (--needs[children[c]] == 0)
                order[added++] = children[c];
    xfree(begin, needs, children);
    *n_sorted = added;
    return order;
}

int *workflow_topological_order(const struct workflow *w)
{
    size_t n;
    int *order = workflow_sort(w, &n);
    assert(n == w->n_sets);                      /* circles were refused when it was made */
    return order;
}
