/* A middleware that middleware_from_json() takes reads back equal. */
#include "core/middleware.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/round_trip.h"

static cJSON *trip(const struct json *at, struct error *err)
{
    struct middleware *it = middleware_from_json(at, err);
    cJSON *json = it ? middleware_to_json(it) : NULL;
    middleware_free(it);
    return json;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    round_trip(trip, data, size);
    return 0;
}
