/* validation/own_stations_impl.h - what own_stations.c and own_bulks.c share. */
#ifndef DAGCAST_VALIDATION_OWN_STATIONS_IMPL_H
#define DAGCAST_VALIDATION_OWN_STATIONS_IMPL_H

#include <stddef.h>

#include "validation/own_stations.h"

struct own_context {
    struct own_stations *own;
    const struct session *s;
    const size_t *record;                /* of each task */
    double first_arrival_s;
};

static inline double own_at_least_0(double x)
{
    return x < 0 ? 0 : x;                /* NAN stays */
}

/* Of each group of sets: how long after the end of others its bulk left, or when it arrived. */
void own_take_bulks(const struct own_context *c);

#endif
