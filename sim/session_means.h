/* sim/session_means.h - which session a replica is: the mean that each parameter of the middleware
 * has in it.
 *
 * A parameter without an estimate takes the mean m_k of one of the profile's S sessions, k, drawn
 * once for all parameters (the parameter's own where k has none), times (1 + between_sd z). One
 * with an estimate takes
 *
 *     mu + sqrt(between^2 + se^2) (sqrt(f) G + sqrt(1 - f) z) sqrt(nu / chi2),
 *     G = sum_s w_s d_s / sqrt(sum_s d_s^2),  f = (S' - 1) / (S' - 1 + 1),
 *
 * mu: the parameter's own mean; d_s: m_s less the mean of m over the S' sessions that have one; nu:
 * its degrees; z: a normal draw of its own; the normal w_s and chi2 (of nu degrees) are drawn once
 * for all parameters. between^2 + se^2 is the variance of a new session about a mean that is not
 * known; the factor makes up for both being estimates from few sessions: the whole is Student's t,
 * its tails cut at 10 times the normal's. G moves parameters together as the sessions went
 * together. Two sessions always differ along one line, so that their G alone would say that all
 * parameters go together, or cancel: independent parameters count as one session more. A profile
 * whose spread is its own sessions' alone (nu = S' - 1) has f = 1; with a prior alone (nu = 0)
 * there is no factor, and f = 0. A parameter without estimate and between_sd in a profile of one
 * session is taken to differ as core/transfer.h says.
 *
 * Outside of what the profile was fitted on, each mean so drawn is moved towards what is typical of
 * all kinds (transfer_mean(), between generations only), then by what another kind's sessions
 * differ by more than the kind's own (core/transfer.h), by one draw of Student's t with
 * TRANSFER_DEGREES: by a factor about 1, cut off at 0 and scaled so that its mean stays 1; a
 * mean below a third of that sd by seconds. chi2 is the same as above.
 *
 * Where the profile has a mean bulk n, client.base is less by n (client.per_task less its mean):
 * both were fitted together, and at that bulk their sum is known well. Last, all means of the
 * replica are multiplied by 1 + unexplained t, one draw of the same t. Means are at least 0. */
#ifndef DAGCAST_SIM_SESSION_MEANS_H
#define DAGCAST_SIM_SESSION_MEANS_H

#include <stdint.h>

#include "core/middleware.h"
#include "core/transfer.h"

/* Any but TRANSFER_KIND: the run lies outside of what the profile was fitted on
 * (core/extrapolation.h). */
void session_means_draw(const struct middleware *m, enum transfer transfer, uint64_t seed,
                        uint32_t replica, double mean[STATION_PARAMETERS]);
/* What launch_slows multiplies a replica's launch.service by in a run of n_tasks: 1 or more. */
double session_means_slowing(const struct middleware *m, size_t n_tasks, uint64_t seed,
                             uint32_t replica);

#endif
