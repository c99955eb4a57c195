/* Edges from task to task, as parents and as children name them, and levels. All by counting: linear. */
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/wfformat_impl.h"

enum { LONGEST_SHOWN = 8 };              /* tasks of a circle that the error names */

struct pairs {
    struct task_edge *at;
    size_t n, room, from_parents;        /* the first are what `parents` name */
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
static void add_pairs(const struct wf *f, uint32_t i, const cJSON *list, bool parents, struct pairs *p)
{
    for (const cJSON *e = cJSON_IsArray(list) ? list->child : NULL; e; e = e->next) {
        int other = find_task(f, e);
        if (other < 0) {
            p->unknown++;
            continue;
        }
        xgrow(&p->at, &p->room, p->n + 1, sizeof *p->at);
        p->at[p->n++] = parents ? (struct task_edge){ (uint32_t)other, i } : (struct task_edge){ i, (uint32_t)other };
    }
}

static struct pairs named_pairs(const struct wf *f)
{
    struct pairs p = { 0 };
    for (size_t i = 0; i < f->n; i++)
        add_pairs(f, (uint32_t)i, f->tasks[i].parents, true, &p);
    p.from_parents = p.n;
    for (size_t i = 0; i < f->n; i++)
        add_pairs(f, (uint32_t)i, f->tasks[i].children, false, &p);
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
    size_t by_parents = count_distinct(p->at, p->from_parents, f->n);
    size_t by_children = count_distinct(p->at + p->from_parents, p->n - p->from_parents, f->n);
    if (by_parents && by_children)
        session_note(f->session, 2 * n_all - by_parents - by_children, "dependencies", "named by the parent or by the child only: taken");
}

static int refuse_circle(const struct wf *f, const int *waits, struct error *err)
{
    struct str text = { 0 };
    uint32_t at = 0;
    bool *seen = xcalloc(f->n, sizeof *seen);
    while (!waits[at])
        at++;
    while (!seen[at]) {                  /* upwards through tasks that wait until one comes again: it is on a circle */
        seen[at] = true;
        size_t k = f->parents.first[at];
        while (!waits[f->parents.to[k]])
            k++;
        at = f->parents.to[k];
    }
    free(seen);
    uint32_t start = at;
    size_t shown = 0;
    do {
        str_addf(&text, "%s <- ", f->tasks[at].id);
        size_t k = f->parents.first[at];
        while (!waits[f->parents.to[k]])
            k++;
        at = f->parents.to[k];
    } while (at != start && ++shown < LONGEST_SHOWN);
    str_add(&text, at == start ? f->tasks[at].id : "...");
    error_set(err, "%s: tasks wait for each other in a circle: %s", f->session->path, text.text);
    str_clear(&text);
    return -1;
}

/* Kahn's algorithm; a task's level is one above the highest of its parents. */
static int find_levels(struct wf *f, struct error *err)
{
    int *waits = xcalloc(f->n + 1, sizeof *waits);
    uint32_t *queue = xcalloc(f->n + 1, sizeof *queue);
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++) {
        waits[i] = (int)(f->parents.first[i + 1] - f->parents.first[i]);
        if (!waits[i])
            queue[n++] = (uint32_t)i;
    }
    for (size_t done = 0; done < n; done++) {
        const struct wf_task *t = &f->tasks[queue[done]];
        for (size_t k = f->children.first[queue[done]]; k < f->children.first[queue[done] + 1]; k++) {
            struct wf_task *child = &f->tasks[f->children.to[k]];
            child->level = t->level + 1 > child->level ? t->level + 1 : child->level;
            if (--waits[f->children.to[k]] == 0)
                queue[n++] = f->children.to[k];
        }
    }
    int status = n == f->n ? 0 : refuse_circle(f, waits, err);
    free(waits);
    free(queue);
    return status;
}

int wf_read_edges(struct wf *f, struct error *err)
{
    struct pairs p = named_pairs(f);
    struct task_edges raw = task_edges_of(p.at, p.n, f->n);
    f->parents = task_edges_turned(&raw, f->n);
    f->children = task_edges_turned(&f->parents, f->n);
    task_edges_clear(&raw);
    note_one_sided(f, &p, f->parents.first[f->n]);
    session_note(f->session, p.unknown, "parents or children", "no task is called so");
    free(p.at);
    return find_levels(f, err);
}
