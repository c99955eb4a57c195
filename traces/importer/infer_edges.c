#include "traces/importer/infer.h"

#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"

/* what is submitted within this of the first submission was not waited for */
static const double at_start_s = 10;

struct instants {                        /* groups by a time that is known of them, ascending */
    size_t n;
    double *time_s;
    int *group;
};

/* the last: the end of groups without a submission */
enum instant { SUBMITTED, DONE, DONE_UNSUBMITTED };

static double instant_of(const struct edge_group *g, enum instant which)
{
    if (which == SUBMITTED)
        return g->submitted_s;
    return which == DONE || isnan(g->submitted_s) ? g->done_s : (double)NAN;
}

static struct instants find_instants(const struct edge_group *groups, size_t n, enum instant which)
{
    struct sort_key *keys = xcalloc(n + 1, sizeof *keys);
    struct instants at = { 0, xcalloc(n + 1, sizeof *at.time_s), xcalloc(n + 1, sizeof *at.group) };
    for (size_t k = 0; k < n; k++) {
        double time_s = instant_of(&groups[k], which);
        if (is_known(time_s))
            keys[at.n++] = (struct sort_key){ sort_key_of(time_s), k };
    }
    sort_keys(keys, at.n);
    for (size_t i = 0; i < at.n; i++) {
        at.group[i] = (int)keys[i].item;
        at.time_s[i] = instant_of(&groups[keys[i].item], which);
    }
    free(keys);
    return at;
}

static void clear_instants(struct instants *at)
{
    xfree(at->time_s, at->group);
}

static size_t count_before(const struct instants *at, double time_s)
{
    return sort_count(at->time_s, at->n, nextafter(time_s, -INFINITY));
}

/* Groups of lanes by lane and by a time that is known of them. */
struct lane_instants { size_t n; struct lane_instant { int lane, group; double time_s; } *at; };

SORT_BY_3(by_lane, struct lane_instant, lane, time_s, group)

static struct lane_instants find_in_lanes(const struct edge_group *groups, size_t n,
                                          enum instant which)
{
    struct lane_instants l = { 0, xcalloc(n + 1, sizeof *l.at) };
    for (size_t k = 0; k < n; k++) {
        double time_s = instant_of(&groups[k], which);
        if (groups[k].lane > 0 && is_known(time_s))
            l.at[l.n++] = (struct lane_instant){ groups[k].lane, (int)k, time_s };
    }
    sort_items(l.at, l.n, sizeof *l.at, by_lane);
    return l;
}

/* How many are of an earlier lane, or of this one and before `time_s`. */
static size_t lane_count(const struct lane_instants *l, int lane, double time_s)
{
    size_t n;
    SORT_COUNT_IF(n, l->n, i,
                  l->at[i].lane < lane || (l->at[i].lane == lane && l->at[i].time_s < time_s));
    return n;
}

struct inference {
    struct edge_group *groups;
    struct instants submitted, done, unsubmitted;
    struct lane_instants lane_submitted, lane_done;
    /* of the first k submitted: their last end, INFINITY if one has none */
    double *all_done_s;
    double reaction_s;
    size_t seen;                         /* pairs that were looked at */
};

/* Parents: all groups whose last end lies within the reaction before `ended_s`. */
static void add_parents(struct inference *f, struct edge_group *g, double ended_s)
{
    const struct instants *done = &f->done;
    size_t room = 0;
    for (size_t i = count_before(done, ended_s - f->reaction_s);
         i < done->n && done->time_s[i] <= ended_s; i++) {
        if (++f->seen > INFER_MOST_EDGES)
            return;
        if (!(f->groups[done->group[i]].submitted_s < g->submitted_s))
            continue;
        xgrow(&g->parents, &room, g->n_parents + 1, sizeof *g->parents);
        g->parents[g->n_parents++] = done->group[i];
    }
    sort_items(g->parents, g->n_parents, sizeof *g->parents, sort_by_int);
}

/* The last of its lane before `time_s`; -INFINITY: there is none. */
static double lane_last(const struct lane_instants *l, int lane, double time_s)
{
    size_t n = lane_count(l, lane, time_s);
    return n > 0 && l->at[n - 1].lane == lane ? l->at[n - 1].time_s : -INFINITY;
}

