/* cli/watch_line.h - what `dagcast watch` says of a look: a line on a terminal that is written
 * over, or a line of text or JSON. */
#ifndef DAGCAST_CLI_WATCH_LINE_H
#define DAGCAST_CLI_WATCH_LINE_H

#include <stdbool.h>

#include "base/error.h"
#include "validation/outlook.h"
#include "validation/watched.h"

struct watch_line {
    const struct watched *run;
    const struct outlook *outlook;
    double deadline_s;                   /* on the run's clock; 0: none */
};
int watch_line_json(const struct watch_line *l, struct error *err);
/* `last`: the line stays, and another may follow that says why the run is over. */
int watch_line_text(const struct watch_line *l, bool last, struct error *err);

#endif
