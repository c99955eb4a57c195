/* A workflow as JSON: docs/formats.md. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/task_deps.h"
#include "core/workflow_json_impl.h"

int workflow_no_such_name(const struct json *at, const char *what, const char *name,
                          const struct name_index *names, struct error *err)
{
    const char *near = name_index_nearest(names, name);
    return near ? json_error(at, err, "there is no %s '%s'; did you mean '%s'?", what, name, near)
                : json_error(at, err, "there is no %s '%s'", what, name);
}

struct written_set *workflow_find_written(const struct reader *r, const char *name)
{
    int found = name_index_find(r->names, name);
    return found >= 0 ? &r->written[found] : NULL;
}

const char *workflow_written_name(const struct reader *r, const struct written_set *written)
{
    const struct task_set *first = &r->workflow->sets[written->first_set];
    return written->iterations > 0 ? first->label : first->name;
}

int workflow_need_sets(const struct reader *r, const struct json *at, struct reference *ref,
                       struct error *err)
{
    const char *text, *dot;
    if (json_as_string(at, &text, err) != 0)
        return -1;
    ref->parent = workflow_find_written(r, text);
    ref->first = ref->parent ? ref->parent->first_set : 0;
    ref->n = ref->parent && ref->parent->iterations > 0 ? ref->parent->iterations : 1;
    if (!ref->parent && (dot = strrchr(text, '.'))) {
        char *stem = xstrndup(text, (size_t)(dot - text));
        const struct written_set *found = workflow_find_written(r, stem);
        int64_t number = 0;
        free(stem);
        if (found && str_to_int64(dot + 1, &number) && number >= 1 && number <= found->iterations) {
            ref->parent = found;
            ref->first = found->first_set + (int)number - 1;
        } else if (found && found->iterations > 0) {
            return json_error(at, err,
                              "there is no task set '%s'; the iterations of '%s' are 1 to %d", text,
                              workflow_written_name(r, found), found->iterations);
        }
    }
    return ref->parent ? 0 : workflow_no_such_name(at, "task set", text, r->names, err);
}

/* Values below a place in the file: numbers, texts, objects, lists. */
static size_t count_values(const struct json *at)
{
    size_t n = 1;
    for (struct json e = json_first(at); e.value; e = json_next(&e))
        n += e.value->child ? count_values(&e) : 1;
    return n;
}

/* A saved workflow keeps each unrolled set's label and iteration, so that a second loading gives
 * the same. */
static int read_set(struct reader *r, const struct json *at, bool iterates, struct error *err)
{
    struct task_set *set = &r->workflow->sets[at->index];
    struct written_set *written = &r->written[at->index];
    if (workflow_read_set(at, set, err) != 0)
        return -1;
    workflow_keep_name(r->workflow, set);
    set->traits = task_traits_pool_share(r->traits, set->traits);
    if (name_index_add(r->names, set->name, (int)at->index) >= 0)
        return json_error(at, err, "another task set is called '%s' too; names must differ",
                          set->name);
    if (iterates && (set->label || set->iteration > 0))
        return json_error(at, err,
                          "has a label or an iteration of its own, so the workflow's iterations "
                          "are written out already");
    if (set->duration)
        set->duration = dist_pool_share(r->durations, set->duration);
    written->n_values = iterates ? (uint32_t)count_values(at) : 1;   /* of a file of 4 GiB */
    written->comes_after = json_has(at, "after") || json_has(at, "after_previous");
    return 0;
}

/* Each set as written: with iterations the first of them. */
static int read_sets(struct reader *r, const struct json *sets, bool iterates, struct error *err)
{
    struct json_walk walk = json_walk(sets);
    struct json e;
    int status;
    for (size_t i = 0; (status = json_walk_at(&walk, i, &e, err)) > 0; i++)
        if (read_set(r, &e, iterates, err) != 0) {
            status = -1;
            break;
        }
    json_walk_end(&walk);
    return status;
}

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

static int read_structure(struct reader *r, const struct json *root, const struct json *sets,
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

static void reader_clear(struct reader *r)
{
    name_index_free(r->names);
    dist_pool_free(r->durations);
    task_traits_pool_free(r->traits);
    free(r->written);
    *r = (struct reader){ .workflow = r->workflow };
}

/* Takes the texts of `head`, which holds the workflow's own fields. */
static int read_sets_and_structure(struct reader *r, const struct json *root, struct workflow *head,
                                   struct error *err)
{
    struct json sets = json_member(root, WORKFLOW_SETS);
    if (json_expect_array(&sets, err) != 0)
        return -1;
    r->n_written = json_walk_count(&sets);
    if (r->n_written == 0)
        return json_error(&sets, err, "must hold at least one task set");
    r->written = xcalloc(r->n_written, sizeof *r->written);
    struct workflow *w = r->workflow = workflow_new(head->name, r->n_written);
    w->source = head->source;
    head->source = NULL;
    w->on_failure = head->on_failure;
    w->session_sd = head->session_sd;
    w->decisions = head->decisions;
    head->decisions = (struct decisions){ 0 };
    w->radical = head->radical;
    head->radical = (struct run_record){ 0 };
    if (read_sets(r, &sets, json_has(root, "iterations"), err) != 0 ||
        workflow_read_iterations(r, root, &sets, err) != 0)
        return -1;
    w->iterations = r->iterations > 1 ? r->iterations : 1;
    workflow_expect_counts(w);
    if (read_structure(r, root, &sets, err) != 0)
        return -1;
    reader_clear(r);
    return workflow_finish(w, err) == 0 ? 0 : error_prefix(err, "%s: ", json_name(root->document));
}

static int read_workflow(struct reader *r, const struct json *root, struct error *err)
{
    struct workflow head = { .name = NULL };
    int status = schema_read(&workflow_schema, root, &head, err);
    if (status == 0)
        status = read_sets_and_structure(r, root, &head, err);
    schema_clear(&workflow_schema, &head);
    return status;
}

struct workflow *workflow_from_json(const struct json *at, struct error *err)
{
    struct reader r = { .names = name_index_new(), .durations = dist_pool_new(),
                        .traits = task_traits_pool_new() };
    int status = read_workflow(&r, at, err);
    reader_clear(&r);
    if (status == 0)
        return r.workflow;
    workflow_free(r.workflow);
    return NULL;
}

struct workflow *workflow_of_document(struct json_document *doc, struct error *err)
{
    if (!doc)
        return NULL;
    struct json root = json_root(doc);
    struct workflow *w = workflow_from_json(&root, err);
    json_free(doc);
    return w;
}

struct workflow *workflow_parse(const char *text, size_t size, const char *name, struct error *err)
{
    return workflow_of_document(json_parse_apart_list(text, size, name, WORKFLOW_SETS, err), err);
}

struct workflow *workflow_load(const char *path, struct error *err)
{
    return workflow_of_document(json_load_apart(path, WORKFLOW_SETS, err), err);
}
