#include "traces/cold_rule.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

/* what a rule must explain beyond none, and beyond every simpler rule */
#define LEAST 0.05
enum { MOST_BURSTS = 8 };

static double latency(const struct task_sample *t)
{
    if (isnan(t->startup_s) && isnan(t->offset_s))
        return NAN;
    return (isnan(t->startup_s) ? 0 : t->startup_s) + (isnan(t->offset_s) ? 0 : t->offset_s);
}

/* Numbers of the bulks that are large enough and early enough. */
static bool early_burst(const struct cold_rule_fit *rule, const struct samples *session, int bulk)
{
    int earlier = 0, last = -1;
    for (int b = 0; b < bulk && earlier < rule->bulks; b++)
        for (size_t i = 0; i < session->n_tasks; i++)
            if (session->tasks[i].bulk == b &&
                session->tasks[i].bulk_tasks >= (size_t)rule->burst && b != last) {
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
            cold[i] = (rule->rule == COLD_FIRST_ON_NODE && t->first_on_node) ||
                      (rule->rule == COLD_FIRST_WAVE && t->first_wave) ||
                      (rule->rule == COLD_NODE_CHANGE && t->node_change);
        cold[i] = cold[i] && (t->gpu || !rule->gpu_only);
    }
}

/* ---- scores ---- */

struct split {                           /* one session's x, of warm and of cold tasks */
    double n[2], mean[2], squares[2];    /* squares about the kind's own mean */
};

static struct split split_session(const struct cold_rule_fit *rule, const struct samples *session)
{
    struct split out = { { 0, 0 }, { 0, 0 }, { 0, 0 } };
    bool *cold = xcalloc(session->n_tasks + 1, sizeof *cold);
    cold_rule_apply(rule, session, cold);
    for (size_t i = 0; i < session->n_tasks; i++) {
        double x = latency(&session->tasks[i]);
        int k = cold[i];
        if (isnan(x))
            continue;
        double from = x - out.mean[k];
        out.n[k]++;
        out.mean[k] += from / out.n[k];
        out.squares[k] += from * (x - out.mean[k]);
    }
    free(cold);
    return out;
}

static bool has_both(const struct split *s)
{
    return s->n[0] > 0 && s->n[1] > 0;
}

static double contrast(const struct split *s)
{
    return s->mean[1] - s->mean[0];
}

/* Squares of x - D c about the session's mean of it. */
static double squares_left(const struct split *s, double d)
{
    double between = has_both(s) ? s->n[0] * s->n[1] / (s->n[0] + s->n[1]) * (contrast(s) - d) *
                                       (contrast(s) - d)
                                 : 0;
    return s->squares[0] + s->squares[1] + between;
}

static double contrast_of_others(const struct split *splits, size_t n, size_t but)
{
    double sum = 0, count = 0;
    for (size_t s = 0; s < n; s++)
        if (s != but && has_both(&splits[s])) {
            sum += contrast(&splits[s]);
            count++;
        }
    return count > 0 ? sum / count : 0;
}

/* One session with both kinds can only be asked itself; chance explains about (number of bulks
 * tried) in n. */
static double explained_within(const struct split *s)
{
    double all = squares_left(s, 0), n = s->n[0] + s->n[1];
    return all > 0 ? 1 - squares_left(s, contrast(s)) / all - 2 * MOST_BURSTS / n : 0;
}

static double explained_by(const struct split *splits, size_t n)
{
    double before = 0, after = 0;
    size_t both = 0, slower = 0, only = 0;
    for (size_t s = 0; s < n; s++) {
        only = has_both(&splits[s]) ? s : only;
        before += squares_left(&splits[s], 0);
        after += squares_left(&splits[s], contrast_of_others(splits, n, s));
        both += has_both(&splits[s]);
        slower += has_both(&splits[s]) && contrast(&splits[s]) > 0;
    }
    if (2 * slower <= both)
        return 0;
    return both == 1 ? explained_within(&splits[only]) : before > 0 ? 1 - after / before : 0;
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
                if ((int)sessions[s].tasks[i].bulk_tasks < below &&
                    (int)sessions[s].tasks[i].bulk_tasks > best)
                    best = (int)sessions[s].tasks[i].bulk_tasks;
        if (best < 2)
            break;
        sizes[found] = below = best;
    }
    return found;
}

static void try_rule(struct cold_rule_fit *best, struct cold_rule_fit rule,
                     const struct samples *sessions, size_t n)
{
    struct split *splits = xcalloc(n, sizeof *splits);
    for (size_t s = 0; s < n; s++)
        splits[s] = split_session(&rule, &sessions[s]);
    rule.explained = explained_by(splits, n);
    free(splits);
    if (rule.explained > best->explained + LEAST)
        *best = rule;
}

struct cold_rule_fit cold_rule_choose(const struct samples *sessions, size_t n)
{
    struct cold_rule_fit best = { .rule = COLD_NEVER };
    int sizes[MOST_BURSTS];
    size_t n_sizes = burst_sizes(sessions, n, sizes);
    for (int gpu = 0; gpu <= 1; gpu++) {                 /* from simple to special */
        try_rule(&best, (struct cold_rule_fit){ .rule = COLD_FIRST_WAVE, .gpu_only = gpu },
                 sessions, n);
        try_rule(&best, (struct cold_rule_fit){ .rule = COLD_FIRST_ON_NODE, .gpu_only = gpu },
                 sessions, n);
        try_rule(&best, (struct cold_rule_fit){ .rule = COLD_NODE_CHANGE, .gpu_only = gpu },
                 sessions, n);
        for (size_t b = 0; b < n_sizes; b++)
            for (int bulks = 1; bulks <= 2; bulks++)
                try_rule(
                    &best,
                    (struct cold_rule_fit){
                        .rule = COLD_BURST, .burst = sizes[b], .bulks = bulks, .gpu_only = gpu },
                    sessions, n);
    }
    return best;
}
