/* When tasks of a measured session come to the scheduler of its prediction, and in which order. */
#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "validation/predict_session_impl.h"

struct arrival { uint32_t rank, task; };

SORT_BY_2(by_rank, struct arrival, rank, task)

/* A record's place in the order of arrival. A plain session records submissions at best; records
 * stand in order of their starts, in which a generator has asked for them. */
static uint32_t arrival_rank(const struct session *s, size_t record)
{
    if (s->tasks)
        return s->tasks[record].arrival;
    return s->window > 0 && is_known(s->timeline->records[record].started_s) ? (uint32_t)record
                                                                             : SESSION_NEVER;
}

uint32_t *session_arrival_order(const struct session *s, const size_t *record, uint32_t n_services)
{
    uint32_t n = s->workflow->n_tasks;
    struct arrival *arrivals = xcalloc(n, sizeof *arrivals);
    uint32_t *order = xcalloc(n + n_services, sizeof *order);
    bool any = false;
    for (uint32_t t = 0; t < n; t++) {
        arrivals[t] =
            (struct arrival){ record[t] == SIZE_MAX ? SESSION_NEVER : arrival_rank(s, record[t]),
                              t };
        any |= arrivals[t].rank != SESSION_NEVER;
    }
    qsort(arrivals, n, sizeof *arrivals, by_rank);
    for (uint32_t i = 0; i < n; i++)
        order[arrivals[i].task] = n_services + i;
    for (uint32_t i = 0; i < n_services; i++)
        order[n + i] = i;
    free(arrivals);
    if (any)
        return order;
    free(order);
    return NULL;
}

static double first_arrival(const struct timeline *t)
{
    double first = NAN;
    for (size_t i = 0; i < t->n; i++)
        first = earlier_known(first, t->records[i].arrived_s);
    return first;
}

int session_release_at_arrival(struct workflow *w, const struct session *s, const size_t *record,
                               struct error *err)
{
    double first_s = first_arrival(s->timeline);
    if (isnan(first_s))
        return error_set(
            err, "%s: no arrival at the scheduler was recorded; use another information level",
            s->path);
    for (size_t k = 0; k < s->workflow->n_sets; k++) {
        struct task_set *set = &w->sets[k];
        for (uint32_t i = 0; i < set->n_tasks; i++) {
            size_t r = record[set->first_task + i];
            double at_s = r == SIZE_MAX ? (double)NAN : session_arrival_s(s, r);
            set->release.list_s[i] = isnan(at_s) ? 0 : at_s - first_s;
        }
    }
    return 0;
}

static bool all_submissions_known(const struct session *s, const struct task_set *set,
                                  const size_t *record)
{
    for (uint32_t i = 0; i < set->n_tasks; i++) {
        size_t r = record[set->first_task + i];
        if (r == SIZE_MAX || !is_known(session_submission_s(s, r)))
            return false;
    }
    return set->n_tasks > 0;
}

size_t session_release_at_submission(struct workflow *w, const struct session *s,
                                     const size_t *record)
{
    double first_s = INFINITY;
    size_t released = 0;
    if (!session_is_plain(s) || s->window > 0)
        return 0;
    for (size_t i = 0; i < s->timeline->n; i++)
        first_s = fmin(first_s, session_submission_s(s, i));
    for (size_t k = 0; k < w->n_sets; k++) {
        struct task_set *set = &w->sets[k];
        if (set->n_dependencies > 0 || set->release.kind != RELEASE_NONE ||
            !all_submissions_known(s, set, record))
            continue;
        set->release.kind = RELEASE_LIST;
        set->release.list_s = xcalloc(set->n_tasks, sizeof *set->release.list_s);
        for (uint32_t i = 0; i < set->n_tasks; i++)
            set->release.list_s[i] = session_submission_s(s, record[set->first_task + i]) - first_s;
        released += set->n_tasks;
    }
    return released;
}
