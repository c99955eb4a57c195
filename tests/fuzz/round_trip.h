/* tests/fuzz/round_trip.h - what is read, written and read again is the same. */
#ifndef DAGCAST_TESTS_FUZZ_ROUND_TRIP_H
#define DAGCAST_TESTS_FUZZ_ROUND_TRIP_H

#include <stdint.h>

#include "base/json.h"

/* Reads something from `at`, uses it as one likes, returns it as JSON; NULL and a sentence if it is
 * refused. */
typedef cJSON *round_trip_fn(const struct json *at, struct error *err);

/* Asserts that what `trip` makes of the bytes, it makes the same of again, to the byte; or that it
 * says why not. */
void round_trip(round_trip_fn *trip, const uint8_t *data, size_t size);

#endif
