/* Edges from task to task, as parents and as children name them, and levels. All by counting: linear. */
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/wfformat_impl.h"

enum { LONGEST_SHOWN = 8 };              /* tasks of a circle that the error names */

struct pair { uint32_t parent, child; };
struct pairs {
    struct pair *at;
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
        p->at[p->n++] = parents ? (struct pair){ (uint32_t)other, i } : (struct pair){ i, (uint32_t)other };
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

/* Lists of the children of each task; with duplicates, in the order of the pairs. */
static struct wf_edges by_parent(const struct pairs *p, size_t n)
{
    struct wf_edges e = { xcalloc(n + 2, sizeof *e.first), xcalloc(p->n + 1, sizeof *e.to) };
    for (size_t k = 0; k < p->n; k++)
        e.first[p->at[k].parent + 2]++;
    for (size_t i = 2; i < n + 2; i++)
        e.first[i] += e.first[i - 1];
    for (size_t k = 0; k < p->n; k++)
        e.to[e.first[p->at[k].parent + 1]++] = p->at[k].child;
    return e;
}

/* The same edges from the other end; neighbours come out ascending, each once. */
static struct wf_edges turned(const struct wf_edges *e, size_t n)
{
    struct wf_edges out = { xcalloc(n + 2, sizeof *out.first), xcalloc(e->first[n] + 1, sizeof *out.to) };
    for (size_t k = 0; k < e->first[n]; k++)
        out.first[e->to[k] + 2]++;
    for (size_t i = 2; i < n + 2; i++)
        out.first[i] += out.first[i - 1];
    for (size_t i = 0; i < n; i++)
        for (size_t k = e->first[i]; k < e->first[i + 1]; k++)
            out.to[out.first[e->to[k] + 1]++] = (uint32_t)i;
    size_t kept = 0;
    for (size_t i = 0, from = 0; i < n; i++) {
        size_t begin = kept, end = out.first[i + 1];
        for (; from < end; from++)
            if (kept == begin || out.to[kept - 1] != out.to[from])
                out.to[kept++] = out.to[from];
        out.first[i + 1] = kept;
    }
    return out;
}

/* Each edge should be named from both ends: `all` after removing duplicates, of which `parents` alone name some and `children` some. */
static void note_one_sided(struct wf *f, struct pairs *p, size_t n_all)
{
    struct pairs half = { .at = p->at, .n = p->from_parents };
    size_t counts[2];
    for (int side = 0; side < 2; side++) {
        struct wf_edges some = by_parent(&half, f->n), once = turned(&some, f->n);
        counts[side] = once.first[f->n];
        free(some.first);
        free(some.to);
        free(once.first);
        free(once.to);
        half = (struct pairs){ .at = p->at + p->from_parents, .n = p->n - p->from_parents };
    }
    if (counts[0] && counts[1])
        session_note(f->session, 2 * n_all - counts[0] - counts[1], "dependencies", "named by the parent or by the child only: taken");
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
    struct wf_edges raw = by_parent(&p, f->n);
    f->parents = turned(&raw, f->n);
    f->children = turned(&f->parents, f->n);
    free(raw.first);
    free(raw.to);
    note_one_sided(f, &p, f->parents.first[f->n]);
    session_note(f->session, p.unknown, "parents or children", "no task is called so");
    free(p.at);
    return find_levels(f, err);
}
