/* Edges from task to task, as parents and as children name them. */
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

/* Distinct edges among these. */
static size_t count_distinct(const struct task_edge *edges, size_t n_edges, size_t n)
{
    struct task_edges some = task_edges_of(edges, n_edges, n), once = task_edges_turned(&some, n);
    size_t count = once.first[n];
    task_edges_clear(&some);
    task_edges_clear(&once);
    return count;
}

/* Where both `parents` and `children` are used, each edge should be named from both ends. */
static void note_one_sided(struct wf *f, size_t by_parents, size_t by_children, size_t n_all)
{
    if (by_parents && by_children)
        session_note(f->session, 2 * n_all - by_parents - by_children, "dependencies",
                     "named by the parent or by the child only: taken");
}

int wf_link(struct wf *f, struct error *err)
{
    struct task_edge_list *all = &f->by_parents, *children = &f->by_children;
    resolve(f, all);
    resolve(f, children);
    size_t by_parents = count_distinct(all->at, all->n, f->n),
           by_children = count_distinct(children->at, children->n, f->n);
    for (size_t k = 0; k < children->n; k++)
        task_edge_list_add(all, children->at[k].parent, children->at[k].child);
    struct task_edges raw = task_edges_of(all->at, all->n, f->n);
    xfree(all->at, children->at);
    *all = *children = (struct task_edge_list){ 0 };
    int status = task_links_find(&f->links, f->tasks, f->n, &raw, err);
    task_edges_clear(&raw);
    if (status)
        error_prefix(err, "%s: ", f->session->path);
    note_one_sided(f, by_parents, by_children, f->links.parents.first[f->n]);
    session_note(f->session, f->unknown_names, "parents or children", "no task is called so");
    return status;
}
