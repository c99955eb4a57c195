/* core/durations.h - how long each task executes in one replica: the one place where durations are
 * drawn, so that the simulator, the bounds, the closed forms and the executor speak of the same
 * numbers.
 *
 * duration = given, or set's distribution at the draw named (seed, replica, RNG_DURATION, set's
 * stream, task, attempt), times (1 + set_sd z_set) (1 + session_sd z_session), at least 0. Pure:
 * any order, any thread. */
#ifndef DAGCAST_CORE_DURATIONS_H
#define DAGCAST_CORE_DURATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/workflow.h"

struct durations;
/* O(sets) */
struct durations *durations_new(const struct workflow *w);
void durations_free(struct durations *d);
/* draws the shared effects; O(sets) */
void durations_begin(struct durations *d, uint64_t seed, uint32_t replica);
/* The same of one set, in whose place another stands since (scheduling/growing.h). */
void durations_renew(struct durations *d, int set);
double durations_at(const struct durations *d, int set, uint32_t task, uint32_t attempt);
void durations_block(const struct durations *d, int set, uint32_t first, size_t n, uint32_t attempt,
                     double *out);
/* Of sets first .. first + n - 1, each the first attempt of its first task. */
void durations_of_sets(const struct durations *d, int first, size_t n, double *out);
/* What phase `k` of the set's takes (core/phases.h): seconds if it computes, else its amount. */
double durations_phase(const struct durations *d, int set, size_t k, uint32_t task,
                       uint32_t attempt);
/* of a service's task */
double durations_ready(const struct durations *d, int set, uint32_t task, uint32_t attempt);
/* Whether this attempt fails, by the set's failure probability; if so, after which share of its
 * duration (RNG_FAILURE, _POINT). */
bool durations_fails(const struct durations *d, int set, uint32_t task, uint32_t attempt,
                     double *share);
/* mean, or the given value */
double durations_expected(const struct workflow *w, int set, uint32_t task);

#endif
