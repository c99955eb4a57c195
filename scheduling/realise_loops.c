/* How often each loop runs, and which iterations belong together. */
#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "num/rng.h"
#include "scheduling/realise_impl.h"

/* The draws of one loop: attempt 0 whether it stops, 1 how often it runs, 2 the gain of an
 * iteration. */
enum { DRAW_STOP, DRAW_AFTER, DRAW_GAIN };

static char *loop_name(const struct loop *l, const struct loop_run *run, size_t outer)
{
    return run->around >= 0 ? str_format("%s.%zu", l->name, outer + 1) : xstrdup(l->name);
}

static bool time_decides(const struct loop *l)
{
    return l->stop.budget_s > 0 && l->at_most != l->at_least;
}

/* Up to `limit`; *ends: it ends by what was drawn or by its own limit. */
static int64_t drawn_iterations(const struct realiser *r, const struct loop *l, const char *name,
                                int64_t limit, bool *ends)
{
    int64_t goes_on = 0;                 /* after as many it was told to go on */
    outcomes_get(r->options->known, OUTCOME_GOES_ON, name, &goes_on);
    limit = limit > goes_on ? limit : goes_on + 1;
    struct rng_stream stream =
        rng_stream(r->options->seed, r->options->replica, RNG_DECISION, str_hash(name));
    double after = l->stop.after
                       ? floor(dist_at(l->stop.after, rng_uniform(&stream, 0, DRAW_AFTER)) + 0.5)
                       : INFINITY;
    double sum = 0;
    *ends = true;
    for (int64_t k = 1; k <= limit; k++) {
        if (l->stop.gain)
            sum += fmax(0, dist_at(l->stop.gain, rng_uniform(&stream, (uint64_t)k, DRAW_GAIN)));
        bool stops = (double)k >= after || (l->stop.gain && sum >= l->stop.reaches) ||
                     (l->stop.probability > 0 &&
                      rng_uniform(&stream, (uint64_t)k, DRAW_STOP) < l->stop.probability);
        if ((stops && k >= l->at_least && k > goes_on) || k == l->at_most)
            return k;
    }
    *ends = false;
    return limit;
}

/* A loop that only time ends runs as often as the horizon says. */
static int64_t expected_iterations(const struct loop *l, int64_t horizon)
{
    double n = floor(loop_expected(l) + 0.5);
    return n < DECISIONS_MOST_SETS ? (int64_t)n : horizon > l->at_least ? horizon : l->at_least;
}

static int run_once(struct realiser *r, const struct loop *l, struct loop_run *run, size_t outer,
                    struct error *err)
{
    char *name = loop_name(l, run, outer);
    int64_t n, limit = time_decides(l) ? r->options->horizon : DECISIONS_MOST_SETS;
    bool ends = true;
    if (r->options->window) {
        const struct realise_window *window = &r->options->window[l - r->from->decisions.loops];
        run->before = window->first - 1;
        n = window->n;
    } else if (r->options->expected) {
        n = expected_iterations(l, r->options->horizon);
    } else if (!outcomes_get(r->options->known, OUTCOME_ITERATIONS, name, &n)) {
        n = drawn_iterations(r, l, name, limit > l->at_least ? limit : l->at_least, &ends);
    }
    if (!ends && time_decides(l))
        r->made->open = ends = true;
    if (!ends || n > DECISIONS_MOST_SETS)
        error_set(err, "loop '%s': has not ended after %d iterations; give it `at_most`", name,
                  DECISIONS_MOST_SETS);
    run->iterations[outer] = (int)n;
    free(name);
    return ends && n <= DECISIONS_MOST_SETS ? 0 : -1;
}

bool realise_runs_once(const struct loop *l, bool said)
{
    bool first = l->stop.probability >= 1 || (l->stop.after && dist_is_constant(l->stop.after) &&
                                              dist_mean(l->stop.after) < 1.5);
    return l->at_most == 1 || (l->at_least == 1 && first && !said);
}

