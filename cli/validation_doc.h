/* cli/validation_doc.h - one validated session as members of the open object: what the prediction
 * knew, and why to doubt it. */
#ifndef DAGCAST_CLI_VALIDATION_DOC_H
#define DAGCAST_CLI_VALIDATION_DOC_H

#include <stdbool.h>

#include "doc/doc.h"
#include "validation/leave_one_out.h"

/* What was read from the runs though nobody could know it beforehand. */
void validation_doc_say_known(struct doc *d, const struct leave_one_out *all);
/* `stages`: their table is for people, too. */
void validation_doc_add(struct doc *d, const struct validation *v, bool stages);

#endif
