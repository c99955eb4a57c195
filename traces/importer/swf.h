/* traces/importer/swf.h - the Standard Workload Format 2.2 of the Parallel Workloads Archive: 18
 * numbers a job. */
#ifndef DAGCAST_TRACES_IMPORTER_SWF_H
#define DAGCAST_TRACES_IMPORTER_SWF_H

#include "traces/importer.h"

extern const struct importer_ops importer_swf;

#endif
