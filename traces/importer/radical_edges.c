#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "base/known.h"
#include "traces/importer/radical_impl.h"

enum { MAX_GROUPS = 20000 };             /* beyond, all pairs would be too many to look at */

static const double reaction_s = 1;      /* a script that waits submits the next set within this of the last DONE */
static const double at_start_s = 10;     /* what is submitted within this of the first submission was not waited for */

static void add_parent(struct radical_group *g, int parent)
{
    g->parents = xrealloc(g->parents, g->n_parents + 1, sizeof *g->parents);
    g->parents[g->n_parents++] = parent;
}

/* Parents: all groups whose last DONE lies within reaction_s before `ended_s`. */
static void add_parents(struct radical *r, struct radical_group *g, double ended_s)
{
    for (size_t k = 0; k < r->n_groups; k++) {
        double done = r->groups[k].done_s;
        if (&r->groups[k] != g && done <= ended_s && done >= ended_s - reaction_s && r->groups[k].submitted_s < g->submitted_s)
            add_parent(g, (int)k);
    }
}

/* When everything submitted before was done, the time of the last of it: a barrier, however slow the script. NAN: it was not. */
static double barrier_before(const struct radical *r, const struct radical_group *g)
{
    double last = NAN;
    for (size_t k = 0; k < r->n_groups; k++) {
        const struct radical_group *other = &r->groups[k];
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

void radical_infer_edges(struct radical *r)
{
    double first = NAN;
    size_t released = 0, edges = 0;
    if (r->session->has_entk)
        return;
    if (r->n_groups > MAX_GROUPS) {
        session_note(r->session, 1, "dependencies between sets", "not looked for: too many sets");
        return;
    }
    for (size_t g = 0; g < r->n_groups; g++)
        first = earlier_known(first, r->groups[g].submitted_s);
    for (size_t g = 0; g < r->n_groups; g++) {
        struct radical_group *group = &r->groups[g];
        if (isnan(group->submitted_s))
            continue;
        add_parents(r, group, group->submitted_s);
        double barrier = barrier_before(r, group);
        if (!group->n_parents && !isnan(barrier))
            add_parents(r, group, barrier);
        if (!group->n_parents && group->submitted_s > first + at_start_s) {
            group->release_s = group->submitted_s - first;
            released++;
        }
        edges += group->n_parents;
    }
    r->session->edges_inferred = edges > 0;
    session_note(r->session, edges, "dependencies", "inferred: a set's parents are the sets that ended just before its submission");
    session_note(r->session, released, "sets submitted late for no recorded cause", "released at their measured time");
}
