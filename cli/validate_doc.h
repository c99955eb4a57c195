/* cli/validate_doc.h - what validations found out, as members of a result. */
#ifndef DAGCAST_CLI_VALIDATE_DOC_H
#define DAGCAST_CLI_VALIDATE_DOC_H

#include <stdbool.h>

#include "base/error.h"
#include "doc/doc.h"
#include "validation/drawn.h"
#include "validation/leave_one_out.h"
#include "validation/validate.h"

/* The members "skipped", "notes", "verdict", "sessions", "outcomes_drawn"; pictures of all that
 * follows `all` refers to. `stages`: their tables are for people, too. */
void validate_doc_add(struct doc *d, const struct leave_one_out *all,
                      const struct drawn_predictions *drawn, bool stages);

/* What was read from the runs and could not be known beforehand. */
void validation_doc_say_known(struct doc *d, const struct leave_one_out *all);
/* One validated session as members of the open object: what the prediction knew, and why to doubt
 * it. `stages`: their table is for people, too. */
void validation_doc_add(struct doc *d, const struct validation *v, bool stages);

/* What sessions of the same tasks gain over the first of them, measured and predicted; nothing
 * where there are no two. */
void improvements_doc_add(struct doc *d, const struct leave_one_out *all);

/* Predictions before it is known how often loops repeat, beside those with outcomes known:
 * "outcomes_drawn". Nothing without sessions that have loops. */
void drawn_doc_add(struct doc *d, const struct drawn_predictions *drawn);

/* How right predictions were, by generation: the table of `validate`, "generations" in JSON. Shown
 * if there are two sessions or more. */
void generations_doc_add(struct doc *d, const struct leave_one_out *all);

/* ---- pictures: parity over all sessions; of each one, measured above predicted ---- */

/* parity.svg, and SESSION.svg (Gantt charts one above the other, utilisation, running tasks
 * overlaid), each also as .png. `d`: the result. Makes the folder. */
int validate_plots(const struct doc *d, const struct leave_one_out *all, const char *folder,
                   struct error *err);

/* The same on a page. */
void validate_plots_add_parity(struct doc *d);
void validate_plots_add_sessions(struct doc *d, const struct leave_one_out *all);

#endif
