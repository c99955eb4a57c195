/* tests/support/session_writer_impl.h - what the writers of profiles (session_writer.c) and of JSON
 * (session_writer_json.c) share. */
#ifndef DAGCAST_TESTS_SUPPORT_SESSION_WRITER_IMPL_H
#define DAGCAST_TESTS_SUPPORT_SESSION_WRITER_IMPL_H

#include "tests/support/session_writer.h"

/* its tasks are called units */
bool session_writer_is_unit(const struct session_writer *w);
/* the word for it; NULL: no final state */
const char *session_writer_state(enum task_status status);
int session_writer_json(const struct session_writer *w, const char *folder, const char *name,
                        struct error *err);

#endif
