#include "traces/session_workflow.h"

#include <math.h>
#include <stdlib.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "core/realised.h"
#include "num/stats.h"
#include "traces/calibrate.h"
#include "traces/importer/infer.h"
#include "traces/session_services.h"

/* Of 20 measured sets of 60 tasks and more that do not just sleep, 8 are skewed: the longest task
 * lies 3.3 to 5.1 sd above the mean. */
#define STRAGGLERS 0.4

const char *information_name(enum information level)
{
    static const char *const names[INFORMATION_LEVELS] = { "description", "requested", "measured",
                                                           "arrivals" };
    return names[level];
}

int information_find(const char *name)
{
    for (int i = 0; i < INFORMATION_LEVELS; i++)
        if (str_equal(information_name((enum information)i), name))
            return i;
    return -1;
}

static double requested_of(const struct session *s, size_t record)
{
    return record == SIZE_MAX || !s->tasks ? (double)NAN : s->tasks[record].requested_s;
}

static double measured_of(const struct session *s, size_t record, enum information level)
{
    if (record == SIZE_MAX || s->timeline->status[record] != TASK_DONE)
        return NAN;
    return level >= INFORMATION_MEASURED ? session_recorded_s(s, record)
                                         : session_measured_s(s, record);
}

/* A task that failed or was killed lasts at least as long as it ran. Without a recorded stop
 * nothing is known: it may have been lost. */
static struct infer_bounds bounds_of(const struct session *s, size_t record)
{
    struct infer_bounds b = { 0 };
    if (record == SIZE_MAX)
        return b;
    const struct timeline_record *r = &s->timeline->records[record];
    double ran_s = r->stopped_s - r->started_s;
    bool done = s->timeline->status[record] == TASK_DONE;
    if (!done && ran_s > 0)
        b.at_least_s = ran_s;
    if (done && isnan(r->started_s) && r->stopped_s > r->submitted_s)
        b.at_most_s = r->stopped_s - r->submitted_s;
    return b;
}

/* Fills the NaNs of a set; if nothing at all is known, with the workflow's own. Returns how many
 * there were. */
static size_t impute(double *x, const struct infer_bounds *bounds, size_t n,
                     const struct task_set *from)
{
    bool known = false;
    for (size_t i = 0; i < n; i++)
        known = known || !isnan(x[i]) || bounds[i].at_least_s > 0 || bounds[i].at_most_s > 0;
    if (known)
        return infer_durations(x, bounds, n);
    double mean = from->durations ? stats_mean(from->durations, n) : dist_mean(from->duration);
    for (size_t i = 0; i < n; i++)
        x[i] = from->durations ? from->durations[i] : mean;
    return n;
}

/* Partly normal, partly exponential from mean - sd on: of the same mean and sd, with stragglers. */
static struct dist *with_stragglers(double mean, double sd)
{
    struct dist *exponential = dist_exponential(sd),
                *parts[2] = { dist_normal(mean, sd), dist_scaled(exponential, 1, mean - sd) };
    struct dist *both = dist_mixture(parts, (const double[]){ 1 - STRAGGLERS, STRAGGLERS }, 2);
    dist_free(exponential);
    dist_free(parts[0]);
    dist_free(parts[1]);
    return both;
}

static struct dist *fitted(const double *x, size_t n, bool measured)
{
    double mean = stats_mean(x, n), squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (x[i] - mean) * (x[i] - mean);
    double sd = n > 1 ? sqrt(squares / (double)(n - 1)) : 0;
    if (!(mean > 0) || !(sd > 1e-9 * mean))
        return dist_constant(fmax(mean, 0));
    if (sd > SESSION_WIDEST_NORMAL_CV * mean)
        return dist_lognormal(mean, sd);
    return measured ? with_stragglers(mean, sd) : dist_normal(mean, sd);
}

