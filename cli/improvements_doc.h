/* cli/improvements_doc.h - what sessions of the same tasks gain over the first of them, measured
 * and predicted; nothing where there are no two. */
#ifndef DAGCAST_CLI_IMPROVEMENTS_DOC_H
#define DAGCAST_CLI_IMPROVEMENTS_DOC_H

#include "doc/doc.h"
#include "validation/leave_one_out.h"

void improvements_doc_add(struct doc *d, const struct leave_one_out *all);

#endif
