/* traces/export_impl.h - what scripts of all systems have in common. */
#ifndef DAGCAST_TRACES_EXPORT_IMPL_H
#define DAGCAST_TRACES_EXPORT_IMPL_H

#include "traces/export.h"

extern const struct export_ops export_slurm, export_flux, export_nextflow;

/* A name for each set that bash and Groovy take, all different. n_sets entries, free each and the
 * list. */
char **export_variables(const struct workflow *w);
void export_variables_free(char **variables, const struct workflow *w);

int export_cores(const struct demand *d, const struct platform *p);      /* of a rank; at least 1 */
/* longer than its tasks should take, in whole minutes */
double export_limit_s(const struct task_set *set);
/* "afterok", or "afterany" if a failure does not matter */
const char *export_after(const struct workflow *w, const struct dependency *d);
/* Whether a set's tasks depend on single tasks other than their own counterparts. */
bool export_is_by_task(const struct task_set *set);

struct task_deps_index;
/* By child, of each of a set's dependencies; export_indices_free() it. */
struct task_deps_index *export_indices(const struct task_set *set);
void export_indices_free(struct task_deps_index *indices, const struct task_set *set);

/* What only a task knows is a variable of bash there: DAGCAST_TASK, DAGCAST_ATTEMPT,
 * DAGCAST_DURATION. */
void export_command(struct str *out, const struct task_set *set);
/* "DURATIONS=(1.5 2)" and a line that picks a task's, or "DAGCAST_DURATION=3.5". */
void export_durations(struct str *out, const struct task_set *set);
/* For each set what no script holds. */
void export_note(const struct workflow *w, struct notes *losses);

#endif
