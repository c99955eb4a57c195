/* sim/stations.h - the middleware's parameters in one replica: which session it is, what each
 * station takes, when polls tick. */
#ifndef DAGCAST_SIM_STATIONS_H
#define DAGCAST_SIM_STATIONS_H

#include "core/scenario.h"

struct stations;
/* of its middleware, workflow and values */
struct stations *stations_new(const struct scenario *scenario);
void stations_free(struct stations *st);
/* Draws the session (one of the profile's vectors, spread between sessions) and the phases of the
 * polls. Slots are freed and tasks placed by one clock where free.poll and schedule.retry have one
 * period, as in RADICAL-Pilot, whose scheduler's loop does both. */
void stations_begin(struct stations *st, uint64_t seed, uint32_t replica);
/* Another set stands there since, in a session that grows. */
void stations_renew(struct stations *st, uint32_t set);

bool stations_has(const struct stations *st, enum station_parameter p);        /* not nothing */
/* The value given beforehand; NAN: it is to be drawn. */
double stations_given(const struct stations *st, enum station_parameter p, uint32_t set,
                      uint32_t task);
/* That, or a draw named by the parameter, set, task and attempt; >= 0. Those that every task asks
 * for are made in blocks. */
double stations_draw(struct stations *st, enum station_parameter p, uint32_t set, uint32_t task,
                     uint32_t attempt);
/* A draw of the session: it has the name of its first set. */
double stations_draw_once(struct stations *st, enum station_parameter p, uint32_t number);

/* its draws are asked for soon: they are fetched */
void stations_expect(const struct stations *st, uint32_t set, uint32_t task);

/* The first tick at or after (strictly after) this instant; the instant itself where the station
 * has no poll. */
double stations_tick(const struct stations *st, enum station_poll poll, double time_s);
double stations_tick_after(const struct stations *st, enum station_poll poll, double time_s);

#endif
