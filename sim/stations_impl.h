/* sim/stations_impl.h - the state of stations, shared by their parts: what each takes (stations.c),
 * and when polls tick (stations_polls.c). */
#ifndef DAGCAST_SIM_STATIONS_IMPL_H
#define DAGCAST_SIM_STATIONS_IMPL_H

#include "core/extrapolation.h"
#include "sim/draw_ahead.h"
#include "sim/stations.h"

/* Many members: arrays by station, side by side. */
struct stations {
    const struct middleware *middleware;
    const struct workflow *workflow;
    const struct station_values *values;
    enum transfer transfer;                                      /* extrapolation_transfer() */
    uint64_t seed;
    uint32_t replica;
    double scale[STATION_PARAMETERS], shift[STATION_PARAMETERS];
    double constant_s[STATION_PARAMETERS];                       /* NAN: it is drawn for each */
    double same_s[STATION_PARAMETERS];   /* with what is part of it; NAN: tasks differ */
    /* of what every task asks for and is drawn; NULL: nothing is */
    struct draw_ahead *draws;
    enum station_parameter drawn[STATION_PARAMETERS];            /* its columns */
    size_t n_drawn;
    /* of each parameter; -1: it has none */
    int column[STATION_PARAMETERS];
    double phase_s[STATION_POLLS], per_s[STATION_POLLS];         /* per_s: 1 / period */
    uint64_t first_stream;               /* of the session's first set */
    /* the next that is part of the same station, and is not nothing; -1: there is none */
    int also[STATION_PARAMETERS];
};

/* stations_polls.c: the phases of the session's polls, which are known or drawn; once its seed and
 * replica are set. */
void stations_begin_polls(struct stations *st);

#endif
