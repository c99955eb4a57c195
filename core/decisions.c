#include "core/decisions.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/workflow.h"

static void free_texts(char **texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(texts[i]);
    free(texts);
}

void set_decision_free(struct set_decision *d)
{
    if (!d)
        return;
    free_texts(d->cancels, d->n_cancels);
    xfree(d->of, d->otherwise);
    dist_free(d->number);
    free(d);
}

struct set_decision *set_decision_copy(const struct set_decision *d)
{
    if (!d)
        return NULL;
    struct set_decision *copy = xmemdup(d, sizeof *d);
    copy->of = d->of ? xstrdup(d->of) : NULL;
    copy->otherwise = d->otherwise ? xstrdup(d->otherwise) : NULL;
    copy->number = d->number ? dist_copy(d->number) : NULL;
    copy->cancels = d->cancels ? xmemdup(d->cancels, d->n_cancels * sizeof *d->cancels) : NULL;
    for (size_t i = 0; i < d->n_cancels; i++)
        copy->cancels[i] = xstrdup(d->cancels[i]);
    return copy;
}

bool workflow_decides(const struct workflow *w)
{
    bool any = w->decisions.n_loops > 0 || w->decisions.n_campaigns > 0;
    for (size_t s = 0; s < w->n_sets && !any; s++)
        any = w->sets[s].decided != NULL;
    return any;
}

bool loop_holds(const struct loop *l, const char *set)
{
    for (size_t i = 0; i < l->n_sets; i++)
        if (str_equal(l->sets[i], set))
            return true;
    return false;
}

/* Of loops that hold the set, the one with the fewest sets is inside the others. */
int workflow_loop_of(const struct workflow *w, int set)
{
    int found = -1;
    for (size_t i = 0; i < w->decisions.n_loops; i++) {
        const struct loop *l = &w->decisions.loops[i];
        bool inner = found < 0 || l->n_sets < w->decisions.loops[found].n_sets;
        if (inner && loop_holds(l, w->sets[set].name))
            found = (int)i;
    }
    return found;
}

int workflow_loop_around(const struct workflow *w, int loop)
{
    const struct loop *inner = &w->decisions.loops[loop];
    for (size_t i = 0; i < w->decisions.n_loops; i++) {
        const struct loop *l = &w->decisions.loops[i];
        if ((int)i != loop && l->n_sets > inner->n_sets && loop_holds(l, inner->sets[0]))
            return (int)i;
    }
    return -1;
}

int workflow_find_related(const struct workflow *w, int set, const char *name)
{
    int found = name ? workflow_find_set(w, name) : -1;
    for (size_t s = 0; s < w->n_sets && name && found < 0; s++)
        if (w->sets[s].iteration == w->sets[set].iteration && str_equal(w->sets[s].label, name))
            found = (int)s;
    return found;
}

int workflow_campaign_of(const struct workflow *w, int set)
{
    const char *name = w->sets[set].name;
    for (size_t i = 0; i < w->decisions.n_campaigns; i++) {
        const struct campaign *c = &w->decisions.campaigns[i];
        if (str_equal(c->candidates, name) || str_equal(c->learn, name))
            return (int)i;
    }
    return -1;
}

/* Steps of a renewal process beyond `reaches`, for large numbers of them; exact for exponential
 * gains and for constants. */
static double steps_to_reach(const struct dist *gain, double reaches)
{
    double mean = dist_mean(gain), cv = mean > 0 ? dist_sd(gain) / mean : 0;
    if (mean <= 0)
        return reaches > 0 ? INFINITY : 1;
    return dist_is_constant(gain) ? fmax(1, ceil(reaches / mean))
                                  : reaches / mean + (1 + cv * cv) / 2;
}

/* The sum over k of the probability that iteration k takes place. */
double loop_expected(const struct loop *l)
{
    double most = l->at_most > 0 ? l->at_most : INFINITY, least = l->at_least;
    double p = l->stop.probability, n = most;
    if (p > 0 && p < 1) {
        double more = most < INFINITY ? 1 - pow(1 - p, most - least + 1) : 1;
        n = least - 1 + more / p;
    } else if (p >= 1) {
        n = least;
    }
    if (l->stop.after)
        n = fmin(n, fmax(least, dist_mean(l->stop.after)));
    if (l->stop.gain)
        n = fmin(n, fmax(least, steps_to_reach(l->stop.gain, l->stop.reaches)));
    return fmax(least, fmin(n, most));
}

double count_expected(const struct set_decision *d, double of, double written)
{
    double n = written;
    if (d && d->count == COUNT_DRAWN)
        n = fmax(0, dist_mean(d->number));
    if (d && d->count == COUNT_PER)
        n = of * fmax(0, dist_mean(d->number));
    if (d && d->count == COUNT_SHARE)
        n = of * d->share;
    return n;
}

/* A number per another one follows it: as many rounds as sets see them all. */
void workflow_expect_counts(struct workflow *w)
{
    bool changed = true;
    for (size_t round = 0; round <= w->n_sets && changed; round++) {
        changed = false;
        for (size_t s = 0; s < w->n_sets; s++) {
            struct task_set *set = &w->sets[s];
            if (!set->decided || set->decided->count == COUNT_WRITTEN)
                continue;
            int of = workflow_find_related(w, (int)s, set->decided->of);
            double n = count_expected(set->decided, of >= 0 ? w->sets[of].n_tasks : 0, 1);
            uint32_t tasks = (uint32_t)fmin(1e9, fmax(1, floor(n + 0.5)));
            changed |= tasks != set->n_tasks;
            set->n_tasks = tasks;
        }
    }
}

enum { MOST_LEARNINGS = 1000000 };       /* that are followed one by one */

double campaign_expected(const struct campaign *c)
{
    double most = c->budget > 0 ? (double)c->budget : 1e9, p = c->hit_probability, found = 0, n = 0;
    if (c->hits == 0)
        return c->budget > 0 ? most : INFINITY;
    double every = c->learn ? c->every : 1e9;
    for (int learnings = 0; n < most && found < c->hits; learnings++) {
        if (learnings == MOST_LEARNINGS)
            return most < 1e9 ? most : INFINITY;
        double step = fmin(every, fmin(most - n, fmax(1, ceil((c->hits - found) / fmin(1, p)))));
        found += step * fmin(1, p);
        n += step;
        p *= c->learn ? c->hit_gain : 1;
    }
    return fmin(n, most);
}
