/* cli/session_doc.h - a recorded session as members of the open object: for import, and for pages
 * of recorded runs. */
#ifndef DAGCAST_CLI_SESSION_DOC_H
#define DAGCAST_CLI_SESSION_DOC_H

#include "doc/doc.h"
#include "traces/session.h"

/* Cautions, origin, nodes, tasks, times, beside a simulation with ideal middleware (io_rate > 0:
 * and another with its files, cli/ideal_doc.h); then the tables of sets, stages, run() calls,
 * steps, notes. */
void session_doc_add(struct doc *d, const struct session *s, double io_rate);

#endif
