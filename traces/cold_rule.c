#include "traces/cold_rule.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

#define FLOOR_S 1e-3                     /* below a millisecond nothing is told apart */
#define LEAST_SD 0.05                    /* of logarithms: clocks and thinning make no sharper density */
#define ALIKE 0.02                       /* gains that differ by less than this share are the same */
enum { FEW_TASKS = 3, KINDS = 2, LATENCIES = 2, MOST_BURSTS = 8 };

struct moments { double n, sum, squares; };              /* of logarithms */

static double latency(const struct task_sample *t, int which)
{
    double x = which == 0 ? t->startup_s : t->offset_s;
    return isnan(x) ? NAN : log(fmax(x, FLOOR_S));
}

/* Numbers of the bulks that are large enough and early enough. */
static bool early_burst(const struct cold_rule_fit *rule, const struct samples *session, int bulk)
{
    int earlier = 0, last = -1;
    for (int b = 0; b < bulk && earlier < rule->bulks; b++)
        for (size_t i = 0; i < session->n_tasks; i++)
            if (session->tasks[i].bulk == b && session->tasks[i].bulk_tasks >= (size_t)rule->burst && b != last) {
                last = b;
                earlier++;
                break;
            }
    return earlier < rule->bulks;
}

static void apply_burst(const struct cold_rule_fit *rule, const struct samples *session, bool *cold)
{
    int known = -1;
    bool early = false;
    for (size_t i = 0; i < session->n_tasks; i++) {
        const struct task_sample *t = &session->tasks[i];
        cold[i] = false;
        if (t->bulk < 0 || t->bulk_tasks < (size_t)rule->burst)
            continue;
        if (t->bulk != known)
            early = early_burst(rule, session, t->bulk);
        known = t->bulk;
        cold[i] = early;
    }
}

void cold_rule_apply(const struct cold_rule_fit *rule, const struct samples *session, bool *cold)
{
    if (rule->rule == COLD_BURST)
        apply_burst(rule, session, cold);
    for (size_t i = 0; i < session->n_tasks; i++) {
        const struct task_sample *t = &session->tasks[i];
        if (rule->rule != COLD_BURST)
            cold[i] = (rule->rule == COLD_FIRST_ON_NODE && t->first_on_node) || (rule->rule == COLD_FIRST_WAVE && t->first_wave);
        cold[i] = cold[i] && (t->gpu || !rule->gpu_only);
    }
}

/* ---- scores ---- */

struct split { struct moments of[LATENCIES][KINDS]; };   /* one session's start-ups and offsets, warm and cold */

static struct split split_session(const struct cold_rule_fit *rule, const struct samples *session)
{
    struct split out = { 0 };
    bool *cold = xcalloc(session->n_tasks + 1, sizeof *cold);
    cold_rule_apply(rule, session, cold);
    for (size_t i = 0; i < session->n_tasks; i++)
        for (int l = 0; l < LATENCIES; l++) {
            double x = latency(&session->tasks[i], l);
            struct moments *m = &out.of[l][cold[i]];
            if (isnan(x))
                continue;
            m->n++;
            m->sum += x;
            m->squares += x * x;
        }
    free(cold);
    return out;
}

static struct moments plus(struct moments a, struct moments b)
{
    return (struct moments){ a.n + b.n, a.sum + b.sum, a.squares + b.squares };
}

static struct moments less(struct moments all, struct moments one)
{
    return (struct moments){ all.n - one.n, all.sum - one.sum, all.squares - one.squares };
}

/* Log density of `of` under the normal law of `from` (of logarithms); what nobody else has seen is scored by all values. */
static double normal_score(struct moments of, struct moments from, struct moments fallback)
{
    if (from.n < FEW_TASKS)
        from = fallback;
    if (of.n == 0 || from.n == 0)
        return 0;
    double mean = from.sum / from.n, variance = fmax(from.squares / from.n - mean * mean, LEAST_SD * LEAST_SD);
    return -(of.squares - 2 * mean * of.sum + of.n * mean * mean) / (2 * variance) - of.n / 2 * log(2 * acos(-1) * variance);
}

