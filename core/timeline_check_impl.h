/* core/timeline_check_impl.h - the parts of timeline_check(); see core/timeline.h for what each
 * demands. */
#ifndef DAGCAST_CORE_TIMELINE_CHECK_IMPL_H
#define DAGCAST_CORE_TIMELINE_CHECK_IMPL_H

#include "core/timeline_phases.h"

/* needs valid task numbers */
int timeline_check_dependencies(const struct timeline *t, struct error *err);
/* needs valid task numbers */
int timeline_check_resources(const struct timeline *t, struct error *err);
/* and, of flows, the next */
int timeline_check_phases(const struct timeline *t, struct error *err);
int timeline_check_flows(const struct timeline *t, struct error *err);
/* needs valid slots */
int timeline_check_failures(const struct timeline *t, struct error *err);

/* "simulation.2[17]": set and index of a task of the workflow. */
enum { LABEL_MOST = 120 };               /* characters of a set's name, each of up to 4 bytes */
struct task_label { char text[4 * LABEL_MOST + 16]; };
struct task_label task_label_of(const struct workflow *w, uint32_t task);

#endif
