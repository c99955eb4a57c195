/* num/random_effects.h - the mean of a population of groups of which a few were seen, each with its
 * own mean, known with noise.
 *
 * m_i = mu + b_i + e_i, var b_i = tau^2 (between groups), var e_i = v_i (noise of a group's mean).
 * tau^2 solves sum w_i (m_i - mu)^2 = n - 1 with w_i = 1 / (tau^2 + v_i), mu = sum w_i m_i / sum
 * w_i (Paule & Mandel 1982), 0 where that is negative; se^2 = sum w_i (m_i - mu)^2 / ((n - 1) sum
 * w_i), Student's t with n - 1 degrees (Hartung & Knapp 2001; Sidik & Jonkman 2002). Where all v_i
 * are equal that is the t interval of the group means, exact for normal ones however small n. */
#ifndef DAGCAST_NUM_RANDOM_EFFECTS_H
#define DAGCAST_NUM_RANDOM_EFFECTS_H

#include <stddef.h>

#include "num/stats.h"

struct random_effects {
    double mean, between;                /* mu, tau */
    double se;                           /* of the mean; NAN for n = 1 */
    struct stats_interval ci95;          /* of the mean; NANs for n = 1 */
};

/* n >= 1; variances v >= 0, either all 0 (nothing is known of the noise: all of the spread is taken
 * for between) or none. */
struct random_effects random_effects_fit(const double *m, const double *v, size_t n);

#endif
