/* EnTK before 0.5 names no pipelines in its uids: its units are called "stage-S-task-P", and P's of
 * stage S waits for P's of S - 1. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/radical_impl.h"

static const double rounding_s = 0.01;

struct link { struct radical_task *task; int stage, pipeline; };

static bool read_name(const char *name, int *stage, int *pipeline)
{
    int used = 0;
    return name && sscanf(name, "stage-%9d-task-%9d%n", stage, pipeline, &used) == 2 &&
           !name[used] && *stage >= 0 && *pipeline >= 0;
}

SORT_BY_2(compare_links, struct link, pipeline, stage)

/* All tasks by pipeline and stage, NULL unless every one is named so. */
static struct link *read_links(struct radical *r, size_t *n)
{
    struct link *links = xcalloc(r->n + 1, sizeof *links);
    *n = 0;
    for (size_t i = 0; i < r->n; i++) {
        struct link *l = &links[*n];
        if (!r->tasks[i].last_attempt)
            continue;
        if (!read_name(r->tasks[i].name, &l->stage, &l->pipeline)) {
            free(links);
            return NULL;
        }
        links[(*n)++].task = &r->tasks[i];
    }
    sort_items(links, *n, sizeof *links, compare_links);
    return links;
}

/* A stage that lacks its predecessor, a name that occurs twice, or a task submitted before its
 * predecessor was done. */
static bool contradicts(const struct link *before, const struct link *l)
{
    double done_s = before->task->entity->at[EVENT_CLIENT_DONE],
           submitted_s = l->task->entity->at[EVENT_CLIENT_SUBMITTED];
    return l->stage != before->stage + 1 || submitted_s < done_s - rounding_s;
}

SORT_BY(compare_stages, struct link, stage)

/* Did every stage begin only when all of the stage before was done? Then the times say so better
 * than the names. */
static bool has_barriers(const struct link *links, size_t n)
{
    struct link *sorted = xmemdup(links, n * sizeof *links);
    double done_s = NAN, latest_s = NAN;                 /* of the stage before, of this stage */
    bool barriers = true;
    sort_items(sorted, n, sizeof *sorted, compare_stages);
    for (size_t i = 0; i < n; i++) {
        const double *at = sorted[i].task->entity->at;
        if (i && sorted[i].stage != sorted[i - 1].stage) {
            done_s = sorted[i].stage == sorted[i - 1].stage + 1 ? latest_s : (double)NAN;
            latest_s = NAN;
        }
        latest_s = later_known(latest_s, at[EVENT_CLIENT_DONE]);
        barriers &= !(at[EVENT_CLIENT_SUBMITTED] < done_s - rounding_s);
    }
    free(sorted);
    return barriers;
}

void radical_chains(struct radical *r)
{
    size_t n, chained = 0, contradictions = 0;
    struct link *links = r->session->has_entk ? NULL : read_links(r, &n);
    if (!links)
        return;
    for (size_t i = 1; i < n; i++) {
        if (links[i].pipeline != links[i - 1].pipeline)
            continue;
        chained++;
        contradictions += contradicts(&links[i - 1], &links[i]);
    }
    session_note(
        r->session, contradictions, "tasks named stage-S-task-P",
        "not submitted after task P of stage S - 1 ended: the names are not read as pipelines");
    r->chained = chained > 0 && contradictions == 0 && !has_barriers(links, n);
    for (size_t i = 1; i < n && r->chained; i++)
        if (links[i].pipeline == links[i - 1].pipeline)
            links[i].task->before = links[i - 1].task;
    r->session->edges_named = r->chained;
    free(links);
}

struct task_edge_list radical_chain_edges(const struct radical *r)
{
    struct task_edge_list edges = { 0 };
    for (size_t i = 0; i < r->n_order; i++)
        if (r->order[i]->before)
            task_edge_list_add(&edges, r->order[i]->before->task, r->order[i]->task);
    return edges;
}
