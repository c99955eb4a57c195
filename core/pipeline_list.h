/* core/pipeline_list.h - the order in which pipelines submit, as options name it: "2,1,3" or
 * "analysis,simulation,pipeline.0000". */
#ifndef DAGCAST_CORE_PIPELINE_LIST_H
#define DAGCAST_CORE_PIPELINE_LIST_H

#include "base/error.h"
#include "core/workflow.h"

/* Every pipeline of the workflow once, by its number from 1 or by its name, with commas between.
 * n_pipelines entries, from 0; free() it. NULL: it is no such list, or there are fewer than two
 * pipelines. */
int *pipeline_list_parse(const char *text, const struct workflow *w, struct error *err);

#endif
