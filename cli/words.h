/* cli/words.h - platforms, demands, durations and schedulers in words, for headers and for `dagcast
 * describe`. */
#ifndef DAGCAST_CLI_WORDS_H
#define DAGCAST_CLI_WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "core/scenario.h"
#include "num/modes.h"
#include "study/pipeline_orders.h"

/* "core", "cores", "hardware thread", "hardware threads" */
const char *words_slots(const struct platform *p, int64_t n);
/* Nodes that are alike but for when they join: how many, and when. n 0: an earlier shape counts
 * them. */
struct words_alike { size_t n; double from_s, to_s; };
struct words_alike words_nodes_alike(const struct platform *p, size_t shape);
/* ", from 90 s on"; nothing for those that are there */
void words_add_joins(struct str *text, const struct words_alike *nodes);
/* "16 nodes, each with ..." */
void words_add_nodes(struct str *text, const struct platform *p);
/* "summit: 16 nodes, each with ..." */
void words_add_platform(struct str *text, const struct platform *p);
/* "normal, mean 340 s, sd 1.7 s" */
void words_add_duration(struct str *text, const struct task_set *s);
void words_add_scheduler(struct str *text, const struct scheduler_options *o);
void words_add_count(struct str *text, size_t n, const char *noun);    /* "1 task", "96 tasks" */

/* ", 2 jobs side by side, each at most 3 times, each waiting 600 s in the queue"; nothing of
 * one that does not wait. */
void words_add_jobs(struct str *text, const struct scenario *s);

/* "Not all tasks are done: 0.0 % of the sequential, ... replicas finished them ..." with what to
 * do; `share`: complete replicas of each mode. false, nothing added: all are. */
bool words_add_incomplete(struct str *text, const struct scenario *s, const double share[MODES]);

/* The first line of an output whose makespans are not of the whole workflow: "CUT RUNS: ...";
 * `names` and `share` (of complete replicas) of n modes. false, nothing added: every replica did
 * every task. */
bool words_add_cut_runs(struct str *text, const struct scenario *s, const char *const *names,
                        const double *share, size_t n);

/* Of `replicas` runs: that one is no spread; nothing where there are more. */
void words_add_one_replica(struct str *text, size_t replicas);

/* Where one mean is not the whole answer, with both values: "Bimodal (NAME): ...", "The order of
 * submission matters (NAME): ...". Nothing where it is. */
void words_add_modes(struct str *text, const char *name, const struct two_modes *m);
void words_add_order(struct str *text, const char *name, const struct pipeline_orders *o);

#endif
