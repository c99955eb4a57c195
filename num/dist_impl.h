/* num/dist_impl.h - what a family of distributions provides; for num/dist.c and num/dist/ only.
 *
 * A distribution is X = shift + scale x Y, and a family knows Y alone. Its struct begins with a
 * `struct dist`. Where Y is a constant (sd = 0) dist.c answers from `mean` and calls none of the
 * family's functions. */
#ifndef DAGCAST_NUM_DIST_IMPL_H
#define DAGCAST_NUM_DIST_IMPL_H

#include <stdatomic.h>

#include "num/dist.h"

#define DIST_LARGEST DURATION_LARGEST_S  /* of any parameter in seconds: no sample overflows */
#define DIST_SMALLEST 1e-15              /* of a mean that must be positive */
#define DIST_LARGEST_CV 100.0            /* of lognormal, for the same reason */

/* A probability and its complement, each accurate where it is small; lower + upper = 1 up to
 * rounding. */
struct dist_tails { double lower, upper; };

struct dist_ops {
    /* smallest y with P(Y <= y) >= p.lower */
    double (*quantile)(const struct dist *d, struct dist_tails p);
    struct dist_tails (*cdf)(const struct dist *d, double y);
    /* NULL: the quantile, one by one. `out` and `u` are the same or do not overlap. */
    void (*at_block)(const struct dist *d, const double *u, size_t n, double *out);
    /* n >= 2; NULL: dist_expected_max_numeric() */
    double (*expected_max)(const struct dist *d, size_t n);
};

/* The fields of all families, as a file gives them. Lists are read from the file and saved from the
 * distribution. */
struct dist_written {
    const struct dist *dist;
    double value, min, max, mean, sd, cv, shape, n, p, scale, shift;     /* NAN: absent (sd, cv) */
};
/* Rows of a family's table: the first, its own, and the last two. */
extern const struct schema_type dist_name_field;
#define DIST_AT(member) SCHEMA_AT(struct dist_written, member)
#define DIST_NAME(name)                                                                            \
    { "distribution", &dist_name_field, .otherwise = name, .required = true, .help = "the family" }
#define DIST_SECONDS(key, member, least, words)                                                    \
    { key, &schema_number, DIST_AT(member), .unit = QUANTITY_SECONDS, .min = least,                \
      .max = DIST_LARGEST, .required = true, .help = words }
#define DIST_MEAN_AND_SPREAD(least, most_cv)                                                       \
    DIST_SECONDS("mean", mean, least, "before `scale` and `shift`"),                               \
    { "sd", &schema_number, DIST_AT(sd), .unit = QUANTITY_SECONDS, .max = DIST_LARGEST,            \
      .initial = NAN, .otherwise = "or `cv`", .help = "standard deviation" },                      \
    { "cv", &schema_number, DIST_AT(cv), .max = most_cv, .initial = NAN,                           \
      .otherwise = "or `sd`", .help = "the same, relative to the mean" }
#define DIST_SHIFT                                                                                 \
    { "shift", &schema_number, DIST_AT(shift), .unit = QUANTITY_SECONDS, .min = -DIST_LARGEST,     \
      .max = DIST_LARGEST, .help = "added last; a duration that becomes negative counts as 0" }
#define DIST_SCALE_AND_SHIFT                                                                       \
    { "scale", &schema_number, DIST_AT(scale), .max = DIST_LARGEST, .initial = 1,                  \
      .help = "factor, applied first" },                                                           \
    DIST_SHIFT

struct dist_family {
    const char *summary;
    struct schema schema;                /* of a struct dist_written; its name is the family's */
    struct dist *(*parse)(const struct dist_written *w, const struct json *at, struct error *err);
    void (*format)(const struct dist *d, struct dist_written *w);            /* NULL: lists only */
    /* NULL: the family's struct is all there is */
    struct dist *(*copy)(const struct dist *d);
    void (*clear)(struct dist *d);                                           /* NULL: the same */
};

struct dist {
    const struct dist_family *family;
    const struct dist_ops *ops;
    size_t size;                         /* bytes of the family's struct, this head included */
    double scale, shift;
    double mean, sd;                     /* of Y; sd is 0 exactly where Y is a constant */
    atomic_uint owners;                  /* last: dist_same_struct() */
};

const struct dist_family *dist_family_at(size_t i);

/* Room for a family's struct with its head filled in: scale 1, shift 0. */
void *dist_new(const struct dist_family *family, const struct dist_ops *ops, size_t size,
               double mean, double sd);

/* For a family's `copy`: the struct alone, with one owner. */
void *dist_same_struct(const struct dist *d);

/* of X, which may be a constant */
double dist_quantile_tails(const struct dist *d, struct dist_tails p);

/* E max of n draws of Y by quadrature over the maximum's own Gumbel-like variable; to about 1e-8
 * sd. */
double dist_expected_max_numeric(const struct dist *d, size_t n);

/* The sd in seconds from one of `sd` and `cv`; at most largest_cv x mean. */
int dist_parse_sd(const struct dist_written *w, const struct json *at, double largest_cv,
                  double *sd, struct error *err);

/* The families: a row each, and a file in num/dist/. */
#define DIST_FAMILIES(ROW)                                                                         \
    ROW(constant)                                                                                  \
    ROW(uniform)                                                                                   \
    ROW(normal)                                                                                    \
    ROW(lognormal)                                                                                 \
    ROW(exponential)                                                                               \
    ROW(gamma)                                                                                     \
    ROW(weibull)                                                                                   \
    ROW(empirical)                                                                                 \
    ROW(mixture)                                                                                   \
    ROW(poisson)                                                                                   \
    ROW(binomial)                                                                                  \
    ROW(geometric)
#define DIST_DECLARE(name) extern const struct dist_family dist_family_##name;
DIST_FAMILIES(DIST_DECLARE)

#endif
