/* cli/advise_words.h - the sentences of advice, and the lines of a batch script. */
#ifndef DAGCAST_CLI_ADVISE_WORDS_H
#define DAGCAST_CLI_ADVISE_WORDS_H

#include "base/str.h"
#include "cli/advise_output.h"
#include "core/transfer.h"

/* The row that the batch script is for: the smallest that keeps the deadline, if there is one, else
 * the cheapest. -1: none. */
int advise_choice(const struct advised *a);
/* Returns as what sessions are taken to differ there; adds the reasons to `why`. */
enum transfer advise_extrapolates(const struct advised *a, size_t nodes, struct str *why);

enum { ADVISE_CHOICES = 3 };
struct advise_choice {
    const char *key, *what;
    int row;
}; /* row -1: there is none */
struct advise_choice advise_choice_at(const struct advice *a, size_t i);
void advise_add_choice(struct str *text, const struct advised *a, const struct advise_choice *c);
/* "6 nodes, pipelined, walltime 0:53:00, 5.24 node-hours" */
void advise_add_row(struct str *text, const struct advice_row *r);

/* Each adds nothing if there is nothing to say. */
/* why the least charge is no choice */
void advise_add_refused(struct str *text, const struct advised *a);
/* replicas that gave tasks up */
void advise_add_incomplete(struct str *text, const struct advised *a);
/* true: there is no choice; why */
bool advise_add_no_choice(struct str *text, const struct advised *a);
/* "1 to 3 nodes cannot run it: ..." of each stretch of node counts with one reason. */
void advise_add_refusals(struct str *text, const struct advice *a);
/* Lines to copy; nothing if the platform's scheduler is not known or there is no choice. */
void advise_add_batch(struct str *lines, const struct advised *a);
void advise_add_unknowns(struct str *words, const struct advised *a);
/* What the answer holds for, in a line or two; with "EXTRAPOLATION: ..." where it does not quite.
 */
void advise_add_terms(struct str *words, const struct advised *a);

#endif
