#include "core/failures.h"

#include <math.h>

static const struct schema_field failure_fields[] = {
    { "mtbf", &schema_number, SCHEMA_AT(struct failure_rule, mtbf_s), .unit = QUANTITY_SECONDS,
      .min = 1, .max = DURATION_LARGEST_S, .required = true,
      .help = "mean time to a node's failure" },
    { "shape", &schema_number, SCHEMA_AT(struct failure_rule, shape), .min = 0.1, .max = 100,
      .initial = 1,
      .help = "of its Weibull distribution; 1 is the exponential one, below 1 failures "
              "come in bursts" },
    { "repair", &dist_field, SCHEMA_AT(struct failure_rule, repair), .otherwise = "never",
      .help = "until the node is back" },
};

const struct schema failure_schema = { "failures", SCHEMA_FIELDS(failure_fields),
                                       .size = sizeof(struct failure_rule),
                                       .title = "Failures of nodes" };

static const struct schema_field checkpoint_fields[] = {
    { "interval", &schema_number, SCHEMA_AT(struct checkpoint_rule, interval_s),
      .unit = QUANTITY_SECONDS, .min = 1e-3, .max = DURATION_LARGEST_S, .required = true,
      .help = "seconds of computing between two" },
    { "cost", &schema_number, SCHEMA_AT(struct checkpoint_rule, cost_s), .unit = QUANTITY_SECONDS,
      .max = DURATION_LARGEST_S, .help = "seconds that one takes" },
};

const struct schema checkpoint_schema = { "checkpoint", SCHEMA_FIELDS(checkpoint_fields),
                                          .size = sizeof(struct checkpoint_rule),
                                          .title = "A checkpoint" };

double failure_time_s(const struct failure_rule *f, double u)
{
    double scale_s = f->mtbf_s / tgamma(1 + 1 / f->shape);
    return scale_s * pow(-log1p(-u), 1 / f->shape);
}

double checkpoints_in(const struct checkpoint_rule *c, double before_s, double work_s)
{
    if (c->interval_s <= 0 || work_s <= 0)
        return 0;
    double first = floor(before_s / c->interval_s), end = (before_s + work_s) / c->interval_s;
    return fmax(0, ceil(end - 1e-9) - 1 - first);
}

double checkpoint_best_s(double cost_s, double mtbf_s)
{
    double x = cost_s / (2 * mtbf_s);
    if (x >= 1)
        return mtbf_s;
    return sqrt(2 * cost_s * mtbf_s) * (1 + sqrt(x) / 3 + x / 9) - cost_s;
}
