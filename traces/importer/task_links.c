#include "traces/importer/task_groups.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"

enum { LONGEST_SHOWN = 8 };              /* tasks of a circle that the error names */

static int refuse_circle(const struct task_links *l, const struct listed_task *tasks,
                         const int *waits, struct error *err)
{
    struct str text = { 0 };
    uint32_t at = 0;
    bool *seen = xcalloc(l->n, sizeof *seen);
    while (!waits[at])
        at++;
    while (
        !seen[at]) { /* upwards through tasks that wait until one comes again: it is on a circle */
        seen[at] = true;
        size_t k = l->parents.first[at];
        while (!waits[l->parents.to[k]])
            k++;
        at = l->parents.to[k];
    }
    free(seen);
    uint32_t start = at;
    size_t shown = 0;
    do {
        str_addf(&text, "%s <- ", tasks[at].id);
        size_t k = l->parents.first[at];
        while (!waits[l->parents.to[k]])
            k++;
        at = l->parents.to[k];
    } while (at != start && ++shown < LONGEST_SHOWN);
    str_add(&text, at == start ? tasks[at].id : "...");
    error_set(err, "tasks wait for each other in a circle: %s", text.text);
    str_clear(&text);
    return -1;
}

/* Kahn's algorithm; a task's level is one above the highest of its parents. */
static int find_levels(struct task_links *l, const struct listed_task *tasks, struct error *err)
{
    int *waits = xcalloc(l->n + 1, sizeof *waits);
    uint32_t *queue = xcalloc(l->n + 1, sizeof *queue);
    size_t n = 0;
    for (size_t i = 0; i < l->n; i++) {
        waits[i] = (int)(l->parents.first[i + 1] - l->parents.first[i]);
        if (!waits[i])
            queue[n++] = (uint32_t)i;
    }
    for (size_t done = 0; done < n; done++) {
        uint32_t task = queue[done];
        for (size_t k = l->children.first[task]; k < l->children.first[task + 1]; k++) {
            uint32_t child = l->children.to[k];
            l->level[child] =
                l->level[task] + 1 > l->level[child] ? l->level[task] + 1 : l->level[child];
            if (--waits[child] == 0)
                queue[n++] = child;
        }
    }
    int status = n == l->n ? 0 : refuse_circle(l, tasks, waits, err);
    xfree(waits, queue);
    return status;
}

void task_links_clear(struct task_links *l)
{
    task_edges_clear(&l->parents);
    task_edges_clear(&l->children);
    free(l->level);
    *l = (struct task_links){ 0 };
}

int task_links_find(struct task_links *l, const struct listed_task *tasks, size_t n,
                    const struct task_edges *raw, struct error *err)
{
    *l = (struct task_links){ .n = n, .parents = task_edges_turned(raw, n),
                              .level = xcalloc(n + 1, sizeof *l->level) };
    l->children = task_edges_turned(&l->parents, n);
    return find_levels(l, tasks, err);
}

/* ---- edges to dependencies between sets: `all`, `each`, `block`, or listed ---- */

/* Dependencies on one parent set, found as its tasks' children come by. */
struct collector {
    const struct task_groups *groups;
    const struct task_links *links;
    int *child_set;                      /* of each dependency on this parent */
    size_t *room;
    struct dependency *dependencies;
    size_t n, n_room, room_room, set_room;
    /* for each set: 1 + its place in `dependencies`; 0: none */
    int *found_at;
};

static void add_edge(struct collector *c, int parent, uint32_t from, int child, uint32_t to)
{
    if (!c->found_at[child]) {
        xgrow(&c->dependencies, &c->n_room, c->n + 1, sizeof *c->dependencies);
        xgrow(&c->room, &c->room_room, c->n + 1, sizeof *c->room);
        xgrow(&c->child_set, &c->set_room, c->n + 1, sizeof *c->child_set);
        c->dependencies[c->n] = (struct dependency){ .parent = parent, .kind = DEPENDENCY_EDGES };
        c->room[c->n] = 0;
        c->child_set[c->n] = child;
        c->found_at[child] = (int)++c->n;
    }
    size_t k = (size_t)c->found_at[child] - 1;
    struct dependency *d = &c->dependencies[k];
    xgrow(&d->edges, &c->room[k], 2 * (d->n_edges + 1), sizeof *d->edges);
    d->edges[2 * d->n_edges] = from;
    d->edges[2 * d->n_edges + 1] = to;
    d->n_edges++;
}

/* Are the edges, sorted by parent and child, those of `block`? Each of the larger side goes with
 * one of the smaller. */
static bool is_block(const struct dependency *d, uint32_t parents, uint32_t children)
{
    uint32_t large = parents > children ? parents : children,
             small = parents > children ? children : parents;
    if (large % small || d->n_edges != large)
        return false;
    for (uint32_t k = 0; k < large; k++) {
        uint32_t mine = parents > children ? d->edges[2 * (size_t)k] : d->edges[2 * (size_t)k + 1];
        uint32_t other = parents > children ? d->edges[2 * (size_t)k + 1] : d->edges[2 * (size_t)k];
        if (mine != k || other != k / (large / small))
            return false;
    }
    return true;
}

static void simplify(struct dependency *d, uint32_t parents, uint32_t children)
{
    if (d->n_edges == (uint64_t)parents * children)
        d->kind = DEPENDENCY_ALL;
    else if (is_block(d, parents, children))
        d->kind = parents == children ? DEPENDENCY_EACH : DEPENDENCY_BLOCK;
    else
        return;
    free(d->edges);
    d->edges = NULL;
    d->n_edges = 0;
}

static void collect(struct collector *c, int parent)
{
    const struct task_groups *g = c->groups;
    struct task_set *sets = g->workflow->sets;
    c->n = 0;
    for (uint32_t i = 0; i < sets[parent].n_tasks; i++) {
        uint32_t task = g->members[parent][i];
        for (size_t k = c->links->children.first[task]; k < c->links->children.first[task + 1];
             k++) {
            struct set_member child = g->of[c->links->children.to[k]];
            add_edge(c, parent, i, child.set, child.index);
        }
    }
    for (size_t k = 0; k < c->n; k++) {
        simplify(&c->dependencies[k], sets[parent].n_tasks, sets[c->child_set[k]].n_tasks);
        workflow_add_dependency(&sets[c->child_set[k]], c->dependencies[k]);
        c->found_at[c->child_set[k]] = 0;
    }
}

void task_groups_depend(struct task_groups *g, const struct task_links *links)
{
    struct collector c = { .groups = g, .links = links,
                           .found_at = xcalloc(g->n_sets, sizeof *c.found_at) };
    for (size_t k = 0; k < g->n_sets; k++)
        collect(&c, (int)k);
    xfree(c.found_at, c.dependencies, c.child_set, c.room);
}
