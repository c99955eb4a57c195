/* validation/replay_impl.h - what replay.c, which compares the candidates, and
 * replay_candidates.c, which replays them, share. */
#ifndef DAGCAST_VALIDATION_REPLAY_IMPL_H
#define DAGCAST_VALIDATION_REPLAY_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "validation/replay.h"
#include "validation/replay_run.h"

struct replay_trial { /* the candidate at hand, and what all replays made of each record */
    const struct session *session;
    struct replay *replay;
    struct replay_outcome measured;
    bool *counts;                        /* record -> compared */
    uint64_t **slots;                    /* candidate -> record -> slots */
    double in_time_s;                    /* instants closer than that are equal */
    /* instants count, too, since places tell little or nothing */
    bool plain;
    size_t candidate_room, slots_room;
};

/* Candidates for the trial, replayed. RADICAL's: the session's own generation first, since of
 * equals it is to stand above the others. -1: a scheduler refuses the workflow. */
int replay_add_radicals(struct replay_trial *t, struct error *err);
int replay_add_queues(struct replay_trial *t, struct error *err);

#endif
