/* Edges from task to task, as parents and as children name them. */
#include <stdlib.h>

#include "traces/importer/wfformat_impl.h"

struct pairs {
    struct task_edge_list list;
    size_t from_parents;                 /* the first are what `parents` name */
    size_t unknown;                      /* names of no task */
};

static int find_task(const struct wf *f, const cJSON *name)
{
    if (!cJSON_IsString(name))
        return -1;
    int i = name_index_find(f->ids, name->valuestring);
    return i >= 0 ? i : name_index_find(f->other_names, name->valuestring);
}

/* What task i names in a list: its parents, or its children. */
static void add_pairs(const struct wf *f, uint32_t i, const cJSON *list, bool parents,
                      struct pairs *p)
{
    for (const cJSON *e = cJSON_IsArray(list) ? list->child : NULL; e; e = e->next) {
        int other = find_task(f, e);
        p->unknown += other < 0;
        if (other >= 0)
            task_edge_list_add(&p->list, parents ? (uint32_t)other : i,
                               parents ? i : (uint32_t)other);
    }
}

static struct pairs named_pairs(const struct wf *f)
{
    struct pairs p = { 0 };
    for (size_t i = 0; i < f->n; i++)
        add_pairs(f, (uint32_t)i, f->extra[i].parents, true, &p);
    p.from_parents = p.list.n;
    for (size_t i = 0; i < f->n; i++)
        add_pairs(f, (uint32_t)i, f->extra[i].children, false, &p);
    return p;
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
static void note_one_sided(struct wf *f, const struct pairs *p, size_t n_all)
{
    size_t by_parents = count_distinct(p->list.at, p->from_parents, f->n);
    size_t by_children =
        count_distinct(p->list.at + p->from_parents, p->list.n - p->from_parents, f->n);
    if (by_parents && by_children)
        session_note(f->session, 2 * n_all - by_parents - by_children, "dependencies",
                     "named by the parent or by the child only: taken");
}

int wf_read_edges(struct wf *f, struct error *err)
{
    struct pairs p = named_pairs(f);
    struct task_edges raw = task_edges_of(p.list.at, p.list.n, f->n);
    int status = task_links_find(&f->links, f->tasks, f->n, &raw, err);
    task_edges_clear(&raw);
    if (status)
        error_prefix(err, "%s: ", f->session->path);
    if (p.list.n)
        note_one_sided(f, &p, f->links.parents.first[f->n]);
    session_note(f->session, p.unknown, "parents or children", "no task is called so");
    free(p.list.at);
    return status;
}
