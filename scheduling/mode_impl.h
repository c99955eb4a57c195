/* scheduling/mode_impl.h - the modes of scheduling/mode/, and what they share. */
#ifndef DAGCAST_SCHEDULING_MODE_IMPL_H
#define DAGCAST_SCHEDULING_MODE_IMPL_H

#include "scheduling/mode.h"

void mode_plan_sequential(const struct workflow *w, struct mode_plan *plan);
void mode_plan_pipelined(const struct workflow *w, struct mode_plan *plan);
void mode_plan_asynchronous(const struct workflow *w, struct mode_plan *plan);

/* Appends a group; sets are copied. Returns it, valid until the next call. */
struct mode_group *mode_plan_add(struct mode_plan *plan, const int *sets, size_t n_sets);
/* Fills every group's waits from its sets' dependencies and, where `closes` is >= 0, from that
 * group's sets. */
void mode_plan_add_waits(const struct workflow *w, struct mode_plan *plan);
/* Fills `run` of every group that opens a run(): those of equal waits are one. Sorts their waits.
 * O(groups log groups) comparisons. */
void mode_plan_number_runs(struct mode_plan *plan);

/* Derived stages: the sets in the order of (iteration, level, file). The level is the longest path
 * from a source, within its iteration where every set belongs to one, else over the whole graph; at
 * least that of a service whose client the set is. n_sets entries, free() it. */
struct staged_set { int lane, iteration, level, set; };
/* By lane: sets of different loops that were decided on (core/realised.h) are kept apart; else the
 * lane is 0. By level: of the whole graph, iterations do not count. */
enum stages_by { STAGES_BY_ITERATION, STAGES_BY_LANE, STAGES_BY_LEVEL };
struct staged_set *mode_stage_sets(const struct workflow *w, enum stages_by by);
/* Where the stage of staged[i] ends: the first index of another lane, iteration or level. */
size_t mode_stage_end(const struct staged_set *staged, size_t n, size_t i);

#endif
