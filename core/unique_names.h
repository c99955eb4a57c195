/* core/unique_names.h - names made unique by a number behind them: "a", "a.2", "a.3". Each costs
 * O(its length), however many share it. */
#ifndef DAGCAST_CORE_UNIQUE_NAMES_H
#define DAGCAST_CORE_UNIQUE_NAMES_H

#include <stdbool.h>

struct unique_names;
/* before the number; borrowed */
struct unique_names *unique_names_new(const char *separator);
void unique_names_free(struct unique_names *u);          /* NULL allowed */

/* Reserves a name; false if it was in use already. */
bool unique_names_claim(struct unique_names *u, const char *name);
/* Reserves the name with the least number from 2 on that makes it unique. The caller frees it. */
char *unique_names_numbered(struct unique_names *u, const char *name);
/* The name itself if it is free, else numbered. The caller frees it. */
char *unique_names_take(struct unique_names *u, const char *name);

#endif
