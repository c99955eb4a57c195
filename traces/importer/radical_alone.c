/* Does the launcher keep tasks apart that have slots beside each other (enum alone_rule)?
 *
 * Where starts were read on the nodes, pairs tell: one was launched while the other ran there, and
 * began only when that had ended. Where the records only say when a task was handed to the
 * launcher, ends tell (radical_alone_ends.c). */
#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "traces/importer/radical_impl.h"

enum { FEWEST = 8, MOST_TASKS = 5000, MOST_PAIRS = 2000000 };
/* a launch takes less than that: who waits longer waits for somebody */
#define LONG_S 5.0
#define SAME_S 0.5                       /* of clocks and records */
#define EXCEPTIONS 0.02
/* Share of pairs out of order from which "any" (1 in 2) is likelier than "in order, but for 1 in
 * 20": x ln 10 = (1 - x) ln 1.9. */
#define ANY_ORDER 0.218

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
           t->n_parts > 0 && !radical_was_handed_over(t) && t->clock != CLOCK_NONE;
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

static enum alone_evidence evidence_of(const struct pairs *p)
{
    return (double)p->let > EXCEPTIONS * (double)p->kept ? ALONE_EXCLUDED
           : p->kept < FEWEST                            ? ALONE_POSSIBLE
                                                         : ALONE_UNKNOWN;
}

/* Starts were read on the nodes, but show no rule. */
static void say_of_each(struct session *s, const struct pairs *of)
{
    s->alone_says[ALONE_OWN_NODES] = evidence_of(&of[PAIRS_ALL]);
    s->alone_says[ALONE_WITHOUT_GPU] = evidence_of(&of[PAIRS_WITHOUT_GPU]);
    s->alone_says[ALONE_CORE] = evidence_of(&of[PAIRS_CORE]);
    /* two whose slots lie on one node may run on two */
    s->alone_says[ALONE_NODES] =
        s->alone_says[ALONE_OWN_NODES] == ALONE_EXCLUDED && s->platform->n_nodes > 1
            ? ALONE_UNKNOWN
            : s->alone_says[ALONE_OWN_NODES];
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
        say_of_each(s, of);
        return;
    }
    s->alone = shown == &of[PAIRS_ALL]    ? ALONE_OWN_NODES
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
    radical_alone_by_ends(r);
    if (r->session->alone == ALONE_NEVER)
        look_at_pairs(r);
    if (r->session->alone != ALONE_NEVER)
        look_at_turns(r);
}
