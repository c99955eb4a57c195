/* plots/gantt_data_impl.h - the rows of a panel's tasks, and times as all parts write them. */
#ifndef DAGCAST_PLOTS_GANTT_DATA_IMPL_H
#define DAGCAST_PLOTS_GANTT_DATA_IMPL_H

#include <stdbool.h>
#include <stdint.h>

#include "core/timeline.h"
#include "doc/json_out.h"

/* In seconds, to the millisecond. */
void gantt_data_add_time(struct json_out *out, double time_s);

/* The member "tasks": those that ran, in order of their starts. `number`: of each set of the
 * workflow, its place in the member "sets". `lanes`: of each record, if the timeline knows no
 * slots; else NULL. `phases`: there is a column of them. */
void gantt_data_add_tasks(struct json_out *out, const struct timeline *t, const uint32_t *lanes,
                          const int *number, bool phases);

#endif
