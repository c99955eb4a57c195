#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/radical_impl.h"

enum {
    /* fewer tasks of another duration are outliers, not a set */
    MIN_CLUSTER = 3,
    MAX_ROLES = 4,
    TASKS_PER_ROLE =
        2 /* more kinds of names, or fewer tasks a kind on average: names of tasks, not of roles */
};

/* sets of one label differ in duration by at least this, */
static const double cluster_gap_share = 0.05;
/* and by this many times what their tasks differ among themselves */
static const double cluster_gap_ranges = 4;
/* between submissions that are not one bulk, split by the client */
static const double bulk_pause_s = 10;

static bool is_generic(const char *label)
{
    return !*label || str_equal(label, "unit") || str_equal(label, "task") ||
           str_equal(label, "cu");
}

static const char *prefix_of(struct radical *r, const char *name)
{
    size_t n;
    radical_prefix(name, &n);
    return session_keep_n(r->session, name, n);
}

/* The label of a task's set as written: the stage's name, else its uid; without EnTK the uid less
 * its number, else the name. */
static const char *base_label(struct radical *r, const struct radical_task *t)
{
    if (t->pipeline >= 0)
        return t->stage_name ? t->stage_name : t->stage_uid;
    const char *label = prefix_of(r, t->uid);
    if (is_generic(label) && t->name) {
        const char *named = prefix_of(r, t->name);
        label = *named ? named : label;
    }
    return *label ? label : "task";
}

/* Demands in some strict order; only equality matters. */
static int compare_demands(const struct demand *a, const struct demand *b)
{
    const long long x[] = { a->ranks, a->cores, a->threads, a->gpus, a->gpu_share, a->memory_mib,
                            a->one_node };
    const long long y[] = { b->ranks, b->cores, b->threads, b->gpus, b->gpu_share, b->memory_mib,
                            b->one_node };
    for (size_t i = 0; i < sizeof x / sizeof *x; i++)
        if (x[i] != y[i])
            return x[i] < y[i] ? -1 : 1;
    return 0;
}

struct member { struct radical_task *task; const char *base; double value; bool by_role; };

static int compare_labels(const struct member *x, const struct member *y)
{
    if (x->task->pipeline != y->task->pipeline)
        return x->task->pipeline < y->task->pipeline ? -1 : 1;
    if (x->task->stage != y->task->stage)
        return x->task->stage < y->task->stage ? -1 : 1;
    return strcmp(x->base, y->base);
}

static int compare_members(const void *a, const void *b)
{
    const struct member *x = a, *y = b;
    int order = compare_labels(x, y);
    order = order ? order : compare_demands(&x->task->demand, &y->task->demand);
    return order ? order : radical_compare_submissions(x->task, y->task);
}

/* By value, then by uid. */
static void sort_values(struct member *m, size_t n)
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

