#include "traces/calibrate_impl.h"

#include <math.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "core/transfer.h"
#include "traces/latencies.h"
#include "traces/station_fit.h"

const char *calibration_status_name(enum calibration_status s)
{
    static const char *const names[] = {
        [CALIBRATION_FITTED] = "fitted",
        [CALIBRATION_FEW] = "interval is a prior",
        [CALIBRATION_ASSUMED] = "assumed",
        [CALIBRATION_NONE] = "none",
    };
    return names[s];
}

double calibration_period(const struct middleware *m, enum station_parameter p)
{
    int poll = station_poll_of(p);
    return poll < 0 ? 0 : m->period_s[poll];
}

/* ---- one station ---- */

static void describe(struct calibration_station *row, const struct station_fit *f)
{
    *row = (struct calibration_station){
        .n_sessions = f->n_sessions, .n_samples = f->n_samples, .n_censored = f->n_censored,
        .mean_s = fmax(0, f->level.mean), .session_se_s = sqrt(f->noise),
        .se_s = NAN, .ci95 = { NAN, NAN }, .within_s = f->within, .family = f->family,
        .log_score = f->log_score,
        .kolmogorov = f->kolmogorov,
    };
    if (f->n_sessions >= CALIBRATE_FEWEST) {
        row->status = CALIBRATION_FITTED;
        row->se_s = f->level.se;
        row->ci95 = (struct stats_interval){ fmax(0, f->level.ci95.low),
                                             fmax(0, f->level.ci95.high) };
        row->between_s = f->level.between;
    } else {
        row->status = CALIBRATION_FEW;
        row->between_s = CALIBRATE_PRIOR_SPREAD * row->mean_s;
    }
}

static const struct calibration_station without_samples = {
    .status = CALIBRATION_NONE, .se_s = NAN, .ci95 = { NAN, NAN }, .log_score = NAN,
    .kolmogorov = NAN,
};

static void assume(const struct work *w, enum station_parameter p)
{
    struct calibration_station *row = &w->out->station[p];
    const struct dist *d = w->prior->parameter[p];
    *row = without_samples;
    if (!d)
        return;
    row->status = CALIBRATION_ASSUMED;
    row->mean_s = dist_mean(d);
    row->within_s = dist_sd(d);
    row->between_s = CALIBRATE_PRIOR_SPREAD * row->mean_s;
    row->family = dist_family(d);
    w->out->profile->parameter[p] = dist_copy(d);
    w->out->profile->assumed[p] = true;
    const enum client client = w->out->profile->client_seen;
    w->out->profile->estimate[p] = (struct station_estimate){
        .known = true,
        .between_s = client == CLIENT_UNKNOWN
                         ? row->between_s
                         : transfer_sd(client, p, TRANSFER_GENERATION, row->mean_s),
        .degrees = client == CLIENT_UNKNOWN ? 0 : TRANSFER_DEGREES,
    };
}

/* What sessions of any kind were measured to differ by counts as nu sessions more, nu its degrees
 * (core/transfer.h):
 *     between^2 = (nu prior^2 + (S - 1) between_S^2) / (nu + S - 1),
 *     se^2 = (between^2 + noise^2) / S,
 * with the noise of a session's mean. */
static struct station_estimate with_prior(enum client client, enum station_parameter p,
                                          const struct station_fit *f)
{
    double n = (double)f->n_sessions, own = f->n_sessions > 1 ? pow(f->level.between, 2) : 0;
    double prior = pow(transfer_sd(client, p, TRANSFER_KIND, fmax(0, f->level.mean)), 2),
           known = transfer_degrees(client, p), degrees = known + n - 1;
    double between = (known * prior + (n - 1) * own) / degrees;
    return (struct station_estimate){ .known = true,
                                      .between_s = sqrt(between),
                                      .se_s = sqrt((between + f->noise) / n),
                                      .degrees = (int)degrees };
}

/* Takes the fit's distribution. */
static void keep(const struct work *w, enum station_parameter p, struct station_fit *f)
{
    struct middleware *m = w->out->profile;
    struct calibration_station *row = &w->out->station[p];
    describe(row, f);
    bool fitted = row->status == CALIBRATION_FITTED;
    m->parameter[p] = f->dist;
    f->dist = NULL;
    /* what the slope leaves open is drawn with the slope */
    bool apart = p == STATION_CLIENT_BASE && m->mean_bulk > 0;
    m->estimate[p] = (struct station_estimate){
        .known = true,
        .between_s = row->between_s,
        .se_s = !fitted ? row->between_s / sqrt((double)f->n_sessions)
                : apart ? f->own_se
                        : row->se_s,
        .degrees = !fitted ? 0
                   : apart ? (int)f->own_degrees
                           : (int)f->degrees,
    };
    if (m->client_seen != CLIENT_UNKNOWN)
        m->estimate[p] = with_prior(m->client_seen, p, f);
    for (size_t s = 0; s < w->n; s++)
        m->sessions[s].mean[p] = f->session_mean[s];
}

static void fit_station(const struct work *w, enum station_parameter p, struct shared_error shared)
{
    struct station_fit f;
    station_fit(&f, w->out->lists.of[p], w->n, calibration_period(w->out->profile, p),
                w->options->family ? w->options->family : "", shared);
    if (f.n_sessions > 0)
        keep(w, p, &f);
    else
        assume(w, p);
    station_fit_clear(&f);
}

