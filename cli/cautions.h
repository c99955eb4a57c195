/* cli/cautions.h - cautions about sessions: text first, JSON as `cautions`; every command that
 * reads a session shows them. */
#ifndef DAGCAST_CLI_CAUTIONS_H
#define DAGCAST_CLI_CAUTIONS_H

#include "doc/doc.h"
#include "traces/session.h"

/* On standard error, for a command whose standard output is the document itself or a picture's
 * name: "dagcast plot: NAME: ..." */
void cautions_tell(const char *command, const struct session *s);
/* Facts of the open object, its list "cautions" of {"session", "caution"}; with several sessions,
 * each is named. */
void cautions_add(struct doc *d, const struct session *const *sessions, size_t n);

#endif
