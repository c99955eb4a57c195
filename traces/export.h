/* traces/export.h - a workflow as a script of another system, which runs it for real: Slurm, Flux,
 * Nextflow.
 *
 * A task runs its set's `command`, whose {task}, {set}, {attempt}, {ranks} and {duration} are
 * filled in as `execute` does; a set without one sleeps for its duration. Whatever the system has
 * no place for goes to `losses`. */
#ifndef DAGCAST_TRACES_EXPORT_H
#define DAGCAST_TRACES_EXPORT_H

#include "base/error.h"
#include "base/str.h"
#include "core/platform.h"
#include "core/workflow.h"
#include "traces/notes.h"

struct export_ops {
    const char *name, *summary;
    /* Adds the script. `p` NULL: no platform is known; then a hardware thread counts as a core. */
    void (*write)(struct str *out, const struct workflow *w, const struct platform *p,
                  struct notes *losses);
};
const struct export_ops *export_find(const char *name);  /* NULL: none */

/* -1 and a sentence: more tasks or links between single tasks than a script should hold. */
int export_check(const struct workflow *w, struct error *err);

#endif
