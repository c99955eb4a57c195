#include "traces/station_lists.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/broker.h"

/* Creating tasks one by one is believed of a client only if it hardly is chance, */
#define CHANCE 0.01
/* and makes so much of the time until tasks are submitted */
#define MATTERS 0.05

static void clear_points(struct slope_points *p, size_t n)
{
    for (size_t s = 0; s < n; s++)
        free(p[s].at);
    free(p);
}

/* ---- the client ---- */

static struct slope_points *bulk_points(const struct samples *sessions, size_t n)
{
    struct slope_points *p = xcalloc(n, sizeof *p);
    for (size_t s = 0; s < n; s++) {
        p[s].at = xcalloc(sessions[s].n_bulks + 1, sizeof *p[s].at);
        for (size_t b = 0; b < sessions[s].n_bulks; b++)
            if (!sessions[s].bulks[b].first)
                p[s].at[p[s].n++] = (struct slope_point){ sessions[s].bulks[b].n_tasks,
                                                          sessions[s].bulks[b].cost_s };
    }
    return p;
}

/* Of the lists' values; `otherwise` where they have none. */
static double mean_of_lists(const struct sample_list *lists, size_t n, double otherwise)
{
    double sum = 0, count = 0;
    for (size_t s = 0; s < n; s++)
        for (size_t i = 0; i < lists[s].n; i++) {
            sum += lists[s].at[i].low;
            count++;
        }
    return count > 0 ? sum / count : otherwise;
}

/* Mean of y - b x. */
static double intercept(const struct slope_points *p, size_t n, double b)
{
    double sum = 0, count = 0;
    for (size_t s = 0; s < n; s++)
        for (size_t i = 0; i < p[s].n; i++) {
            sum += p[s].at[i].y - b * p[s].at[i].x;
            count++;
        }
    return count > 0 ? sum / count : 0;
}

static void list_client(struct station_lists *out, const struct samples *sessions, double base_s)
{
    const size_t n = out->n_sessions;
    struct slope_points *p = bulk_points(sessions, n);
    size_t with_bulks = 0;
    out->per_task = slope_fit(p, n, false, NULL);
    if (intercept(p, n, out->per_task.level.mean) < 0) { /* a bulk's base is no gain */
        free(out->per_task.session);
        out->per_task = slope_fit(p, n, true, NULL);
    }
    const double b = out->per_task.level.mean;
    for (size_t s = 0; s < n; s++) {
        for (size_t i = 0; i < p[s].n; i++) {
            double rest_s = p[s].at[i].y - b * p[s].at[i].x;
            samples_add(&out->of[STATION_CLIENT_BASE][s], rest_s, rest_s);
        }
        out->mean_bulk += slope_mean_x(&p[s]);
        with_bulks += p[s].n > 0;
    }
    out->mean_bulk = with_bulks > 0 ? out->mean_bulk / (double)with_bulks : 0;
    double all_s = mean_of_lists(out->of[STATION_CLIENT_BASE], n, base_s);
    for (size_t s = 0; s < n; s++)
        for (size_t i = 0; i < sessions[s].n_bulks; i++) {
            const struct bulk_sample *bulk = &sessions[s].bulks[i];
            double extra_s = bulk->cost_s - b * bulk->n_tasks -
                             mean_of_lists(&out->of[STATION_CLIENT_BASE][s], 1, all_s);
            if (bulk->first)
                samples_add(&out->of[STATION_CLIENT_FIRST][s], extra_s, extra_s);
        }
    clear_points(p, n);
}

/* ---- creating tasks, closing stages ---- */

static struct slope_points *open_points(const struct samples *sessions, size_t n)
{
    struct slope_points *p = xcalloc(n, sizeof *p);
    for (size_t s = 0; s < n; s++) {
        p[s].at = xcalloc(sessions[s].n_opens + 1, sizeof *p[s].at);
        for (size_t i = 0; i < sessions[s].n_opens; i++)
            p[s].at[p[s].n++] =
                (struct slope_point){ sessions[s].opens[i].n_tasks, sessions[s].opens[i].took_s };
    }
    return p;
}

static bool believed(const struct slope *slope, const struct slope_points *p, size_t n,
                     const double *scale)
{
    double by_tasks = 0, all = 0;
    for (size_t s = 0; s < n; s++)
        for (size_t i = 0; i < p[s].n; i++) {
            by_tasks += slope->level.mean / scale[s] * p[s].at[i].x;
            all += p[s].at[i].y;
        }
    return slope->p < CHANCE && by_tasks > MATTERS * all;
}

/* Those that submit several tasks at once, of those with stages of several. */
static bool all_singly(const struct samples *sessions, size_t n)
{
    bool any = false;
    for (size_t s = 0; s < n; s++) {
        bool several = false;
        for (size_t i = 0; i < sessions[s].n_bulks; i++)
            several |= sessions[s].bulks[i].n_tasks > 1;
        if (several)
            return false;
        any |= sessions[s].singly;
    }
    return any;
}

static void list_opens(struct station_lists *out, const struct samples *sessions)
{
    const size_t n = out->n_sessions;
    struct slope_points *p = open_points(sessions, n);
    out->singly = all_singly(sessions, n);
    out->open_task = slope_fit(p, n, out->singly, out->open_to_broker);
    if (!believed(&out->open_task, p, n, out->open_to_broker)) {
        out->open_task.level.mean = 0;
        out->open_task.n_sessions = out->open_task.n_samples = 0;
    }
    clear_points(p, n);
}

