/* drive/decide_impl.h - what the parts of decide.h share. */
#ifndef DAGCAST_DRIVE_DECIDE_IMPL_H
#define DAGCAST_DRIVE_DECIDE_IMPL_H

#include "drive/decide.h"
#include "drive/driver_impl.h"

struct campaign_state {
    struct campaign_result result;
    struct submission *queue;            /* rounds that may be submitted, from `next` on */
    size_t n_queue, next, queue_room;
    struct submission *learnings;        /* that wait for results, in order */
    size_t n_learnings, next_learning, learning_room;
    bool *hit;                           /* decide_hit(): known when it is submitted */
    size_t n_candidates;
    /* NULL: of a session that grows nobody asks */
    double *result_s;                    /* when each result was known, in that order; */
    bool *result_hit;                    /* ... and whether it is a hit */
};

/* Many members: the state of all decisions of one session. */
struct decide {
    const struct workflow *workflow;
    const struct realised *made;
    uint64_t seed;
    uint32_t replica;
    uint32_t *left;                      /* tasks of each set */
    double *ended_s;                     /* of each set */
    int *campaign_of;                    /* of each set; -1 */
    bool *learns;                        /* it is a learning of that campaign */
    uint32_t *sets_left;                 /* of each decision point */
    double *began_s;                     /* of each decision point that is a loop's first; NAN */
    size_t *begin;                       /* points that wait for set s: waits[begin[s]] .. */
    int *waits;
    struct campaign_state *campaigns;
    const struct outcomes *known;        /* not owned */
    int8_t *goes_on;                     /* of each set: what its tasks have said */
    struct outcomes *found;
    /* what tasks have said that changes nothing of what is written out */
    struct outcomes *noted;
    struct set_cancel *said_cancels;     /* that cancels_of_task() is to carry out */
    size_t n_said_cancels, said_cancels_room;
};

/* decide.c: something is not as it was realised */
void decide_find_out(struct driver *driver, enum outcome_kind kind, const char *name,
                     int64_t value);
const struct campaign *decide_described(const struct decide *d, int campaign);
void decide_note_began(struct decide *d, uint32_t set, double now_s);    /* tasks of it are ready */

/* decide_campaigns.c */
void decide_candidate_over(struct driver *driver, int campaign, bool hit);
bool *decide_hit(const struct decide *d, int campaign, uint32_t set, uint32_t task);

/* decide_said.c: what the task, which is done, has said */
void decide_hear(struct driver *driver, uint32_t set, uint32_t task);

#endif