/* What a set is but its durations, release and dependencies. */
static void copy_set(struct task_set *to, const struct task_set *from)
{
    const struct task_traits *t = from->traits;
    const struct task_traits *kept = task_traits_copy(&(struct task_traits){
        .demand = t->demand, .retries = t->retries, .n_command = t->n_command,
        .command = t->command });
    *to = (struct task_set){ .name = from->name,
                             .label = from->label ? from->label : from->name,
                             .iteration = from->iteration,
                             .n_tasks = from->n_tasks,
                             .priority = from->priority,
                             .traits = kept };
    workflow_copy_fields(to);
    task_traits_free(kept);
}

struct level_context {
    const struct session *s;
    const size_t *record;                /* of each task */
    const double *request_s;             /* of each record: how long it waited for services; NULL */
    enum information level;
    double from_s;                       /* second 0 of releases */
    size_t imputed;
    bool measured;                       /* some durations are */
    struct error *err;
};

/* Without any record the durations of the workflow are all that was measured. */
static double given_duration(const struct task_set *set, size_t task)
{
    return set->durations ? set->durations[task] : dist_mean(set->duration);
}

/* One set's durations at the level. -1: requested is asked for, and one is not known. */
static int set_durations(struct level_context *c, struct task_set *to, const struct task_set *from)
{
    const size_t *record = c->record + from->first_task;
    size_t n = from->n_tasks, without = 0;
    struct infer_bounds *bounds = xcalloc(n, sizeof *bounds);
    double *requested = xcalloc(n, sizeof *requested), *measured = xcalloc(n, sizeof *measured);
    for (size_t i = 0; i < n; i++) {
        requested[i] = requested_of(c->s, record[i]);
        measured[i] =
            c->s->timeline->n ? measured_of(c->s, record[i], c->level) : given_duration(from, i);
        if (c->request_s && record[i] != SIZE_MAX)
            measured[i] -= isnan(measured[i]) ? 0 : fmin(measured[i], c->request_s[record[i]]);
        without += isnan(requested[i]);
        bounds[i] = bounds_of(c->s, record[i]);
    }
    bool use_requested =
        c->level == INFORMATION_REQUESTED || (c->level == INFORMATION_DESCRIPTION && !without);
    to->durations = use_requested ? requested : measured;
    free(use_requested ? measured : requested);
    if (use_requested && without) {
        free(bounds);
        return error_set(
            c->err,
            "%s: task set '%s': %zu of its %zu tasks ask for no duration that is recognised; "
            "use another information level",
            c->s->path, from->name, without, n);
    }
    c->measured |= !use_requested;
    c->imputed += impute(to->durations, bounds, n, from);
    free(bounds);
    if (c->level != INFORMATION_DESCRIPTION) {
        to->duration = dist_empirical(to->durations, n);
        return 0;
    }
    to->duration = fitted(to->durations, n, !use_requested);
    free(to->durations);
    to->durations = NULL;
    return 0;
}

/* A last phase, without slots. */
static void set_staging(const struct session *s, const size_t *record, struct task_set *set)
{
    double *staged_s = xcalloc(set->n_tasks + 1, sizeof *staged_s), sum_s = 0;
    for (uint32_t i = 0; i < set->n_tasks; i++) {
        staged_s[i] = record[i] == SIZE_MAX ? 0 : s->tasks[record[i]].staged_out_s;
        sum_s += staged_s[i];
    }
    if (sum_s > 0) {
        struct task_phases *p = task_phases_own(set);
        p->n = 2;
        p->list = xcalloc(2, sizeof *p->list);
        p->list[1] = (struct phase){ .compute = dist_empirical(staged_s, set->n_tasks),
                                     .staging = STAGING_OUTSIDE };
    }
    free(staged_s);
}

void session_add_staging(const struct session *s, struct workflow *w)
{
    size_t *record = timeline_last_attempts(s->timeline);
    for (size_t k = 0; s->tasks && k < s->workflow->n_sets; k++)
        set_staging(s, record + s->workflow->sets[k].first_task, &w->sets[k]);
    free(record);
}

