/* sim/phases_impl.h - the state of simulated phases, shared by their parts: plans of the sets
 * (phases.c), where a way begins and ends (phases_ways.c), one phase after another
 * (phases_steps.c), how much each is (phases_amounts.c), checkpoints (phases_saved.c), and what is
 * recorded (phases_records.c). */
#ifndef DAGCAST_SIM_PHASES_IMPL_H
#define DAGCAST_SIM_PHASES_IMPL_H

#include "core/phases.h"
#include "core/timeline_phases.h"
#include "sim/phases.h"
#include "sim/services.h"

#define NO_WAY UINT32_MAX

struct plan {                            /* of a set */
    size_t n, inside, after;             /* phases [inside, after) hold slots */
    uint32_t *rule;                      /* of each phase's flow; NO_FLOW: it computes */
    uint32_t slows;                      /* the flow that it uses while it computes, or NO_FLOW */
    /* it has two phases: until it is ready, and while it serves */
    bool serves;
    size_t first_outside;                /* of its tasks' staged phases, in phases.outside */
};
enum { SERVICE_PHASES = 2 };

/* Many members: one task's way through its phases, kept together for the cache. */
struct way {
    uint32_t set, task, number;
    uint32_t attempt;                    /* NOBODY: none has slots for it */
    uint32_t phase, last;                /* under way, or the next; the first that it does not do */
    uint32_t uses, n_uses;               /* of flows, of this phase */
    uint32_t before, next;               /* neighbours in the order of starting, or the free list */
    /* an event of its own; it is gone, and that event is to come; it was cancelled */
    bool pending, dead, cut;
    bool stages_in;                      /* being staged in */
    double skip_s, done_s, phase_s; /* of computing: saved by earlier attempts and still to skip,
                                       done in this one before this phase, in this phase */
    double phase_began_s;
    double extra_s, submitted_s;
    double left;                         /* of what it would take alone, until it fails */
    double began_s;
    /* It stages out what an earlier job did: `rest` of its first phase, INFINITY: all of it; and
     * has done so: the client hears of it */
    bool resumed, told;
    double rest;
    uint32_t first_phase;
};

struct left {                            /* of a task's staging out, when its job was over */
    uint32_t phase, number;              /* 0: nothing */
    double amount;                       /* of that phase; INFINITY: all of it */
};

/* Many members: the flows, services and ways of one session. */
struct phases {
    struct simulator *simulator;
    struct flows *flows;
    struct services *services;           /* NULL: no set serves */
    struct plan *plans;                  /* by set */
    size_t most;                         /* phases of a set */
    struct way *ways;
    size_t n_ways, room;
    uint32_t unused, first, last;        /* free list; attempts under way, oldest first */
    bool noted;                          /* a timeline records this replica's phases */
    /* most x ways: while it is recorded, from their begin on */
    struct timeline_phase *did;
    size_t did_room;
    /* the last that each task was staged, in (until a record has it) and out; to_s NAN: it was not;
     * NULL until one is recorded */
    struct timeline_phase *outside;
    size_t n_outside;
    /* the way that was lost last and is not recorded yet; NO_WAY */
    uint32_t lost;
    uint32_t *way_of;                    /* by attempt */
    size_t way_of_room;
    double *notified_s;                  /* by task, of those that are staged out; NULL: none is */
    /* by task: computing up to its last checkpoint; NULL: none */
    double *saved_s;
    struct left *left_out;               /* by task; NULL: no job takes up another's staging */
};

/* phases_ways.c: the numbers of ways are reused; a new one is in no list */
uint32_t way_new(struct phases *p);
void way_forget(struct phases *p, uint32_t way);
void way_unlink(struct phases *p, uint32_t way);
/* phases_ways.c. NO_WAY: the attempt has not begun. */
uint32_t phases_begun_way(const struct phases *p, uint32_t attempt);

/* phases_amounts.c */
const struct phase *way_phase(const struct phases *p, const struct way *w);
/* How much of the phase it does: less if the attempt fails in it, which is its last then. */
double way_amount(struct phases *p, struct way *w, uint32_t rule);
/* of the phases inside the slots */
double way_total_alone_s(struct phases *p, struct way *w);

/* phases_steps.c: the phase is under way from now on; it has ended, and the next begins */
void way_begin_phase(struct phases *p, uint32_t way);

/* phases_records.c. What a client's phase does that uses this flow (NO_FLOW: computes) */
enum phase_kind phases_kind_of_rule(const struct phases *p, uint32_t rule);
/* nothing is done unless it is recorded */
/* The way's phase begins at `from_s`, and moves or computes `amount`. */
void way_note_begin(struct phases *p, uint32_t way, double from_s, double amount, double full_rate);
void way_note_end(struct phases *p, uint32_t way);
void way_note_cut(struct phases *p, uint32_t way);       /* now, before its end */
/* The phases that it does outside have ended, up to the one under way. */
void way_note_staged(struct phases *p, uint32_t way);
void phases_forget_staged(struct phases *p);
/* It is cut now, after all but `left` of its phase. */
void way_note_left(struct phases *p, uint32_t way, double left);

/* phases_left.c: the last phase of a way that is `resumed` has ended; the client knows of it */
void way_resumed_staged(struct phases *p, uint32_t way);
void way_resumed_over(struct phases *p, uint32_t way);

/* phases_saved.c */
const struct checkpoint_rule *way_checkpoints(const struct phases *p, const struct way *w);
/* seconds of a second's computing, by the middleware */
double phases_slope(const struct phases *p);
/* What checkpoints have kept of the task; NULL: nothing is kept. */
double *phases_saved(const struct phases *p, const struct attempt *a);

#endif
