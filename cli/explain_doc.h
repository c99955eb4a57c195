/* cli/explain_doc.h - where the time goes, as blocks of a doc. */
#ifndef DAGCAST_CLI_EXPLAIN_DOC_H
#define DAGCAST_CLI_EXPLAIN_DOC_H

#include "cli/explained.h"
#include "doc/doc.h"

/* "why", a picture, the parts of each mode's makespan, "method"; and "what_if", if that was asked.
 * `parts`: the path of its table of them in the whole doc, "explanation/parts". */
void explain_doc_add(struct doc *d, const struct explained *e, const char *parts);

#endif
