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
