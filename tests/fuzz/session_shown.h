/* tests/fuzz/session_shown.h - a session as `dagcast import` shows it: text, JSON, a page; stored
 * JSON shows the same text. */
#ifndef DAGCAST_TESTS_FUZZ_SESSION_SHOWN_H
#define DAGCAST_TESTS_FUZZ_SESSION_SHOWN_H

#include "traces/session.h"

void session_shown(const struct session *s);

#endif
