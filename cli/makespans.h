/* cli/makespans.h - the distribution of makespans over replicas, drawn. */
#ifndef DAGCAST_CLI_MAKESPANS_H
#define DAGCAST_CLI_MAKESPANS_H

#include "base/error.h"
#include "cli/scenario_options.h"
#include "study/replicate.h"

struct makespans {
    const struct scenario_set *set;
    size_t n;                            /* modes */
    enum mode mode[MODES];
    const struct replicas *runs[MODES];
};
/* A line a mode: makespans; of a scenario with a walltime sessions, with the walltime in red.
 * `title` NULL: its own. */
int makespans_draw(const struct makespans *m, const char *title, const char *path,
                   struct error *err);

#endif
