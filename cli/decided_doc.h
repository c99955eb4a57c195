/* cli/decided_doc.h - what was decided in the replicas of a workflow that decides at run time. */
#ifndef DAGCAST_CLI_DECIDED_DOC_H
#define DAGCAST_CLI_DECIDED_DOC_H

#include "core/scenario.h"
#include "doc/doc.h"
#include "study/replicate.h"

/* `runs` of n modes, named; nothing where nothing is decided. */
void decided_doc_add(struct doc *d, const struct workflow *w, const char *const *names,
                     const struct replicas *const *runs, size_t n);

#endif
