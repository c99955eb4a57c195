/* sim/session_means.h - which session a replica is: the mean that each parameter of the middleware
 * has in it.
 *
 * A replica draws one of the S sessions of the profile, k, for all parameters at once. Of a
 * parameter without an estimate it takes that session's mean m_k (the parameter's own where k has
 * none), times (1 + between_sd z). Of one with an estimate (mu: the parameter's own mean; d_s = m_s
 * less the mean of m over the S' sessions that have one, else 0; q = sum d_s^2)
 *
 *     mu + ((between / s) d_k + rest G) sqrt(nu / chi2),
 *     s^2 = q / (S' - 1),  G = sum_s w_s d_s / sqrt(q),
 *     rest^2 = between^2 (1 - (S' - 1) / S) + se^2,
 *
 * with nu = degrees, chi2 (of nu degrees) and the normal w_s drawn once for all parameters. So
 * stations that go together in the sessions do in replicas. The resampled part and the rest have
 * variance between^2 (a new session is another one) + se^2 (the mean is not known); the factor
 * makes up for both being estimates from few sessions: the whole is near Student's t, its tails cut
 * at 10 times the normal's. Without spread in the sessions, or with a prior (nu = 0, no factor), G
 * is normal and the parameter's own. A parameter without estimate and between_sd in a profile of
 * one session is taken to differ as core/transfer.h says.
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
