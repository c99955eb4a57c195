#include "traces/loops.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

enum { LEAST_TIMES = 3, MOST_STAGES = 2000, MOST_PERIOD = 100, MOST_LANES = 1000 };
static const double near = 0.25;
/* of what only asks for the same, and has no name that says so */
static const double least_alike = 0.5;

/* ---- lanes ---- */

static void add_set(struct lane_step *step, int set)
{
    step->sets = xrealloc(step->sets, step->n_sets + 1, sizeof *step->sets);
    step->sets[step->n_sets++] = set;
}

static struct lanes lanes_of_pipelines(const struct workflow *w)
{
    struct lanes l = { w->n_pipelines, xcalloc(w->n_pipelines + 1, sizeof *l.at) };
    for (size_t p = 0; p < w->n_pipelines; p++) {
        struct lane *lane = &l.at[p];
        *lane = (struct lane){ .name = str_format("pipeline %zu", p + 1),
                               .n_steps = w->pipelines[p].n_stages };
        lane->steps = xcalloc(lane->n_steps + 1, sizeof *lane->steps);
        for (size_t k = 0; k < lane->n_steps; k++)
            for (size_t i = 0; i < w->pipelines[p].stages[k].n_sets; i++)
                add_set(&lane->steps[k], w->pipelines[p].stages[k].sets[i]);
    }
    return l;
}

bool lane_name_of(const char *name, struct lane_name *out)
{
    const char *dot = strchr(name, '.'), *end = dot ? dot + 1 : NULL;
    if (!dot || dot == name)
        return false;
    while (isdigit((unsigned char)*end))
        end++;
    *out = (struct lane_name){ (size_t)(dot - name), (size_t)(end - dot - 1) };
    if (out->stage == 0 || (*end != '.' && *end != '\0'))
        return false;
    return *end == '\0' || (end[1] != '\0' && end[1 + strspn(end + 1, "0123456789")] == '\0');
}

static struct lane *lane_called(struct lanes *l, size_t *room, const char *name, size_t length)
{
    for (size_t i = 0; i < l->n; i++)
        if (strlen(l->at[i].name) == length && strncmp(l->at[i].name, name, length) == 0)
            return &l->at[i];
    xgrow(&l->at, room, l->n + 1, sizeof *l->at);
    l->at[l->n] = (struct lane){ .name = xstrndup(name, length), .named = true };
    return &l->at[l->n++];
}

static bool same_named_stage(const char *a, const char *b)
{
    struct lane_name x, y;
    return lane_name_of(a, &x) && lane_name_of(b, &y) && x.stage == y.stage &&
           strncmp(a + x.lane + 1, b + y.lane + 1, x.stage) == 0;
}

/* Do sets of these names belong to the same stage of a lane? */
static bool lane_same_stage(const struct lane *l, const char *a, const char *b)
{
    size_t n = wave_label(a);
    return l->waves ? n == wave_label(b) && strncmp(a, b, n) == 0 : same_named_stage(a, b);
}

static bool comes_after(const struct workflow *w, int set, const struct lane_step *step)
{
    const struct task_set *s = &w->sets[set];
    for (size_t d = 0; d < s->n_dependencies; d++)
        for (size_t i = 0; i < step->n_sets; i++)
            if (s->dependencies[d].parent == step->sets[i])
                return true;
    return false;
}

/* Sets of one lane and stage that follow each other, and do not wait for each other, are one step.
 */
static struct lanes lanes_of_names(const struct workflow *w)
{
    struct lanes l = { 0 };
    struct lane_name parts;
    size_t room = 0;
    for (size_t s = 0; s < w->n_sets && l.n <= MOST_LANES; s++) {
        const char *name = w->sets[s].name;
        if (!lane_name_of(name, &parts)) {
            lanes_clear(&l);
            return l;
        }
        struct lane *lane = lane_called(&l, &room, name, parts.lane);
        struct lane_step *last = lane->n_steps > 0 ? &lane->steps[lane->n_steps - 1] : NULL;
        if (!last || !same_named_stage(w->sets[last->sets[0]].name, name) ||
            comes_after(w, (int)s, last)) {
            lane->steps = xrealloc(lane->steps, lane->n_steps + 1, sizeof *lane->steps);
            last = &lane->steps[lane->n_steps++];
            *last = (struct lane_step){ 0 };
        }
        add_set(last, (int)s);
    }
    return l;
}

static bool any_repeats(const struct workflow *w, const struct lanes *l)
{
    size_t n;
    free(loops_of(w, l, &n));
    return n > 0;
}

struct lanes lanes_of(const struct workflow *w, const struct timeline *t)
{
    if (w->n_pipelines > 0)
        return lanes_of_pipelines(w);
    struct lanes named = lanes_of_names(w);
    if (!t || any_repeats(w, &named))
        return named;
    struct lanes waves = lanes_of_waves(w, t);
    if (!any_repeats(w, &waves)) {
        lanes_clear(&waves);
        return named;
    }
    lanes_clear(&named);
    return waves;
}

