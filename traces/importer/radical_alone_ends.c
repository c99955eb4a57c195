/* Does the launcher keep tasks apart, where the records only say when it was handed a task? Ends
 * tell: eight equal tasks on two nodes end at d, d, 2d, 2d ...
 *
 * Each rule says when a task must have begun. The one that makes like tasks last alike, by far more
 * than the records do, is the session's, and starts are put where it lets the tasks begin. If the
 * launcher finds nodes itself, a task may have had any that came free before: this explains much,
 * and so it must not leave nodes idle while tasks wait. On the nodes of its slots a task begins
 * when the one before it there has ended. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/radical_alone_ends_impl.h"

enum { FEWEST = 8, MOST_NODES = 1024, MOST_TASKS = 5000, ROUNDS = 2 };
/* of what its like take: then ends were recorded late, together, and say nothing of starts */
#define TOO_SHORT 0.5
#define SHORTEST_S 1e-3                  /* two ends on one node in one instant */
#define IDLE 0.1                         /* of all waiting: while nodes enough were idle */
/* A rule that chooses for each task may explain so many times better by chance. */
#define CHOICE 2.0

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

static size_t group_of(const struct radical_ends *e, const struct radical_task *t)
{
    for (size_t i = 0; i < e->n; i++)
        if (same_kind(e->at[i].task, t))
            return e->at[i].group;
    return e->n_groups;
}

SORT_BY(by_stop, struct radical_end, task->stopped_s)

bool radical_was_handed_over(const struct radical_task *t)
{
    return t->clock == CLOCK_STATES || t->clock == CLOCK_AGENT ||
           (t->clock == CLOCK_NODE && !is_known(t->entity->at[EVENT_NODE_STOP]));
}

/* Ended tasks of which the records say when they were handed over, not when they began. False:
 * there are too few, or too many. */
static bool list_ends(const struct radical *r, struct radical_ends *e)
{
    const struct platform *p = r->session->platform;
    if (r->n < FEWEST || r->n > MOST_TASKS || p->n_nodes < 1 || p->n_nodes > MOST_NODES)
        return false;
    e->at = xcalloc(r->n, sizeof *e->at);
    e->typical_s = xcalloc(r->n + 1, sizeof *e->typical_s);
    e->n_nodes = p->n_nodes;
    for (size_t i = 0; i < r->n; i++) {
        struct radical_task *t = &r->tasks[i];
        if (!radical_was_handed_over(t) || t->status != TASK_DONE ||
            !(t->stopped_s > t->started_s) || nodes_of(r, t) > e->n_nodes)
            continue;
        size_t group = group_of(e, t);
        e->n_groups += group == e->n_groups;
        e->at[e->n++] = (struct radical_end){ t, group, nodes_of(r, t), 0 };
    }
    qsort(e->at, e->n, sizeof *e->at, by_stop);
    return e->n >= FEWEST;
}

static void shortest(struct radical_ends *e)
{
    for (size_t g = 0; g < e->n_groups; g++)
        e->typical_s[g] = INFINITY;
    for (size_t i = 0; i < e->n; i++)
        e->typical_s[e->at[i].group] = fmin(e->typical_s[e->at[i].group], radical_raw_s(&e->at[i]));
}

static void geometric_means(struct radical_ends *e)
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
static size_t best_nodes(const struct radical_ends *e, const struct radical_end *end)
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
static void occupy(struct radical_ends *e, size_t k, const struct radical_end *end)
{
    for (size_t i = k; i < e->n_nodes; i++)
        e->free_s[i - end->nodes] = e->free_s[i];
    for (size_t i = e->n_nodes - end->nodes; i < e->n_nodes; i++)
        e->free_s[i] = end->task->stopped_s;
}

/* When a task began: the launcher finds nodes itself, those that came free first, or those that
 * make it last as long as its like; or it takes those of the task's slots. */
enum way { FIRST_FREE, LIKELIEST, OWN, WAYS };

static double begin_anywhere(struct radical_ends *e, const struct radical_end *end, enum way way)
{
    size_t k = way == FIRST_FREE ? end->nodes : best_nodes(e, end);
    if (k == 0)
        return end->task->started_s;
    double start_s = fmax(end->task->started_s, e->free_s[k - 1]);
    occupy(e, k, end);
    return start_s;
}

static double begin_there(const struct radical *r, struct radical_ends *e,
                          const struct radical_end *end)
{
    const struct radical_part *parts = &r->parts[end->task->first_part];
    double start_s = end->task->started_s;
    for (size_t i = 0; i < end->task->n_parts; i++)
        start_s = fmax(start_s, e->free_s[parts[i].node]);
    for (size_t i = 0; i < end->task->n_parts; i++)
        e->free_s[parts[i].node] = end->task->stopped_s;
    return start_s;
}

static void follow(const struct radical *r, struct radical_ends *e, enum way way)
{
    for (size_t i = 0; i < e->n_nodes; i++)
        e->free_s[i] = -INFINITY;
    for (size_t i = 0; i < e->n; i++) {
        struct radical_end *end = &e->at[i];
        double start_s = way == OWN ? begin_there(r, e, end) : begin_anywhere(e, end, way);
        end->lasted_s = fmax(end->task->stopped_s - start_s, SHORTEST_S);
    }
    geometric_means(e);
}

static bool nodes_known(const struct radical *r, const struct radical_ends *e)
{
    for (size_t i = 0; i < e->n; i++) {
        const struct radical_task *t = e->at[i].task;
        for (size_t k = 0; k < t->n_parts; k++)
            if (r->parts[t->first_part + k].node >= e->n_nodes)
                return false;
        if (t->n_parts == 0)
            return false;
    }
    return true;
}

/* As radical_left_by_rule(); NaN, too, if nodes are idle while tasks wait. */
static double left_by(const struct radical *r, struct radical_ends *e, enum way way)
{
    if (way == OWN && !nodes_known(r, e))
        return NAN;
    shortest(e);
    for (int round = 0; round < (way == LIKELIEST ? ROUNDS : 1); round++)
        follow(r, e, way);
    if (way != OWN && radical_waited_in_vain(e) > IDLE)
        return NAN;
    /* starts and ends that are paired in order make tasks last alike, whatever the truth */
    return way == FIRST_FREE && radical_ends_vary(e) ? (double)NAN : radical_left_by_rule(e);
}

static void move_starts(struct radical *r, const struct radical_ends *e, enum alone_rule rule)
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
    s->alone = rule;
    s->n_alone = s->n_alone_moved = moved;
}

/* e->at[].lasted_s is as the rule has it. */
static enum alone_rule rule_of(const struct radical *r, struct radical_ends *e)
{
    double left[WAYS];
    for (int way = 0; way < WAYS; way++)
        left[way] = left_by(r, e, (enum way)way);
    enum way best = left[FIRST_FREE] <= left[LIKELIEST] || isnan(left[LIKELIEST]) ? FIRST_FREE
                                                                                   : LIKELIEST;
    if (left[OWN] <= CHOICE * left[best] || isnan(left[best]))
        best = OWN;
    if (isnan(left[best]))
        return ALONE_NEVER;
    left_by(r, e, best);
    return best == OWN ? ALONE_OWN_NODES : ALONE_NODES;
}

void radical_alone_by_ends(struct radical *r)
{
    struct radical_ends e = { .n = 0 };
    if (list_ends(r, &e)) {
        e.free_s = xcalloc(e.n_nodes, sizeof *e.free_s);
        enum alone_rule rule = rule_of(r, &e);
        if (rule != ALONE_NEVER)
            move_starts(r, &e, rule);
    }
    xfree(e.at, e.typical_s, e.free_s);
}
