#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/longest_path.h"
#include "core/realised.h"
#include "scheduling/order_impl.h"

/* Expected iterations after the one that runs now: with a stop probability alone the past says
 * nothing about them. */
static double iterations_to_come(const struct loop *l, int now)
{
    bool memoryless =
        l->stop.probability > 0 && !l->stop.after && !l->stop.gain && now >= l->at_least;
    double more = memoryless ? (1 - l->stop.probability) / l->stop.probability
                             : fmax(0, loop_expected(l) - now);
    return l->at_most > 0 ? fmin(more, fmax(0, l->at_most - now)) : more;
}

/* The longest path through one iteration. */
static double iteration_length(const struct workflow *w, int loop, const int *order)
{
    double *end_s = xcalloc(w->n_sets + 1, sizeof *end_s), longest = 0;
    for (size_t i = 0; i < w->n_sets; i++) {
        const struct task_set *set = &w->sets[order[i]];
        if (!loop_holds(&w->decisions.loops[loop], set->name))
            continue;
        for (size_t d = 0; d < set->n_dependencies; d++)
            end_s[order[i]] = fmax(end_s[order[i]], end_s[set->dependencies[d].parent]);
        end_s[order[i]] += dist_mean(set->duration);
        longest = fmax(longest, end_s[order[i]]);
    }
    free(end_s);
    return longest + w->decisions.loops[loop].decision_time_s;
}

static double *iteration_lengths(const struct workflow *w)
{
    double *length = xcalloc(w->decisions.n_loops + 1, sizeof *length);
    int *order = workflow_topological_order(w);
    for (size_t l = 0; l < w->decisions.n_loops; l++)
        length[l] = iteration_length(w, (int)l, order);
    free(order);
    return length;
}

/* Of a session that decides nobody knows what is to come: the path of its description, and the
 * iterations that are expected. */
static void keys_as_expected(const struct realised *made, size_t n_sets, double *keys)
{
    const struct workflow *w = made->from;
    struct longest_path path;
    double *length = iteration_lengths(w);
    longest_path_of_sets(&path, w, PATH_TO_THE_END);
    for (size_t s = 0; s < n_sets; s++) {
        keys[s] = -path.end_s[made->base[s]];
        for (int p = made->point[s]; p >= 0; p = made->points[p].around) {
            const struct decision_point *at = &made->points[p];
            keys[s] -=
                length[at->loop] * iterations_to_come(&w->decisions.loops[at->loop], at->iteration);
        }
    }
    longest_path_clear(&path);
    free(length);
}

/* Upward rank (Topcuoglu, Hariri, Wu 2002) of a set: its mean duration plus the largest upward rank
 * of its children. */
void order_keys_critical_path(const struct workflow *w, const struct platform *p, double *keys)
{
    struct longest_path path;
    (void)p;
    if (w->realised) {
        keys_as_expected(w->realised, w->n_sets, keys);
        return;
    }
    longest_path_of_sets(&path, w, PATH_TO_THE_END);
    for (size_t s = 0; s < w->n_sets; s++)
        keys[s] = -path.end_s[s];
    longest_path_clear(&path);
}
