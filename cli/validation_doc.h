/* cli/validation_doc.h - one validated session as members of the open object: what the prediction
 * knew, and why to doubt it. */
#ifndef DAGCAST_CLI_VALIDATION_DOC_H
#define DAGCAST_CLI_VALIDATION_DOC_H

#include <stdbool.h>

#include "doc/doc.h"
#include "validation/validate.h"

/* `stages`: their table is for people, too. */
void validation_doc_add(struct doc *d, const struct validation *v, bool stages);

#endif
