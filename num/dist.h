/* num/dist.h - probability distributions of durations and latencies, seconds, all >= 0 unless
 * shifted below.
 *
 * Immutable and shared freely between threads. Everything is sampled by the inverse CDF of one
 * uniform number, so that two distributions at the same draw move together (paired comparisons); a
 * mixture first picks its part by it. A family is one file in num/dist/ and one row in num/dist.c.
 * JSON (docs/formats.md): a bare number is `constant`; else {"distribution": "<family>", ...}. "sd"
 * is always in seconds, "cv" is the same relative to the mean (sd = cv x mean); a family takes one
 * of the two. */
#ifndef DAGCAST_NUM_DIST_H
#define DAGCAST_NUM_DIST_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/schema.h"

struct dist;

/* The longest duration, release or gap that a file may give, s: sums and products of them stay
 * finite. */
#define DURATION_LARGEST_S 1e15

/* Families: constant uniform normal (truncated at 0; mean and sd are those before truncation)
 * lognormal (mean, sd of the variable itself) exponential gamma weibull empirical (values, or
 * quantiles) mixture, and of whole numbers poisson binomial geometric; any may carry "shift" (added
 * last) and "scale" (multiplied first). NULL and a sentence with the JSON path on bad input. */
struct dist *dist_from_json(const struct json *at, struct error *err);
/* The same of an object that has members besides those of a distribution (`others`,
 * NULL-terminated, at most 4). */
struct dist *dist_from_json_beside(const struct json *at, const char *const *others,
                                   struct error *err);
/* what dist_from_json() reads back to an equal distribution */
cJSON *dist_to_json(const struct dist *d);
/* a `struct dist *`, NULL: none (base/schema.h) */
extern const struct schema_type dist_field;
void dist_free(struct dist *d);                          /* NULL allowed */
/* One more owner of the same: O(1). */
struct dist *dist_copy(const struct dist *d);

/* Many that are alike become one. */
struct dist_pool;
struct dist_pool *dist_pool_new(void);
void dist_pool_free(struct dist_pool *pool);             /* NULL allowed; what it gave stays */
/* Takes `d`. Returns it, or one that is equal in every member and came before. O(1) */
struct dist *dist_pool_share(struct dist_pool *pool, struct dist *d);

/* Parameters out of their range are a bug here, though a user's error in JSON: finite, sd >= 0,
 * means >= 0 (lognormal, gamma: > 0). */
struct dist *dist_constant(double value);
struct dist *dist_normal(double mean, double sd);        /* truncated at 0 */
struct dist *dist_exponential(double mean);
struct dist *dist_uniform(double min, double max);
struct dist *dist_lognormal(double mean, double sd);     /* sd <= 100 mean */
struct dist *dist_gamma(double mean, double sd);         /* sd 0, or 0.005 mean <= sd <= 10 mean */
struct dist *dist_weibull(double shape, double scale);   /* shape 0.1 .. 1000 */
/* resamples: each value with probability 1/n; copies */
struct dist *dist_empirical(const double *values, size_t n);
struct dist *dist_poisson(double mean);                  /* whole numbers from here: mean <= 1e6 */
struct dist *dist_binomial(double n, double p);          /* successes in n <= 1e6 trials */
/* trials up to the first success, from 1; p >= 1e-6 */
struct dist *dist_geometric(double p);
/* Straight lines between the quantiles x[i] at p[i]: p strictly ascending from 0 to 1, x not
 * descending, n >= 2; copies. */
struct dist *dist_empirical_quantiles(const double *p, const double *x, size_t n);
/* scale * X + shift; scale >= 0 */
struct dist *dist_scaled(const struct dist *d, double scale, double shift);
void dist_scale(struct dist **d, double scale);          /* in its place; NULL stays NULL */
/* copies the parts */
struct dist *dist_mixture(struct dist *const *parts, const double *weights, size_t n);

const char *dist_family(const struct dist *d);           /* "normal" ... */
double dist_mean(const struct dist *d);                  /* after truncation */
void dist_expect(const struct dist *d);                  /* prefetches what a draw looks at */
double dist_sd(const struct dist *d);                    /* after truncation */
double dist_quantile(const struct dist *d, double p);    /* 0 <= p <= 1; may be infinite at 1 */
double dist_cdf(const struct dist *d, double x);         /* P(X <= x) */
double dist_survival(const struct dist *d, double x);    /* P(X > x), accurate where it is small */
/* of n independent draws; n >= 1; exact or to 1e-6 relative */
double dist_expected_max(const struct dist *d, size_t n);
/* the sample of the uniform number u in (0, 1); finite */
double dist_at(const struct dist *d, double u);
/* the same, in one call; out may be u */
void dist_at_block(const struct dist *d, const double *u, size_t n, double *out);
bool dist_is_constant(const struct dist *d);

size_t dist_family_count(void);                          /* for `dagcast list` */
const char *dist_family_name(size_t i);
void dist_add_markdown(struct str *out);                 /* a table of the families, for docs */
const char *dist_family_summary(size_t i);

#endif
