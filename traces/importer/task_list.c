#include "traces/importer/task_list.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

enum { LONGEST_SHOWN = 8 };              /* tasks of a circle that the error names */

void task_list_clear(struct task_list *l)
{
    for (size_t k = 0; l->members && k < l->n_sets; k++)
        free(l->members[k]);
    free(l->members);
    task_edges_clear(&l->parents);
    task_edges_clear(&l->children);
    free(l->tasks);
}

size_t task_list_category(const char *name)
{
    size_t n = strlen(name), end = n;
    while (end && isdigit((unsigned char)name[end - 1]))
        end--;
    if (end == n)
        return n;
    if (end >= 2 && name[end - 1] == 'D' && name[end - 2] == 'I')
        end -= 2;
    return end >= 2 && strchr("_-.#", name[end - 1]) ? end - 1 : n;
}

static int refuse_circle(const struct task_list *l, const int *waits, struct error *err)
{
    struct str text = { 0 };
    uint32_t at = 0;
    bool *seen = xcalloc(l->n, sizeof *seen);
    while (!waits[at])
        at++;
    while (!seen[at]) {                  /* upwards through tasks that wait until one comes again: it is on a circle */
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
        str_addf(&text, "%s <- ", l->tasks[at].id);
        size_t k = l->parents.first[at];
        while (!waits[l->parents.to[k]])
            k++;
        at = l->parents.to[k];
    } while (at != start && ++shown < LONGEST_SHOWN);
    str_add(&text, at == start ? l->tasks[at].id : "...");
    error_set(err, "%s: tasks wait for each other in a circle: %s", l->session->path, text.text);
    str_clear(&text);
    return -1;
}

/* Kahn's algorithm; a task's level is one above the highest of its parents. */
static int find_levels(struct task_list *l, struct error *err)
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
        const struct listed_task *t = &l->tasks[queue[done]];
        for (size_t k = l->children.first[queue[done]]; k < l->children.first[queue[done] + 1]; k++) {
            struct listed_task *child = &l->tasks[l->children.to[k]];
            child->level = t->level + 1 > child->level ? t->level + 1 : child->level;
            if (--waits[l->children.to[k]] == 0)
                queue[n++] = l->children.to[k];
        }
    }
    int status = n == l->n ? 0 : refuse_circle(l, waits, err);
    free(waits);
    free(queue);
    return status;
}

int task_list_edges(struct task_list *l, const struct task_edge *edges, size_t n_edges, struct error *err)
{
    struct task_edges raw = task_edges_of(edges, n_edges, l->n);
    l->parents = task_edges_turned(&raw, l->n);
    l->children = task_edges_turned(&l->parents, l->n);
    task_edges_clear(&raw);
    return find_levels(l, err);
}
