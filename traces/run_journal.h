/* traces/run_journal.h - a run's journal: the one definition of its lines, their writer and their
 * reader.
 *
 * validation/executor/journal.h appends them to the file; a resumed run and the importer read them.
 * Text, one event a line. A last line without its end (even the first one) was being written when
 * the executor died, and is ignored.
 *
 *     dagcast journal 1
 *     begin TIME                    an executor took up the run
 *     start SET TASK ATTEMPT TIME   an attempt was handed over
 *     set SET NAME                  from here on SET is this one: of workflows that decide
 *     decided KIND VALUE NAME       a decision (core/outcomes.h), which realised workflows follow
 *     end SET TASK ATTEMPT OUTCOME CODE OWN SUBMITTED ARRIVED SCHEDULED LAUNCHED STARTED STOPPED
 *         FREED NODE:SLOTS:GPUS ...
 *     phases TEXT                   of the attempt that ended in the line before
 *
 * TEXT is a cell of a timeline's CSV (core/timeline_phases.h). SET is the set's number, OUTCOME ok,
 * exit, signal, never_ran, timeout, node_lost or cancelled; OWN is 1 if the task itself recorded
 * its start and stop. SLOTS and GPUS are ids joined by commas, or empty. Times are seconds since
 * the run's zero, - where unknown.
 */
#ifndef DAGCAST_TRACES_RUN_JOURNAL_H
#define DAGCAST_TRACES_RUN_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/str.h"
#include "core/outcomes.h"
#include "core/timeline.h"

enum attempt_outcome { ATTEMPT_OK, ATTEMPT_EXIT, ATTEMPT_SIGNAL, ATTEMPT_NEVER_RAN, ATTEMPT_TIMEOUT,
                       /* it ended badly on a node that was lost: started again without using up
                        * retries */
                       ATTEMPT_NODE_LOST,
                       /* a decision has ended it; it is not started again */
                       ATTEMPT_CANCELLED,
                       ATTEMPT_OUTCOMES };
/* node lost, cancelled: TASK_KILLED */
enum task_status attempt_outcome_status(enum attempt_outcome o);
const char *attempt_outcome_name(enum attempt_outcome o);

struct attempt_end { /* of one attempt, what its record of the timeline does not say */
    uint32_t task;                       /* number within the workflow */
    unsigned attempt;
    enum attempt_outcome outcome;
    int code;                            /* exit status, or signal */
    bool own_times;
};

struct attempt_start { uint32_t task; unsigned attempt; double time_s; };

/* Nobody ran anything: from the last line ahead of a resumption until then. Of tasks that were
 * running, that is from their last neighbour's line on: when the executor was interrupted or died
 * is not recorded. */
struct run_pause { double from_s, to_s; };
struct run_interruptions { size_t n; double total_s; };

struct run_journal {
    size_t n_begins, n_starts, starts_room;              /* lines of each kind */
    struct attempt_start *starts;        /* in the order of the file; those that have ended too */
    size_t n_pauses, pauses_room;
    struct run_pause *pauses;            /* in their order; resumptions that did nothing are none */
    double last_s;                       /* of any start or end; NAN: there is none */
    size_t n_ends, room;
    struct attempt_end *ends;            /* parallel to the timeline's records as they were added */
    size_t n_numbers, numbers_room;
    /* by SET: the set of the timeline's workflow, -1: none; without such lines SET itself */
    int *set_of_number;
    size_t good_bytes;                   /* of the file, up to the last whole line */
};
/* Adds each end to the timeline (done, failed, or killed with its node), in the order of the file.
 * -1: it is no journal, or not of this workflow and platform. */
int run_journal_load(const char *path, struct timeline *t, struct run_journal *out,
                     struct error *err);
void run_journal_clear(struct run_journal *j);
/* The pauses as far as they lie within the timeline's makespan: what of it is no measure of the
 * workflow. */
struct run_interruptions run_journal_interruptions(const struct run_journal *j,
                                                   const struct timeline *t);

/* The decisions in it, as far as whole lines hold them. -1: the file cannot be read. */
int run_journal_decisions(const char *path, struct outcomes *known, struct error *err);

enum { RUN_JOURNAL_TIMES = TIMELINE_INSTANTS - 1 };     /* of an `end` line */
extern const char run_journal_head[];    /* the first line */
void run_journal_add_begin(struct str *lines, double time_s);
void run_journal_add_start(struct str *lines, int set, uint32_t task, unsigned attempt,
                           double time_s);
void run_journal_add_set(struct str *lines, int set, const char *name);
void run_journal_add_decided(struct str *lines, enum outcome_kind kind, const char *name,
                             int64_t value);
void run_journal_add_end(struct str *lines, const struct timeline *t, size_t record,
                         const struct attempt_end *end);

#endif
