/* cli/watch_line.h - what `dagcast watch` says of a look at a run: a line on a terminal, written
 * over, or one of text or JSON. */
#ifndef DAGCAST_CLI_WATCH_LINE_H
#define DAGCAST_CLI_WATCH_LINE_H

#include <stdbool.h>

#include "base/error.h"
#include "validation/outlook.h"
#include "validation/watched.h"

struct watch_line {
    const struct watched *run;
    const struct outlook *outlook;
};

/* Both return -1 on a full disk. `last`: the line stays, and another may follow that says why the
 * run is over. */
int watch_line_json(const struct watch_line *l, struct error *err);
int watch_line_text(const struct watch_line *l, bool last, struct error *err);

#endif
