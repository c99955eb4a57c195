/* core/likeness.h - how alike two runs are: machine, version, launcher, EnTK or not. The only place
 * that compares these names.
 *
 * Machines: "summit", "ornl.summit" and "ornl.summit_prte" are one; the site in front, the way of
 * launching behind and the case of letters are not part of the name. Launchers: "prte" and "prrte"
 * are one. Versions: equal if major and minor are. A text may name several, separated by commas
 * ("ornl.summit, llnl.lassen"): it equals what any of them equals. */
#ifndef DAGCAST_CORE_LIKENESS_H
#define DAGCAST_CORE_LIKENESS_H

#include <stdbool.h>

#include "base/str.h"

struct likeness { /* what is known of a run, or of the runs behind a profile */
    const char *machine, *version, *launcher;            /* NULL: unknown */
    int generation;                      /* of its events; -1: unknown */
    int entk;                            /* 0, 1; -1: unknown, or of another tool */
    /* tasks at once that a generator asks for; 0: there is none, or it is unknown */
    int window;
};

/* In ascending order of how much less one says about the other. Within the first three, sessions
 * are of one kind. */
enum difference {
    DIFFERS_WINDOW = 1,
    DIFFERS_MACHINE = 2,
    DIFFERS_VERSION = 4,
    DIFFERS_LAUNCHER = 8,
    DIFFERS_GENERATION = 16,
    DIFFERS_ENTK = 32
};
#define DIFFERS_IN_KIND (DIFFERS_LAUNCHER | DIFFERS_GENERATION | DIFFERS_ENTK)

/* The sum of their differences: the smaller, the closer. Unknown differs from nothing. */
unsigned likeness_compare(const struct likeness *a, const struct likeness *b);
/* The generation of RADICAL that a run belongs to, for people: "EnTK 0.70", "RADICAL-Pilot 0.90
 * to 1.8"; NULL: its version is unknown, or none. Of a list the first counts. */
const char *likeness_generation(const struct likeness *a);

/* How far apart two runs are, to pick the closest profile: the weights below, and one for each
 * minor release between them (a major one counts as 100: 0.90 and 1.4 are 14 apart). 0: nothing
 * known differs. */
double likeness_distance(const struct likeness *a, const struct likeness *b);
#define DISTANCE_ENTK 1000               /* the client's stations are others altogether */
/* launch rates differ twelvefold; the agent of releases 60 apart less */
#define DISTANCE_LAUNCHER 60
#define DISTANCE_MACHINE 8
#define DISTANCE_WINDOW 2                /* a generator's latency is its program's, mostly */
#define DISTANCE_RELEASE 0.5             /* of versions that differ, however close */

/* 100 x major + minor of its newest release; -1: unknown. */
double likeness_newest(const struct likeness *a);

/* "launcher, version": what `differences` names. */
void likeness_add_names(struct str *text, unsigned differences);

bool machine_equal(const char *a, const char *b);        /* not NULL */

#endif
