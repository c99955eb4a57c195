/* base/quantity.h - amounts with units as people write them: "10m", "1:30:00", "4 GiB", "2.5 TB/s".
 *
 * A text without a unit counts in the quantity's own: "90" are 90 seconds. kB, MB, GB, TB, PB are
 * powers of 1000 bytes; KiB ... PiB and K, M, G, T, P (as in Slurm) are powers of 1024. */
#ifndef DAGCAST_BASE_QUANTITY_H
#define DAGCAST_BASE_QUANTITY_H

#include <stdbool.h>

#define QUANTITY_YEAR_S (365.25 * 86400)                 /* what counts as long, or far off */

enum quantity {
    QUANTITY_PLAIN,                      /* a number without a unit */
    QUANTITY_SECONDS,                    /* "90", "90s", "1.5h", "1h30m", "1:30:00", "2-03:00:00",
                                          * "1 day, 2:03:04" */
    QUANTITY_MIB,                        /* "512", "512 MiB", "4 GiB", "1.5 TB" */
    QUANTITY_MIB_PER_S,                  /* "2.5 TB/s" */
};

/* False, *x unchanged: the text is not one, or it is negative. */
bool quantity_parse(const char *text, enum quantity q, double *x);

const char *quantity_name(enum quantity q);              /* "seconds", "MiB", "MiB/s"; plain: "" */
const char *quantity_examples(enum quantity q);          /* "90, \"10m\", ..." for messages */

#endif
