/* traces/wfformat_write_files.h - files of tasks as WfFormat has them: a session's own, else one
 * for each input and output of a set. */
#ifndef DAGCAST_TRACES_WFFORMAT_WRITE_FILES_H
#define DAGCAST_TRACES_WFFORMAT_WRITE_FILES_H

#include <cjson/cJSON.h>

#include "traces/session.h"
#include "traces/session_files.h"

/* A task's inputFiles and outputFiles; `id` is the task's. */
void wfformat_add_task_files(const struct session_files *files, const struct task_set *set,
                             uint32_t task, const char *id, cJSON *out);
/* What it read and wrote in all, if that is known. */
void wfformat_add_bytes(const struct session_files *files, const struct task_set *set,
                        uint32_t task, cJSON *out);
/* All files with their sizes; ids[task] are the tasks'. */
cJSON *wfformat_files(const struct session_files *files, const struct workflow *w,
                      char *const *ids);

#endif
