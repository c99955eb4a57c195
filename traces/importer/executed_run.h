/* traces/importer/executed_run.h - the folder of a run that `dagcast execute` has carried out
 * (traces/run_folder.h); also of one that was interrupted: its unfinished tasks are gaps. */
#ifndef DAGCAST_TRACES_IMPORTER_EXECUTED_RUN_H
#define DAGCAST_TRACES_IMPORTER_EXECUTED_RUN_H

#include "traces/importer.h"

extern const struct importer_ops importer_executed_run;

#endif