/* Each session's own where it has one. */
static double opening_s(const struct station_lists *l, size_t session, double n_tasks)
{
    double own = l->open_task.session[session], mean = l->open_task.level.mean;
    double each_s = (isnan(own) ? mean : fmax(0, own)) / l->open_to_broker[session];
    return mean <= 0 ? 0 : n_tasks * each_s;
}

/* Creating the first bulk is no part of the bootstrap. */
static void list_bootstrap(struct station_lists *out, const struct samples *sessions)
{
    for (size_t s = 0; s < out->n_sessions; s++)
        for (size_t i = 0; i < out->of[STATION_BOOTSTRAP][s].n; i++) {
            struct fit_sample *x = &out->of[STATION_BOOTSTRAP][s].at[i];
            double open_s = opening_s(out, s, (double)sessions[s].n_first);
            *x = (struct fit_sample){ fmax(0, x->low - open_s), fmax(0, x->high - open_s) };
        }
}

/* What remains of a delay when the last task is booked and the next ones are created. */
static void list_closes(struct station_lists *out, const struct samples *sessions)
{
    for (size_t s = 0; s < out->n_sessions; s++) {
        double book_s = mean_of_lists(&out->of[STATION_CLOSE_TASK][s], 1, 0);
        for (size_t i = 0; i < sessions[s].n_closes; i++) {
            const struct close_sample *c = &sessions[s].closes[i];
            double rest_s =
                fmax(0, c->delay_s.high - opening_s(out, s, c->n_tasks) - (c->booked ? 0 : book_s));
            bool seen = c->delay_s.low == c->delay_s.high;
            if (seen || rest_s > 0)
                samples_add(&out->of[c->run ? STATION_NEXT_RUN : STATION_NEXT_STAGE][s],
                            seen ? rest_s : 0, rest_s);
        }
    }
}

/* ---- EnTK's broker ---- */

static void find_broker(struct station_lists *out, const struct samples *sessions)
{
    size_t known = 0;
    for (size_t s = 0; s < out->n_sessions; s++)
        if (sessions[s].broker_s > 0)
            out->broker_s += (sessions[s].broker_s - out->broker_s) / (double)++known;
    out->to_broker = xcalloc(out->n_sessions, sizeof *out->to_broker);
    out->open_to_broker = xcalloc(out->n_sessions, sizeof *out->open_to_broker);
    for (size_t s = 0; s < out->n_sessions; s++) {
        out->to_broker[s] = broker_ratio(out->broker_s, sessions[s].broker_s);
        out->open_to_broker[s] = sessions[s].broker_answers ? out->to_broker[s] : 1;
    }
}

static void scale_bookings(struct station_lists *out)
{
    for (size_t s = 0; s < out->n_sessions; s++)
        for (size_t i = 0; i < out->of[STATION_CLOSE_TASK][s].n; i++) {
            out->of[STATION_CLOSE_TASK][s].at[i].low *= out->to_broker[s];
            out->of[STATION_CLOSE_TASK][s].at[i].high *= out->to_broker[s];
        }
}

/* ---- start-up and execution ---- */

static void add_value(struct sample_list *list, double x)
{
    if (!isnan(x))
        samples_add(list, x, x);
}

/* What a cold start adds to execution counts from the warm tasks of its own session, else of all.
 */
static void list_tasks(struct station_lists *out, const struct samples *sessions)
{
    const size_t n = out->n_sessions;
    struct sample_list *offsets = out->of[STATION_EXECUTE_OFFSET];
    bool **cold = xcalloc(n, sizeof *cold);
    for (size_t s = 0; s < n; s++) {
        cold[s] = xcalloc(sessions[s].n_tasks + 1, sizeof **cold);
        cold_rule_apply(&out->cold, &sessions[s], cold[s]);
        for (size_t i = 0; i < sessions[s].n_tasks; i++) {
            const struct task_sample *t = &sessions[s].tasks[i];
            add_value(&out->of[cold[s][i] ? STATION_STARTUP_COLD : STATION_STARTUP_WARM][s],
                      t->startup_s);
            if (!cold[s][i])
                add_value(&offsets[s], t->offset_s);
        }
    }
    double all_s = mean_of_lists(offsets, n, 0);
    for (size_t s = 0; s < n; s++) {
        double warm_s = mean_of_lists(&offsets[s], 1, all_s);
        for (size_t i = 0; i < sessions[s].n_tasks; i++)
            if (cold[s][i])
                add_value(&out->of[STATION_EXECUTE_COLD][s],
                          sessions[s].tasks[i].offset_s - warm_s);
        free(cold[s]);
    }
    free(cold);
}

void station_lists_init(struct station_lists *out, const struct samples *sessions, size_t n,
                        double base_s)
{
    *out = (struct station_lists){ .n_sessions = n, .cold = cold_rule_choose(sessions, n) };
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        out->of[p] = xcalloc(n, sizeof *out->of[p]);
        for (size_t s = 0; s < n; s++)
            for (size_t i = 0; i < sessions[s].of[p].n; i++)
                samples_add(&out->of[p][s], sessions[s].of[p].at[i].low,
                            sessions[s].of[p].at[i].high);
    }
    list_client(out, sessions, base_s);
    find_broker(out, sessions);
    list_opens(out, sessions);
    list_bootstrap(out, sessions);
    list_closes(out, sessions);
    scale_bookings(out);
    list_tasks(out, sessions);
}

void station_lists_clear(struct station_lists *l)
{
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        for (size_t s = 0; s < l->n_sessions; s++)
            free(l->of[p][s].at);
        free(l->of[p]);
    }
    xfree(l->per_task.session, l->open_task.session, l->to_broker, l->open_to_broker);
}
