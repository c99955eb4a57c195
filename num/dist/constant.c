#include "num/dist_impl.h"

#include <assert.h>
#include <math.h>

static const struct schema_field fields[] = {
    DIST_NAME("constant"),
    DIST_SECONDS("value", value, 0, "always this"),
    DIST_SCALE_AND_SHIFT,
};

struct dist *dist_constant(double value)
{
    assert(isfinite(value));
    return dist_new(&dist_family_constant, NULL, sizeof(struct dist), value, 0);
}

static struct dist *parse(const struct dist_written *w, const struct json *at, struct error *err)
{
    (void)at;
    (void)err;
    return dist_constant(w->value);
}

static void format(const struct dist *d, struct dist_written *w)
{
    w->value = d->mean;
}

const struct dist_family dist_family_constant = {
    .summary = "always the same value; a plain number means this",
    .schema = { "constant", SCHEMA_FIELDS(fields) }, .parse = parse, .format = format,
};
