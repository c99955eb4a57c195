/* cli/explain_doc.h - where the time goes, as blocks of a doc. */
#ifndef DAGCAST_CLI_EXPLAIN_DOC_H
#define DAGCAST_CLI_EXPLAIN_DOC_H

#include "cli/explained.h"
#include "doc/doc.h"

/* "why", a picture, the parts of each mode's makespan, "method"; and "what_if", if that was asked.
 * The picture draws `e`, which must live until the doc is rendered. */
void explain_doc_add(struct doc *d, const struct explained *e);

#endif
