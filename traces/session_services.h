/* traces/session_services.h - the services of a measured session, in the workflow that it ran. */
#ifndef DAGCAST_TRACES_SESSION_SERVICES_H
#define DAGCAST_TRACES_SESSION_SERVICES_H

#include "core/workflow.h"
#include "traces/session.h"

/* What each record spent on its own requests, s; one a record of the timeline; free() it. */
double *session_request_s(const struct session *s);

/* Appends a set that serves, named after the session's services, to a workflow of the session's
 * sets (session_workflow(), not finished yet), and turns requests into phases of their sets.
 * Nothing if the session has no service of known demand, or no requests. `prior_spread`: as
 * service_fit_rule() has it. */
void session_add_services(const struct session *s, struct workflow *w, double prior_spread);
/* How much earlier its services were launched than its first task, s; 0: not known, or not
 * earlier. A workflow launches both together: so much of their loading is over by then. */
double session_service_lead_s(const struct session *s);
/* The set that does; -1: none. */
int session_service_set(const struct session *s, const struct workflow *w);

#endif
