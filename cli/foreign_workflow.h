/* cli/foreign_workflow.h - workflow files of other formats (WfFormat), imported on the way wherever
 * a command reads a workflow.
 *
 * Known by their content, not by their names. The import's report (what it left out or assumed)
 * goes to standard error, so that results stay what they are. */
#ifndef DAGCAST_CLI_FOREIGN_WORKFLOW_H
#define DAGCAST_CLI_FOREIGN_WORKFLOW_H

#include "base/json.h"
#include "core/platform.h"
#include "core/scenario_file.h"
#include "core/workflow.h"
#include "traces/importer/wfformat.h"

struct foreign_workflow {
    struct workflow *workflow;           /* NULL: the document is not of another format */
    struct platform *platform;           /* NULL: it describes no machines */
    char *report;                        /* lines for standard error; NULL: nothing was imported */
};

/* The lists of such files that may be long, for json_load_apart(). */
#define WORKFLOW_LISTS WORKFLOW_SETS " workflow." WORKFLOW_SETS " " WFFORMAT_LISTS
/* A document that may be a workflow of any format, its long lists set apart. */
struct json_document *foreign_workflow_open(const char *path, struct error *err);
/* Takes a document that is WfFormat, which is NULL then; all of `out` is NULL if it is not. -1: it
 * is, and cannot be read. The caller owns, and prints the report. */
int foreign_workflow_take(struct json_document **document, const char *path,
                          struct foreign_workflow *out, struct error *err);

/* The file's document; of WfFormat, the workflow as one of ours, after the report. For studies. */
struct json_document *foreign_workflow_document(const char *path, struct error *err);

/* A workflow file of any format. */
struct workflow *foreign_workflow_load(const char *path, struct error *err);
/* That, and other files, packed or not: for core, which knows no importers. */
extern const struct file_openers foreign_workflow_openers;
/* The same for a recorded run (--workflow): one that decides at run time is refused. */
struct workflow *foreign_workflow_of_run(const char *path, struct error *err);

#endif
