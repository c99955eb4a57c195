/* core/likeness.h - how alike two runs are: machine, version, launcher, EnTK or not. The only place that compares these names.
 *
 * Machines: "summit", "ornl.summit" and "ornl.summit_prte" are one; the site in front, the way of launching behind and the case of
 * letters are not part of the name. Launchers: "prte" and "prrte" are one. Versions: equal if major and minor are. */
#ifndef DAGCAST_CORE_LIKENESS_H
#define DAGCAST_CORE_LIKENESS_H

#include <stdbool.h>

#include "base/str.h"

struct likeness {                        /* what is known of a run, or of the runs behind a profile */
    const char *machine, *version, *launcher;            /* NULL: unknown */
    int generation;                      /* of its events; -1: unknown */
    int entk;                            /* 0, 1; -1: unknown */
};

/* In ascending order of how much less one says about the other. Within the first two, sessions are of one kind. */
enum difference { DIFFERS_MACHINE = 1, DIFFERS_VERSION = 2, DIFFERS_LAUNCHER = 4, DIFFERS_GENERATION = 8, DIFFERS_ENTK = 16 };
#define DIFFERS_IN_KIND (DIFFERS_LAUNCHER | DIFFERS_GENERATION | DIFFERS_ENTK)

/* The sum of their differences: the smaller, the closer. Unknown differs from nothing. */
unsigned likeness_compare(const struct likeness *a, const struct likeness *b);
/* "launcher, version": what `differences` names. */
void likeness_add_names(struct str *text, unsigned differences);

bool machine_equal(const char *a, const char *b);        /* not NULL */
bool launcher_equal(const char *a, const char *b);

#endif
