#include "cli/calibrate_doc.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "cli/show.h"
#include "plots/series.h"
#include "traces/calibration_curve.h"

#define ANOTHER_WORKFLOW 0.15 /* relative; runs of one workflow differ by some per cent */

/* ---- pictures ---- */

static int draw(const void *what, const char *path, struct error *err)
{
    const struct station_picture *p = what;
    const struct calibration *c = p->calibration;
    const struct calibration_station *station = &c->station[p->parameter];
    const char *name = station_parameter_name(p->parameter);
    struct calibration_curve curve;
    calibration_curve_init(&curve, c, p->parameter);
    const struct series series[] = {
        { .name = "sessions, scaled to one mean", .n = curve.n, .x = curve.seen },
        { .name = station->family, .n = CURVE_POINTS, .x = curve.expected },
    };
    char *x_name = str_format(
        "%s [s]%s", name,
        calibration_period(c->profile, p->parameter) > 0 ? ", with the wait for its poll" : "");
    char *title = str_format("%s: %zu samples of %zu sessions, and the fit", name, curve.n,
                             station->n_sessions);
    int status = plot_ecdf(&(struct series_picture){ .title = title,
                                                     .x_name = x_name,
                                                     .y_name = "share not larger [0 to 1]",
                                                     .series = series,
                                                     .n_series = 2 },
                           path, err);
    xfree(title, x_name);
    calibration_curve_clear(&curve);
    return status;
}

struct station_pictures station_pictures_of(const struct calibration *c)
{
    struct station_pictures all = { 0 };
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        struct calibration_curve curve;
        calibration_curve_init(&curve, c, (enum station_parameter)p);
        if (curve.n > 0)
            all.at[all.n++] = (struct station_picture){ c, (enum station_parameter)p };
        calibration_curve_clear(&curve);
    }
    return all;
}

int station_pictures_draw(const struct station_pictures *p, const char *folder, struct error *err)
{
    int status = file_make_dirs(folder, err);
    for (size_t i = 0; i < p->n && status == 0; i++)
        status = show_picture_files(draw, &p->at[i], folder,
                                    station_parameter_name(p->at[i].parameter), err);
    return status;
}

/* ---- stations ---- */

struct station_row { struct calibration_station station; enum station_parameter parameter; };

static const char *station_name(const struct doc_record *r)
{
    return station_parameter_name(((const struct station_row *)r->item)->parameter);
}

static struct doc_value name(const struct doc_record *r)
{
    return doc_text(station_name(r));
}

DOC_GETTER(status, const struct station_row *s = r->item,
           doc_text(calibration_status_name(s->station.status)))

#define OF(member) DOC_MEMBER(struct station_row, station.member)
#define COUNT(member) .format = { .unit = DOC_COUNT }, OF(member)
#define SECONDS .format = { .unit = DOC_SECONDS, .decimals = 4 }

static const struct doc_field station_fields[] = {
    { .label = "station", .get = name },
    { .key = "status", .label = "status", .get = status },
    { .key = "sessions", .label = "sessions", COUNT(n_sessions) },
    { .key = "samples", .label = "samples", COUNT(n_samples) },
    { .key = "censored", OF(n_censored) },
    { .key = "lost", OF(n_lost) },
    { .key = "mean", .label = "mean", SECONDS, OF(mean_s) },
    { .key = "se", OF(se_s) },
    { .key = "ci95", .label = "95 %", SECONDS,
      DOC_MEMBER_INTERVAL(struct station_row, station.ci95) },
    { .key = "between_sd", .label = "between sd", SECONDS, OF(between_s) },
    { .key = "within_sd", .label = "within sd", SECONDS, OF(within_s) },
    { .key = "session_se", OF(session_se_s) },
    { .key = "within", .label = "within", OF(family) },
    { .key = "log_score", OF(log_score) },
    { .key = "kolmogorov", .label = "Kolmogorov D", .format = { .unit = DOC_NUMBER, .decimals = 3 },
      OF(kolmogorov) },
    DOC_FIELDS_END,
};

/* Of stations that these sessions do not have, no figures; a plain timeline cannot have them all.
 */
static void add_stations(struct doc *d, const struct calibration *c)
{
    struct station_row all[STATION_PARAMETERS];
    size_t n = 0;
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        struct calibration_station *row = &all[n].station;
        *row = c->station[p];
        all[n].parameter = (enum station_parameter)p;
        if (row->status == CALIBRATION_NONE)
            row->mean_s = row->between_s = row->within_s = row->session_se_s = row->log_score =
                row->kolmogorov = NAN;
        n += row->status != CALIBRATION_NONE || !c->plain;
    }
    doc_section(d, "Stations of the middleware");
    doc_table(d, &(struct doc_table){ .key = "stations", .fields = station_fields,
                                      DOC_ITEMS(all, n), .name = station_name });
}

static void add_session_means(struct doc *d, const struct calibration *c)
{
    enum { DECIMALS = 4 };
    struct table *t = table_new();
    table_add_column(t, "station", TABLE_LEFT);
    for (size_t s = 0; s < c->profile->n_sessions; s++)
        table_add_column(t, c->profile->sessions[s].name, TABLE_RIGHT);
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        if (c->station[p].n_sessions == 0)
            continue;
        table_add_row(t);
        table_set_text(t, 0, station_parameter_name((enum station_parameter)p));
        for (size_t s = 0; s < c->profile->n_sessions; s++)
            table_set_number(t, s + 1, c->profile->sessions[s].mean[p], DECIMALS);
    }
    doc_section(d, "Means of each session, s");
    doc_add_table(d, NULL, NULL, t);
    table_free(t);
}

/* ---- the rest ---- */

