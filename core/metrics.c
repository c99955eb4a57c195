#include "core/metrics.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/usage.h"

/* --- figures ---------------------------------------------------------------------------------- */

/* How much of [from, to] lies within [low, high]. */
static double overlap(double from, double to, double low, double high)
{
    return fmax(0, fmin(to, high) - fmax(from, low));
}

static void count_status(struct metrics *m, enum task_status status)
{
    size_t *counts[] = { [TASK_DONE] = &m->n_done, [TASK_FAILED] = &m->n_failed,
                         [TASK_KILLED] = &m->n_killed,
                         [TASK_CANCELLED] = &m->n_cancelled, [TASK_CUT] = &m->n_cut };
    (*counts[status])++;
}

static double largest_value(const struct timeline *t, enum curve_kind kind)
{
    struct step_curve c = curve_of(t, kind, -1);
    double largest = 0;
    for (size_t i = 0; i < c.n; i++)
        largest = fmax(largest, c.value[i]);
    step_curve_clear(&c);
    return largest;
}

/* Slot- and GPU-seconds executed and held during the makespan, into the fields that metrics_of()
 * then divides. */
static void add_usage(struct metrics *m, const struct usage *u)
{
    double busy_s = overlap(u->started_s, u->stopped_s, m->first_start_s, m->last_stop_s);
    double held_s = overlap(u->held_from_s, u->held_to_s, m->first_start_s, m->last_stop_s);
    m->utilisation_slots += u->slots * busy_s;
    m->utilisation_gpus += u->gpus * busy_s;
    m->held_slots += u->slots * held_s;
    m->held_gpus += u->gpus * held_s;
}

struct metrics metrics_of(const struct timeline *t)
{
    struct metrics m = { .first_start_s = timeline_first_start(t),
                         .last_stop_s = timeline_last_stop(t) };
    struct usage_reader *reader = usage_reader_new(t);
    struct usage u;
    m.makespan_s = m.last_stop_s - m.first_start_s;
    for (size_t i = 0; i < t->n; i++) {
        count_status(&m, (enum task_status)t->status[i]);
        if (usage_read(reader, i, &u))
            add_usage(&m, &u);
    }
    usage_reader_free(reader);

    double slot_s = (double)platform_usable_slots(t->platform) * m.makespan_s;
    double gpu_s = (double)platform_gpus(t->platform) * m.makespan_s;
    m.utilisation_slots = slot_s > 0 ? m.utilisation_slots / slot_s : NAN;
    m.held_slots = slot_s > 0 ? m.held_slots / slot_s : NAN;
    m.utilisation_gpus = gpu_s > 0 ? m.utilisation_gpus / gpu_s : NAN;
    m.held_gpus = gpu_s > 0 ? m.held_gpus / gpu_s : NAN;
    m.node_hours = (double)t->platform->n_nodes * m.makespan_s / 3600;
    m.max_running = (size_t)largest_value(t, CURVE_TASKS);
    return m;
}

void metrics_set_spans(const struct timeline *t, double *start_s, double *stop_s)
{
    for (size_t s = 0; s < t->workflow->n_sets; s++)
        start_s[s] = stop_s[s] = NAN;
    for (size_t i = 0; i < t->n; i++) {
        int set = workflow_set_of_task(t->workflow, t->records[i].task);
        start_s[set] = fmin(start_s[set], t->records[i].started_s);
        stop_s[set] = fmax(stop_s[set], t->records[i].stopped_s);
    }
}

/* --- curves ----------------------------------------------------------------------------------- */

struct step { double time_s, by; };      /* `by` in millionths: sums of shares stay exact */

static double amount_of(const struct usage *u, enum curve_kind kind)
{
    double amount = kind == CURVE_TASKS ? 1 : kind == CURVE_SLOTS ? u->slots : u->gpus;
    return nearbyint(amount * DEMAND_WHOLE_GPU);
}

static struct step *steps_of(const struct timeline *t, enum curve_kind kind, int set, size_t *n)
{
    struct usage_reader *reader = usage_reader_new(t);
    struct step *steps = xmalloc(2 * t->n * sizeof *steps);
    struct sort_key *keys = xmalloc(2 * t->n * sizeof *keys);
    struct usage u;
    *n = 0;
    for (size_t i = 0; i < t->n; i++) {
        if (!usage_read(reader, i, &u) || (set >= 0 && u.set != set) || u.started_s >= u.stopped_s)
            continue;
        double by = amount_of(&u, kind);
        keys[*n] = (struct sort_key){ sort_key_of(u.started_s), *n };
        steps[(*n)++] = (struct step){ u.started_s, by };
        keys[*n] = (struct sort_key){ sort_key_of(u.stopped_s), *n };
        steps[(*n)++] = (struct step){ u.stopped_s, -by };
    }
    usage_reader_free(reader);
    sort_by_keys(steps, *n, sizeof *steps, keys);
    free(keys);
    return steps;
}

struct step_curve curve_of(const struct timeline *t, enum curve_kind kind, int set)
{
    size_t n_steps;
    struct step *steps = steps_of(t, kind, set, &n_steps);
    struct step_curve c = { .time_s = xcalloc(n_steps, sizeof *c.time_s),
                            .value = xcalloc(n_steps, sizeof *c.value) };
    double level = 0;
    for (size_t i = 0; i < n_steps; i++) {
        level += steps[i].by;
        if (i + 1 < n_steps && steps[i + 1].time_s == steps[i].time_s)
            continue;
        c.time_s[c.n] = steps[i].time_s;
        c.value[c.n++] = level / DEMAND_WHOLE_GPU;
    }
    free(steps);
    return c;
}

void step_curve_clear(struct step_curve *c)
{
    xfree(c->time_s, c->value);
    *c = (struct step_curve){ 0 };
}

double step_curve_area_between(const struct step_curve *a, const struct step_curve *b)
{
    double area = 0, last_s = 0, value_a = 0, value_b = 0;
    size_t i = 0, j = 0;
    while (i < a->n || j < b->n) {
        double now_s = fmin(i < a->n ? a->time_s[i] : INFINITY, j < b->n ? b->time_s[j] : INFINITY);
        if (value_a != value_b)
            area += fabs(value_a - value_b) * (now_s - last_s);
        for (; i < a->n && a->time_s[i] == now_s; i++)
            value_a = a->value[i];
        for (; j < b->n && b->time_s[j] == now_s; j++)
            value_b = b->value[j];
        last_s = now_s;
    }
    return area;
}
