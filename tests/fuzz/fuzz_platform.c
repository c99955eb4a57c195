/* A platform that platform_from_json() takes reads back equal. */
#include "core/platform.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/round_trip.h"

static cJSON *trip(const struct json *at, struct error *err)
{
    struct platform *it = platform_from_json(at, err);
    cJSON *json = it ? platform_to_json(it) : NULL;
    platform_free(it);
    return json;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    round_trip(trip, data, size);
    return 0;
}
