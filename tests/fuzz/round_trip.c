#include "tests/fuzz/round_trip.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>

static char *print_again(round_trip_fn *trip, const char *text, size_t size, struct error *err)
{
    struct json_document *doc = json_parse(text, size, "f", err);
    if (!doc)
        return NULL;
    struct json root = json_root(doc);
    cJSON *json = trip(&root, err);
    char *printed = json ? json_print(json) : NULL;
    cJSON_Delete(json);
    json_free(doc);
    return printed;
}

void round_trip(round_trip_fn *trip, const uint8_t *data, size_t size)
{
    struct error err = { "" };
    gsl_set_error_handler_off();
    char *once = print_again(trip, (const char *)data, size, &err);
    if (!once) {
        assert(err.text[0]);
        return;
    }
    char *twice = print_again(trip, once, strlen(once), &err);
    assert(twice && strcmp(once, twice) == 0);
    free(once);
    free(twice);
}
