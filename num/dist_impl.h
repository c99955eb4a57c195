/* num/dist_impl.h - what a family of distributions provides; for num/dist.c and num/dist/ only.
 *
 * A distribution is X = shift + scale x Y, and a family knows Y alone. Its struct begins with a `struct dist`. Where Y is a
 * constant (sd = 0) dist.c answers from `mean` and calls none of the family's functions. */
#ifndef DAGCAST_NUM_DIST_IMPL_H
#define DAGCAST_NUM_DIST_IMPL_H

#include "num/dist.h"

#define DIST_LARGEST DURATION_LARGEST_S  /* of any parameter in seconds: no sample overflows */
#define DIST_SMALLEST 1e-15              /* of a mean that must be positive */
#define DIST_LARGEST_CV 100.0            /* of lognormal, for the same reason */

/* A probability and its complement, each accurate where it is small; lower + upper = 1 up to rounding. */
struct dist_tails { double lower, upper; };

struct dist_ops {
    double (*quantile)(const struct dist *d, struct dist_tails p);           /* smallest y with P(Y <= y) >= p.lower */
    struct dist_tails (*cdf)(const struct dist *d, double y);
    /* NULL: the quantile, one by one. `out` and `u` are the same or do not overlap. */
    void (*at_block)(const struct dist *d, const double *u, size_t n, double *out);
    double (*expected_max)(const struct dist *d, size_t n);                  /* n >= 2; NULL: dist_expected_max_numeric() */
};

struct dist_family {
    const char *name, *summary;
    const char *const *fields;           /* in JSON, beside distribution, shift and scale; NULL-terminated */
    bool needs_scale;                    /* "scale" is one of its parameters, not optional */
    struct dist *(*parse)(const struct json *at, struct error *err);         /* `at` is an object of known fields */
    void (*format)(const struct dist *d, cJSON *object);                     /* adds its fields */
    struct dist *(*copy)(const struct dist *d);                              /* NULL: the family's struct is all there is */
    void (*clear)(struct dist *d);                                           /* NULL: the same */
};

struct dist {
    const struct dist_family *family;
    const struct dist_ops *ops;
    size_t size;                         /* bytes of the family's struct, this head included */
    double scale, shift;
    double mean, sd;                     /* of Y; sd is 0 exactly where Y is a constant */
};

const struct dist_family *dist_family_at(size_t i);

/* Room for a family's struct with its head filled in: scale 1, shift 0. */
void *dist_new(const struct dist_family *family, const struct dist_ops *ops, size_t size, double mean, double sd);

double dist_quantile_tails(const struct dist *d, struct dist_tails p);       /* of X, which may be a constant */

/* E max of n draws of Y by quadrature over the maximum's own Gumbel-like variable; to about 1e-8 sd. */
double dist_expected_max_numeric(const struct dist *d, size_t n);

/* A member in seconds, at least `min`, at most DIST_LARGEST: a number, or a text with a unit. */
int dist_need_seconds(const struct json *at, const char *key, double min, double *out, struct error *err);
int dist_get_seconds(const struct json *at, const char *key, double min, double *out, struct error *err);

/* "mean", in [min_mean, DIST_LARGEST], with one of "sd" and "cv"; sd at most largest_cv x mean. */
int dist_parse_mean_sd(const struct json *at, double min_mean, double largest_cv, double *mean, double *sd, struct error *err);

extern const struct dist_family dist_family_constant, dist_family_uniform, dist_family_normal, dist_family_lognormal,
    dist_family_exponential, dist_family_gamma, dist_family_weibull, dist_family_empirical, dist_family_mixture;

#endif
