/* model/list_schedule_impl.h - the list schedule of task sets behind makespan.h. */
#ifndef DAGCAST_MODEL_LIST_SCHEDULE_IMPL_H
#define DAGCAST_MODEL_LIST_SCHEDULE_IMPL_H

#include <stdbool.h>

#include "model/makespan.h"

struct list_schedule;
struct list_schedule *list_schedule_new(const struct scenario *s, enum wave_time wave_time,
                                        struct error *err);
void list_schedule_free(struct list_schedule *l);
/* False: of a workflow that grows (scheduling/growing.h) more is in flight than has places. */
bool list_schedule_run(struct list_schedule *l, struct makespan_form *out);

#endif
