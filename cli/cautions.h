/* cli/cautions.h - what a session is not to be trusted for, said by every command that reads one: text first, JSON as `cautions`. */
#ifndef DAGCAST_CLI_CAUTIONS_H
#define DAGCAST_CLI_CAUTIONS_H

#include "base/str.h"
#include "traces/session.h"

void cautions_add_text(struct str *text, const struct session *const *sessions, size_t n);     /* "NAME: damaged: ..." a line each */
void cautions_add_json(cJSON *root, const struct session *const *sessions, size_t n);          /* [{"session": ..., "caution": ...}] */

#endif
