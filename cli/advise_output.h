/* cli/advise_output.h - advice on nodes, mode and walltime, with the head of a batch script, as a
 * doc; its picture. */
#ifndef DAGCAST_CLI_ADVISE_OUTPUT_H
#define DAGCAST_CLI_ADVISE_OUTPUT_H

#include "base/error.h"
#include "cli/command.h"
#include "cli/scenario_options.h"
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

#endif
