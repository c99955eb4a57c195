/* Does the launcher keep tasks apart that have slots beside each other (enum alone_rule)?
 *
 * Where starts were read on the nodes, pairs tell: one was launched while the other ran there, and
 * began only when that had ended. Where the records only say when a task was handed to the
 * launcher, ends tell: eight equal tasks on two nodes end at d, d, 2d, 2d ... If tasks that each
 * have whole nodes explain the ends with far more equal durations, their starts are put where they
 * must have been. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/radical_impl.h"

enum { FEWEST = 8, MOST_NODES = 1024, MOST_TASKS = 5000, MOST_PAIRS = 2000000, ROUNDS = 2 };
/* a launch takes less than that: who waits longer waits for somebody */
#define LONG_S 5.0
#define SAME_S 0.5                       /* of clocks and records */
#define EXCEPTIONS 0.02
#define SPREAD 0.05                      /* variance of log durations that is worth explaining */
#define SHARE 0.1                        /* the same of deviations, as a share of all time */
#define EXPLAINED 3.0                    /* and by how much the rule must reduce one of them */
/* Share of pairs out of order from which "any" (1 in 2) is likelier than "in order, but for 1 in
 * 20": x ln 10 = (1 - x) ln 1.9. */
#define ANY_ORDER 0.218
/* of what its like take: then ends were recorded late, together, and say nothing of starts */
#define TOO_SHORT 0.5

/* ---- ends ---- */

struct end {
    struct radical_task *task;
    size_t group, nodes;
    double lasted_s;                     /* by the rule */
};
struct ends { size_t n, n_groups; struct end *at; double *typical_s, *free_s; size_t n_nodes; };

static size_t nodes_of(const struct radical *r, const struct radical_task *t)
{
    const struct platform *p = r->session->platform;
    double slots = (double)t->demand.ranks * t->demand.threads;
    return (size_t)fmax(1, ceil(slots / platform_node(p, 0)->n_slots));
}

static const char *known_name(const struct radical_task *t)
{
    return t->name ? t->name : t->label;
}

/* Without EnTK's stages names tell: "stage-3" of "stage-3-task-0". */
static bool same_stage(const struct radical_task *a, const struct radical_task *b)
{
    size_t n, m;
    const char *x = radical_prefix(known_name(a), &n), *y = radical_prefix(known_name(b), &m);
    return a->stage == b->stage && (a->stage >= 0 || (n == m && strncmp(x, y, n) == 0));
}

static bool same_kind(const struct radical_task *a, const struct radical_task *b)
{
    return same_stage(a, b) && a->demand.ranks == b->demand.ranks &&
           a->demand.threads == b->demand.threads && a->demand.gpus == b->demand.gpus;
}

static size_t group_of(const struct ends *e, const struct radical_task *t)
{
    for (size_t i = 0; i < e->n; i++)
        if (same_kind(e->at[i].task, t))
            return e->at[i].group;
    return e->n_groups;
}

static double raw_s(const struct end *e)
{
    return e->task->stopped_s - e->task->started_s;
}

SORT_BY(by_stop, struct end, task->stopped_s)

/* All that is known is when the launcher was asked. Before 0.5 the script that asks it records its
 * own start, and no end. */
static bool was_handed_over(const struct radical_task *t)
{
    return t->clock == CLOCK_STATES || t->clock == CLOCK_AGENT ||
           (t->clock == CLOCK_NODE && !is_known(t->entity->at[EVENT_NODE_STOP]));
}

/* Ended tasks of which the records say when they were handed over, not when they began. False:
 * there are too few, or too many. */
