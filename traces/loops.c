#include "traces/loops.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

enum { LEAST_TIMES = 3, MOST_STAGES = 2000, MOST_PERIOD = 100, MOST_LANES = 1000 };
static const double near = 0.25;

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

static bool same_stage(const char *a, const char *b)
{
    struct lane_name x, y;
    return lane_name_of(a, &x) && lane_name_of(b, &y) && x.stage == y.stage &&
           strncmp(a + x.lane + 1, b + y.lane + 1, x.stage) == 0;
}

/* Sets of one lane and stage that follow each other are one step. */
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
        if (!last || !same_stage(w->sets[last->sets[0]].name, name)) {
            lane->steps = xrealloc(lane->steps, lane->n_steps + 1, sizeof *lane->steps);
            last = &lane->steps[lane->n_steps++];
            *last = (struct lane_step){ 0 };
        }
        add_set(last, (int)s);
    }
    return l;
}

struct lanes lanes_of(const struct workflow *w)
{
    return w->n_pipelines > 0 ? lanes_of_pipelines(w) : lanes_of_names(w);
}

void lanes_clear(struct lanes *l)
{
    for (size_t i = 0; i < l->n; i++) {
        for (size_t k = 0; k < l->at[i].n_steps; k++)
            free(l->at[i].steps[k].sets);
        free(l->at[i].steps);
        free(l->at[i].name);
    }
    free(l->at);
    *l = (struct lanes){ 0 };
}

/* ---- repetitions ---- */

struct likeness {
    size_t same, sets;
    bool demands, numbers_vary;
};

static bool duration_is_near(const struct task_set *a, const struct task_set *b)
{
    double x = dist_mean(a->duration), y = dist_mean(b->duration);
    return fabs(x - y) <= near * fmax(x, y);
}

/* Adds what two steps have in common. */
static void compare(const struct workflow *w, const struct lane *lane, size_t from, size_t to,
                    struct likeness *l)
{
    const struct lane_step *a = &lane->steps[from], *b = &lane->steps[to];
    size_t both = a->n_sets < b->n_sets ? a->n_sets : b->n_sets;
    if (lane->named && !same_stage(w->sets[a->sets[0]].name, w->sets[b->sets[0]].name))
        l->demands = false;
    l->demands &= lane->named || a->n_sets == b->n_sets;
    l->numbers_vary |= a->n_sets != b->n_sets;
    for (size_t i = 0; i < both; i++) {
        const struct task_set *x = &w->sets[a->sets[i]], *y = &w->sets[b->sets[i]];
        l->demands &= demand_equal(&x->traits->demand, &y->traits->demand);
        l->numbers_vary |= x->n_tasks != y->n_tasks;
        l->same += x->n_tasks == y->n_tasks && duration_is_near(x, y);
        l->sets++;
    }
}

/* How often the steps from `first` on repeat with this period. A last time that the end of the lane
 * cuts counts too, if more than one step of it is there. */
static struct repeated_stages repeats(const struct workflow *w, const struct lane *lane,
                                      size_t first, size_t period)
{
    struct likeness all = { .demands = true };
    size_t at = first + period;
    for (; at < lane->n_steps; at++) {
        struct likeness more = all;
        compare(w, lane, at - period, at, &more);
        if (!more.demands)
            break;
        all = more;
    }
    size_t steps = at - first, rest = steps % period;
    bool cut = rest > 1 && at == lane->n_steps;
    return (struct repeated_stages){ .first = first,
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

/* The shortest period of those that cover as much. */
static struct repeated_stages best_of(const struct workflow *w, const struct lane *lane)
{
    struct repeated_stages best = { .times = 0 };
    size_t longest = lane->n_steps > MOST_STAGES ? 0 : (lane->n_steps - 1) / (LEAST_TIMES - 1);
    longest = longest < MOST_PERIOD ? longest : MOST_PERIOD;
    for (size_t period = 1; lane->n_steps > 0 && period <= longest; period++)
        for (size_t first = 0;
             first < period + lane->named && first + (LEAST_TIMES - 1) * period < lane->n_steps;
             first++) {
            struct repeated_stages r = repeats(w, lane, first, period);
            if (r.times >= LEAST_TIMES && stages_alike(&r) > stages_alike(&best))
                best = r;
        }
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
