/* traces/samples.h - what one session tells about each station of the middleware: one number a
 * task, a bulk or a session.
 *
 * A sample is a range (num/fit.h): low = high where the value was seen; high = INFINITY where the
 * record ends first; and low < high where a poll or a clock of whole seconds hides it. A task that
 * left at a tick of a poll of period P, y seconds after it came, had a base between y - P and y: it
 * missed the tick before. So the phase of the poll needs no estimate. `low` may be negative there:
 * the middle of the range is then unbiased over phases, which max(0, low) would spoil. */
#ifndef DAGCAST_TRACES_SAMPLES_H
#define DAGCAST_TRACES_SAMPLES_H

#include <stdbool.h>
#include <stddef.h>

#include "core/middleware.h"
#include "num/fit.h"
#include "traces/session.h"

struct sample_list { size_t n, room; struct fit_sample *at; };

/* client: taken up until it left; the session's first */
struct bulk_sample { double n_tasks, cost_s; bool first; };
struct close_sample { /* a stage, or a run(), closed until so many tasks were submitted next */
    double n_tasks;
    /* the client did nothing else then; without what booked its last task */
    struct fit_sample delay_s;
    /* booked: EnTK recorded when; else `delay_s` begins when the client heard of the last task */
    bool run, booked;
};
/* EnTK put up so many tasks, and nothing else kept it, until it submitted them */
struct open_sample { double n_tasks, took_s; };

struct task_sample {                     /* of each task that was launched, in that order */
    /* launched until its own work began, with the way to the launcher; NAN */
    double startup_s;
    double offset_s;                     /* executed - requested; NAN */
    size_t bulk_tasks;                   /* size of its bulk; 0 unknown */
    int bulk;                            /* which of the session's; -1 */
    /* first_wave: before any task had stopped; node_change: the one before was on another node */
    bool first_on_node, first_wave, node_change, gpu;
};

/* Many members: one list for each thing that sessions are sampled for. */
struct samples {
    char *session;                       /* its name */
    bool has_entk;
    double broker_s;                     /* the session's; NAN */
    bool broker_answers;                 /* so are its opens (core/broker.h) */
    struct sample_list of[STATION_PARAMETERS];           /* of most; the others: */
    size_t n_bulks, n_closes, n_opens, n_tasks;
    /* its client creates and submits one task after another: every bulk is one task */
    bool singly;
    /* tasks of the first bulk: created before the first submission */
    size_t n_first;
    struct bulk_sample *bulks;           /* client */
    struct close_sample *closes;         /* next_stage, next_run */
    /* open_task; no session's first, which waits for EnTK to come up */
    struct open_sample *opens;
    struct task_sample *tasks;           /* start-up, execute */
    /* as configured, else RADICAL's default; 0: the clock that was read lies behind it */
    double period_s[STATION_POLLS];
    /* gaps between launches left out: the launcher stood still */
    size_t n_stalls;
    size_t n_contrary;                   /* values left out: the events stand in another order */
    /* values left out: a time that they need was not recorded */
    size_t n_lost[STATION_PARAMETERS];
};

/* `servers`: launch servers that share the work. Never fails: what is missing has no samples. */
void samples_init(struct samples *out, const struct session *s, int servers);
void samples_clear(struct samples *s);
void samples_add(struct sample_list *list, double low, double high);

#endif
