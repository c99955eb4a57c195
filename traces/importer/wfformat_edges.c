/* Edges from task to task, as parents and as children name them. */
#include <stdlib.h>

#include "base/xalloc.h"
#include "traces/importer/wfformat_impl.h"

/* What a task names in a list: its parents, or its children. */
static void add_named(struct wf *f, uint32_t task, const cJSON *list, struct task_edge_list *edges)
{
    for (const cJSON *e = cJSON_IsArray(list) ? list->child : NULL; e; e = e->next) {
        if (!cJSON_IsString(e)) {
            f->unknown_names++;
            continue;
        }
        uint32_t name = (uint32_t)(wf_name(f, e->valuestring) - f->names.at);
        bool parents = edges == &f->by_parents;
        task_edge_list_add(edges, parents ? name : task, parents ? task : name);
    }
}

void wf_read_edges(struct wf *f, uint32_t task, const struct json *at)
{
    add_named(f, task, json_member(at, "parents").value, &f->by_parents);
    add_named(f, task, json_member(at, "children").value, &f->by_children);
}

/* Tasks for their names, in place; names of no task are counted and left out. */
static void resolve(struct wf *f, struct task_edge_list *edges)
{
    size_t kept = 0;
    for (size_t k = 0; k < edges->n; k++) {
        struct task_edge e = edges->at[k];
        uint32_t *named = edges == &f->by_parents ? &e.parent : &e.child;
        struct wf_name name = f->names.at[*named];
        int task = name.task >= 0 ? name.task : name.other;
        f->unknown_names += task < 0;
        *named = (uint32_t)task;
        if (task >= 0)
            edges->at[kept++] = e;
    }
    edges->n = kept;
}

/* The children of each task, ascending, each once; empties the list. */
static struct task_edges distinct(struct task_edge_list *list, size_t n)
{
    struct task_edges some = task_edges_of(list->at, list->n, n);
    free(list->at);
    *list = (struct task_edge_list){ 0 };
    struct task_edges turned = task_edges_turned(&some, n);
    task_edges_clear(&some);
    struct task_edges once = task_edges_turned(&turned, n);
    task_edges_clear(&turned);
    return once;
}

/* All that are in either. */
static struct task_edges together(const struct task_edges *a, const struct task_edges *b, size_t n)
{
    struct task_edges all = { xcalloc(n + 2, sizeof *all.first),
                              xcalloc(a->first[n] + b->first[n] + 1, sizeof *all.to) };
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        size_t j = a->first[i], k = b->first[i];
        while (j < a->first[i + 1] || k < b->first[i + 1]) {
            uint32_t of_a = j < a->first[i + 1] ? a->to[j] : UINT32_MAX,
                     of_b = k < b->first[i + 1] ? b->to[k] : UINT32_MAX;
            all.to[kept++] = of_a < of_b ? of_a : of_b;
            j += of_a <= of_b;
            k += of_b <= of_a;
        }
        all.first[i + 1] = kept;
    }
    return all;
}

/* Where both `parents` and `children` are used, each edge should be named from both ends. */
static void note_one_sided(struct wf *f, size_t by_parents, size_t by_children, size_t n_all)
{
    if (by_parents && by_children)
        session_note(f->session, 2 * n_all - by_parents - by_children, "dependencies",
                     "named by the parent or by the child only: taken");
}

/* Edges between tasks, from both lists, which are emptied. */
static struct task_edges all_edges(struct wf *f)
{
    struct task_edges by_parents = distinct(&f->by_parents, f->n),
                      by_children = distinct(&f->by_children, f->n),
                      all = together(&by_parents, &by_children, f->n);
    note_one_sided(f, by_parents.first[f->n], by_children.first[f->n], all.first[f->n]);
    task_edges_clear(&by_parents);
    task_edges_clear(&by_children);
    return all;
}

/* Tasks keep their own names. */
static void forget_names(struct wf_names *names)
{
    name_index_free(names->texts.index);
    free(names->at);
    *names = (struct wf_names){ .at = NULL };
}

int wf_link(struct wf *f, struct error *err)
{
    resolve(f, &f->by_parents);
    resolve(f, &f->by_children);
    forget_names(&f->names);
    struct task_edges raw = all_edges(f);
    int status = task_links_find(&f->links, f->tasks, f->n, &raw, err);
    task_edges_clear(&raw);
    if (status)
        error_prefix(err, "%s: ", f->session->path);
    session_note(f->session, f->unknown_names, "parents or children", "no task is called so");
    return status;
}
