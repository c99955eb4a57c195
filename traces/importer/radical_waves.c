/* Tasks of one label, demand and role become sets by time: waves that were submitted one after the
 * other, and within a wave clusters of durations. */
#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/radical_groups_impl.h"
#include "traces/importer/radical_impl.h"

/* fewer tasks of another duration are outliers, not a set */
enum { MIN_CLUSTER = 3 };

/* sets of one label differ in duration by at least this, */
static const double cluster_gap_share = 0.05;
/* and by this many times what their tasks differ among themselves */
static const double cluster_gap_ranges = 4;
/* between submissions that are not one bulk, split by the client */
static const double bulk_pause_s = 10;

/* By value, then by uid. */
static void sort_values(struct radical_member *m, size_t n)
{
    struct sort_key *keys = xmalloc(n * sizeof *keys);
    for (size_t i = 0; i < n; i++)
        keys[i] = (struct sort_key){ radical_by_uid(m[i].task), i };
    sort_by_keys(m, n, sizeof *m, keys);
    for (size_t i = 0; i < n; i++)
        keys[i] = (struct sort_key){ sort_key_of(m[i].value), i };
    sort_by_keys(m, n, sizeof *m, keys);
    free(keys);
}

/* When a task was over, by the last record of it; NAN: unknown. A lost DONE does not make it
 * endless. */
static double over_s(const struct radical_task *t)
{
    static const enum session_event last[] = { EVENT_CLIENT_DONE, EVENT_CLIENT_GOT,
                                               EVENT_AGENT_PUSHED, EVENT_UNSCHEDULE_STOP };
    for (size_t i = 0; i < sizeof last / sizeof *last; i++)
        if (is_known(t->entity->at[last[i]]))
            return t->entity->at[last[i]];
    return t->stopped_s;
}

static void add_group(struct radical *r, const struct radical_member *m, size_t n, bool by_demand,
                      bool by_duration)
{
    xgrow(&r->groups, &r->groups_room, r->n_groups + 1, sizeof *r->groups);
    struct radical_group *g = &r->groups[r->n_groups++];
    *g = (struct radical_group){ .first = r->n_order,
                                 .n = n,
                                 .run = m->task->run,
                                 .pipeline = m->task->pipeline,
                                 .stage = m->task->stage,
                                 .base = m->base,
                                 .submitted_s = NAN,
                                 .done_s = -INFINITY,
                                 .by_demand = by_demand,
                                 .by_role = m->by_role,
                                 .by_duration = by_duration };
    struct radical_task **member = r->order + g->first;
    bool some_done = false;
    for (size_t i = 0; i < n; i++)
        r->order[r->n_order++] = m[i].task;
    radical_sort(member, n, radical_by_uid);             /* as they lie in memory */
    for (size_t i = 0; i < n; i++) {
        g->submitted_s =
            earlier_known(g->submitted_s, member[i]->entity->at[EVENT_CLIENT_SUBMITTED]);
        g->done_s = later_of_both(g->done_s, over_s(member[i]));
        some_done |= is_known(member[i]->entity->at[EVENT_CLIENT_DONE]);
    }
    if (!some_done)                      /* a client that saw no end waited for none */
        g->done_s = NAN;
}

/* The least gap at which sorted values v[0 .. n-1] part into sets; 0: they are one. Cuts are the
 * gaps of at least half the largest; they count if every cluster is large and narrow enough. */
static double cluster_gap(const struct radical_member *m, size_t n)
{
    double largest = 0, least_cut = INFINITY, widest = 0;
    size_t first = 0;
    for (size_t i = 1; i < n; i++)
        largest = fmax(largest, m[i].value - m[i - 1].value);
    for (size_t i = 1; i <= n && largest > 0; i++) {
        double gap = i < n ? m[i].value - m[i - 1].value : INFINITY;
        if (gap < largest / 2)
            continue;
        if (i - first < MIN_CLUSTER || (i < n && gap < cluster_gap_share * m[i].value))
            return 0;
        widest = fmax(widest, m[i - 1].value - m[first].value);
        least_cut = fmin(least_cut, gap);
        first = i;
    }
    return isfinite(least_cut) && least_cut >= cluster_gap_ranges * widest ? least_cut : 0;
}

/* Members sorted by value, those without one behind: one group a cluster, clusters within clusters
 * too. */
static void split_clusters(struct radical *r, struct radical_member *m, size_t n, bool by_demand,
                           bool by_duration)
{
    size_t known = 0;
    while (known < n && !isnan(m[known].value))
        known++;
    double gap = cluster_gap(m, known);
    if (!(gap > 0)) {
        add_group(r, m, n, by_demand, by_duration);
        return;
    }
    size_t first = 0;
    for (size_t i = 1; i <= known; i++) {
        if (i < known && m[i].value - m[i - 1].value < gap)
            continue;
        size_t end = i == known ? n : i;
        split_clusters(r, m + first, end - first, by_demand, true);
        first = i;
    }
}

static void split_durations(struct radical *r, struct radical_member *m, size_t n, bool by_demand)
{
    bool all_requested = true;
    for (size_t i = 0; i < n; i++)
        all_requested &= !isnan(m[i].task->requested_s);
    for (size_t i = 0; i < n; i++) {
        const struct radical_task *t = m[i].task;
        double measured = t->status == TASK_DONE ? t->stopped_s - t->started_s : (double)NAN;
        m[i].value = all_requested ? t->requested_s : measured;
    }
    sort_values(m, n);
    split_clusters(r, m, n, by_demand, false);
}

static double submitted_s(const struct radical_member *m)
{
    return m->task->entity->at[EVENT_CLIENT_SUBMITTED];
}

/* Do members m[i ...] begin a bulk of its own: submitted a while after those before, and started
 * only when these had stopped? */
static bool begins_bulk(const struct radical_member *m, size_t n, size_t i, double stopped_s)
{
    size_t end = i;
    if (!(submitted_s(&m[i]) - submitted_s(&m[i - 1]) > bulk_pause_s))
        return false;
    do {
        if (!(m[end].task->started_s >= stopped_s))
            return false;
        end++;
    } while (end < n && submitted_s(&m[end]) - submitted_s(&m[end - 1]) <= bulk_pause_s);
    return end - i >= MIN_CLUSTER;
}

void radical_split_waves(struct radical *r, struct radical_member *m, size_t n, bool by_demand)
{
    double done_s = -INFINITY, stopped_s = -INFINITY;
    size_t first = 0;
    bool waves = n && m->task->pipeline < 0 && !r->chained;
    for (size_t i = 0; i <= n; i++) {
        bool new_wave = i == n || (i > first && waves &&
                                   (submitted_s(&m[i]) >= done_s ||
                                    (i - first >= MIN_CLUSTER && begins_bulk(m, n, i, stopped_s))));
        if (new_wave) {
            split_durations(r, m + first, i - first, by_demand);
            first = i;
            done_s = stopped_s = -INFINITY;
        }
        if (i == n)
            break;
        done_s = later_known(done_s, known_or(over_s(m[i].task), INFINITY));
        stopped_s = later_known(stopped_s, known_or(m[i].task->stopped_s, INFINITY));
    }
}
