#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "traces/importer/infer.h"
#include "traces/importer/radical_impl.h"
#include "traces/importer/task_groups.h"
#include "traces/loops.h"

/* what is submitted within this of the pilot's activation is not released later */
static const double at_start_s = 10;
/* a script that waits submits the next set within this of the last DONE */
static const double reaction_s = 1;

/* For how long the first submission waited until the pilot was active. */
static double waited_for_pilot(const struct radical *r)
{
    double first = NAN, active = r->session->pilot_active_s;
    for (size_t g = 0; g < r->n_groups; g++)
        first = earlier_known(first, r->groups[g].submitted_s);
    return is_known(first) && is_known(active) && active > first ? active - first : 0;
}

/* A release counts from when the pilot was active: whatever was submitted before that, or soon
 * after, just waited for it. */
static double since_active(double release_s, double waited_s)
{
    return release_s - waited_s > at_start_s ? release_s - waited_s : (double)NAN;
}

struct named { const char *name; size_t length, group; };

static int by_name(const void *a, const void *b)
{
    const struct named *x = a, *y = b;
    int order = memcmp(x->name, y->name, x->length < y->length ? x->length : y->length);
    return order ? order : (x->length > y->length) - (x->length < y->length);
}

/* Uids such as "p1.3.000002" tell lanes. */
static void number_lanes(const struct radical *r, struct edge_group *groups)
{
    struct named *named = xcalloc(r->n_groups + 1, sizeof *named);
    struct lane_name parts;
    size_t n = 0;
    for (size_t g = 0; g < r->n_groups; g++)
        if (lane_name_of(r->groups[g].base, &parts))
            named[n++] = (struct named){ r->groups[g].base, parts.lane, g };
    qsort(named, n, sizeof *named, by_name);
    for (size_t i = 0, lane = 0; i < n; i++) {
        lane += i == 0 || by_name(&named[i - 1], &named[i]) != 0;
        groups[named[i].group].lane = (int)lane;
    }
    free(named);
}

void radical_infer_edges(struct radical *r, struct workflow *w)
{
    size_t released = 0;
    double waited_s = waited_for_pilot(r);
    if (r->session->has_entk || r->chained)
        return;
    struct edge_group *groups = xcalloc(r->n_groups + 1, sizeof *groups);
    for (size_t g = 0; g < r->n_groups; g++)
        groups[g] = (struct edge_group){ .submitted_s = r->groups[g].submitted_s,
                                         .done_s = r->groups[g].done_s };
    number_lanes(r, groups);
    /* however slow the script */
    struct edge_counts counts = infer_edges(groups, r->n_groups, reaction_s, INFINITY);
    for (size_t g = 0; g < r->n_groups; g++) {
        double release_s = since_active(groups[g].release_s, waited_s);
        task_groups_wait(&w->sets[g], groups[g].parents, groups[g].n_parents);
        free(groups[g].parents);
        if (isnan(release_s))
            continue;
        w->sets[g].release.kind = RELEASE_TIME;
        w->sets[g].release.time_s = release_s;
        released++;
    }
    free(groups);
    session_note(
        r->session, counts.too_many, "dependencies between sets",
        "not inferred: so many sets end just before others begin that their times say nothing");
    r->session->edges_inferred = counts.edges > 0;
    session_note(r->session, counts.edges, "dependencies",
                 "inferred: a set's parents are the sets that ended just before its submission");
    session_note(r->session, released, "sets submitted late for no recorded cause",
                 "released at their measured time");
}
