/* cli/replay_doc.h - what replays of a session found out, as members of a result. */
#ifndef DAGCAST_CLI_REPLAY_DOC_H
#define DAGCAST_CLI_REPLAY_DOC_H

#include "doc/doc.h"
#include "validation/counterfactual.h"
#include "validation/replay.h"

/* the object "replay" */
void replay_doc_add(struct doc *d, const struct replay *r);
/* the object "counterfactual" */
void counterfactual_doc_add(struct doc *d, const struct counterfactual *c);

#endif
