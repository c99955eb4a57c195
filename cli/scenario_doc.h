/* cli/scenario_doc.h - what every result says first: what runs, where, through what. */
#ifndef DAGCAST_CLI_SCENARIO_DOC_H
#define DAGCAST_CLI_SCENARIO_DOC_H

#include "cli/scenario_options.h"
#include "doc/doc.h"
#include "model/asynchronicity.h"

enum scenario_part {
    SCENARIO_PLACE,                      /* workflow, platform, middleware */
    SCENARIO_RUNS,                       /* and scheduler, seed, replicas: it ran something */
    SCENARIO_MODE,                       /* and the mode: it ran in one */
};

/* The title, the object "scenario" and, if the middleware's profile was fitted elsewhere, the
 * warning EXTRAPOLATION. */
void scenario_doc_add(struct doc *d, const struct scenario_set *set, enum scenario_part part);
/* The object "workflow": its size and degrees of asynchronicity. */
void scenario_doc_add_workflow(struct doc *d, const struct workflow *w,
                               const struct asynchronicity *a);
/* The same of a session that is not written out. */
void scenario_doc_add_session(struct doc *d, const char *name, double n_sets, double n_tasks,
                              const struct asynchronicity *a);
/* The task sets in words, shown on demand. */
void scenario_doc_add_sets(struct doc *d, const struct workflow *w);

/* A warning if replicas left tasks undone; share[i]: of complete replicas, of the scenario's mode,
 * or of each of n = MODES modes. */
void scenario_doc_warn_cut(struct doc *d, const struct scenario *s, const double *share, size_t n);
/* A note if there is one replica only. */
void scenario_doc_note_one_replica(struct doc *d, size_t replicas);

/* Getters of a table whose items are the workflow's task sets. */
struct doc_value scenario_doc_set_tasks(const struct doc_record *r);
struct doc_value scenario_doc_set_demand(const struct doc_record *r);    /* in words */
struct doc_value scenario_doc_set_duration(const struct doc_record *r);  /* in words */
/* The name of a record of a table that has one a mode. */
const char *scenario_doc_mode(const struct doc_record *r);

#endif