static bool list_ends(const struct radical *r, struct ends *e)
{
    const struct platform *p = r->session->platform;
    if (r->n < FEWEST || r->n > MOST_TASKS || p->n_nodes < 1 || p->n_nodes > MOST_NODES)
        return false;
    e->at = xcalloc(r->n, sizeof *e->at);
    e->typical_s = xcalloc(r->n + 1, sizeof *e->typical_s);
    e->n_nodes = p->n_nodes;
    for (size_t i = 0; i < r->n; i++) {
        struct radical_task *t = &r->tasks[i];
        if (!was_handed_over(t) || t->status != TASK_DONE || !(t->stopped_s > t->started_s) ||
            nodes_of(r, t) > e->n_nodes)
            continue;
        size_t group = group_of(e, t);
        e->n_groups += group == e->n_groups;
        e->at[e->n++] = (struct end){ t, group, nodes_of(r, t), 0 };
    }
    qsort(e->at, e->n, sizeof *e->at, by_stop);
    return e->n >= FEWEST;
}

static void shortest(struct ends *e)
{
    for (size_t g = 0; g < e->n_groups; g++)
        e->typical_s[g] = INFINITY;
    for (size_t i = 0; i < e->n; i++)
        e->typical_s[e->at[i].group] = fmin(e->typical_s[e->at[i].group], raw_s(&e->at[i]));
}

static void geometric_means(struct ends *e)
{
    size_t *count = xcalloc(e->n_groups + 1, sizeof *count);
    for (size_t g = 0; g < e->n_groups; g++)
        e->typical_s[g] = 0;
    for (size_t i = 0; i < e->n; i++) {
        e->typical_s[e->at[i].group] += log(e->at[i].lasted_s);
        count[e->at[i].group]++;
    }
    for (size_t g = 0; g < e->n_groups; g++)
        e->typical_s[g] = exp(e->typical_s[g] / (double)count[g]);
    free(count);
}

/* `free_s` ascending: since when each node is free. The task took nodes of which the last came free
 * at free_s[k - 1]: the k that makes it last as long as its like. */
static size_t best_nodes(const struct ends *e, const struct end *end)
{
    size_t best = 0;
    double best_error = INFINITY;
    for (size_t k = end->nodes; k <= e->n_nodes; k++) {
        double lasted_s = end->task->stopped_s - fmax(end->task->started_s, e->free_s[k - 1]);
        double error = lasted_s > 0 ? fabs(log(lasted_s / e->typical_s[end->group])) : INFINITY;
        if (error < best_error) {
            best_error = error;
            best = k;
        }
    }
    return best;
}

/* Nodes k - nodes .. k - 1 come free when the task stops, which is later than all before. */
static void occupy(struct ends *e, size_t k, const struct end *end)
{
    for (size_t i = k; i < e->n_nodes; i++)
        e->free_s[i - end->nodes] = e->free_s[i];
    for (size_t i = e->n_nodes - end->nodes; i < e->n_nodes; i++)
        e->free_s[i] = end->task->stopped_s;
}

static void follow(struct ends *e)
{
    for (size_t i = 0; i < e->n_nodes; i++)
        e->free_s[i] = -INFINITY;
    for (size_t i = 0; i < e->n; i++) {
        struct end *end = &e->at[i];
        size_t k = best_nodes(e, end);
        end->lasted_s = raw_s(end);
        if (k == 0)
            continue;
        end->lasted_s = end->task->stopped_s - fmax(end->task->started_s, e->free_s[k - 1]);
        occupy(e, k, end);
    }
}

/* How unequal the tasks of a group last: the variance of log durations, and the mean deviation as a
 * share of all time, which what lasts long decides. */
struct spread { double log_variance, share; };

static double lasted_s(const struct end *e, bool by_rule)
{
    return by_rule ? e->lasted_s : raw_s(e);
}

static struct spread spread_of(const struct ends *e, bool by_rule)
{
    double *sum = xcalloc(e->n_groups + 1, sizeof *sum),
           *logs = xcalloc(e->n_groups + 1, sizeof *logs), total_s = 0;
    size_t *count = xcalloc(e->n_groups + 1, sizeof *count);
    struct spread out = { 0, 0 };
    for (size_t i = 0; i < e->n; i++) {
        sum[e->at[i].group] += lasted_s(&e->at[i], by_rule);
        logs[e->at[i].group] += log(lasted_s(&e->at[i], by_rule));
        count[e->at[i].group]++;
    }
    for (size_t i = 0; i < e->n; i++) {
        double n = (double)count[e->at[i].group], x = lasted_s(&e->at[i], by_rule);
        out.log_variance += pow(log(x) - logs[e->at[i].group] / n, 2) / (double)e->n;
        out.share += fabs(x - sum[e->at[i].group] / n);
        total_s += x;
    }
    out.share /= total_s;
    xfree(sum, logs, count);
    return out;
}

