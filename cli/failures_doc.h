/* cli/failures_doc.h - what failures of nodes cost, and how often to save, as words. */
#ifndef DAGCAST_CLI_FAILURES_DOC_H
#define DAGCAST_CLI_FAILURES_DOC_H

#include "base/error.h"
#include "cli/advise_output.h"
#include "doc/doc.h"

/* Of the advised row: runs it with and without failures. Nothing if no node fails, or no row is
 * advised. */
int failures_doc_work_out(struct advised *a, struct error *err);
void failures_doc_add(struct doc *d, const struct advised *a);
void failures_doc_add_short(struct doc *d, const struct advised *a);     /* a line each */

#endif
