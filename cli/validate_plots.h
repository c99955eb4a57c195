/* cli/validate_plots.h - the pictures of a validation: parity over all sessions, and for each one measured above predicted. */
#ifndef DAGCAST_CLI_VALIDATE_PLOTS_H
#define DAGCAST_CLI_VALIDATE_PLOTS_H

#include <stddef.h>

#include "base/error.h"
#include "validation/validate.h"

/* parity.svg, and SESSION.svg (Gantt charts one above the other, utilisation, running tasks overlaid), each also as .png. Makes the
 * folder. */
int validate_plots(const struct validation *v, size_t n, const char *folder, struct error *err);

#endif
