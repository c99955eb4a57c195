/* A row's times and state, and what the rows' counts say. */
#include "traces/importer/task_records.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/task_values.h"

static const double clock_step_s = 3600, clock_tolerance_s = 60, agreement_s = 1.5;
/* Of dates without a year, which are read as those of a leap year. */
static const double half_year_s = 183 * 86400.0, year_s = 366 * 86400.0;

/* Elapsed is the duration; an end that differs by an hour, or lies before the start, was read from
 * a clock that was changed. Times that are numbers have no such clock: a duration of 1000 times
 * their difference counts milliseconds. */
static void reconcile(struct task_records *t, struct task_row *row)
{
    double span = row->end_s - row->start_s, difference = span - row->elapsed_s;
    if (t->kind == TABLE_PLAIN && !t->dates && span > 0 &&
        fabs(row->elapsed_s * 1e-3 - span) <= 1e-6 * row->elapsed_s) {
        row->elapsed_s *= 1e-3;
        t->counts.milliseconds++;
        return;
    }
    if (t->kind == TABLE_NEXTFLOW || t->kind == TABLE_PARSL) {           /* the rest is staging */
        row->end_s = difference > 0 ? row->start_s + row->elapsed_s : row->end_s;
        return;
    }
    if (!(fabs(difference) > agreement_s))
        return;
    t->counts.disagree++;
    if (fabs(fabs(difference) - clock_step_s) > clock_tolerance_s && difference > 0)
        return;
    t->counts.clock_changes++;
    row->end_s = row->start_s + row->elapsed_s;
}

void task_records_complete(struct task_records *t, struct task_row *row)
{
    if (t->no_year && row->end_s < row->start_s - half_year_s) /* over the end of a year */
        row->end_s += year_s;
    if (isnan(row->end_s) && !isnan(row->start_s) && row->elapsed_s > 0)
        row->end_s = row->start_s + row->elapsed_s;
    if (isnan(row->start_s) && !isnan(row->end_s) && row->elapsed_s > 0)
        row->start_s = row->end_s - row->elapsed_s;
    if (isnan(row->elapsed_s))
        row->elapsed_s = row->end_s - row->start_s;
    else if (!isnan(row->start_s) && !isnan(row->end_s))
        reconcile(t, row);
}

static double first_time(const struct task_records *t)
{
    double first = NAN;
    for (size_t i = 0; i < t->n; i++)
        first = earlier_known(first,
                              earlier_known(t->rows[i].submit_s,
                                            earlier_known(t->rows[i].start_s, t->rows[i].end_s)));
    return first;
}

double task_records_zero(const struct task_records *t)
{
    return known_or(earlier_known(t->begun_s, first_time(t)), 0);
}

void task_records_set_status(struct task_records *t, struct task_row *row, const char *state,
                             const char *exit)
{
    bool ran = !isnan(row->start_s) || row->elapsed_s > 0,
         ended = !isnan(row->end_s) || !isnan(row->elapsed_s);
    /* PBS: finished, one way or other */
    bool by_exit = !*state || (t->kind == TABLE_PBS && strchr("FECX", *state) && !state[1]);
    row->status = ended ? TASK_DONE : TASK_CUT;
    if (!by_exit && !task_value_state(state, &row->status))
        t->counts.bad_states++;
    else if (by_exit && *exit && strtol(exit, NULL, 10) != 0)
        row->status = TASK_FAILED;
    if (row->status == TASK_KILLED && (!ran || (row->elapsed_s == 0 && !row->n_places)))
        row->status = TASK_CANCELLED;
    if (row->status == TASK_DONE && !ended)
        row->status = TASK_CUT;
    if (row->status == TASK_DONE && row->elapsed_s == 0 && isnan(row->start_s))
        row->start_s = row->end_s;
    if (row->status == TASK_CUT)         /* what has elapsed so far is no end */
        row->end_s = NAN;
    row->earlier_run = strncasecmp(state, "cached", 6) == 0;
    if (!row->earlier_run)
        return;
    row->submit_s = row->eligible_s = row->start_s = row->end_s = NAN;
    t->counts.cached++;
}

/* An end before its start is none, nor is a duration below nothing. */
static size_t drop_impossible(struct task_records *t)
{
    size_t dropped = 0;
    for (size_t i = 0; i < t->n; i++) {
        struct task_row *row = &t->rows[i];
        if (!(row->end_s < row->start_s) && !(row->elapsed_s < 0))
            continue;
        row->elapsed_s = row->elapsed_s < 0 ? (double)NAN : row->elapsed_s;
        row->end_s = row->end_s < row->start_s ? (double)NAN : row->end_s;
        dropped++;
    }
    return dropped;
}

void task_records_note(struct task_records *t)
{
    const struct record_counts *c = &t->counts;
    struct notes *n = &t->notes;
    notes_add(n, drop_impossible(t), "rows", "ended before they began: their end is not taken");
    notes_add(n, c->torn, "rows", "torn, or without id and name");
    notes_add(n, c->bad_states, "rows", "a state that is not known: done where the row has an end");
    notes_add(n, c->bad_nodes, "rows",
              "a list of nodes that cannot be read, or is too long: without nodes");
    notes_add(n, c->other_count, "rows",
              "the count of nodes differs from the list of nodes: the list is taken");
    notes_add(n, c->milliseconds, "rows", "duration is 1000 times end - start: it is milliseconds");
    notes_add(n, c->disagree, "rows", "duration and end - start disagree: the duration is taken");
    notes_add(
        n, c->clock_changes, "rows",
        "of these a change of clocks (an hour off, or end before start): stop = start + duration");
    notes_add(n, c->cached, "tasks", "CACHED: durations from an earlier run, no times in this one");
    notes_add(n, t->no_year, "dates", "without a year: times of this session count from its first");
}

/* --- times without a year: which of them lie beyond its end ----------------------------------- */

enum { TIMES = 4 };

static double *time_of(struct task_row *row, size_t k)
{
    double *const times[] = { &row->submit_s, &row->eligible_s, &row->start_s, &row->end_s };
    return times[k];
}

/* The jobs of one table lie closer together than half a year: what comes before the largest gap, if
 * it is wider than that, is of the next year. */
void task_records_join_years(struct task_records *t)
{
    double *times = xcalloc(TIMES * t->n + 1, sizeof *times), widest = half_year_s, before = NAN;
    size_t n = 0;
    for (size_t i = 0; i < t->n && t->no_year; i++)
        for (size_t k = 0; k < TIMES; k++) {
            double at = *time_of(&t->rows[i], k);
            if (!isnan(at))
                times[n++] = at;
        }
    sort_doubles(times, n);
    for (size_t i = 1; i < n && times[n - 1] - times[0] < 2 * year_s; i++)
        if (times[i] - times[i - 1] > widest) {
            widest = times[i] - times[i - 1];
            before = times[i - 1];
        }
    for (size_t i = 0; i < t->n && !isnan(before); i++)
        for (size_t k = 0; k < TIMES; k++) {
            double *at = time_of(&t->rows[i], k);
            if (*at <= before)
                *at += year_s;
        }
    free(times);
}
