#include "traces/loops.h"

#include <math.h>

#include "base/xalloc.h"

enum { LEAST_TIMES = 3, MOST_STAGES = 2000 };
static const double near = 0.25;

struct likeness { size_t same, sets; bool demands, numbers_vary; };

static bool duration_is_near(const struct task_set *a, const struct task_set *b)
{
    double x = dist_mean(a->duration), y = dist_mean(b->duration);
    return fabs(x - y) <= near * fmax(x, y);
}

/* Adds what two stages have in common. */
static void compare(const struct workflow *w, const struct stage *a, const struct stage *b, struct likeness *l)
{
    if (a->n_sets != b->n_sets) {
        l->demands = false;
        return;
    }
    for (size_t i = 0; i < a->n_sets; i++) {
        const struct task_set *x = &w->sets[a->sets[i]], *y = &w->sets[b->sets[i]];
        l->demands &= demand_equal(&x->demand, &y->demand);
        l->numbers_vary |= x->n_tasks != y->n_tasks;
        l->same += x->n_tasks == y->n_tasks && duration_is_near(x, y);
        l->sets++;
    }
}

/* How often the stages from `first` on repeat with this period. */
static struct repeated_stages repeats(const struct workflow *w, int pipeline, size_t first, size_t period)
{
    const struct pipeline *p = &w->pipelines[pipeline];
    struct likeness all = { .demands = true };
    size_t times = 1;
    for (; first + period * (times + 1) <= p->n_stages; times++) {
        struct likeness more = all;
        for (size_t k = 0; k < period; k++)
            compare(w, &p->stages[first + period * (times - 1) + k], &p->stages[first + period * times + k], &more);
        if (!more.demands)
            break;
        all = more;
    }
    return (struct repeated_stages){ pipeline, first, period, times, all.sets > 0 ? (double)all.same / (double)all.sets : 0,
                                     all.numbers_vary };
}

static double stages_alike(const struct repeated_stages *r)
{
    return (double)(r->period * r->times) * r->alike;
}

/* The shortest period of those that cover as much. */
static struct repeated_stages best_of(const struct workflow *w, int pipeline)
{
    const struct pipeline *p = &w->pipelines[pipeline];
    struct repeated_stages best = { .times = 0 };
    for (size_t period = 1; p->n_stages <= MOST_STAGES && LEAST_TIMES * period <= p->n_stages; period++)
        for (size_t first = 0; first < period && first + LEAST_TIMES * period <= p->n_stages; first++) {
            struct repeated_stages r = repeats(w, pipeline, first, period);
            if (r.times >= LEAST_TIMES && stages_alike(&r) > stages_alike(&best))
                best = r;
        }
    return best;
}

struct repeated_stages *loops_of(const struct workflow *w, size_t *n)
{
    struct repeated_stages *found = xcalloc(w->n_pipelines + 1, sizeof *found);
    *n = 0;
    for (size_t p = 0; p < w->n_pipelines; p++) {
        struct repeated_stages r = best_of(w, (int)p);
        if (r.times >= LEAST_TIMES)
            found[(*n)++] = r;
    }
    return found;
}
