/* cli/explain_picture.h - what the makespan of each mode consists of, as a picture. */
#ifndef DAGCAST_CLI_EXPLAIN_PICTURE_H
#define DAGCAST_CLI_EXPLAIN_PICTURE_H

#include "base/error.h"
#include "cli/explained.h"

/* Draws what the makespan of each mode consists of. */
int explain_draw(const struct explained *e, const char *path, struct error *err);
/* That picture's title: `what` is the scenario's title or NULL. New string. */
char *explain_picture_title(const char *what);

#endif
