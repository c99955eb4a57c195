/* validation/predict_session_impl.h - what predict_session.c, session_arrivals.c and
 * session_read.c share. */
#ifndef DAGCAST_VALIDATION_PREDICT_SESSION_IMPL_H
#define DAGCAST_VALIDATION_PREDICT_SESSION_IMPL_H

#include "validation/predict_session.h"

bool session_asks_for(const struct session_question *q, enum setting_id id);
/* scenario->begins_after of n_tasks tasks, of whose last attempts these are the records; NULL: no
 * two began on one node. New. */
uint32_t *session_begin_order(const struct session *s, const size_t *record, uint32_t n_tasks);
/* Each task's place in the order of arrival over the session; tasks that never arrived come last,
 * `n_services` tasks of services, which have the last numbers, first. `record`: of each task. NULL:
 * none is known. New. */
uint32_t *session_arrival_order(const struct session *s, const size_t *record,
                                uint32_t n_services);
/* Releases become the instants at which the scheduler had the tasks, counted from the first. -1: no
 * arrival was recorded. */
int session_release_at_arrival(struct workflow *w, const struct session *s, const size_t *record,
                               struct error *err);
/* Somebody outside of a plain session submits its tasks that wait for nothing: when, nobody can
 * predict. Returns how many. */
size_t session_release_at_submission(struct workflow *w, const struct session *s,
                                     const size_t *record);
/* Fill `read` and `assumed`. */
void session_list_read(struct session_scenario *out, const struct session_question *q);
void session_list_assumed(struct session_scenario *out);

#endif