static const char *cold_text(const struct middleware *m)
{
    switch (m->cold_rule) {
    case COLD_FIRST_ON_NODE:
        return "the first task on each node";
    case COLD_FIRST_WAVE:
        return "tasks started before any has stopped";
    case COLD_BURST:
        return "tasks of the first large bulks";
    case COLD_NODE_CHANGE:
        return "tasks on another node than the launch before";
    case COLD_NEVER:
        break;
    }
    return "no task: no rule explains start-up times better than none";
}

DOC_GETTER(label_from, const struct label_durations *l = r->item,
           doc_text(l->requested ? "requests" : "measurements"))
DOC_GETTER(label_sd, const struct label_durations *l = r->item,
           doc_number(l->dist ? dist_sd(l->dist) : 0))

#define LABEL(unit_, decimals_, member)                                                            \
    .format = { .unit = (unit_), .decimals = (decimals_) },                                        \
    DOC_MEMBER(struct label_durations, member)

static const struct doc_field duration_fields[] = {
    { .label = "label", DOC_MEMBER(struct label_durations, label) },
    { .label = "from", .get = label_from },
    { .label = "ran", LABEL(DOC_COUNT, 0, n_instances) },
    { .label = "tasks", LABEL(DOC_COUNT, 0, n_samples) },
    { .label = "cut off", LABEL(DOC_COUNT, 0, n_censored) },
    { .label = "mean s", LABEL(DOC_NUMBER, 2, mean_s) },
    { .label = "sd s", .format = { .unit = DOC_NUMBER, .decimals = 2 }, .get = label_sd },
    { .label = "between sd", LABEL(DOC_NUMBER, 2, between_s) },
    { .label = "family", DOC_MEMBER(struct label_durations, family) },
    { .label = "Kolmogorov D", LABEL(DOC_NUMBER, 3, kolmogorov) },
    DOC_FIELDS_END,
};

static void add_durations(struct doc *d, const struct task_durations *durations)
{
    doc_section(d, "Durations of tasks, s");
    doc_table(d, &(struct doc_table){ .fields = duration_fields,
                                      DOC_ITEMS(durations->labels, durations->n) });
    struct str effects = { 0 };
    if (isnan(durations->set_sd))
        str_add(&effects, "no label ran twice");
    else
        str_addf(&effects, "of a set %.2f %%", 100 * durations->set_sd);
    if (!isnan(durations->session_sd))
        str_addf(&effects, ", of a session %.2f %%", 100 * durations->session_sd);
    doc_fact(d, NULL, "shared effects", DOC_TEXT, doc_words(&effects));
    if (durations->set_sd > ANOTHER_WORKFLOW || durations->session_sd > ANOTHER_WORKFLOW)
        doc_say(d, DOC_WARNING, "notes[]",
                "Sets of one label differ by more than tasks do: are these sessions runs of one "
                "workflow?");
    doc_data(d, "durations", task_durations_json(durations));
}

/* `notes`: a line each. */
static void add_notes(struct doc *d, const char *notes)
{
    doc_open_list(d, "notes");           /* there are none: an empty list */
    doc_close(d);
    if (notes && *notes)
        doc_section(d, "Beware");
    for (const char *end; notes && *notes; notes = end + 1) {
        end = strchr(notes, '\n');
        char *line = xstrndup(notes, (size_t)(end - notes));
        doc_say(d, DOC_NOTE, "notes[]", line);
        free(line);
    }
}

static void add_service(struct doc *d, const struct service_fit *f,
                        const struct service_rule *rule)
{
    if (f->n_sessions == 0)
        return;
    doc_factf(d, NULL, "service", "%.4g requests a second (%zu requests, %zu session%s), %s%s",
              f->rate, f->n_requests, f->n_sessions, f->n_sessions == 1 ? "" : "s",
              f->at_once == 1 ? "one at a time" : "all at once",
              f->at_once_known ? "" : " (assumed: no request waited for another)");
    doc_factf(d, NULL, "", "another session's differs by %.2g %% (sd%s)", 100 * rule->session_sd,
              isnan(f->rate_spread)  ? ": a prior"
              : f->n_sessions == 1 ? ": the error of the mean"
                                   : ": between sessions, and the error of the mean");
    if (f->first != 1)
        doc_factf(d, NULL, "", "a client's first request counts as %.3g", f->first);
    if (f->n_ready > 0)
        doc_factf(d, NULL, "service ready", "%.1f s after its start (sd of another %.1f s%s)",
                  f->ready_s, rule->ready ? dist_sd(rule->ready) : 0,
                  f->n_ready < 3 ? ": a prior, as of any station of fewer than three sessions"
                                 : " between sessions");
}

void calibrate_doc_add(struct doc *d, const struct calibration *c,
                       const struct task_durations *durations,
                       const struct station_pictures *pictures)
{
    doc_data(d, "profile", middleware_to_json(c->profile));
    add_stations(d, c);
    add_session_means(d, c);
    if (c->profile->window > 0)
        doc_factf(d, NULL, "window",
                  "%d tasks submitted and not known to be over, as in these runs%s",
                  c->profile->window,
                  c->profile->window_slots ? "; elsewhere as many as there are slots" : "");
    add_service(d, &c->service, &c->profile->service);
    if (!c->plain)
        doc_factf(d, NULL, "cold starts", "%s%s", cold_text(c->profile),
              c->profile->cold_gpu_only ? ", if it has GPUs" : "");
    if (durations->n > 0)
        add_durations(d, durations);
    add_notes(d, c->notes.text);
    for (size_t i = 0; i < pictures->n; i++) {
        const char *name = station_parameter_name(pictures->at[i].parameter);
        char *caption = str_format("%s: samples of the sessions beside the fit", name);
        doc_picture(d, caption, draw, &pictures->at[i]);
        free(caption);
    }
}