static bool explained(const struct ends *e)
{
    struct spread raw = spread_of(e, false), left = spread_of(e, true);
    return (raw.log_variance > SPREAD && left.log_variance * EXPLAINED < raw.log_variance) ||
           (raw.share > SHARE && left.share * EXPLAINED < raw.share);
}

static void move_starts(struct radical *r, const struct ends *e)
{
    struct session *s = r->session;
    size_t moved = 0;
    bool *late = xcalloc(e->n_groups + 1, sizeof *late);
    for (size_t i = 0; i < e->n; i++)
        late[e->at[i].group] |= e->at[i].lasted_s < TOO_SHORT * e->typical_s[e->at[i].group];
    for (size_t i = 0; i < e->n; i++) {
        double start_s = e->at[i].task->stopped_s - e->at[i].lasted_s;
        if (late[e->at[i].group] || start_s <= e->at[i].task->started_s)
            continue;
        moved++;
        e->at[i].task->started_s = start_s;
        e->at[i].task->kept = true;
    }
    free(late);
    s->alone = ALONE_NODES;
    s->n_alone = s->n_alone_moved = moved;
}

static void look_at_ends(struct radical *r)
{
    struct ends e = { .n = 0 };
    if (list_ends(r, &e)) {
        e.free_s = xcalloc(e.n_nodes, sizeof *e.free_s);
        shortest(&e);
        for (int round = 0; round < ROUNDS; round++) {
            follow(&e);
            geometric_means(&e);
        }
        if (explained(&e))
            move_starts(r, &e);
    }
    xfree(e.at, e.typical_s, e.free_s);
}

/* ---- pairs ---- */

struct pairs { size_t kept, let; };      /* kept apart; let run together */

enum { PAIRS_ALL, PAIRS_WITHOUT_GPU, PAIRS_CORE, PAIRS_GPUS, PAIRS_ELSE };

/* On a node of both: they ran together for long; or `later` was launched while `first` ran for long
 * yet, and began when that had ended. */
static void count_pair(const struct radical *r, const struct radical_task *first,
                       const struct radical_task *later, struct pairs *of)
{
    double ready_s =
        known_or(later->entity->at[EVENT_LAUNCH_START], later->entity->at[EVENT_SCHEDULE_OK]);
    bool let = fmin(first->stopped_s, later->stopped_s) - later->started_s > LONG_S;
    bool kept = ready_s >= first->started_s && ready_s + LONG_S <= first->stopped_s &&
                later->started_s >= first->stopped_s - SAME_S;
    if (!let && !kept)
        return;
    for (size_t i = 0; i < later->n_parts; i++) {
        const struct radical_part *b = &r->parts[later->first_part + i],
                                  *a = radical_part_on(r, first, b->node);
        if (!a)
            continue;
        bool gpus = first->demand.gpus > 0 && later->demand.gpus > 0;
        const size_t kinds[] = { PAIRS_ALL, gpus ? PAIRS_GPUS : PAIRS_WITHOUT_GPU,
                                 radical_share_core(r, a, b) ? PAIRS_CORE : PAIRS_ELSE };
        for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
            of[kinds[k]].kept += kept;
            of[kinds[k]].let += !kept;
        }
        return;
    }
}

static bool holds(const struct pairs *p)
{
    return p->kept >= FEWEST && (double)p->let <= EXCEPTIONS * (double)p->kept;
}

static bool on_node(const struct radical_task *t)
{
    return t->status == TASK_DONE && is_known(t->started_s) && is_known(t->stopped_s) &&
           t->n_parts > 0 && !was_handed_over(t) && t->clock != CLOCK_NONE;
}

