/* traces/latencies.h - the stations of any tool, from a timeline of starts and ends (and
 * submissions, if recorded): one middleware for all of them.
 *
 * A task could start once it is submitted, its parents are over and room is free
 * (traces/could_start.h). The latency until it starts is of one of three kinds, by what it waited
 * for last; each way holds the ones before:
 *
 *     submission   room was free at its submission:     startup.warm
 *     room         the end of the task that made room:  free.base + startup.warm
 *     parents      the end of its parents:              free.base + client.next_task + startup.warm
 *
 * The mean of each kind that is there tells its last station; the first one tells `startup.warm`; a
 * kind that takes less than the one before is joined with it. Samples of which it cannot be told
 * what they waited for are left out: the two instants lie closer together than these latencies are
 * long. Tasks that could start at one instant and start one behind the other, whose number decides
 * how long that takes, tell the launcher's `launch.service`.
 *
 * Under a window (struct session: a generator) tasks are asked for when others are over. The client
 * is then one server between ends and submissions, which takes up all ends that are there:
 * `client.base` and `client.per_task` (struct bulk_sample). */
#ifndef DAGCAST_TRACES_LATENCIES_H
#define DAGCAST_TRACES_LATENCIES_H

#include "traces/samples.h"

/* Fills `out` (empty). A clock of whole seconds makes each latency a range. */
void latencies_sample(struct samples *out, const struct session *s);

/* Instead, of a session without starts: what its recorded makespan is beyond `ideal_s` (that of
 * nothing between tasks), for each of its task levels but the first, is one sample of
 * `client.next_task`. Returns the number of levels; 0, nothing added: it has but one, or the
 * makespan is no longer than that. */
size_t latencies_of_makespan(struct samples *out, const struct session *s, double ideal_s);

#endif