/* scores[s]: session s under the others; with one session under itself. */
static void score_rule(const struct cold_rule_fit *rule, const struct samples *sessions, size_t n, double *scores)
{
    struct split *splits = xcalloc(n, sizeof *splits), all = { 0 };
    for (size_t s = 0; s < n; s++) {
        splits[s] = split_session(rule, &sessions[s]);
        for (int l = 0; l < LATENCIES; l++)
            for (int k = 0; k < KINDS; k++)
                all.of[l][k] = plus(all.of[l][k], splits[s].of[l][k]);
    }
    for (size_t s = 0; s < n; s++) {
        scores[s] = 0;
        for (int l = 0; l < LATENCIES; l++) {
            struct moments warm = n > 1 ? less(all.of[l][0], splits[s].of[l][0]) : all.of[l][0];
            struct moments cold = n > 1 ? less(all.of[l][1], splits[s].of[l][1]) : all.of[l][1];
            struct moments both = plus(warm, cold);
            scores[s] += normal_score(splits[s].of[l][0], warm, both) + normal_score(splits[s].of[l][1], cold, both);
        }
    }
    free(splits);
}

/* ---- candidates ---- */

/* Different sizes of bulks, the largest first. */
static size_t burst_sizes(const struct samples *sessions, size_t n, int sizes[MOST_BURSTS])
{
    size_t found = 0;
    int below = INT_MAX;
    for (; found < MOST_BURSTS; found++) {
        int best = 0;
        for (size_t s = 0; s < n; s++)
            for (size_t i = 0; i < sessions[s].n_tasks; i++)
                if ((int)sessions[s].tasks[i].bulk_tasks < below && (int)sessions[s].tasks[i].bulk_tasks > best)
                    best = (int)sessions[s].tasks[i].bulk_tasks;
        if (best < 2)
            break;
        sizes[found] = below = best;
    }
    return found;
}

struct search { const struct samples *sessions; size_t n; const double *never; struct cold_rule_fit best; };

/* Better by more than chance: in sum, and in more than half of the sessions whose score it changes. */
static void try_rule(struct search *search, struct cold_rule_fit rule)
{
    double *scores = xcalloc(search->n, sizeof *scores), gain = 0, tasks = 0;
    size_t changed = 0, better = 0;
    score_rule(&rule, search->sessions, search->n, scores);
    for (size_t s = 0; s < search->n; s++) {
        double by = scores[s] - search->never[s];
        gain += by;
        changed += fabs(by) > 1e-9;
        better += by > 1e-9;
        tasks += (double)search->sessions[s].n_tasks;
    }
    free(scores);
    rule.gain = tasks > 0 ? (gain - 2) / tasks : 0;      /* its two parameters */
    if (2 * better > changed && rule.gain > 0 && rule.gain > search->best.gain * (1 + ALIKE))
        search->best = rule;
}

struct cold_rule_fit cold_rule_choose(const struct samples *sessions, size_t n)
{
    const struct cold_rule_fit none = { .rule = COLD_NEVER };
    double *never = xcalloc(n + 1, sizeof *never);
    struct search search = { sessions, n, never, none };
    int sizes[MOST_BURSTS];
    size_t n_sizes = burst_sizes(sessions, n, sizes);
    score_rule(&none, sessions, n, never);
    for (int gpu = 0; gpu <= 1; gpu++) {                 /* from simple to special */
        try_rule(&search, (struct cold_rule_fit){ .rule = COLD_FIRST_WAVE, .gpu_only = gpu });
        try_rule(&search, (struct cold_rule_fit){ .rule = COLD_FIRST_ON_NODE, .gpu_only = gpu });
        for (size_t b = 0; b < n_sizes; b++)
            for (int bulks = 1; bulks <= 2; bulks++)
                try_rule(&search, (struct cold_rule_fit){ .rule = COLD_BURST, .burst = sizes[b], .bulks = bulks, .gpu_only = gpu });
    }
    free(never);
    return search.best;
}
