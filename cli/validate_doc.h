/* cli/validate_doc.h - what validations found out, as members of a result. */
#ifndef DAGCAST_CLI_VALIDATE_DOC_H
#define DAGCAST_CLI_VALIDATE_DOC_H

#include <stdbool.h>

#include "doc/doc.h"
#include "validation/drawn.h"
#include "validation/leave_one_out.h"

/* The members "skipped", "notes", "verdict", "sessions", "outcomes_drawn"; pictures of all that
 * follows `all` refers to. `stages`: their tables are for people, too. */
void validate_doc_add(struct doc *d, const struct leave_one_out *all,
                      const struct drawn_predictions *drawn, bool stages);

#endif