/* Parents in its own lane, if that submitted within the reaction after an end of its own: all that
 * ended since it submitted before. */
static bool add_lane_parents(struct inference *f, struct edge_group *g)
{
    double next_s = nextafter(g->submitted_s, INFINITY),
           ended_s = lane_last(&f->lane_done, g->lane, next_s);
    size_t room = 0;
    if (g->lane <= 0 || !(ended_s >= g->submitted_s - f->reaction_s))
        return false;
    double since_s = lane_last(&f->lane_submitted, g->lane, ended_s);
    for (size_t i = lane_count(&f->lane_done, g->lane, since_s),
                end = lane_count(&f->lane_done, g->lane, next_s);
         i < end && ++f->seen <= INFER_MOST_EDGES; i++) {
        if (!(f->groups[f->lane_done.at[i].group].submitted_s < g->submitted_s))
            continue;
        xgrow(&g->parents, &room, g->n_parents + 1, sizeof *g->parents);
        g->parents[g->n_parents++] = f->lane_done.at[i].group;
    }
    sort_items(g->parents, g->n_parents, sizeof *g->parents, sort_by_int);
    return g->n_parents > 0;
}

static void find_all_done(struct inference *f)
{
    f->all_done_s = xcalloc(f->submitted.n + 1, sizeof *f->all_done_s);
    f->all_done_s[0] = -INFINITY;
    for (size_t i = 0; i < f->submitted.n; i++)
        f->all_done_s[i + 1] =
            fmax(f->all_done_s[i], known_or(f->groups[f->submitted.group[i]].done_s, INFINITY));
}

/* When everything submitted before was done, the time of the last of it: a barrier, however slow
 * the script. NAN: it was not. */
static double barrier_before(const struct inference *f, const struct edge_group *g)
{
    double last = f->all_done_s[count_before(&f->submitted, g->submitted_s)];
    size_t others = count_before(&f->unsubmitted, nextafter(g->submitted_s, INFINITY));
    if (last > g->submitted_s)
        return NAN;
    if (others)
        last = fmax(last, f->unsubmitted.time_s[others - 1]);
    return isfinite(last) ? last : (double)NAN;
}

static void drop_all(struct edge_group *groups, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        free(groups[k].parents);
        groups[k].parents = NULL;
        groups[k].n_parents = 0;
        groups[k].release_s = NAN;
    }
}

static struct edge_counts infer_all(struct inference *f, size_t n, double barrier_s)
{
    struct edge_counts counts = { 0 };
    double first = f->submitted.n ? f->submitted.time_s[0] : (double)NAN;
    for (size_t k = 0; k < n; k++) {
        struct edge_group *g = &f->groups[k];
        g->release_s = NAN;
        if (isnan(g->submitted_s))
            continue;
        if (!add_lane_parents(f, g))
            add_parents(f, g, g->submitted_s);
        double barrier = barrier_before(f, g);
        if (!g->n_parents && barrier >= g->submitted_s - barrier_s)
            add_parents(f, g, barrier);
        if (!g->n_parents && g->submitted_s > first + at_start_s) {
            g->release_s = g->submitted_s - first;
            counts.released++;
        }
        counts.edges += g->n_parents;
        if (f->seen > INFER_MOST_EDGES)
            return (struct edge_counts){ .too_many = true };
    }
    return counts;
}

struct edge_counts infer_edges(struct edge_group *groups, size_t n, double reaction_s,
                               double barrier_s)
{
    struct inference f = {
        .groups = groups, .reaction_s = reaction_s,
        .submitted = find_instants(groups, n, SUBMITTED),
        .done = find_instants(groups, n, DONE),
        .unsubmitted = find_instants(groups, n, DONE_UNSUBMITTED),
        .lane_submitted = find_in_lanes(groups, n, SUBMITTED),
        .lane_done = find_in_lanes(groups, n, DONE),
    };
    find_all_done(&f);
    struct edge_counts counts = infer_all(&f, n, barrier_s);
    if (counts.too_many)
        drop_all(groups, n);
    clear_instants(&f.submitted);
    clear_instants(&f.done);
    clear_instants(&f.unsubmitted);
    xfree(f.lane_submitted.at, f.lane_done.at, f.all_done_s);
    return counts;
}
