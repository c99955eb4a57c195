/* Lanes of a run whose sets are waves of one name: which names took turns. A set follows those that
 * had ended last, about together, when it began. Names that mostly follow one of a lane are of that
 * lane. */
#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/metrics.h"
#include "traces/loops.h"

enum { LEAST_WAVES = 3, MOST_SETS = 20000, MOST_LABELS = 200, MOST_TOGETHER = 64 };
static const char wave_mark[] = "wave";
/* of clocks */
static const double rounding_s = 0.01;
/* of a name's waves that follow a lane */
static const double mostly = 0.75;
/* a script reacts sooner; or what waited so long did not wait for that */
static const double soon_s = 60;
/* ends this close say nothing of which was waited for */
static const double together_s = 1;

size_t wave_label(const char *name)
{
    size_t n = strlen(name), end = n;
    while (end && isdigit((unsigned char)name[end - 1]))
        end--;
    if (end == n)
        return n;
    size_t mark = sizeof wave_mark - 1;
    if (end > mark && strncmp(name + end - mark, wave_mark, mark) == 0)
        end -= mark;
    return end > 1 && name[end - 1] == '.' ? end - 1 : n;
}

struct wave {
    int set, label;                      /* labels: in the order of their first sets */
    size_t ended;                        /* of `stops`, when it began */
    double start_s, stop_s;
};
struct label { size_t length, n; int lane; bool apart; }; /* waves; none overlaps another */
struct waves {
    const struct workflow *w;
    struct wave *at, *stops;             /* one a set, by start; by stop */
    int *place;                          /* of each set in it */
    size_t n_labels;
    struct label *labels;
};

/* First start and last stop of each set; false: one has none. */
static bool find_spans(struct waves *v, const struct timeline *t)
{
    double *start_s = xcalloc(v->w->n_sets, sizeof *start_s),
           *stop_s = xcalloc(v->w->n_sets, sizeof *stop_s);
    bool known = true;
    metrics_set_spans(t, start_s, stop_s);
    for (size_t s = 0; s < v->w->n_sets; s++) {
        v->at[s] = (struct wave){ (int)s, -1, 0, start_s[s], stop_s[s] };
        known &= is_known(start_s[s]) && is_known(stop_s[s]);
    }
    xfree(start_s, stop_s);
    return known;
}

SORT_BY_3(by_start, struct wave, start_s, stop_s, set)
SORT_BY_3(by_stop, struct wave, stop_s, start_s, set)

static void find_ended(struct waves *v)
{
    size_t n = v->w->n_sets, ended = 0;
    v->stops = xmemdup(v->at, n * sizeof *v->stops);
    qsort(v->stops, n, sizeof *v->stops, by_stop);
    for (size_t i = 0; i < n; i++) {
        while (ended < n && v->stops[ended].stop_s <= v->at[i].start_s + rounding_s)
            ended++;
        v->at[i].ended = ended;
        v->place[v->at[i].set] = (int)i;
    }
}

static const char *name_of(const struct waves *v, size_t i)
{
    return v->w->sets[v->at[i].set].name;
}

/* Labels in the order in which they first began; false: too many. */
static bool find_labels(struct waves *v)
{
    size_t *first = xcalloc(MOST_LABELS + 1, sizeof *first),
           *last = xcalloc(MOST_LABELS + 1, sizeof *last);
    bool few = true;
    for (size_t i = 0; i < v->w->n_sets; i++) {
        const char *name = name_of(v, i);
        size_t length = wave_label(name), k = 0;
        while (k < v->n_labels && !(v->labels[k].length == length &&
                                    strncmp(name_of(v, first[k]), name, length) == 0))
            k++;
        few = k < MOST_LABELS;
        if (!few)
            break;
        if (k == v->n_labels) {
            first[v->n_labels] = i;
            v->labels[v->n_labels++] = (struct label){ length, 0, (int)k, true };
        } else {
            const struct task_set *a = &v->w->sets[v->at[last[k]].set],
                                  *b = &v->w->sets[v->at[i].set];
            v->labels[k].apart &= v->at[i].start_s >= v->at[last[k]].stop_s - rounding_s &&
                                  demand_equal(&a->traits->demand, &b->traits->demand);
        }
        last[k] = i;
        v->labels[k].n++;
        v->at[i].label = (int)k;
    }
    xfree(first, last);
    return few;
}

static bool repeats(const struct label *l) { return l->apart && l->n >= LEAST_WAVES - 1; }

/* The lanes that a wave follows: of sets that had ended last when it began, or about then. */
static void count_lanes(const struct waves *v, const struct wave *a, size_t *of_lane, bool *seen)
{
    double last_s = a->ended > 0 ? v->stops[a->ended - 1].stop_s : -INFINITY,
           since_s = last_s - fmax(together_s, a->start_s - last_s);
    memset(seen, 0, v->n_labels * sizeof *seen);
    for (size_t k = a->ended, n = 0; k-- > 0 && n < MOST_TOGETHER; n++) {
        const struct wave *before = &v->stops[k];
        const struct label *label = &v->labels[v->at[v->place[before->set]].label];
        if (before->stop_s < since_s)
            return;
        if (before->set == a->set || !repeats(label) || seen[label->lane] ||
            a->start_s - before->stop_s > fmax(soon_s, before->stop_s - before->start_s))
            continue;
        seen[label->lane] = true;
        of_lane[label->lane]++;
    }
}

/* How many waves of the label, but its first, follow each lane. */
static void count_followed(const struct waves *v, size_t label, size_t *of_lane)
{
    bool first = true, *seen = xcalloc(v->n_labels + 1, sizeof *seen);
    memset(of_lane, 0, v->n_labels * sizeof *of_lane);
    for (size_t i = 0; i < v->w->n_sets; i++) {
        if (v->at[i].label != (int)label)
            continue;
        if (!first)
            count_lanes(v, &v->at[i], of_lane, seen);
        first = false;
    }
    free(seen);
}

