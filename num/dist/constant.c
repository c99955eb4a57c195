#include "num/dist_impl.h"

#include <assert.h>
#include <math.h>

static const char *const fields[] = { "value", NULL };

struct dist *dist_constant(double value)
{
    assert(isfinite(value));
    return dist_new(&dist_family_constant, NULL, sizeof(struct dist), value, 0);
}

static struct dist *parse(const struct json *at, struct error *err)
{
    double value;
    return dist_need_seconds(at, "value", 0, &value, err) ? NULL : dist_constant(value);
}

static void format(const struct dist *d, cJSON *object)
{
    cJSON_AddNumberToObject(object, "value", d->mean);
}

const struct dist_family dist_family_constant = {
    .name = "constant", .summary = "always the same value; a plain number means this",
    .fields = fields, .parse = parse, .format = format,
};
