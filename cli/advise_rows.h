/* cli/advise_rows.h - the table of advice: a row for each number of nodes in each mode. */
#ifndef DAGCAST_CLI_ADVISE_ROWS_H
#define DAGCAST_CLI_ADVISE_ROWS_H

#include "cli/advise_output.h"
#include "doc/doc.h"

/* People see the choices, the front and what would be cheaper. `key` NULL: every row that can run,
 * for people only. */
void advise_rows_add(struct doc *d, const struct advised *a, const char *key);
/* rows that can run, and that people do not see */
size_t advise_rows_left_out(const struct advised *a);

#endif
