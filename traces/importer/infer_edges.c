#include "traces/importer/infer_edges.h"

#include <math.h>
#include <stdbool.h>

#include "base/known.h"
#include "base/xalloc.h"

static const double at_start_s = 10;     /* what is submitted within this of the first submission was not waited for */

static void add_parent(struct edge_group *g, int parent)
{
    g->parents = xrealloc(g->parents, g->n_parents + 1, sizeof *g->parents);
    g->parents[g->n_parents++] = parent;
}

/* Parents: all groups whose last end lies within reaction_s before `ended_s`. */
static void add_parents(const struct edge_group *groups, size_t n, struct edge_group *g, double ended_s, double reaction_s)
{
    for (size_t k = 0; k < n; k++) {
        double done = groups[k].done_s;
        if (&groups[k] != g && done <= ended_s && done >= ended_s - reaction_s && groups[k].submitted_s < g->submitted_s)
            add_parent(g, (int)k);
    }
}

/* When everything submitted before was done, the time of the last of it: a barrier, however slow the script. NAN: it was not. */
static double barrier_before(const struct edge_group *groups, size_t n, const struct edge_group *g)
{
    double last = NAN;
    for (size_t k = 0; k < n; k++) {
        const struct edge_group *other = &groups[k];
        bool ended = is_known(other->done_s) && other->done_s <= g->submitted_s;
        bool earlier = is_known(other->submitted_s) ? other->submitted_s < g->submitted_s : ended;
        if (other == g || !earlier)
            continue;
        if (!ended)
            return NAN;
        last = later_known(last, other->done_s);
    }
    return last;
}

struct edge_counts infer_edges(struct edge_group *groups, size_t n, double reaction_s, double barrier_s)
{
    struct edge_counts counts = { 0 };
    double first = NAN;
    for (size_t g = 0; g < n; g++)
        first = earlier_known(first, groups[g].submitted_s);
    for (size_t g = 0; g < n; g++) {
        struct edge_group *group = &groups[g];
        group->release_s = NAN;
        if (isnan(group->submitted_s))
            continue;
        add_parents(groups, n, group, group->submitted_s, reaction_s);
        double barrier = barrier_before(groups, n, group);
        if (!group->n_parents && barrier >= group->submitted_s - barrier_s)
            add_parents(groups, n, group, barrier, reaction_s);
        if (!group->n_parents && group->submitted_s > first + at_start_s) {
            group->release_s = group->submitted_s - first;
            counts.released++;
        }
        counts.edges += group->n_parents;
    }
    return counts;
}
