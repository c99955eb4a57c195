/* cli/explained.h - where the time goes in the three modes, and what would change it. */
#ifndef DAGCAST_CLI_EXPLAINED_H
#define DAGCAST_CLI_EXPLAINED_H

#include "base/error.h"
#include "base/progress.h"
#include "base/str.h"
#include "cli/scenario_options.h"
#include "doc/doc.h"
#include "study/counterfactual.h"
#include "study/explain_table.h"
#include "study/pipeline_orders.h"
#include "study/replicate.h"

struct explained {
    const struct scenario_set *set;
    enum mode asked;                     /* the one that the sentences are about */
    bool text_only;                      /* nothing is shown that only programs read */
    struct explanation mode[MODES];
    struct replicas real;                /* of the set's mode; its explanation is in `mode` */
    struct replicas pipelined;           /* of pipelined mode, if that is not the set's */
    struct explain_table table;
    bool asked_what_if;                  /* then the following are filled */
    struct counterfactuals worlds;       /* in the set's mode */
    struct pipeline_orders orders;       /* in pipelined mode */
};

/* Runs the set's replicas in each mode and fills the modes and their table. -1 also when
 * interrupted. */
int explained_modes(struct explained *e, struct progress *progress, struct error *err);
/* The same from runs that were made with replicate_options.explain: takes each mode's, then the
 * end. */
void explained_take(struct explained *e, enum mode m, struct replicas *runs);
void explained_end(struct explained *e);
/* Fills worlds and orders from the set's replicas. */
int explained_what_if(struct explained *e, struct progress *progress, struct error *err);
void explained_clear(struct explained *e);

/* "waiting for GPUs, held by simulation". */
void explained_add_row_name(struct str *words, const struct explain_row *r);
/* Why the mode asked for gains over sequential execution or not (sequential: why asynchronous
 * does): the headline result. */
void explained_add_reason(struct str *words, const struct explained *e);
/* What the order of submission changes; nothing if there is one order only. */
void explained_add_orders(struct str *words, const struct workflow *w,
                          const struct pipeline_orders *o);

/* Where the time goes, as blocks of a doc. "why", a picture, the parts of each mode's makespan,
 * "method"; and "what_if", if that was asked. `parts`: the path of its table of them in the whole
 * doc, "explanation/parts". */
void explain_doc_add(struct doc *d, const struct explained *e, const char *parts);
/* The member "what_if" alone, of an explanation that was asked what-ifs. what_if_doc.c */
void what_if_doc_add(struct doc *d, const struct explained *e);

#endif
