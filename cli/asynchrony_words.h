/* cli/asynchrony_words.h - what the degrees of asynchronicity mean, in the same words for model,
 * compare, describe and reports.
 *
 * The degrees say what may run side by side; whether asynchronous execution gains from it is not
 * derived from them but taken from the simulation or the closed form. */
#ifndef DAGCAST_CLI_ASYNCHRONY_WORDS_H
#define DAGCAST_CLI_ASYNCHRONY_WORDS_H

#include "base/str.h"
#include "model/asynchronicity.h"

enum gain_source { GAIN_UNKNOWN, GAIN_CLOSED_FORM, GAIN_SIMULATED };
struct gain { /* of asynchronous over sequential execution, I = 1 - makespan / sequential makespan
               */
    enum gain_source source;
    /* simulated: its paired 95 % interval, NAN unknown; closed form: `mean` alone counts */
    double mean, low, high;
};

/* "By their dependencies 3 sets are independent of each other (width 2); DOA_dep is 0 because ...
 * The platform holds 2 sets of them whole (DOA_res 1). Simulated, asynchronous execution gains 12.3
 * % over sequential. " */
void asynchrony_add_meaning(struct str *text, const struct asynchronicity *a,
                            const struct gain *gain);

#endif
