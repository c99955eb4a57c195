#include "plots/dag_impl.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/escape.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "core/task_deps.h"
#include "plots/dag.h"
#include "plots/sheet.h"

/* ---- which sets are one node ---- */

struct node {
    char *name;
    size_t number;
    UT_hash_handle hh;
};

static size_t number_of(struct node **nodes, char *name)
{
    struct node *found;
    HASH_FIND_STR(*nodes, name, found);
    if (found) {
        free(name);
        return found->number;
    }
    found = xcalloc(1, sizeof *found);
    found->name = name;
    found->number = HASH_COUNT(*nodes);
    HASH_ADD_KEYPTR(hh, *nodes, name, strlen(name), found);
    return found->number;
}

static void group(struct dag_fold *f, const struct workflow *w, bool families)
{
    struct node *nodes = NULL, *node, *next;
    f->of_set = xcalloc(w->n_sets, sizeof *f->of_set);
    for (size_t s = 0; s < w->n_sets; s++) {
        const struct task_set *set = &w->sets[s];
        f->of_set[s] = number_of(&nodes, families ? style_family(style_label_of(set))
                                                  : xstrdup(style_label_of(set)));
    }
    f->n = HASH_COUNT(nodes);
    f->names = xcalloc(f->n, sizeof *f->names);
    HASH_ITER(hh, nodes, node, next)
    {
        f->names[node->number] = node->name;
        HASH_DEL(nodes, node);
        free(node);
    }
}

bool dag_fold_make(struct dag_fold *f, const struct workflow *w)
{
    *f = (struct dag_fold){ 0 };
    if (w->n_sets <= DAG_UNFOLDED_MOST)
        return false;
    group(f, w, false);
    if (f->n > DAG_UNFOLDED_MOST) {
        dag_fold_clear(f);
        group(f, w, true);
    }
    bool folds = f->n > 1 && f->n < w->n_sets;
    if (!folds)
        dag_fold_clear(f);
    return folds;
}

void dag_fold_clear(struct dag_fold *f)
{
    for (size_t i = 0; i < f->n; i++)
        free(f->names[i]);
    xfree(f->names, f->of_set);
    *f = (struct dag_fold){ 0 };
}

/* ---- nodes ---- */

struct total {
    size_t sets, first;
    double tasks, seconds;
    bool critical, alike; /* all sets have one demand */
};

static struct total *totals_of(const struct workflow *w, const struct dag_fold *f,
                               const int *before)
{
    struct total *totals = xcalloc(f->n, sizeof *totals);
    for (size_t s = 0; s < w->n_sets; s++) {
        struct total *t = &totals[f->of_set[s]];
        if (t->sets++ == 0)
            *t = (struct total){ .sets = 1, .first = s, .alike = true };
        t->tasks += w->sets[s].n_tasks;
        t->seconds += w->sets[s].n_tasks * dist_mean(w->sets[s].duration);
        t->critical |= before[s] != DAG_NOT_CRITICAL;
        t->alike =
            t->alike && demand_equal(&w->sets[s].traits->demand, &w->sets[t->first].traits->demand);
    }
    return totals;
}

static void add_node(struct str *out, const struct workflow *w, size_t i, const char *name,
                     const struct total *t, size_t fill)
{
    char *shown = str_shortened(name, DAG_NAME_MOST);
    str_addf(out, "  f%zu [label=\"", i);
    escape_dot(out, shown, DAG_NAME_MOST);
    str_addf(out, "\\n%zu set%s, %.0f task%s", t->sets, t->sets == 1 ? "" : "s", t->tasks,
             t->tasks == 1 ? "" : "s");
    if (t->alike) {
        str_add(out, " of ");
        demand_add_words(out, &w->sets[t->first].traits->demand);
    }
    str_addf(out, "\\n%s%.4g s\", ", t->sets > 1 ? "mean " : "",
             t->tasks > 0 ? t->seconds / t->tasks : 0);
    dag_add_look(out, fill, t->critical);
    str_add(out, "];\n");
    free(shown);
}

/* ---- edges ---- */

struct edge {
    size_t from, to;
    bool critical, by_task;
};

SORT_BY_2(by_ends, struct edge, from, to)

static struct edge *edges_of(const struct workflow *w, const struct dag_fold *f, const int *before,
                             size_t *n)
{
    size_t room = 0;
    for (size_t s = 0; s < w->n_sets; s++)
        room += w->sets[s].n_dependencies;
    struct edge *edges = xcalloc(room + 1, sizeof *edges);
    *n = 0;
    for (size_t s = 0; s < w->n_sets; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++) {
            const struct dependency *dep = &w->sets[s].dependencies[d];
            edges[(*n)++] = (struct edge){ f->of_set[dep->parent], f->of_set[s],
                                           before[s] == dep->parent, dependency_is_by_task(dep) };
        }
    qsort(edges, *n, sizeof *edges, by_ends);
    return edges;
}

static void add_edges(struct str *out, const struct edge *edges, size_t n)
{
    for (size_t i = 0, next; i < n; i = next) {
        bool critical = false, by_task = true;
        for (next = i; next < n && by_ends(&edges[i], &edges[next]) == 0; next++) {
            critical |= edges[next].critical;
            by_task = by_task && edges[next].by_task;
        }
        str_addf(out, "  f%zu -> f%zu [label=\"", edges[i].from, edges[i].to);
        if (next - i > 1)
            str_addf(out, "%zu", next - i);
        str_addf(out, "\", style=%s, penwidth=%s, color=\"%s\"];\n", by_task ? "dashed" : "solid",
                 critical ? "3" : "1", critical ? "#C00000" : "#404040");
    }
}

void dag_fold_add_dot(struct str *out, const struct workflow *w, const struct dag_fold *f,
                      const struct style_labels *labels, const int *before)
{
    struct total *totals = totals_of(w, f, before);
    size_t n;
    struct edge *edges = edges_of(w, f, before, &n);
    for (size_t i = 0; i < f->n; i++)
        add_node(out, w, i, f->names[i], &totals[i], labels->of_set[totals[i].first]);
    add_edges(out, edges, n);
    xfree(edges, totals);
}
