#include "validation/compare.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/metrics.h"

/* --- tasks in order of arrival ---------------------------------------------------------------- */

struct arrival { double arrived_s; uint32_t set, task; size_t record; };

SORT_BY_3(by_set_and_arrival, struct arrival, set, arrived_s, task)

/* Records of the tasks, set by set in order of arrival: entry first_task + i is the i-th of the
 * set. */
static size_t *records_by_arrival(const struct timeline *t)
{
    const struct workflow *w = t->workflow;
    size_t *record = timeline_last_attempts(t);
    struct arrival *arrivals = xcalloc(w->n_tasks, sizeof *arrivals);
    for (size_t k = 0; k < w->n_sets; k++)
        for (uint32_t i = w->sets[k].first_task; i < w->sets[k].first_task + w->sets[k].n_tasks;
             i++) {
            double arrived_s =
                record[i] == SIZE_MAX ? (double)NAN : t->records[record[i]].arrived_s;
            arrivals[i] = (struct arrival){ isnan(arrived_s) ? INFINITY : arrived_s, (uint32_t)k, i,
                                            record[i] };
        }
    qsort(arrivals, w->n_tasks, sizeof *arrivals, by_set_and_arrival);
    for (uint32_t i = 0; i < w->n_tasks; i++)
        record[i] = arrivals[i].record;
    free(arrivals);
    return record;
}

void compare_starts(const struct timeline *t, double *start_s, double *stop_s)
{
    size_t *record = records_by_arrival(t);
    double first_s = timeline_first_start(t);
    for (uint32_t i = 0; i < t->workflow->n_tasks; i++) {
        const struct timeline_record *r = record[i] == SIZE_MAX ? NULL : &t->records[record[i]];
        start_s[i] = r ? r->started_s - first_s : (double)NAN;
        if (stop_s)
            stop_s[i] = r ? r->stopped_s - first_s : (double)NAN;
    }
    free(record);
}

struct mean_error compare_times(const double *a_s, const double *b_s, size_t n)
{
    struct mean_error e = { 0 };
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        double difference = fabs(a_s[i] - b_s[i]);
        if (isnan(difference))
            continue;
        sum += difference;
        e.largest_s = fmax(e.largest_s, difference);
        e.n++;
    }
    e.mean_s = e.n ? sum / (double)e.n : (double)NAN;
    if (!e.n)
        e.largest_s = NAN;
    return e;
}

/* --- areas ------------------------------------------------------------------------------------ */

static struct step_curve curve_from_start(const struct timeline *t, enum curve_kind kind)
{
    struct step_curve c = curve_of(t, kind, -1);
    double first_s = timeline_first_start(t);
    for (size_t i = 0; i < c.n; i++)
        c.time_s[i] -= first_s;
    return c;
}

static double share_between(const struct timeline *measured, const struct timeline *other,
                            enum curve_kind kind)
{
    struct step_curve a = curve_from_start(measured, kind), b = curve_from_start(other, kind),
                      nothing = { 0 };
    double area = step_curve_area_between(&a, &nothing), between = step_curve_area_between(&a, &b);
    step_curve_clear(&a);
    step_curve_clear(&b);
    return area > 0 ? between / area : (double)NAN;
}

/* Measured sessions hold services apart. New; timeline_free() it. */
static struct timeline *without_services(const struct timeline *t)
{
    struct timeline *rest = timeline_new(t->workflow, t->platform);
    for (size_t i = 0; i < t->n; i++)
        if (!timeline_is_of_service(t, i))
            timeline_add_copy(rest, t, i);
    return rest;
}

struct area_between compare_areas(const struct timeline *measured, const struct timeline *other)
{
    struct timeline *rest = other->workflow->n_services > 0 ? without_services(other) : NULL;
    other = rest ? rest : other;
    struct area_between areas = { .tasks = share_between(measured, other, CURVE_TASKS),
                                  .slots = share_between(measured, other, CURVE_SLOTS),
                                  .gpus = share_between(measured, other, CURVE_GPUS) };
    timeline_free(rest);
    return areas;
}

/* --- clients of services ---------------------------------------------------------------------- */

double compare_clients(const struct workflow *w, const double *start_s, const double *stop_s)
{
    double sum_s = 0;
    size_t n = 0;
    for (size_t k = 0; w->n_services > 0 && k < w->n_sets; k++) {
        const struct task_set *set = &w->sets[k];
        if (!phases_asks(w, set))
            continue;
        for (uint32_t t = set->first_task; t < set->first_task + set->n_tasks; t++)
            if (!isnan(stop_s[t] - start_s[t])) {
                sum_s += stop_s[t] - start_s[t];
                n++;
            }
    }
    return n > 0 ? sum_s / (double)n : (double)NAN;
}

/* --- places ----------------------------------------------------------------------------------- */

static bool equal_ids(const uint16_t *a, size_t n_a, const uint16_t *b, size_t n_b)
{
    return n_a == n_b && (n_a == 0 || memcmp(a, b, n_a * sizeof *a) == 0);
}

static bool equal_places(const struct timeline *a, size_t i, const struct timeline *b, size_t j)
{
    struct timeline_slots x, y;
    bool more_x = timeline_slots_first(a, i, &x), more_y = timeline_slots_first(b, j, &y);
    while (more_x && more_y) {
        if (x.node != y.node || x.gpu_share != y.gpu_share ||
            !equal_ids(x.cores, x.n_cores, y.cores, y.n_cores) ||
            !equal_ids(x.gpus, x.n_gpus, y.gpus, y.n_gpus))
            return false;
        more_x = timeline_slots_next(&x);
        more_y = timeline_slots_next(&y);
    }
    return more_x == more_y;
}

struct same_places compare_places(const struct timeline *measured, const struct timeline *other)
{
    struct same_places same = { 0 };
    size_t *a = records_by_arrival(measured), *b = records_by_arrival(other);
    for (uint32_t i = 0; i < measured->workflow->n_tasks; i++) {
        struct timeline_slots part;
        if (a[i] == SIZE_MAX || b[i] == SIZE_MAX || !timeline_slots_first(measured, a[i], &part) ||
            !timeline_slots_first(other, b[i], &part))
            continue;
        same.n++;
        same.n_equal += equal_places(measured, a[i], other, b[i]);
    }
    xfree(a, b);
    return same;
}