void lanes_clear(struct lanes *l)
{
    for (size_t i = 0; i < l->n; i++) {
        for (size_t k = 0; k < l->at[i].n_steps; k++)
            free(l->at[i].steps[k].sets);
        xfree(l->at[i].steps, l->at[i].name);
    }
    free(l->at);
    *l = (struct lanes){ 0 };
}

/* ---- repetitions ---- */

static bool duration_is_near(const struct task_set *a, const struct task_set *b)
{
    double x = dist_mean(a->duration), y = dist_mean(b->duration);
    return fabs(x - y) <= near * fmax(x, y);
}

/* What two steps have in common. */
struct likeness {
    size_t same, sets;
    bool demands, numbers_vary;
};

static struct likeness compare(const struct workflow *w, const struct lane *lane, size_t from,
                               size_t to)
{
    const struct lane_step *a = &lane->steps[from], *b = &lane->steps[to];
    size_t both = a->n_sets < b->n_sets ? a->n_sets : b->n_sets;
    struct likeness l = { .demands = lane->named || a->n_sets == b->n_sets,
                          .numbers_vary = a->n_sets != b->n_sets };
    if (lane->named)
        l.demands = lane_same_stage(lane, w->sets[a->sets[0]].name, w->sets[b->sets[0]].name);
    for (size_t i = 0; i < both; i++) {
        const struct task_set *x = &w->sets[a->sets[i]], *y = &w->sets[b->sets[i]];
        l.demands &= demand_equal(&x->traits->demand, &y->traits->demand);
        l.numbers_vary |= x->n_tasks != y->n_tasks;
        l.same += x->n_tasks == y->n_tasks && duration_is_near(x, y);
        l.sets++;
    }
    return l;
}

/* Steps `begin` to `end` - 1 each ask for what the one a period later asks for, of which those with
 * the same number and durations are alike. Where most are, a stage before or behind three times
 * that only asks for the same is not of them. A last time that the end of the lane cuts counts too,
 * if more than one step of it is there. */
static struct repeated_stages repetition(const struct lane *lane, const struct likeness *pair,
                                         size_t begin, size_t end, size_t period)
{
    struct likeness all = { 0 };
    for (size_t i = begin; i < end; i++) {
        all.same += pair[i].same;
        all.sets += pair[i].sets;
    }
    size_t least = (LEAST_TIMES - 1) * period;
    if (!lane->named && 2 * all.same >= all.sets) {
        for (; end - begin > least && pair[begin].same == 0; begin++)
            all.sets -= pair[begin].sets;
        for (; end - begin > least && pair[end - 1].same == 0; end--)
            all.sets -= pair[end - 1].sets;
    }
    for (size_t i = begin; i < end; i++)
        all.numbers_vary |= pair[i].numbers_vary;
    size_t steps = end - begin + period, rest = steps % period;
    bool cut = rest > 1 && begin + steps == lane->n_steps;
    return (struct repeated_stages){ .first = begin,
                                     .period = period,
                                     .times = steps / period + cut,
                                     .missing = cut ? period - rest : 0,
                                     .alike =
                                         all.sets > 0 ? (double)all.same / (double)all.sets : 0,
                                     .numbers_vary = all.numbers_vary };
}

static double stages_alike(const struct repeated_stages *r)
{
    return (double)(r->period * r->times - r->missing) * r->alike;
}

/* The best of this period: `pair` has room for the lane's steps. */
static void try_period(const struct workflow *w, const struct lane *lane, size_t period,
                       struct likeness *pair, struct repeated_stages *best)
{
    size_t begin = 0, n = lane->n_steps - period;
    for (size_t i = 0; i < n; i++)
        pair[i] = compare(w, lane, i, i + period);
    for (size_t i = 0; i <= n; i++) {
        if (i < n && pair[i].demands)
            continue;
        if (i > begin) {
            struct repeated_stages r = repetition(lane, pair, begin, i, period);
            bool sure = lane->named || r.alike >= least_alike;
            if (sure && r.times >= LEAST_TIMES && stages_alike(&r) > stages_alike(best))
                *best = r;
        }
        begin = i + 1;
    }
}

/* The shortest period of those that cover as much. */
static struct repeated_stages best_of(const struct workflow *w, const struct lane *lane)
{
    struct repeated_stages best = { .times = 0 };
    size_t longest = lane->n_steps > MOST_STAGES || lane->n_steps == 0
                         ? 0
                         : (lane->n_steps - 1) / (LEAST_TIMES - 1);
    longest = longest < MOST_PERIOD ? longest : MOST_PERIOD;
    struct likeness *pair = xcalloc(lane->n_steps + 1, sizeof *pair);
    for (size_t period = 1; period <= longest; period++)
        try_period(w, lane, period, pair, &best);
    free(pair);
    return best;
}

struct repeated_stages *loops_of(const struct workflow *w, const struct lanes *lanes, size_t *n)
{
    struct repeated_stages *found = xcalloc(lanes->n + 1, sizeof *found);
    *n = 0;
    for (size_t i = 0; i < lanes->n; i++) {
        struct repeated_stages r = best_of(w, &lanes->at[i]);
        r.lane = (int)i;
        if (r.times >= LEAST_TIMES)
            found[(*n)++] = r;
    }
    return found;
}
