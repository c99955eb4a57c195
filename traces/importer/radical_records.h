/* traces/importer/radical_records.h - what the profiles of a RADICAL session say, gathered by
 * entity: the first pass.
 *
 * One row a uid, one column an event (traces/session.h), times as recorded (Unix time). Knows
 * events and components of all generations, but nothing of descriptions, sets or slots. The same
 * record may stand in two files: dropped within 1 microsecond. */
#ifndef DAGCAST_TRACES_IMPORTER_RADICAL_RECORDS_H
#define DAGCAST_TRACES_IMPORTER_RADICAL_RECORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "traces/session.h"

enum radical_state { STATE_UNKNOWN, STATE_DONE, STATE_FAILED, STATE_CANCELED };

/* Events of which it is known where the first record stood: CLIENT_SUBMITTED, AGENT_ARRIVED,
 * SCHEDULE_OK. -1: another. */
enum { RADICAL_ROWS = 3 };
int radical_row_of(enum session_event event);

struct radical_entity {
    const char *uid;
    /* SESSION_EVENTS, NAN: no record; by session_times_alloc() */
    double *at;
    uint64_t row[RADICAL_ROWS];          /* of radical_row_of(): order among equal times */
    uint32_t uid_length;
    uint8_t client_state, agent_state;   /* enum radical_state: the final one each recorded */
    bool is_task;                        /* RADICAL-Pilot recorded it, not only EnTK */
};

struct text_slice { const char *text; size_t length; };
static inline bool slice_begins(struct text_slice s, const char *text)
{
    return s.length >= strlen(text) && !memcmp(s.text, text, strlen(text));
}
static inline bool slice_is(struct text_slice s, const char *text)
{
    return s.length == strlen(text) && !memcmp(s.text, text, s.length);
}

struct radical_row {                     /* one record, split */
    double time_s;
    struct text_slice event, component, uid, state, message;
    bool old_columns;
};

struct radical_records;
struct radical_records *radical_records_new(void);
void radical_records_free(struct radical_records *r);

/* What comes next is of this file; its folders tell pilots and sub-agents whose components have the
 * same names. */
void radical_records_begin_file(struct radical_records *r, const char *path);

/* Takes one record; its texts are not kept. `row` counts up over the session. */
void radical_records_add(struct radical_records *r, const struct radical_row *row);

/* The same of a record whose time counts from an unknown zero: only the bootstrapper's are of use
 * (old ones tie their clock to the agent's by a pair of `sync_rel` records). false: of no use. */
bool radical_records_add_relative(struct radical_records *r, const struct radical_row *row);

/* Entities by at() and find() have their times in rows. These are made when first asked for: ask
 * when all is added, for what was changed in a row is lost, and rows are made anew, when records or
 * entities are added behind that. need() alone sets no `at`. */
size_t radical_records_count(const struct radical_records *r);
struct radical_entity *radical_records_at(struct radical_records *r,
                                          size_t i); /* in order of appearance; valid until the
                                                        next add */
struct radical_entity *radical_records_find(struct radical_records *r, const char *uid); /* NULL */
/* made if absent */
struct radical_entity *radical_records_need(struct radical_records *r, const char *uid,
                                            size_t length);

struct radical_requests;
/* that tasks recorded themselves */
struct radical_requests *radical_records_requests(struct radical_records *r);

/* The times of all entities, now the caller's: to be cleared when the records are gone, or given to
 * a session. */
struct arena radical_records_take_times(struct radical_records *r);

/* Many members: one count for each kind of gap and origin. */
struct radical_totals {
    /* conflicts: the same event of one task at two times; the first stays */
    uint64_t rows, conflicts;
    size_t n_runs;
    const double *run_started;           /* "amgr run started", ascending */
    /* records by which a client or an agent shows that tasks are its own */
    uint64_t submissions, launches;
    double first_s, last_s;              /* of all records */
    double bootstrap_s, pilot_active_s, pilot_end_s;     /* NAN */
    /* EnTK 0.7 and later: its queues were set up at the broker; NAN */
    double queues_begun_s, queues_ready_s;
    /* components of agents, each by its whole name, that launched tasks */
    size_t n_executors;
    double clock_offset_s;               /* largest |NTP - system| of the sync_abs records; 0 */
    /* which generations' events there were */
    bool saw_spawn, saw_unit, saw_task_script, saw_rank;
    /* agent_0.scheduling.0: before 0.90; later agent_scheduling.0000 */
    bool dotted_components;
    bool node_subsecond;                 /* node-side times have fractions of a second */
    /* more entities than a session can have: the rest was dropped */
    bool refused;
};
struct radical_totals radical_records_totals(const struct radical_records *r);

/* Which record of which component means which event, for all generations at once. */
enum radical_component {                 /* bits: a rule names the components it believes */
    COMPONENT_CLIENT = 1,                /* umgr*, tmgr* */
    COMPONENT_AGENT = 2,                 /* agent* */
    /* task_script, unit_script, "", anything else on the node */
    COMPONENT_SCRIPT = 4,
    COMPONENT_ENTK = 8,                  /* radical.entk.* */
    COMPONENT_PILOT = 16                 /* pmgr*, bootstrap* */
};
enum radical_component radical_component_of(struct text_slice name);

/* of two: two records tell it, neither contradicts */
enum radical_keep { KEEP_FIRST, KEEP_LAST, KEEP_FIRST_OF_TWO };

struct radical_rule {
    const char *name;                    /* event, or the state of an `advance` */
    size_t name_length;
    unsigned components;
    enum session_event event;
    enum radical_keep keep;
    enum radical_state state;            /* a final state, of the client or the agent */
    /* only with an empty state column; components get others than tasks too */
    bool no_state;
    enum session_generation generation;  /* it proves this one; GENERATION_NONE: none */
};
/* NULL: the record says nothing about a task. */
const struct radical_rule *radical_rule_of(const struct radical_row *row,
                                           enum radical_component component);

#endif
