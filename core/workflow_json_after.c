/* What sets come after: dependencies by name, of each iteration. */
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/task_deps.h"
#include "core/workflow_json_impl.h"

static int read_edges(const struct json *at, struct dependency *d, struct error *err)
{
    struct json edges = json_member(at, "edges");
    if (d->kind != DEPENDENCY_EDGES)
        return edges.value ? json_error(at, err, "`edges` belong to kind edges, the kind is %s",
                                        dependency_kind_names[d->kind]) : 0;
    if (!edges.value)
        return json_error(at, err,
                          "kind edges needs `edges`: [[task of the parent, task of this set], "
                          "...], counted from 0");
    if (json_expect_array(&edges, err) != 0)
        return -1;
    d->edges = xcalloc(2 * json_count(&edges) + 1, sizeof *d->edges);
    for (struct json e = json_first(&edges); e.value; e = json_next(&e)) {
        int64_t pair[2] = { 0 };
        size_t i = 0;
        if (json_expect_array(&e, err) != 0)
            return -1;
        if (json_count(&e) != 2)
            return json_error(&e, err, "must be a pair [task of the parent, task of this set]");
        for (struct json x = json_first(&e); x.value; x = json_next(&x))
            if (json_as_int(&x, 0, UINT32_MAX, &pair[i++], err) != 0)
                return -1;
        d->edges[2 * d->n_edges] = (uint32_t)pair[0];
        d->edges[2 * d->n_edges++ + 1] = (uint32_t)pair[1];
    }
    return 0;
}

/* "name", or {"set": "name", "kind": "each"}. */
static int read_reference(const struct reader *r, const struct json *at, struct reference *ref,
                          struct error *err)
{
    if (cJSON_IsString(at->value))
        return workflow_need_sets(r, at, ref, err);
    if (schema_read(&workflow_after_schema, at, &ref->dependency, err) != 0)
        return -1;
    struct json set = json_member(at, "set");
    return workflow_need_sets(r, &set, ref, err) != 0 ? -1 : read_edges(at, &ref->dependency, err);
}

/* `each` of a set whose number is drawn per that very parent. */
static bool is_of_its_own(const struct workflow *w, const struct task_set *set,
                          const struct dependency *d)
{
    return d->kind == DEPENDENCY_EACH && set->decided && set->decided->count == COUNT_PER &&
           str_equal(set->decided->of, w->sets[d->parent].label);
}

static int add_dependency(struct reader *r, const struct json *at, int child, int parent,
                          const struct dependency *d, struct error *err)
{
    struct task_set *set = &r->workflow->sets[child];
    struct dependency own = *d;
    struct error why;
    own.parent = parent;
    if (is_of_its_own(r->workflow, set, &own)) {
        own.kind = DEPENDENCY_ALL;
        own.own = true;
    }
    if (task_deps_check(r->workflow, set, &own, &why) != 0)
        return json_error(at, err, "%s", why.text);
    r->n_copied += 1 + d->n_edges;
    if (r->n_copied > WORKFLOW_MOST_VALUES)
        return json_error(
            at, err, "with its iterations the workflow has more than %d dependencies and edges",
            WORKFLOW_MOST_VALUES);
    own.edges = d->edges ? xmemdup(d->edges, 2 * d->n_edges * sizeof *d->edges) : NULL;
    workflow_add_dependency(set, own);
    return 0;
}

/* Within the repeated part each iteration comes after its own parent, or the one before; in any
 * other case after all that was named. */
static int add_after(struct reader *r, const struct json *at, const struct written_set *child,
                     const struct reference *ref, struct error *err)
{
    bool own = child->iterations > 0 && ref->n == ref->parent->iterations;
    for (int k = 0; k < (child->iterations ? child->iterations : 1); k++) {
        int from = own ? ref->first + k - ref->previous : ref->first,
            to = own ? from : ref->first + ref->n - 1;
        for (int p = from; p <= to; p++)
            if (p >= ref->first &&
                add_dependency(r, at, child->first_set + k, p, &ref->dependency, err) != 0)
                return -1;
    }
    return 0;
}

static int read_after(struct reader *r, const struct json *at, const char *key, bool previous,
                      struct error *err)
{
    struct json list = json_member(at, key);
    const struct written_set *child = &r->written[at->index];
    if (!list.value)
        return 0;
    if (json_expect_array(&list, err) != 0)
        return -1;
    for (struct json e = json_first(&list); e.value; e = json_next(&e)) {
        struct reference ref = { .previous = previous };
        int status = read_reference(r, &e, &ref, err);
        if (status == 0 && previous && (!child->iterations || ref.n != ref.parent->iterations))
            status = json_error(&e, err,
                                "after_previous means the iteration before: both '%s' and '%s' "
                                "must be in the repeated part",
                                workflow_written_name(r, child),
                                workflow_written_name(r, ref.parent));
        if (status == 0)
            status = add_after(r, &e, child, &ref, err);
        free(ref.dependency.edges);
        if (status != 0)
            return -1;
    }
    return 0;
}

int workflow_read_structure(struct reader *r, const struct json *root, const struct json *sets,
                          struct error *err)
{
    struct json_walk walk = json_walk(sets);
    struct json e;
    int status = 0;
    for (size_t i = 0; i < r->n_written && status == 0; i++)
        if (r->written[i].comes_after)
            status = json_walk_at(&walk, i, &e, err) < 0 ||
                             read_after(r, &e, "after", false, err) != 0 ||
                             read_after(r, &e, "after_previous", true, err) != 0 ? -1 : 0;
    json_walk_end(&walk);
    return status == 0 ? workflow_read_stages(r, root, err) : -1;
}