static void add_group(struct radical *r, const struct member *m, size_t n, bool by_demand,
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
static double cluster_gap(const struct member *m, size_t n)
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
static void split_clusters(struct radical *r, struct member *m, size_t n, bool by_demand,
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

static void split_durations(struct radical *r, struct member *m, size_t n, bool by_demand)
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

static double submitted_s(const struct member *m)
{
    return m->task->entity->at[EVENT_CLIENT_SUBMITTED];
}

/* Do members m[i ...] begin a bulk of its own: submitted a while after those before, and started
 * only when these had stopped? */
static bool begins_bulk(const struct member *m, size_t n, size_t i, double stopped_s)
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

/* Without stages one label may have been submitted again and again: a wave begins when all before
 * it were done, or with a bulk that follows another at a distance and starts when that has stopped.
 */
static void split_waves(struct radical *r, struct member *m, size_t n, bool by_demand)
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

/* What a task is called but for its number; `n` is 0 if it has no name, or nothing else. */
static struct text_slice role_of(const struct radical_task *t)
{
    struct text_slice role = { "", 0 };
    if (t->name)
        role.text = radical_prefix(t->name, &role.length);
    return role;
}

static bool same_role(struct text_slice a, struct text_slice b)
{
    return a.length == b.length && !memcmp(a.text, b.text, a.length);
}

/* The roles of n members in order of appearance; 0: they have none, one, or too many to be roles.
 */
static size_t find_roles(const struct member *m, size_t n, struct text_slice roles[MAX_ROLES])
{
    size_t found = 0;
    for (size_t i = 0; i < n; i++) {
        struct text_slice role = role_of(m[i].task);
        size_t k = 0;
        while (k < found && !same_role(roles[k], role))
            k++;
        if (!role.length || k == MAX_ROLES)
            return 0;
        if (k == found)
            roles[found++] = role;
    }
    return found > 1 && n >= TASKS_PER_ROLE * found ? found : 0;
}

/* Members of one label and demand, in order of submission: those of unlike names are unlike sets,
 * even if they are of one shape. */
static void split_roles(struct radical *r, struct member *m, size_t n, bool by_demand)
{
    struct text_slice roles[MAX_ROLES];
    size_t n_roles = find_roles(m, n, roles), at = 0;
    if (!n_roles) {
        split_waves(r, m, n, by_demand);
        return;
    }
    struct member *old = xmemdup(m, n * sizeof *m);
    for (size_t k = 0; k < n_roles; k++) {
        size_t first = at;
        for (size_t i = 0; i < n; i++)
            if (same_role(role_of(old[i].task), roles[k])) {
                m[at] = old[i];
                m[at++].by_role = true;
            }
        split_waves(r, m + first, at - first, by_demand);
    }
    free(old);
}

static bool demands_differ(const struct member *m, size_t n)
{
    return n && compare_demands(&m[0].task->demand, &m[n - 1].task->demand) != 0;
}

/* One label's members, sorted by demand: one part for each demand. */
static void split_demands(struct radical *r, struct member *m, size_t n)
{
    bool differ = demands_differ(m, n);
    for (size_t first = 0, i = 1; i <= n; i++) {
        if (i < n && compare_demands(&m[i].task->demand, &m[first].task->demand) == 0)
            continue;
        split_roles(r, m + first, i - first, differ);
        first = i;
    }
}

SORT_ORDER(compare_groups, struct radical_group, SORT_FIRST(pipeline) SORT_FIRST(stage)
           radical_compare_times(x->submitted_s, y->submitted_s, x->first, y->first))

static uint64_t arrival(const struct radical_task *t) { return t->arrival; }

static int compare_label_attempts(const void *a, const void *b)
{
    const struct radical_task *x = *(const struct radical_task *const *)a,
                              *y = *(const struct radical_task *const *)b;
    int order = strcmp(x->label, y->label);
    return order ? order : (int)y->attempt - (int)x->attempt;
}

/* Earlier attempts are the same task as the last one. */
static void follow_last_attempts(struct radical *r)
{
    struct radical_task **list = radical_all(r);
    sort_items(list, r->n, sizeof *list, compare_label_attempts);
    for (size_t i = 1; i < r->n; i++) {
        if (list[i]->last_attempt)
            continue;
        list[i]->task = list[i - 1]->task;
    }
    free(list);
}

/* Tasks stand by group, within it by arrival. */
static void number_members(struct radical *r)
{
    struct radical_task **old = r->order;
    size_t at = 0;
    r->order = xcalloc(r->n_order + 1, sizeof *r->order);
    for (size_t g = 0; g < r->n_groups; g++) {
        struct radical_group *group = &r->groups[g];
        struct radical_task **member = r->order + at;
        memcpy(member, old + group->first, group->n * sizeof *member);
        /* by uid already */
        radical_sort_by_event(member, group->n, EVENT_CLIENT_SUBMITTED);
        radical_sort(member, group->n, arrival);
        group->first = at;
        for (; at < group->first + group->n; at++)
            r->order[at]->task = (uint32_t)at;
    }
    free(old);
    follow_last_attempts(r);
}

void radical_groups(struct radical *r)
{
    struct member *members = xcalloc(r->n + 1, sizeof *members);
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        if (r->tasks[i].last_attempt)
            members[n++] =
                (struct member){ .task = &r->tasks[i], .base = base_label(r, &r->tasks[i]) };
    sort_items(members, n, sizeof *members, compare_members);
    r->order = xcalloc(n + 1, sizeof *r->order);
    for (size_t first = 0, i = 1; i <= n; i++) {
        if (i < n && compare_labels(&members[first], &members[i]) == 0)
            continue;
        split_demands(r, members + first, i - first);
        first = i;
    }
    free(members);
    sort_items(r->groups, r->n_groups, sizeof *r->groups, compare_groups);
    number_members(r);
}
