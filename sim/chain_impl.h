/* sim/chain_impl.h - the state of a chain of jobs, shared by its parts: the jobs (chain.c), and
 * their records (chain_records.c). */
#ifndef DAGCAST_SIM_CHAIN_IMPL_H
#define DAGCAST_SIM_CHAIN_IMPL_H

#include "num/dist.h"
#include "sim/chain.h"

enum { CHAIN_MOST_ATTEMPT = UINT8_MAX };

/* The record of a task whose staging out the walltime has cut, until it is over. */
struct open_record { uint32_t task; struct timeline *record; };

/* Many members: what one job leaves to the next. */
struct chain {
    struct dist *wait; /* NULL: none */
    size_t most, n; /* jobs: allowed, and of the replica in hand */
    struct job_span *jobs;
    size_t n_tasks;
    /* By task, over all jobs: it is done; attempts that failed */
    bool *done;
    uint8_t *failed;
    /* when the client knew of its last end, on the chain's clock; NULL: nothing decides */
    double *known_s;
    double *job_known_s; /* the same on the clock of the job in hand */
    /* Attempts that were killed, by a walltime or with a node: in jobs before this one, and in it
     */
    uint8_t *killed_before, *killed;
    uint16_t *ran; /* in this job: its last attempt's number in the timeline, plus 1 */
    size_t n_cut;
    struct simulator *simulator;
    const struct record_sink *reader; /* of the whole; NULL: none */
    struct timeline *piece; /* what the reader sees */
    struct open_record *open;            /* while there are some, the piece waits for them */
    size_t n_open, open_room;
    bool unsorted;                       /* the piece: one of them came late */
    struct staged_before *before;        /* NULL: no reader, or no task has phases */
};

/* chain_records.c */
/* As a record_sink of the session in hand, with the chain as its context. */
void chain_take(void *context, const struct timeline *piece, size_t n);
/* All jobs are over: what still waits goes to the reader, which there is. */
void chain_take_rest(struct chain *c);
void chain_drop_open(struct chain *c);   /* of a replica that was stopped */

#endif
