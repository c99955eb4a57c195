/* cli/ideal_doc.h - a recorded run beside its simulation with ideal middleware, and what their
 * difference may be. */
#ifndef DAGCAST_CLI_IDEAL_DOC_H
#define DAGCAST_CLI_IDEAL_DOC_H

#include "doc/doc.h"
#include "traces/session.h"

/* Adds both makespans, their ratio and a sentence, if the run has a makespan; or why it cannot be
 * simulated. One simulation. io_rate > 0: the same again with its files through a file system of so
 * many MiB/s. */
void ideal_doc_add(struct doc *d, const struct session *s, double io_rate);

#endif
