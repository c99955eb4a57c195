/* validation/executor/slurm_impl.h - the steps of an allocation, as slurm.c, slurm_ends.c and
 * slurm_lost.c share them. */
#ifndef DAGCAST_VALIDATION_EXECUTOR_SLURM_IMPL_H
#define DAGCAST_VALIDATION_EXECUTOR_SLURM_IMPL_H

#include <stdbool.h>
#include <stdint.h>

#include "validation/executor/children.h"
#include "validation/executor/executor.h"
#include "validation/executor/slurm_allocation.h"

enum { SRUNS_AT_ONCE = 512, SLURM_EVENTS_AT_ONCE = 64, NOBODY = -1 };

enum step_state { STEP_NONE, STEP_QUEUED, STEP_LIVE };
struct step {
    enum step_state state;
    char **argv, **environment, *output;
    int ranks;
    int wanted_signal; /* to be sent; 0: none */
    double launched_s;
    bool again; /* its srun is ended, and it is launched once more */
    int64_t next; /* in the queue; NOBODY */
};

/* Many members: the allocation, its steps, and what Slurm was told. */
struct executor {
    const struct executor_setup *setup;
    struct slurm_allocation allocation;
    struct children *children;
    struct step *steps; /* by id */
    size_t room, n_live;
    int64_t queue_first, queue_last; /* wait until fewer srun live */
    bool told_no_room; /* the user knows that they wait for room, and nothing else lives */
    bool signals_wanted;
    bool *lost; /* of each node */
    bool some_lost, overlaps; /* steps share what Slurm does not give back */
    bool gone; /* the allocation has ended */
    double health_due_s;
    struct executor_event *events; /* not yet given out */
    size_t n_events, first_event, event_room;
    char **sentences; /* what those and the ones given out last point to */
    size_t n_sentences, sentence_room;
};

/* slurm.c */
void slurm_free_step(struct step *s);
void slurm_add_event(struct executor *e, struct executor_event ev,
                     char *why); /* takes `why`; NULL allowed */
int slurm_launch(struct executor *e, uint32_t id, struct error *err);
void slurm_enqueue(struct executor *e, uint32_t id);
void slurm_never_ran(struct executor *e, uint32_t id, const char *why);

/* slurm_ends.c */
/* Events of children that ended, at most SLURM_EVENTS_AT_ONCE. Nodes that are lost come before the
 * tasks that this has ended, so that these are not started there again. */
void slurm_take_ends(struct executor *e, const struct child_event *children, size_t n);

/* slurm_lost.c */
/* Is the allocation still there, and are its nodes? */
void slurm_check_health(struct executor *e);
void slurm_lose_node(struct executor *e, uint32_t node);
/* The srun of this id has ended. True: since it waited for a step in vain; it is launched once
 * more. */
bool slurm_start_again(struct executor *e, uint32_t id);

#endif
