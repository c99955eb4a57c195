#include "base/xalloc.h"
#include "core/realised.h"
#include "core/workflow_json_impl.h"

static void *copy_array(const void *array, size_t n, size_t size)
{
    return array ? xmemdup(array, n * size) : NULL;
}

struct dependency *workflow_copy_dependencies(const struct dependency *dependencies, size_t n)
{
    struct dependency *copy = copy_array(dependencies, n, sizeof *dependencies);
    for (size_t i = 0; i < n; i++)
        copy[i].edges = copy_array(copy[i].edges, 2 * copy[i].n_edges, sizeof *copy[i].edges);
    return copy;
}

static struct stage *copy_stages(const struct stage *stages, size_t n)
{
    struct stage *copy = copy_array(stages, n, sizeof *stages);
    for (size_t i = 0; i < n; i++)
        copy[i].sets = copy_array(stages[i].sets, stages[i].n_sets, sizeof *stages[i].sets);
    return copy;
}

static struct pipeline *copy_pipelines(const struct pipeline *pipelines, size_t n)
{
    struct pipeline *copy = copy_array(pipelines, n, sizeof *pipelines);
    for (size_t i = 0; i < n; i++) {
        struct pipeline *p = &copy[i];
        schema_copy(&workflow_pipeline_schema, p);
        p->stages = copy_stages(p->stages, p->n_stages);
        p->after = copy_array(p->after, p->n_after, sizeof *p->after);
    }
    return copy;
}

void workflow_copy_order(struct workflow *to, const struct workflow *from)
{
    workflow_drop_order(to);
    to->n_stages = from->n_stages;
    to->stages = copy_stages(from->stages, from->n_stages);
    to->n_pipelines = from->n_pipelines;
    to->pipelines = copy_pipelines(from->pipelines, from->n_pipelines);
}

struct workflow *workflow_copy(const struct workflow *w)
{
    struct workflow *copy = xmemdup(w, sizeof *w);
    schema_copy(&workflow_schema, copy);
    copy->names = (struct arena){ 0 };
    copy->realised = realised_copy(w->realised, w->n_sets);
    copy->sets = copy_array(w->sets, w->n_sets, sizeof *w->sets);
    for (size_t s = 0; s < w->n_sets; s++) {
        struct task_set *set = &copy->sets[s];
        workflow_copy_fields(set);
        set->dependencies = workflow_copy_dependencies(set->dependencies, set->n_dependencies);
    }
    copy->stages = NULL;
    copy->pipelines = NULL;
    copy->n_stages = copy->n_pipelines = 0;
    workflow_copy_order(copy, w);
    return copy;
}
