/* study/adaptive.h - replicas of a scenario whose workflow decides at run time: each has a workflow
 * of its own.
 *
 * What is drawn is realised at once. What time decides is found by running: the realisation is
 * simulated until the first such decision, which is then known, and so on; the last workflow is the
 * one that all else sees: it is run, drawn and explained as any other. */
#ifndef DAGCAST_STUDY_ADAPTIVE_H
#define DAGCAST_STUDY_ADAPTIVE_H

#include <stdatomic.h>

#include "base/error.h"
#include "core/outcomes.h"
#include "core/realised.h"
#include "core/scenario.h"
#include "sim/simulate.h"

/* The session of replica `replica`: a workflow that shares the scenario's (free it first, with
 * workflow_free()). It may have no set at all. `known` (NULL allowed): outcomes known beforehand.
 * NULL: what cannot be held, or the scheduler refuses; or `stop` (NULL allowed) was set, without a
 * sentence. */
struct workflow *adaptive_workflow(const struct scenario *s, uint32_t replica,
                                   const struct outcomes *known, const atomic_bool *stop,
                                   struct error *err);

/* The scenario of one session: of replica `replica` if its workflow decides, else the scenario
 * itself. Free with adaptive_session_clear(). -1: as above. */
struct adaptive_session {
    struct scenario scenario;
    struct workflow *workflow;           /* NULL: nothing is decided */
    int *order;                          /* for scenario.pipeline_order */
};
int adaptive_session(const struct scenario *s, uint32_t replica, const atomic_bool *stop,
                     struct adaptive_session *out, struct error *err);
void adaptive_session_clear(struct adaptive_session *a);

/* The scenario with the session that is expected: for closed forms. Likewise. */
int adaptive_expected(const struct scenario *s, struct adaptive_session *out, struct error *err);

enum { ADAPTIVE_CAMPAIGNS = 8 };         /* whose results are kept */
/* What was decided in one replica. */
struct adaptive_figures {
    size_t n_tasks, n_sets;
    int iterations;                      /* of all loops together */
    int doa_dep, wla;                    /* of the sets that were there */
    /* in the order of the file; zero without */
    struct campaign_result campaigns[ADAPTIVE_CAMPAIGNS];
};
void adaptive_figures_of(const struct scenario *session, const struct simulator *sim,
                         struct adaptive_figures *out);

#endif
