/* cli/middleware_choice.h - which middleware a scenario runs through if nobody names one.
 *
 * A workflow or platform that says of what RADICAL it comes (`radical`, as imported sessions do;
 * core/run_record.h) runs through the closest shipped profile. Of others nothing is known but the
 * machine's name: they stay ideal, and the closest profile is suggested. "auto" takes it in either
 * case. */
#ifndef DAGCAST_CLI_MIDDLEWARE_CHOICE_H
#define DAGCAST_CLI_MIDDLEWARE_CHOICE_H

#include "base/error.h"
#include "core/variant.h"
#include "doc/doc.h"

struct middleware_choice {               /* zeroed: the user named a profile */
    size_t n_candidates;                 /* 0: nothing was chosen */
    /* of the sessions of the profile, chosen or suggested, from the run */
    unsigned differences;
    /* "RADICAL-Pilot 0.47.2, EnTK, aprun on ncsa.bw_aprun"; NULL: nothing was chosen */
    char *chosen_for;
    /* of the run, for EXTRAPOLATION and the scheduler; NULL: unknown */
    char *version, *launcher;
    int entk;
    char *suggested;                     /* the closest; NULL: none, or it was chosen */
};

/* Chooses the middleware of `v`, whose workflow and platform are known, and takes it. `asked`:
 * "auto" was said. */
int middleware_choice_make(struct middleware_choice *out, struct variant *v, bool asked,
                           const char *const *data_dirs, struct error *err);
/* The run that was predicted, once the scenario is built: what is beyond the profile is then said.
 */
struct likeness middleware_choice_run(const struct middleware_choice *c);
void middleware_choice_clear(struct middleware_choice *c);

/* Facts for below the middleware's name; the JSON members are those of `validate`. */
void middleware_choice_add(struct doc *d, const struct middleware_choice *c);

#endif
