/* cli/plans_doc.h - plans by time to solution, as a part of advice. */
#ifndef DAGCAST_CLI_PLANS_DOC_H
#define DAGCAST_CLI_PLANS_DOC_H

#include "cli/advise_output.h"

/* The plan that the batch lines are for: the soonest that keeps the deadline for the least charge,
 * or without a deadline the soonest. -1: there is none, or plans were not asked for. */
int plans_choice(const struct advised *a);
/* Choices in words, and the table. */
/* The chosen plan in a line, or why there is none. Nothing if no plans were asked for. */
void plans_doc_add_short(struct doc *d, const struct advised *a);
void plans_doc_add(struct doc *d, const struct advised *a);
/* Large figures of the choice, for a page. False: there is none. */
bool plans_add_figures(struct doc *d, const struct advised *a);

#endif