/* Iterations of the loop around are over before those inside: outer loops come first. */
static int run_loop(struct realiser *r, size_t i, struct error *err)
{
    const struct loop *l = &r->from->decisions.loops[i];
    struct loop_run *run = &r->runs[i];
    run->single = realise_runs_once(l, r->options->said);
    const struct loop_run *outer = run->around >= 0 ? &r->runs[run->around] : NULL;
    run->n_outer = outer ? outer->offset[outer->n_outer] : 1;
    run->iterations = xcalloc(run->n_outer + 1, sizeof *run->iterations);
    run->offset = xcalloc(run->n_outer + 1, sizeof *run->offset);
    for (size_t o = 0; o < run->n_outer; o++) {
        if (run_once(r, l, run, o, err) != 0)
            return -1;
        run->offset[o + 1] = run->offset[o] + (size_t)run->iterations[o];
        if (run->offset[o + 1] > DECISIONS_MOST_SETS)
            return error_set(err, "loop '%s': has more than %d iterations in all", l->name,
                             DECISIONS_MOST_SETS);
    }
    run->number = xcalloc((outer ? run->n_outer : run->offset[1]) + 1, sizeof *run->number);
    return 0;
}

/* Iterations of the whole are numbered so that an outer one spans the longest of its inner loops.
 */
static void number_iterations(struct realiser *r, size_t outer)
{
    struct loop_run *run = &r->runs[outer];
    int next = 1 + run->before;
    for (int k = 0; k < run->iterations[0]; k++) {
        int longest = 1;
        run->number[k] = next;
        for (size_t i = 0; i < r->from->decisions.n_loops; i++) {
            if (r->runs[i].around != (int)outer)
                continue;
            r->runs[i].number[k] = next;
            longest = r->runs[i].iterations[k] > longest ? r->runs[i].iterations[k] : longest;
        }
        next += longest;
    }
}

int realise_loops(struct realiser *r, struct error *err)
{
    size_t n = r->from->decisions.n_loops;
    r->runs = xcalloc(n + 1, sizeof *r->runs);
    for (size_t i = 0; i < n; i++)
        r->runs[i].around = workflow_loop_around(r->from, (int)i);
    for (size_t i = 0; i < n; i++)
        if (r->runs[i].around < 0 && run_loop(r, i, err) != 0)
            return -1;
    for (size_t i = 0; i < n; i++)
        if (r->runs[i].around >= 0 && run_loop(r, i, err) != 0)
            return -1;
    for (size_t i = 0; i < n; i++)
        if (r->runs[i].around < 0)
            number_iterations(r, i);
    return 0;
}

void realise_loops_clear(struct realiser *r)
{
    for (size_t i = 0; r->runs && i < r->from->decisions.n_loops; i++) {
        xfree(r->runs[i].iterations, r->runs[i].offset, r->runs[i].number, r->runs[i].deciders);
    }
    free(r->runs);
}

/* In which iteration (from 1) of loop `l` the instance lies; 0: in none. */
static int iteration_in(const struct realiser *r, const struct instance *x, int l)
{
    if (x->loop < 0)
        return 0;
    return x->loop == l ? x->k : r->runs[x->loop].around == l ? x->outer : 0;
}

size_t realise_iteration(const struct realiser *r, const struct instance *x)
{
    return r->runs[x->loop].offset[x->outer > 0 ? x->outer - 1 : 0] + (size_t)x->k - 1;
}

struct instance_range realise_range(const struct realiser *r, int of, const struct instance *x)
{
    size_t first = r->begin[of], n = r->begin[of + 1] - first;
    int loop = r->loop_of[of];
    if (loop < 0)
        return (struct instance_range){ first, n };
    const struct loop_run *run = &r->runs[loop];
    int around = run->around >= 0 ? iteration_in(r, x, run->around) : 0;
    if (x->loop == loop)
        return (struct instance_range){ first + realise_iteration(r, x), 1 };
    if (iteration_in(r, x, loop) > 0)
        return (struct instance_range){ first + (size_t)iteration_in(r, x, loop) - 1, 1 };
    if (around > 0)
        return (struct instance_range){ first + run->offset[around - 1],
                                        (size_t)run->iterations[around - 1] };
    return (struct instance_range){ first, n };
}
