/* traces/session_cautions.h - what makes a recorded run doubtful, in sentences. */
#ifndef DAGCAST_TRACES_SESSION_CAUTIONS_H
#define DAGCAST_TRACES_SESSION_CAUTIONS_H

#include <cjson/cJSON.h>

#include "traces/session.h"

/* What to say before anything else of such a session: damage, several pilots, clocks that were off.
 * An array of sentences, mostly empty. */
cJSON *session_cautions(const struct session *s);

#endif
