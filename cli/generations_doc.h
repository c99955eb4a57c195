/* cli/generations_doc.h - how right predictions were, by generation: the table of `validate`,
 * "generations" in JSON. */
#ifndef DAGCAST_CLI_GENERATIONS_DOC_H
#define DAGCAST_CLI_GENERATIONS_DOC_H

#include "doc/doc.h"
#include "validation/leave_one_out.h"

/* Shown if there are two sessions or more. */
void generations_doc_add(struct doc *d, const struct leave_one_out *all);

#endif