static int by_start(const void *a, const void *b)
{
    const struct radical_task *x = *(struct radical_task *const *)a,
                              *y = *(struct radical_task *const *)b;
    return (x->started_s > y->started_s) - (x->started_s < y->started_s);
}

/* Every task against those that still run when it is handed to the launcher: those that began
 * before it. Returns of how many both times were read on a node. */
static size_t count_pairs(const struct radical *r, struct pairs *of)
{
    struct radical_task **list = xcalloc(r->n + 1, sizeof *list);
    size_t n = 0, n_pairs = 0;
    for (size_t i = 0; i < r->n; i++)
        if (on_node(&r->tasks[i]))
            list[n++] = &r->tasks[i];
    qsort(list, n, sizeof *list, by_start);
    for (size_t i = 0; i < n; i++)
        for (size_t k = i; k-- > 0 && n_pairs < MOST_PAIRS; n_pairs++)
            count_pair(r, list[k], list[i], of);
    free(list);
    return n;
}

static bool is_open(const struct pairs *p)
{
    return p->kept < FEWEST && (double)p->let <= EXCEPTIONS * (double)p->kept;
}

/* Starts were read on the nodes, but two tasks hardly ever met. */
static void leave_open(struct session *s, const struct pairs *of)
{
    s->alone_open[ALONE_NODES] = is_open(&of[PAIRS_ALL]);
    s->alone_open[ALONE_WITHOUT_GPU] = is_open(&of[PAIRS_WITHOUT_GPU]);
    s->alone_open[ALONE_CORE] = is_open(&of[PAIRS_CORE]);
}

static void look_at_pairs(struct radical *r)
{
    struct pairs of[5] = { { 0, 0 } };
    struct session *s = r->session;
    if (count_pairs(r, of) == 0)
        return;
    const struct pairs *shown =
        holds(&of[PAIRS_ALL])                                     ? &of[PAIRS_ALL]
        : holds(&of[PAIRS_WITHOUT_GPU]) && of[PAIRS_GPUS].let > 0 ? &of[PAIRS_WITHOUT_GPU]
        : holds(&of[PAIRS_CORE]) && of[PAIRS_ELSE].let > of[PAIRS_ELSE].kept ? &of[PAIRS_CORE]
                                                                             : NULL;
    if (!shown) {
        leave_open(s, of);
        return;
    }
    s->alone = shown == &of[PAIRS_ALL]    ? ALONE_NODES
               : shown == &of[PAIRS_CORE] ? ALONE_CORE
                                          : ALONE_WITHOUT_GPU;
    s->n_alone = shown->kept;
    s->n_alone_against = shown->let;
    radical_mark_kept(r);
}

/* ---- whose turn ---- */

static double handed_s(const struct radical_task *t)
{
    const double *at = t->entity->at;
    return known_or(at[EVENT_LAUNCH_START],
                    known_or(at[EVENT_SCHEDULE_OK], at[EVENT_STATE_EXECUTING]));
}

/* Of two that waited for others, did the one that was handed over first begin first? */
static void look_at_turns(struct radical *r)
{
    size_t in_order = 0, against = 0;
    for (size_t i = 0; i < r->n && r->n <= MOST_TASKS; i++)
        for (size_t k = 0; k < i && in_order + against < MOST_PAIRS; k++) {
            const struct radical_task *a = &r->tasks[i], *b = &r->tasks[k];
            const struct radical_task *first = handed_s(a) <= handed_s(b) ? a : b,
                                      *other = first == a ? b : a;
            bool both = first->started_s - handed_s(other) > LONG_S &&
                        other->started_s - handed_s(other) > LONG_S;
            if (!both || fabs(first->started_s - other->started_s) < LONG_S)
                continue;
            in_order += first->started_s < other->started_s;
            against += first->started_s > other->started_s;
        }
    r->session->alone_random = (double)against > ANY_ORDER * (double)(in_order + against);
}

void radical_alone(struct radical *r)
{
    look_at_ends(r);
    if (r->session->alone == ALONE_NEVER)
        look_at_pairs(r);
    if (r->session->alone != ALONE_NEVER)
        look_at_turns(r);
}
