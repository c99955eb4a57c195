/* model/asynchronicity.h - how much of a workflow could run at the same time: by its dependencies
 * (DOA_dep, width), and by what the platform can hold (DOA_res). Definitions and what is assumed of
 * the paper's: docs/model.md, "Asynchronicity". */
#ifndef DAGCAST_MODEL_ASYNCHRONICITY_H
#define DAGCAST_MODEL_ASYNCHRONICITY_H

#include <stdbool.h>
#include <stddef.h>

#include "core/platform.h"
#include "core/workflow.h"

#define WIDTH_EXACT_SETS 10000           /* sets up to which the width is exact */

#define DEGREE_UNKNOWN (-1)

struct degree {
    int value;                           /* a number of sets less one, >= 0; or DEGREE_UNKNOWN */
    bool exact;                          /* false: a lower limit, to be printed ">= value" */
};
struct asynchronicity {
    /* execution branches (sinks of the DAG of sets) less one; always exact */
    int doa_dep;
    struct degree width;                 /* largest antichain less one */
    /* most independent sets held whole at once, less one (exact to TOGETHER_EXACT_SETS sets) */
    struct degree doa_res;
    struct degree doa_res_partial;       /* the same with one task of each */
    struct degree wla;                   /* min(DOA_dep, DOA_res) */
};

/* Of the sets as the asynchronous mode executes them. Exact where it says so; near linear beyond
 * the limits above. `p` NULL: what depends on a platform is unknown. */
void asynchronicity_of(const struct workflow *w, const struct platform *p,
                       struct asynchronicity *out);

/* The value of `doa_res` above (or, not `whole`, of doa_res_partial) where sets are too many to be
 * compared, of the fullest level's: sets of `w`, in order, of so many tasks. */
struct level_member { int set; uint32_t n_tasks; };
int asynchronicity_of_level(const struct workflow *w, const struct platform *p,
                            const struct level_member *members, size_t n, bool whole);
struct degree asynchronicity_wla(int doa_dep, struct degree doa_res);

/* "2", or ">= 2" when not exact. New string, free() it. */
char *degree_format(const struct degree *d);

#endif
