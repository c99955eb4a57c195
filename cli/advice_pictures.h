/* cli/advice_pictures.h - pictures of the rows of `advise`: what to ask for, and sessions over
 * nodes. */
#ifndef DAGCAST_CLI_ADVICE_PICTURES_H
#define DAGCAST_CLI_ADVICE_PICTURES_H

#include "cli/columns.h"
#include "cli/plot_kinds.h"

/* Walltimes that a queue accepts against their cost. -1 also if there are none. */
int advice_draw_front(const struct plot_call *call, const struct columns *c, struct error *err);
int advice_draw_sessions(const struct plot_call *call, const struct columns *c,
                         struct error *err);

#endif
