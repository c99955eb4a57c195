/* The stages and pipelines of a workflow as JSON. */

#include "base/str.h"
#include "base/xalloc.h"
#include "core/workflow_json_impl.h"

static int read_stage(const struct reader *r, const struct json *at, struct stage *stage,
                      struct error *err)
{
    if (json_expect_array(at, err) != 0)
        return -1;
    size_t room = 0;
    for (struct json e = json_first(at); e.value; e = json_next(&e)) {
        struct reference ref = { .previous = false };
        if (workflow_need_sets(r, &e, &ref, err) != 0)
            return -1;
        if (stage->n_sets + (size_t)ref.n > r->workflow->n_sets)
            return json_error(&e, err, "task set '%s' is listed twice",
                              workflow_written_name(r, ref.parent));
        xgrow(&stage->sets, &room, stage->n_sets + (size_t)ref.n, sizeof *stage->sets);
        for (int k = 0; k < ref.n; k++)
            stage->sets[stage->n_sets++] = ref.first + k;
    }
    return 0;
}

/* `placed` counts sets over all stages of one kind; each is listed once at most. */
static int read_stages(const struct reader *r, const struct json *at, struct stage **stages,
                       size_t *n, size_t *placed, struct error *err)
{
    if (json_expect_array(at, err) != 0)
        return -1;
    *stages = xcalloc(json_count(at) + 1, sizeof **stages);
    for (struct json e = json_first(at); e.value; e = json_next(&e)) {
        struct stage *stage = &(*stages)[(*n)++];
        if (read_stage(r, &e, stage, err) != 0)
            return -1;
        *placed += stage->n_sets;
        if (*placed > r->workflow->n_sets)
            return json_error(&e, err,
                              "names sets of earlier stages; each set belongs to one stage");
    }
    return 0;
}

static int read_pipeline_after(const struct name_index *names, const struct json *at,
                               struct pipeline *p, struct error *err)
{
    struct json after = json_member(at, "after");
    if (!after.value)
        return 0;
    if (json_expect_array(&after, err) != 0)
        return -1;
    p->after = xcalloc(json_count(&after) + 1, sizeof *p->after);
    struct name_index *seen = name_index_new();
    int status = 0;
    for (struct json e = json_first(&after); e.value && status == 0; e = json_next(&e)) {
        const char *name;
        status = json_as_string(&e, &name, err);
        int found = status == 0 ? name_index_find(names, name) : -1;
        if (status == 0 && found < 0)
            status = workflow_no_such_name(&e, "pipeline", name, names, err);
        else if (status == 0 && name_index_add(seen, name, found) >= 0)
            status = json_error(&e, err, "pipeline '%s' is listed twice", name);
        if (status == 0)
            p->after[p->n_after++] = found;
    }
    name_index_free(seen);
    return status;
}

static int read_pipeline(struct reader *r, const struct json *at, struct name_index *names,
                         size_t *placed, struct error *err)
{
    struct workflow *w = r->workflow;
    struct pipeline *p = &w->pipelines[w->n_pipelines];
    int status = schema_read(&workflow_pipeline_schema, at, p, err);
    w->n_pipelines++;
    if (status != 0)
        return -1;
    if (!p->name)
        p->name = str_format("pipeline %zu", at->index + 1);
    if (name_index_add(names, p->name, (int)w->n_pipelines - 1) >= 0)
        return json_error(at, err, "another pipeline is called '%s' too; names must differ",
                          p->name);
    struct json stages = json_member(at, "stages");
    return read_stages(r, &stages, &p->stages, &p->n_stages, placed, err);
}

static int read_pipelines(struct reader *r, const struct json *at, struct error *err)
{
    struct workflow *w = r->workflow;
    if (json_expect_array(at, err) != 0)
        return -1;
    w->pipelines = xcalloc(json_count(at) + 1, sizeof *w->pipelines);
    struct name_index *names = name_index_new();
    size_t placed = 0;
    int status = 0;
    for (struct json e = json_first(at); e.value && status == 0; e = json_next(&e))
        status = read_pipeline(r, &e, names, &placed, err);
    for (struct json e = json_first(at); e.value && status == 0; e = json_next(&e))
        status = read_pipeline_after(names, &e, &w->pipelines[e.index], err);
    name_index_free(names);
    return status;
}

int workflow_read_stages(struct reader *r, const struct json *root, struct error *err)
{
    struct json stages = json_member(root, "stages"), pipelines = json_member(root, "pipelines");
    size_t placed = 0;
    if (stages.value &&
        read_stages(r, &stages, &r->workflow->stages, &r->workflow->n_stages, &placed, err) != 0)
        return -1;
    return pipelines.value ? read_pipelines(r, &pipelines, err) : 0;
}