static void set_releases(const struct level_context *c, struct task_set *to,
                         const struct task_set *from)
{
    const size_t *record = c->record + from->first_task;
    to->release.kind = RELEASE_LIST;
    to->release.list_s = xcalloc(from->n_tasks, sizeof *to->release.list_s);
    for (uint32_t i = 0; i < from->n_tasks; i++) {
        double at = record[i] == SIZE_MAX ? (double)NAN : session_submission_s(c->s, record[i]);
        to->release.list_s[i] = isnan(at) ? 0 : fmax(at - c->from_s, 0);
    }
}

static void copy_release(struct task_set *to, const struct task_set *from)
{
    if (from->release.kind != RELEASE_TIME && from->release.kind != RELEASE_LIST)
        return;
    to->release = from->release;
    if (from->release.kind == RELEASE_LIST)
        to->release.list_s =
            xmemdup(from->release.list_s, from->n_tasks * sizeof *from->release.list_s);
}

/* The first submission, or when the pilot was active if that is later: whatever was submitted
 * before waited for it. */
static double releases_from(const struct session *s)
{
    double first = NAN;
    for (size_t i = 0; i < s->timeline->n; i++)
        first = earlier_known(first, s->timeline->records[i].submitted_s);
    return is_known(first) ? later_known(first, s->pilot_active_s) : first;
}

static int fill_sets(struct level_context *c, struct workflow *w)
{
    const struct workflow *from = c->s->workflow;
    for (size_t k = 0; k < from->n_sets; k++) {
        copy_set(&w->sets[k], &from->sets[k]);
        if (set_durations(c, &w->sets[k], &from->sets[k]))
            return -1;
        if (c->level == INFORMATION_ARRIVALS) {
            set_releases(c, &w->sets[k], &from->sets[k]);
            continue;
        }
        copy_release(&w->sets[k], &from->sets[k]);
        if (from->n_pipelines && !c->s->executed)        /* they follow from these */
            continue;
        w->sets[k].n_dependencies = from->sets[k].n_dependencies;
        w->sets[k].dependencies = workflow_copy_dependencies(from->sets[k].dependencies,
                                                             from->sets[k].n_dependencies);
    }
    return 0;
}

struct workflow *session_workflow(const struct session *s, enum information level, size_t *imputed,
                                  struct error *err)
{
    size_t *record = timeline_last_attempts(s->timeline);
    struct level_context c = { .s = s, .record = record, .level = level, .err = err,
                               .from_s = releases_from(s) };
    struct workflow *w = workflow_new(s->workflow->name, s->workflow->n_sets);
    double *request_s = s->n_requests > 0 && s->n_services > 0 ? session_request_s(s) : NULL;
    c.request_s = request_s;
    int failed = fill_sets(&c, w);
    if (!failed) {
        session_add_staging(s, w);
        if (level != INFORMATION_ARRIVALS)
            workflow_copy_order(w, s->workflow);
        session_add_services(s, w,
                             level == INFORMATION_DESCRIPTION ? CALIBRATE_PRIOR_SPREAD : 0);
        w->radical = run_record_copy(&s->workflow->radical);
        w->radical.durations =
            run_record_known(&w->radical) && c.measured ? DURATIONS_MEASURED : DURATIONS_REQUESTED;
        w->source =
            str_format("%s; durations: %s", s->workflow->source ? s->workflow->source : s->name,
                       information_name(level));
        failed = workflow_finish(w, err);
    }
    xfree(record, request_s);
    if (imputed)
        *imputed = c.imputed;
    if (!failed && level != INFORMATION_ARRIVALS && w->n_sets == s->workflow->n_sets)
        w->realised = realised_copy(s->workflow->realised, w->n_sets);
    if (!failed)
        return w;
    workflow_free(w);
    return NULL;
}
