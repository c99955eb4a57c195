/* cli/convert_impl.h - what `dagcast convert` reads, and what it makes of it. */
#ifndef DAGCAST_CLI_CONVERT_IMPL_H
#define DAGCAST_CLI_CONVERT_IMPL_H

#include "base/error.h"
#include "core/platform.h"
#include "core/workflow.h"
#include "traces/export.h"
#include "traces/session.h"

/* sessions are only read */
enum convert_format {
    FORMAT_WORKFLOW, FORMAT_WFFORMAT, FORMAT_TIMELINE, FORMAT_SESSION, FORMAT_SCRIPT
};
const char *convert_format_name(enum convert_format f);  /* not of a script */

/* What came in: a workflow of ours, or a session of any importer. */
struct convert_input {
    enum convert_format format;
    /* to be written: the file's own, or the session's at the level asked for */
    struct workflow *workflow;
    struct platform *platform;           /* --platform; or NULL */
    struct session *session;
};

/* What comes out. */
struct convert_target { enum convert_format format; const struct export_ops *script; };

const char *convert_target_name(struct convert_target to);
/* By the text `said` of --to (NULL: not given), else by the ending of `path` and what came in. */
int convert_choose_target(const char *said, const char *path, enum convert_format from,
                          struct convert_target *to, struct error *err);
/* Writes the file, or standard output ("-"), and adds to `losses` what it has no place for. */
int convert_write(const struct convert_input *in, struct convert_target to, const char *path,
                  struct notes *losses, struct error *err);

#endif
