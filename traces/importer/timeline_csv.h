/* traces/importer/timeline_csv.h - our own timeline CSV, back as a session. */
#ifndef DAGCAST_TRACES_IMPORTER_TIMELINE_CSV_H
#define DAGCAST_TRACES_IMPORTER_TIMELINE_CSV_H

#include "traces/importer.h"

/* A timeline of this workflow on this platform; both are taken, also on failure. Where one is NULL
 * it is inferred: sets with as many tasks as the file has and demands as their slots show, no
 * dependencies; the nodes that were used, with slots up to the highest id seen. Rows of sets, tasks
 * or nodes that a given one does not have are skipped and counted as gaps. Records keep the file's
 * order, so that timeline_save_csv() writes the file's own bytes again. */
struct session *timeline_csv_session(const char *path, struct workflow *workflow,
                                     struct platform *platform, struct error *err);

#endif
