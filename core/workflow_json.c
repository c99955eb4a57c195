/* A workflow as JSON: docs/formats.md. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
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
    if (workflow_read_structure(r, root, &sets, err) != 0)
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
