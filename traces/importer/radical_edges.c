#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "traces/importer/infer_edges.h"
#include "traces/importer/radical_impl.h"

static const double reaction_s = 1;      /* a script that waits submits the next set within this of the last DONE */

void radical_infer_edges(struct radical *r)
{
    if (r->session->has_entk)
        return;
    if (r->n_groups > INFER_MOST_GROUPS) {
        session_note(r->session, 1, "dependencies between sets", "not looked for: too many sets");
        return;
    }
    struct edge_group *groups = xcalloc(r->n_groups + 1, sizeof *groups);
    for (size_t g = 0; g < r->n_groups; g++)
        groups[g] = (struct edge_group){ .submitted_s = r->groups[g].submitted_s, .done_s = r->groups[g].done_s };
    struct edge_counts counts = infer_edges(groups, r->n_groups, reaction_s, INFINITY);      /* however slow the script */
    for (size_t g = 0; g < r->n_groups; g++) {
        r->groups[g].n_parents = groups[g].n_parents;
        r->groups[g].parents = groups[g].parents;
        r->groups[g].release_s = groups[g].release_s;
    }
    free(groups);
    r->session->edges_inferred = counts.edges > 0;
    session_note(r->session, counts.edges, "dependencies", "inferred: a set's parents are the sets that ended just before its submission");
    session_note(r->session, counts.released, "sets submitted late for no recorded cause", "released at their measured time");
}
