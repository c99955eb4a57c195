/* cli/advise_output.h - advice on nodes, mode and walltime, with the head of a batch script, as a
 * doc; its picture. */
#ifndef DAGCAST_CLI_ADVISE_OUTPUT_H
#define DAGCAST_CLI_ADVISE_OUTPUT_H

#include "base/error.h"
#include "base/str.h"
#include "cli/command.h"
#include "cli/scenario_options.h"
#include "core/transfer.h"
#include "doc/doc.h"
#include "study/advise.h"
#include "study/failure_cost.h"
#include "study/plans.h"

struct advised {
    const struct invocation *call; /* says how it was made */
    const struct scenario_set *set; /* on the most nodes asked for */
    const struct advise_options *how;
    struct advice advice;
    bool verbose;                  /* all of it as text, not the answer alone */
    int pilots;                    /* most jobs side by side that plans try */
    bool planned;                  /* it is known how long jobs wait, or how many there may be */
    struct plans plans;
    bool fails;                    /* nodes fail, and `failures` is known */
    struct failure_cost failures;  /* of the advised row */
};
struct doc *advise_doc(const struct advised *a);         /* new */

/* ---- the table: a row for each number of nodes in each mode ---- */

/* People see the choices, the front and what would be cheaper. `key` NULL: every row that can run,
 * for people only. */
void advise_rows_add(struct doc *d, const struct advised *a, const char *key);
/* rows that can run, and that people do not see */
size_t advise_rows_left_out(const struct advised *a);

/* ---- the sentences, and the lines of a batch script ---- */

/* The row that the batch script is for: the smallest that keeps the deadline, if there is one, else
 * the cheapest. -1: none. */
int advise_choice(const struct advised *a);
/* Returns as what sessions are taken to differ there; adds the reasons to `why`. */
enum transfer advise_extrapolates(const struct advised *a, size_t nodes, struct str *why);

enum { ADVISE_CHOICES = 3 };
struct advise_choice {
    const char *key, *what;
    int row;                             /* of the advice; -1: no row is this choice */
};
struct advise_choice advise_choice_at(const struct advice *a, size_t i);
void advise_add_choice(struct str *text, const struct advised *a, const struct advise_choice *c);
/* "6 nodes, pipelined, walltime 0:53:00, 5.24 node-hours" */
void advise_add_row(struct str *text, const struct advice_row *r);

/* Each adds nothing if there is nothing to say. */
/* Why the allocation with the least charge cannot be asked for. */
void advise_add_refused(struct str *text, const struct advised *a);
/* How many replicas gave tasks up. */
void advise_add_incomplete(struct str *text, const struct advised *a);
/* Why no allocation can be advised. Returns whether none can. */
bool advise_add_no_choice(struct str *text, const struct advised *a);
/* "1 to 3 nodes cannot run it: ..." of each stretch of node counts with one reason. */
void advise_add_refusals(struct str *text, const struct advice *a);
/* Lines of a batch script to copy. Adds nothing if the platform's scheduler is not known, or no
 * allocation can be advised. */
void advise_add_batch(struct str *lines, const struct advised *a);
void advise_add_unknowns(struct str *words, const struct advised *a);
/* What the answer holds for, in a line or two; with "EXTRAPOLATION: ..." where it does not quite.
 */
void advise_add_terms(struct str *words, const struct advised *a);

/* ---- plans by time to solution ---- */

/* The plan that the batch lines are for: the soonest that keeps the deadline for the least charge,
 * or without a deadline the soonest. -1: no plan keeps it, or plans were not asked for. */
int plans_choice(const struct advised *a);
/* Adds the chosen plan in a line, or why no plan was chosen; nothing if plans were not asked
 * for. */
void plans_doc_add_short(struct doc *d, const struct advised *a);
/* Choices in words, and the table. */
void plans_doc_add(struct doc *d, const struct advised *a);
/* The table "plans" alone. plans_table.c */
void plans_doc_add_table(struct doc *d, const struct advised *a);
/* Large figures of the choice, for a page. False: there is none. */
bool plans_add_figures(struct doc *d, const struct advised *a);

/* ---- what failures of nodes cost, and how often to save ---- */

/* Of the advised row: runs it with and without failures. Nothing if no node fails, or no row is
 * advised. */
int failures_doc_work_out(struct advised *a, struct error *err);
void failures_doc_add(struct doc *d, const struct advised *a);
void failures_doc_add_short(struct doc *d, const struct advised *a);     /* a line each */

#endif
