/* cli/makespans.h - the distribution of makespans over replicas, drawn. */
#ifndef DAGCAST_CLI_MAKESPANS_H
#define DAGCAST_CLI_MAKESPANS_H

#include "base/error.h"
#include "base/schema.h"
#include "cli/scenario_options.h"
#include "study/replicate.h"

struct mode_runs { enum mode mode; const struct replicas *runs; };       /* not owned */

enum makespan_kind { OF_MAKESPAN, OF_SESSION, OF_SOLUTION };
/* A mode's replicas: of those that ended their times, how many did not, the share in time. */
struct makespan_line { char *name; struct number_list times; int not_ended; double in_time; };
struct makespans {
    char *title;
    int of;                              /* enum makespan_kind */
    double walltime_s;                   /* of a job; 0: none */
    size_t n;
    struct makespan_line *lines;
};
/* How results store it; clear with schema_clear(). */
extern const struct schema makespans_schema;

/* Makespans; of a scenario with a walltime sessions; of jobs that wait, or several, times to the
 * solution. */
struct makespans makespans_of(const struct scenario_set *set, const struct mode_runs *of, size_t n);
/* A line a mode, the walltime in red. `title` NULL: its own. */
int makespans_draw(const struct makespans *m, const char *title, const char *path,
                   struct error *err);

#endif
