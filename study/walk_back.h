/* study/walk_back.h - from a timeline's last stop back to its first start, through the tasks that
 * kept each other waiting: the only walk.
 *
 * It begins where the last task stopped and passes that task's legs backwards, until the instant
 * for which the task waited; then it goes on in the task that it waited for. Legs and waits follow
 * each other without gap or overlap, clipped at the first start. Who kept whom waiting, and what
 * times a timeline lacks, the caller says: study/explain_walk.c, validation/attribution.c. */
#ifndef DAGCAST_STUDY_WALK_BACK_H
#define DAGCAST_STUDY_WALK_BACK_H

#include <stddef.h>
#include <stdint.h>

#include "core/timeline.h"

#define WALK_NONE SIZE_MAX

struct walk_hop {
    enum instant left;                   /* the task waited until then ... */
    size_t record;                       /* ... for this one; WALK_NONE: for none */
    enum instant entered;                /* for this instant of it */
};
struct walk_ops {
    double (*at)(void *context, size_t record, enum instant i);          /* never NAN */
    struct walk_hop (*before)(void *context, size_t record);
    void (*pass)(void *context, size_t record, enum leg leg, double from_s, double to_s);
    void (*wait)(void *context, size_t record, const struct walk_hop *hop, double from_s,
                 double to_s);
};
void walk_back(const struct timeline *t, const struct walk_ops *ops, void *context);

size_t walk_last_stopped(const struct timeline *t);       /* WALK_NONE: nothing stopped */
/* The instant of timelines that stands for one which they do not record (or not always: launched).
 */
enum instant walk_recorded(enum instant i);

#endif
