/* validation/predict_session_impl.h - what predict_session.c and session_read.c share. */
#ifndef DAGCAST_VALIDATION_PREDICT_SESSION_IMPL_H
#define DAGCAST_VALIDATION_PREDICT_SESSION_IMPL_H

#include "validation/predict_session.h"

bool session_asks_for(const struct session_question *q, enum setting_id id);
/* scenario->begins_after of n_tasks tasks, of whose last attempts these are the records; NULL: no
 * two began on one node. New. */
uint32_t *session_begin_order(const struct session *s, const size_t *record, uint32_t n_tasks);
/* Fill `read` and `assumed`. */
void session_list_read(struct session_scenario *out, const struct session_question *q);
void session_list_assumed(struct session_scenario *out);

#endif
