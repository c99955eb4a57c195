/* cli/validate_plots.h - the pictures of a validation: parity over all sessions, and for each one
 * measured above predicted. */
#ifndef DAGCAST_CLI_VALIDATE_PLOTS_H
#define DAGCAST_CLI_VALIDATE_PLOTS_H

#include "base/error.h"
#include "doc/doc.h"
#include "validation/leave_one_out.h"

/* parity.svg, and SESSION.svg (Gantt charts one above the other, utilisation, running tasks
 * overlaid), each also as .png. `d`: the result. Makes the folder. */
int validate_plots(const struct doc *d, const struct leave_one_out *all, const char *folder,
                   struct error *err);

/* The same on a page. */
void validate_plots_add_parity(struct doc *d);
void validate_plots_add_sessions(struct doc *d, const struct leave_one_out *all);

#endif
