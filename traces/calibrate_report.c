#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "traces/calibrate.h"

enum { DECIMALS = 4 };

static void add_row(struct table *t, enum station_parameter p, const struct calibration_station *s)
{
    table_add_row(t);
    table_set_text(t, 0, station_parameter_name(p));
    table_set_text(t, 1, calibration_status_name(s->status));
    table_set_number(t, 2, (double)s->n_sessions, 0);
    table_set_number(t, 3, (double)s->n_samples, 0);
    if (s->status == CALIBRATION_NONE)
        return;
    const double values[] = { s->mean_s, s->ci95.low, s->ci95.high, s->between_s, s->within_s };
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        table_set_number(t, 4 + i, values[i], DECIMALS);
    table_set_text(t, 9, s->family);
    table_set_number(t, 10, s->kolmogorov, 3);
}

struct table *calibration_table(const struct calibration *c)
{
    static const char *const names[] = { "station", "status", "sessions", "samples", "mean s", "95% low", "95% high", "between sd",
                                         "within sd", "within", "Kolmogorov D" };
    struct table *t = table_new();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        table_add_column(t, names[i], i < 2 || i == 9 ? TABLE_LEFT : TABLE_RIGHT);
    for (int p = 0; p < STATION_PARAMETERS; p++)
        add_row(t, (enum station_parameter)p, &c->station[p]);
    return t;
}

struct table *calibration_session_table(const struct calibration *c)
{
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
    return t;
}

static void add_number(cJSON *out, const char *key, double x)
{
    if (!isnan(x))
        cJSON_AddNumberToObject(out, key, x);
}

static cJSON *station_json(const struct calibration_station *s)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddStringToObject(out, "status", calibration_status_name(s->status));
    cJSON_AddNumberToObject(out, "sessions", (double)s->n_sessions);
    cJSON_AddNumberToObject(out, "samples", (double)s->n_samples);
    cJSON_AddNumberToObject(out, "censored", (double)s->n_censored);
    cJSON_AddNumberToObject(out, "lost", (double)s->n_lost);
    if (s->status == CALIBRATION_NONE)
        return out;
    add_number(out, "mean", s->mean_s);
    add_number(out, "se", s->se_s);
    if (!isnan(s->ci95.low))
        cJSON_AddItemToObject(out, "ci95", cJSON_CreateDoubleArray((const double[]){ s->ci95.low, s->ci95.high }, 2));
    add_number(out, "between_sd", s->between_s);
    add_number(out, "within_sd", s->within_s);
    if (s->family)
        cJSON_AddStringToObject(out, "within", s->family);
    add_number(out, "log_score", s->log_score);
    add_number(out, "kolmogorov", s->kolmogorov);
    return out;
}

static cJSON *notes_json(const char *notes)
{
    cJSON *out = cJSON_CreateArray();
    for (const char *end; notes && *notes; notes = end + 1) {
        end = strchr(notes, '\n');
        char *line = xstrndup(notes, (size_t)(end - notes));
        cJSON_AddItemToArray(out, cJSON_CreateString(line));
        free(line);
    }
    return out;
}

cJSON *calibration_json(const struct calibration *c)
{
    cJSON *out = cJSON_CreateObject(), *stations = cJSON_CreateObject();
    for (int p = 0; p < STATION_PARAMETERS; p++)
        cJSON_AddItemToObject(stations, station_parameter_name((enum station_parameter)p), station_json(&c->station[p]));
    cJSON_AddItemToObject(out, "profile", middleware_to_json(c->profile));
    cJSON_AddItemToObject(out, "stations", stations);
    cJSON_AddItemToObject(out, "notes", notes_json(c->notes.text));
    return out;
}