/* A cost a task, of bulks or of stages: one number a session. */
static void fit_slope_station(const struct work *w, enum station_parameter p,
                              const struct slope *slope)
{
    struct station_fit f = { .n_sessions = slope->n_sessions, .n_samples = slope->n_samples,
                             .level = slope->level,
                             .degrees = (double)slope->n_sessions - 1, .log_score = NAN,
                             .kolmogorov = NAN,
                             .family = "constant" };
    if (slope->n_sessions == 0) {
        assume(w, p);
        return;
    }
    f.session_mean = slope->session;
    if (is_known(slope->level.se))
        f.noise = fmax(0, (double)slope->n_sessions * pow(slope->level.se, 2) -
                              pow(slope->level.between, 2));
    f.dist = slope->level.mean > 0 ? dist_constant(slope->level.mean) : NULL;
    keep(w, p, &f);
}

/* What the slope leaves open of a bulk's base: at the mean bulk both together are known well. */
static struct shared_error slope_error(const struct work *w)
{
    const struct slope *slope = &w->out->lists.per_task;
    double se = slope->level.se;
    return (struct shared_error){ isnan(se) ? 0 : pow(w->out->lists.mean_bulk * se, 2),
                                  (double)slope->n_sessions - 1 };
}

static void count_lost(const struct work *w)
{
    for (int p = 0; p < STATION_PARAMETERS; p++)
        for (size_t s = 0; s < w->n; s++)
            w->out->station[p].n_lost += w->samples[s].n_lost[p];
}

static void fit_stations(const struct work *w)
{
    struct calibration *c = w->out;
    const struct shared_error none = { 0, 0 };
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        bool cold = p == STATION_STARTUP_COLD || p == STATION_EXECUTE_COLD,
             in_base = p == STATION_CLIENT_TASK && c->lists.singly;     /* of bulks of one task */
        if (p == STATION_CLIENT_TASK && !in_base)
            fit_slope_station(w, STATION_CLIENT_TASK, &c->lists.per_task);
        else if (p == STATION_OPEN_TASK)
            fit_slope_station(w, STATION_OPEN_TASK, &c->lists.open_task);
        else if (!in_base && (!cold || c->lists.cold.rule != COLD_NEVER))
            fit_station(w, (enum station_parameter)p,
                        p == STATION_CLIENT_BASE ? slope_error(w) : none);
        else
            c->station[p] = without_samples;
    }
    struct middleware *m = c->profile;
    if (m->cold_rule != COLD_NEVER && !m->parameter[STATION_STARTUP_COLD] &&
        m->parameter[STATION_STARTUP_WARM])
        m->parameter[STATION_STARTUP_COLD] = dist_copy(m->parameter[STATION_STARTUP_WARM]);
}

/* ---- all together ---- */

static void fit_all(struct work *w)
{
    struct calibration *c = w->out;
    const struct dist *base = w->prior->parameter[STATION_CLIENT_BASE];
    *c = (struct calibration){ .profile = xcalloc(1, sizeof *c->profile),
                               .plain = session_is_plain(w->sessions[0]) };
    station_lists_init(&c->lists, w->samples, w->n, base ? dist_mean(base) : 0);
    calibration_describe(w);
    fit_stations(w);
    count_lost(w);
    calibration_add_notes(w);
}

int calibrate(const struct session *const *sessions, size_t n,
              const struct calibrate_options *options, struct calibration *out, struct error *err)
{
    static const struct calibrate_options none = { 0 };
    struct work w = { .sessions = sessions, .n = n, .options = options ? options : &none,
                      .out = out };
    size_t n_tasks = 0;
    bool has_entk = false;
    for (size_t s = 0; s < n; s++) {
        bool timed = sessions[s]->tasks || session_is_plain(sessions[s]);
        n_tasks += timed && sessions[s]->timeline ? sessions[s]->timeline->n : 0;
        n_tasks += options && options->ideal_s && is_known(options->ideal_s[s]);
        has_entk |= sessions[s]->has_entk;
    }
    if (n == 0)
        return error_set(err, "no session to calibrate on");
    for (size_t s = 1; s < n; s++)
        if (session_is_plain(sessions[s]) != session_is_plain(sessions[0]))
            return error_set(err,
                             "%s and %s: one is a session of RADICAL-Pilot or of dagcast execute, "
                             "the other another tool's run, which has other stations; calibrate on "
                             "each kind alone",
                             sessions[0]->path, sessions[s]->path);
    if (n_tasks == 0)
        return error_set(err, "%s: no task with times to calibrate on",
                         sessions[0]->path ? sessions[0]->path : "session");
    struct middleware *assumed = w.options->prior ? NULL
                                 : sessions[0]->generation == GENERATION_NONE
                                     ? middleware_ideal()
                                     : calibrate_prior(has_entk);
    struct samples *samples = xcalloc(n, sizeof *samples);
    w.prior = assumed ? assumed : w.options->prior;
    w.samples = samples;
    w.levels = xcalloc(n, sizeof *w.levels);
    for (size_t s = 0; s < n; s++) {
        samples_init(&samples[s], sessions[s], calibration_servers_in(sessions[s], w.prior));
        if (w.options->ideal_s && is_known(w.options->ideal_s[s]))
            w.levels[s] = latencies_of_makespan(&samples[s], sessions[s], w.options->ideal_s[s]);
    }
    fit_all(&w);
    if (service_fit_of(sessions, n, &out->service))
        out->profile->service =
            service_fit_rule(&out->service, middleware_mean(out->profile, STATION_STARTUP_WARM),
                             CALIBRATE_PRIOR_SPREAD);
    for (size_t s = 0; s < n; s++)
        samples_clear(&samples[s]);
    xfree(samples, w.levels);
    middleware_free(assumed);
    return 0;
}

void calibration_clear(struct calibration *c)
{
    middleware_free(c->profile);
    station_lists_clear(&c->lists);
    str_clear(&c->notes);
}
