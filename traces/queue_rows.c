/* A table of jobs, row by row: sacct's text or a CSV. */
#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/escape.h"
#include "base/known.h"
#include "base/str.h"
#include "traces/importer/task_values.h"
#include "traces/queue_columns.h"
#include "traces/queue_history.h"
#include "traces/queue_history_impl.h"

struct row {
    const struct csv *csv;
    const struct queue_columns *columns;
    struct queue_history *history;
};

static const char *field(const struct row *r, enum queue_column column)
{
    return csv_at(r->csv, r->columns->at[column]);
}

static void refuse(const struct row *r, const char *what, const char *text)
{
    struct str words = { 0 };
    r->history->bad++;
    if (r->history->first_bad[0])
        return;
    escape_addf(&words, "line %zu: %s '%.40s'", r->csv->line, what, text);
    snprintf(r->history->first_bad, sizeof r->history->first_bad, "%s", words.text);
    str_clear(&words);
}

/* "12.batch", "12.0": a step of a job, whose wait is not the queue's. */
static bool is_step(const char *id)
{
    const char *dot = strrchr(id, '.');
    return dot && (strspn(dot + 1, "0123456789+") == strlen(dot + 1) || str_starts(dot, ".batch") ||
                   str_starts(dot, ".extern") || str_starts(dot, ".interactive"));
}

static bool read_instant(const struct row *r, enum queue_column column, double *time_s)
{
    const char *text = field(r, column);
    double plain, unit_s = r->columns->at[column] >= 0 ? r->columns->unit_s[column] : (double)NAN;
    bool date = false;
    if (!isnan(unit_s) && str_to_double(text, &plain)) {
        *time_s = plain * unit_s;
        return true;
    }
    if (task_value_time(text, time_s, &date))
        return true;
    refuse(r, "time", text);
    return false;
}

static bool read_span(const struct row *r, enum queue_column column, double unit_s,
                      double *span_s)
{
    const char *text = field(r, column);
    double plain, said_s = r->columns->at[column] >= 0 ? r->columns->unit_s[column] : (double)NAN;
    if (!task_value_duration(text, span_s)) {
        refuse(r, "span of time", text);
        return false;
    }
    if (str_to_double(text, &plain))
        *span_s *= isnan(said_s) ? unit_s : said_s;
    return true;
}

/* "UNLIMITED" and "Partition_Limit" are no walltime that was asked for. */
static bool read_walltime(const struct row *r, double *length_s)
{
    *length_s = NAN;
    if (isalpha((unsigned char)*field(r, QUEUE_WALLTIME)))
        return true;
    if (!read_span(r, QUEUE_WALLTIME, 1, length_s))
        return false;
    if (isnan(*length_s) && isdigit((unsigned char)*field(r, QUEUE_WALLTIME_MINUTES)) &&
        !read_span(r, QUEUE_WALLTIME_MINUTES, 60, length_s))
        return false;
    *length_s = *length_s > 0 && *length_s <= DURATION_LARGEST_S ? *length_s : (double)NAN;
    return true;
}

/* Slurm prints "1.5K" of many. NAN: not a size. */
static double read_size(const struct row *r, enum queue_column column)
{
    const char *text = field(r, column);
    char *end;
    double x = isdigit((unsigned char)*text) ? strtod(text, &end) : (double)NAN;
    if (isnan(x))
        return x;
    x *= *end == 'K' ? 1000 : *end == 'M' ? 1000000 : 1;
    end += *end == 'K' || *end == 'M';
    return !*end && x > 0 && x <= 1e9 ? x : (double)NAN;
}

static bool read_wait(const struct row *r, struct past_wait *past)
{
    double eligible_s, start_s;
    if (!read_instant(r, QUEUE_SUBMIT, &past->submitted_s) ||
        !read_instant(r, QUEUE_ELIGIBLE, &eligible_s) ||
        !read_instant(r, QUEUE_START, &start_s) ||
        !read_span(r, QUEUE_WAIT, 1, &past->wait_s))
        return false;
    double from_s = later_known(past->submitted_s, eligible_s);
    if (isnan(past->submitted_s))
        past->submitted_s = eligible_s;
    /* A job that never started has no start, but may have a wait. */
    if (r->columns->at[QUEUE_START] >= 0 && isnan(start_s))
        past->wait_s = NAN;
    else if (isnan(past->wait_s))
        past->wait_s = start_s - from_s;
    if (past->wait_s < 0) {
        refuse(r, "start before submission,", field(r, QUEUE_START));
        return false;
    }
    return true;
}

/* Slurm gives a job that is cancelled while it waits the time of that as its start and its end. */
static bool cancelled_before_start(const struct row *r)
{
    enum task_status status;
    double start_s, end_s, ran_s;
    const char *elapsed = field(r, QUEUE_ELAPSED);
    bool date;
    if (!task_value_state(field(r, QUEUE_STATE), &status) ||
        (status != TASK_KILLED && status != TASK_CANCELLED))
        return false;
    if (*elapsed && task_value_duration(elapsed, &ran_s) && !isnan(ran_s))
        return ran_s == 0;
    return task_value_time(field(r, QUEUE_START), &start_s, &date) &&
           task_value_time(field(r, QUEUE_END), &end_s, &date) && end_s <= start_s;
}

static void read_row(const struct row *r)
{
    struct queue_history *h = r->history;
    struct past_wait past = { .size = NAN };
    if (is_step(field(r, QUEUE_ID))) {
        h->steps++;
        return;
    }
    if (r->csv->torn || r->csv->n <= 1) {
        refuse(r, "broken row", "");
        return;
    }
    if (cancelled_before_start(r)) {
        h->not_started++;
        return;
    }
    past.size = read_size(r, h->in_nodes ? QUEUE_NODES : QUEUE_CORES);
    if (!read_walltime(r, &past.length_s) || !read_wait(r, &past))
        return;
    if (isnan(past.wait_s) || past.wait_s > DURATION_LARGEST_S)
        h->not_started++;
    else if (isnan(past.size))
        h->no_size++;
    else
        queue_history_add(h, &past,
                          queue_history_name(&h->machines, &h->n_machines, field(r, QUEUE_MACHINE)),
                          queue_history_name(&h->queues, &h->n_queues, field(r, QUEUE_QUEUE)));
}

int queue_history_read_table(char *text, size_t size, char separator, const char *name,
                             struct queue_history *h, struct error *err)
{
    struct csv c;
    csv_open(&c, text, size, separator);
    struct queue_columns columns = { .at = { 0 } };
    if (csv_next(&c))
        columns = queue_columns_of(c.fields, c.n);
    int status =
        c.n > 0 ? queue_columns_check(&columns, name, err) : error_set(err, "%s: is empty", name);
    h->in_nodes = status == 0 && columns.at[QUEUE_NODES] >= 0;
    const struct row row = { &c, &columns, h };
    while (status == 0 && csv_next(&c))
        read_row(&row);
    csv_close(&c);
    return status;
}
