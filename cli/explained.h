/* cli/explained.h - where the time goes in the three modes, and what would change it: worked out for `dagcast explain` and for reports. */
#ifndef DAGCAST_CLI_EXPLAINED_H
#define DAGCAST_CLI_EXPLAINED_H

#include "base/error.h"
#include "base/progress.h"
#include "cli/scenario_options.h"
#include "cli/what_if_output.h"
#include "study/explain_table.h"

struct explained {
    const struct scenario_set *set;
    struct explanation mode[MODES];
    struct explain_table table;
    struct what_if what_if;
    bool asked_what_if;                  /* then what_if is filled */
};

/* Fills the modes and their table from replicas 0 .. replicas - 1, one after the other. -1 also when interrupted. */
int explained_modes(struct explained *e, size_t replicas, struct progress *progress, struct error *err);
/* Fills what_if from the set's replicas, in the set's mode. */
int explained_what_if(struct explained *e, struct progress *progress, struct error *err);
void explained_clear(struct explained *e);

#endif