static void join(struct waves *v, int lane, int other)
{
    for (size_t k = 0; k < v->n_labels; k++)
        if (v->labels[k].lane == other)
            v->labels[k].lane = lane;
}

/* May a label be of the lane? Its waves are as many, but for one that the end has cut. */
static bool as_many(const struct waves *v, size_t label, int lane)
{
    for (size_t k = 0; k < v->n_labels; k++)
        if (v->labels[k].lane == lane && (v->labels[k].n > v->labels[label].n + 1 ||
                                          v->labels[label].n > v->labels[k].n + 1))
            return false;
    return true;
}

/* Labels join the lane that they follow until none does. A label that follows none is no wave of a
 * loop: `apart` is cleared. */
static void find_lanes(struct waves *v)
{
    size_t *of_lane = xcalloc(v->n_labels + 1, sizeof *of_lane);
    for (bool any = true; any;) {
        any = false;
        for (size_t k = 0; k < v->n_labels; k++) {
            int own = v->labels[k].lane;
            if (!repeats(&v->labels[k]))
                continue;
            count_followed(v, k, of_lane);
            for (int lane = 0; lane < (int)v->n_labels && v->labels[k].lane == own; lane++) {
                if (lane == own || (double)of_lane[lane] < mostly * (double)(v->labels[k].n - 1) ||
                    !as_many(v, k, lane))
                    continue;
                join(v, lane, own);
                any = true;
            }
        }
    }
    bool *follows = xcalloc(v->n_labels + 1, sizeof *follows);
    for (size_t k = 0; k < v->n_labels; k++) {
        count_followed(v, k, of_lane);
        follows[k] = (double)of_lane[v->labels[k].lane] >= mostly * (double)(v->labels[k].n - 1);
    }
    for (size_t k = 0; k < v->n_labels; k++)
        v->labels[k].apart &= follows[k];
    xfree(follows, of_lane);
}

static void add_wave(struct lane *lane, const struct waves *v, size_t i, double *until_s)
{
    if (lane->n_steps == 0 || v->at[i].start_s >= *until_s - rounding_s) {
        lane->steps = xrealloc(lane->steps, lane->n_steps + 1, sizeof *lane->steps);
        lane->steps[lane->n_steps++] = (struct lane_step){ 0 };
        *until_s = v->at[i].stop_s;
    }
    struct lane_step *step = &lane->steps[lane->n_steps - 1];
    size_t at = step->n_sets;
    step->sets = xrealloc(step->sets, step->n_sets + 1, sizeof *step->sets);
    for (; at > 0 && v->at[v->place[step->sets[at - 1]]].label > v->at[i].label; at--)
        step->sets[at] = step->sets[at - 1];             /* those of one step by label */
    step->sets[at] = v->at[i].set;
    step->n_sets++;
    *until_s = fmax(*until_s, v->at[i].stop_s);
}

static char *lane_title(const struct waves *v, size_t label)
{
    size_t last = label, first_wave = 0, last_wave = 0;
    for (size_t k = label; k < v->n_labels; k++)
        if (repeats(&v->labels[k]) && v->labels[k].lane == v->labels[label].lane)
            last = k;
    for (size_t i = v->w->n_sets; i-- > 0;) {
        first_wave = v->at[i].label == (int)label ? i : first_wave;
        last_wave = v->at[i].label == (int)last ? i : last_wave;
    }
    return last == label
               ? xstrndup(name_of(v, first_wave), v->labels[label].length)
               : str_format("%.*s to %.*s", (int)v->labels[label].length, name_of(v, first_wave),
                            (int)v->labels[last].length, name_of(v, last_wave));
}

static struct lanes make_lanes(const struct waves *v)
{
    struct lanes l = { 0, xcalloc(v->w->n_sets + 1, sizeof *l.at) };
    int *lane_of = xmalloc((v->n_labels + 1) * sizeof *lane_of);
    double *until_s = xcalloc(v->w->n_sets + 1, sizeof *until_s);
    memset(lane_of, 0xff, (v->n_labels + 1) * sizeof *lane_of);
    for (size_t i = 0; i < v->w->n_sets; i++) {
        const struct label *label = &v->labels[v->at[i].label];
        bool alone = !repeats(label);
        int number = alone ? -1 : lane_of[label->lane];
        if (number < 0) {
            number = (int)l.n++;
            l.at[number] = (struct lane){ .name = alone ? xstrdup(name_of(v, i))
                                                        : lane_title(v, (size_t)v->at[i].label),
                                          .named = true, .waves = true };
            lane_of[label->lane] = alone ? lane_of[label->lane] : number;
        }
        add_wave(&l.at[number], v, i, &until_s[number]);
    }
    xfree(until_s, lane_of);
    return l;
}

struct lanes lanes_of_waves(const struct workflow *w, const struct timeline *t)
{
    struct lanes l = { 0 };
    if (w->n_sets > MOST_SETS || w->n_sets < LEAST_WAVES || t->n == 0)
        return l;
    struct waves v = { .w = w, .at = xcalloc(w->n_sets + 1, sizeof *v.at),
                       .place = xcalloc(w->n_sets + 1, sizeof *v.place),
                       .labels = xcalloc(w->n_sets + 1, sizeof *v.labels) };
    if (find_spans(&v, t)) {
        qsort(v.at, w->n_sets, sizeof *v.at, by_start);
        find_ended(&v);
        if (find_labels(&v)) {
            find_lanes(&v);
            l = make_lanes(&v);
        }
    }
    xfree(v.at, v.stops, v.place, v.labels);
    return l;
}
