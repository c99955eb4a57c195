/* study/result.h - one row of a sweep: the figures of a point, each replica's makespan for paired
 * differences, or why it cannot run. */
#ifndef DAGCAST_STUDY_RESULT_H
#define DAGCAST_STUDY_RESULT_H

#include <stddef.h>

#include "core/scenario.h"
#include "study/replicate.h"

enum figure {                            /* study/figure_rows.h has them */
#define ROW(id, ...) FIGURE_##id,
#include "study/figure_rows.h"
#undef ROW
    FIGURES
};
const char *figure_name(enum figure f);                   /* "makespan_s": the name of a column */

struct result {
    size_t point;
    char *error;                         /* why it cannot run, or NULL; then there are no figures */
    double figures[FIGURES];             /* NAN: no value */
    size_t n;                            /* replicas */
    /* s, in replica order; NAN where not every task was done */
    double *makespans;
};
struct result *result_of(size_t point, const struct scenario *s, const struct replicas *r);
struct result *result_of_error(size_t point, const char *why);
void result_free(struct result *r);                      /* NULL allowed */

/* Flat bytes of one machine kind, to send and back. free() what packs. NULL: the bytes are no
 * result. */
char *result_pack(const struct result *r, size_t *size);
struct result *result_unpack(const char *bytes, size_t size);

#endif
