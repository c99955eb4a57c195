/* traces/importer/wfformat.h - workflow instances in WfFormat (WfCommons), schema 1.3 to 1.6. */
#ifndef DAGCAST_TRACES_IMPORTER_WFFORMAT_H
#define DAGCAST_TRACES_IMPORTER_WFFORMAT_H

#include "base/json.h"
#include "traces/importer.h"

/* Its lists that may be long, for json_load_apart(). */
#define WFFORMAT_LISTS                                                                             \
    "workflow.tasks workflow.files workflow.specification.tasks workflow.specification.files "     \
    "workflow.execution.tasks"

/* Takes the document, which is freed once it is read. The session that it describes: the runtimes
 * are the workflow's durations. Its timeline has the tasks whose start is recorded (`executedAt`),
 * on the machines that they name; most files have none. `path` is for messages. Linear in tasks and
 * edges. */
struct session *wfformat_session(struct json_document *document, const char *path,
                                 struct error *err);

/* The same without session->files: for callers that want the workflow, which takes a third less
 * memory then. */
struct session *wfformat_session_without_files(struct json_document *document, const char *path,
                                               struct error *err);

/* does it look like WfFormat, with or without a version? */
bool wfformat_is(const struct json *root);

#endif
