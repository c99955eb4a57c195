/* traces/importer/radical_groups_impl.h - what radical_groups.c, which splits tasks into sets by
 * what they are, and radical_waves.c, which splits these by time, share. */
#ifndef DAGCAST_TRACES_IMPORTER_RADICAL_GROUPS_IMPL_H
#define DAGCAST_TRACES_IMPORTER_RADICAL_GROUPS_IMPL_H

#include "traces/importer/radical_impl.h"

struct radical_member {                  /* a task that belongs into some set */
    struct radical_task *task;
    const char *base;                    /* the label of its set as written */
    double value;                        /* the duration it is sorted by; NAN: unknown */
    bool by_role;                        /* its label was split by names of tasks */
};

/* Members of one set but for time, in order of submission: adds their groups. Without stages one
 * label may have been submitted again and again: a wave begins when all before it were done, or
 * with a bulk that follows another at a distance and starts when that has stopped. */
void radical_split_waves(struct radical *r, struct radical_member *m, size_t n, bool by_demand);

#endif
