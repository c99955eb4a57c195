/* Phases: each record's are in order, within its times, those of its set, and none is faster than
 * its flow alone would be. */
#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "core/phases.h"
#include "core/timeline_check_impl.h"

static const double tolerance = 1e-9; /* relative: of sums of times */

static bool is_before(double a, double b)
{
    return a < b - tolerance * (1 + fabs(b));
}

/* A job staged it in but did not place it; a later one did so again. Of what never ran all is. */
static bool is_earlier(const struct timeline_phase *p, const struct timeline_record *r)
{
    return isnan(r->submitted_s) ? isnan(r->started_s) : is_before(p->from_s, r->submitted_s);
}

/* The record's times that a phase keeps to: staged in before the slots are given, then within the
 * execution, staged out behind it. */
static int check_place(const struct timeline *t, size_t i, const struct timeline_phase *p,
                       struct error *err)
{
    const struct timeline_record *r = &t->records[i];
    struct task_label task = task_label_of(t->workflow, r->task);
    bool inside = !is_before(p->from_s, r->started_s) && !is_before(r->stopped_s, p->to_s);
    bool in = !is_before(p->from_s, r->submitted_s) && !is_before(r->scheduled_s, p->to_s);
    bool out = !is_before(p->from_s, r->freed_s) && !is_before(r->notified_s, p->to_s);
    bool earlier = is_earlier(p, r) && !is_before(r->submitted_s, p->to_s);
    if (!isfinite(p->from_s) || !isfinite(p->to_s) || p->to_s < p->from_s)
        return error_set(err, "%s: has a phase from %.9g to %.9g s", task.text, p->from_s, p->to_s);
    if (!inside && !in && !out && !earlier)
        return error_set(err, "%s: has a phase from %.9g to %.9g s, but ran from %.9g to %.9g s",
                         task.text, p->from_s, p->to_s, r->started_s, r->stopped_s);
    return 0;
}

static int check_rate(const struct timeline *t, size_t i, const struct timeline_phase *p,
                      struct error *err)
{
    struct task_label task = task_label_of(t->workflow, t->records[i].task);
    double took_s = p->to_s - p->from_s,
           alone_s = p->kind == PHASE_COMPUTES ? p->amount : p->amount / p->full_rate;
    if (isnan(alone_s) || !is_before(took_s, alone_s))
        return 0;
    if (p->kind == PHASE_COMPUTES)
        return error_set(err, "%s: computes %.9g s in %.9g s", task.text, alone_s, took_s);
    return error_set(err, "%s: takes %.9g of flow '%s' in %.9g s, alone it would need %.9g s",
                     task.text, p->amount, timeline_flow_name(t, p->name), took_s, alone_s);
}

/* The set's k-th phase is what the record says. */
static bool is_of_set(const struct timeline *t, const struct task_set *set, size_t k,
                      const struct timeline_phase *p)
{
    const char *name = timeline_flow_name(t, p->name);
    if (set->traits->service.serves)
        return k < 2 && p->kind == (k == 0 ? PHASE_LOADS : PHASE_SERVES) &&
               str_equal(name, set->name);
    if (phases_count(set) == 0)
        return k == 0 && p->kind == PHASE_COMPUTES;
    if (k >= phases_count(set))
        return false;
    const struct phase *phase = phases_at(set, k);
    if (!phase->flow)
        return p->kind == PHASE_COMPUTES;
    int service = phases_service(t->workflow, set, phase->flow);
    return service >= 0 ? p->kind == PHASE_ASKS && str_equal(name, t->workflow->sets[service].name)
                        : p->kind == PHASE_MOVES && str_equal(name, phase->flow);
}

/* Of its staging out a job did a part, and the next one the rest. */
static bool goes_on(const struct timeline_phase *p, const struct timeline_record *r)
{
    return p->cut && !is_before(p->from_s, r->freed_s);
}

static bool is_staged_in(const struct timeline *t, const struct task_set *set,
                         const struct timeline_phase *p)
{
    for (size_t k = 0; k < phases_count(set) && phases_at(set, k)->staging == STAGING_OUTSIDE; k++)
        if (is_of_set(t, set, k, p))
            return true;
    return false;
}

/* How many of the record's phases earlier jobs have staged in. */
static size_t earlier_phases(const struct timeline *t, size_t i, const struct task_set *set,
                             const struct timeline_phase *p, size_t n)
{
    size_t k = 0;
    while (k < n && is_earlier(&p[k], &t->records[i]) && is_staged_in(t, set, &p[k]))
        k++;
    return k;
}

/* All phases of what is done; of others the first ones, of which only the last may be cut. A
 * service that no client needs any more ends before it serves. */
static int check_sequence(const struct timeline *t, size_t i, const struct timeline_phase *p,
                          size_t n, struct error *err)
{
    const struct task_set *set =
        &t->workflow->sets[workflow_set_of_task(t->workflow, t->records[i].task)];
    struct task_label task = task_label_of(t->workflow, t->records[i].task);
    size_t outside = 0, all = set->traits->service.serves ? 1 : phases_count(set);
    while (outside < phases_count(set) &&
           phases_at(set, phases_count(set) - 1 - outside)->staging == STAGING_OUTSIDE)
        outside++;
    size_t earlier = earlier_phases(t, i, set, p, n), parts = earlier;
    for (size_t k = 0; k < n; k++) {     /* parts: of phases, beside the first of each */
        if (k >= earlier && !is_of_set(t, set, k - parts, &p[k]))
            return error_set(err, "%s: its phase %zu is not that of its task set", task.text,
                             k + 1);
        bool part = k < earlier ||
                    (t->status[i] == TASK_DONE && goes_on(&p[k], &t->records[i]));
        parts += part && k >= earlier;
        if (p[k].cut && !part && (k + 1 < n || t->status[i] == TASK_DONE))
            return error_set(err, "%s: its phase %zu is cut, but the task went on", task.text,
                             k + 1);
        if (k > 0 && is_before(p[k].from_s, p[k - 1].to_s))
            return error_set(
                err,
                "%s: its phase %zu begins at %.9g s, before the one before has ended at %.9g s",
                task.text, k + 1, p[k].from_s, p[k - 1].to_s);
    }
    /* a walltime may cut what is staged out */
    if (t->status[i] == TASK_DONE && n - parts < all - outside)
        return error_set(err, "%s: is done, but has %zu of its %zu phases", task.text, n, all);
    return 0;
}

int timeline_check_phases(const struct timeline *t, struct error *err)
{
    bool of_sets = t->platform && phases_recorded(t->workflow, t->platform);
    struct timeline_phase *p;
    for (size_t i = 0; timeline_has_phases(t) && i < t->n; i++) {
        size_t n = timeline_phases_of(t, i, &p);
        for (size_t k = 0; k < n; k++)
            if (check_place(t, i, &p[k], err) || check_rate(t, i, &p[k], err))
                return -1;
        if (of_sets && check_sequence(t, i, p, n, err))
            return -1;
    }
    return timeline_has_phases(t) ? timeline_check_flows(t, err) : 0;
}
