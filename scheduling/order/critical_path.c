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

struct members { const struct workflow *workflow; const struct loop *loop; };

/* Sets outside of the loop take no time. */
static void durations_within(void *context, int set, uint32_t first, uint32_t n, double *start_s,
                             double *duration_s)
{
    const struct members *m = context;
    const struct task_set *s = &m->workflow->sets[set];
    double mean_s = loop_holds(m->loop, s->name) ? dist_mean(s->duration) : 0;
    (void)first;
    (void)start_s;
    for (uint32_t i = 0; i < n; i++)
        duration_s[i] = mean_s;
}

/* The longest path through one iteration of each loop. */
static double *iteration_lengths(const struct workflow *w)
{
    double *length = xcalloc(w->decisions.n_loops + 1, sizeof *length);
    struct longest_path path;
    longest_path_init(&path, w, path_graph_of(w, 0));
    for (size_t l = 0; l < w->decisions.n_loops; l++) {
        struct members members = { w, &w->decisions.loops[l] };
        length[l] = longest_path_run(&path, durations_within, &members) +
                    w->decisions.loops[l].decision_time_s;
    }
    longest_path_clear(&path);
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
