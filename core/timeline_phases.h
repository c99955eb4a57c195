/* core/timeline_phases.h - what the tasks of a timeline did, phase by phase: when each read,
 * computed, asked a service, wrote. Only runs whose tasks have phases (core/phases.h) record them.
 *
 * A record's phases are in order of time. Those that are staged outside the slots are among them:
 * before it was scheduled, or after its slots were free. An attempt that is lost or cut while a
 * phase is under way has that phase, cut. If a job staged a task in but did not place it, the
 * task's record in the next job begins with that; a task that was never placed has it alone. */
#ifndef DAGCAST_CORE_TIMELINE_PHASES_H
#define DAGCAST_CORE_TIMELINE_PHASES_H

#include "core/timeline.h"

enum phase_kind { PHASE_COMPUTES, PHASE_MOVES, PHASE_ASKS, PHASE_LOADS, PHASE_SERVES, PHASE_KINDS };
/* "compute", "move", "ask", "load", "serve" */
const char *phase_kind_name(enum phase_kind k);

struct timeline_phase {                  /* 40 bytes */
    double from_s, to_s;                 /* to_s >= from_s */
    double amount; /* MiB that it moved, requests that it made; seconds that it computed, alone and
                      without checkpoints; NAN: unknown, as of what was cut */
    double full_rate; /* of its flow or service, that it would have alone: amount / full_rate is the
                         time it needs then; of what computes the MiB/s that it wants of the flow
                         that slows it down; NAN: of others */
    uint16_t name;                       /* of the flow or service; 0: of what has none */
    uint8_t kind;                        /* enum phase_kind */
    bool cut;                            /* its attempt ended before the phase did */
};
/* How long it would have taken alone, s, at most as long as it took; NAN: unknown. */
double timeline_phase_alone_s(const struct timeline_phase *p);

/* Of the record added last. */
void timeline_add_phase(struct timeline *t, const struct timeline_phase *p);
/* How many phases a record has; *first: the first of them, until one is added. */
size_t timeline_phases_of(const struct timeline *t, size_t record, struct timeline_phase **first);
void timeline_drop_phases(struct timeline *t, size_t record, size_t n);   /* its last n */
bool timeline_has_phases(const struct timeline *t);      /* some record has one */

/* Those of a record of another timeline, later by `by_s`, to the record added last. */
void timeline_copy_phases(struct timeline *to, const struct timeline *from, size_t record,
                          double by_s);

/* names; more are the caller's to refuse */
enum { TIMELINE_FLOWS_MOST = UINT16_MAX - 1 };
/* > 0; copies it. O(names) */
uint16_t timeline_name_flow(struct timeline *t, const char *name);
const char *timeline_flow_name(const struct timeline *t, uint16_t name); /* "" of 0 */
size_t timeline_flow_names(const struct timeline *t);    /* numbers below this are in use */
/* the set of tasks that is the service of that name; -1: a flow's. O(sets) */
int timeline_service_called(const struct timeline *t, const char *name);

/* As one cell of a timeline's CSV, before it is quoted; nothing if the record has none. */
void timeline_phases_format(struct str *out, const struct timeline *t, size_t record);
/* Adds the phases of such a cell, which it changes, to the record added last. False: it is broken;
 * those before the broken one have been added. */
bool timeline_phases_parse(struct timeline *t, char *text);

#endif
