/* scheduling/realise.h - one session's workflow, made from a description with decisions
 * (core/decisions.h).
 *
 * Each outcome is a draw named by (seed, replica, the decision's name, its index), or known
 * beforehand. So the same loops, numbers and sets come out whatever the mode, the order and the
 * platform, as far as time does not decide them. What time decides (a budget of a loop, the time or
 * the hits of a campaign) is written out up to `horizon`, and found out by running it
 * (drive/decide.h); with what was found out as a known outcome the next realisation is what
 * happens.
 *
 * Iteration k of set `simulate` of a loop is called "simulate.k" (in another loop's iteration o
 * "simulate.o.k"), as those of `iterations` are. A set without tasks does not exist: what comes
 * after it comes after what it came after. */
#ifndef DAGCAST_SCHEDULING_REALISE_H
#define DAGCAST_SCHEDULING_REALISE_H

#include "core/outcomes.h"
#include "core/realised.h"
#include "core/scenario.h"

/* Only `n` iterations of a loop, or rounds of a campaign, are written out as if they were all, from
 * `first` (from 1) on. No loop lies in another one. */
struct realise_window { int first, n; };

struct realise_options {
    uint64_t seed;
    uint32_t replica;
    enum mode mode;                      /* of campaigns: rounds, or a stream */
    const struct platform *platform;     /* what "fill" means */
    const struct outcomes *known;        /* NULL: none */
    int64_t horizon;                     /* iterations or candidates of what time decides; >= 1 */
    /* no draws: numbers as expected, rounded; sets of probability >= 1/2 */
    bool expected;
    /* tasks of a real run may say that a loop goes on: sets of one that would run once have numbers
     * too */
    bool said;
    /* of each loop, then of each campaign; NULL: all that was decided */
    const struct realise_window *window;
};

/* Of a run whose decisions tasks make: how far it is written out without them. */
enum { REALISE_RUN_HORIZON = 20000 };

/* A workflow of its own, which shares the fields of the description's sets: free it first. It may
 * have no set at all. NULL: more sets or tasks than are held. O(sets and dependencies of the
 * result, and draws). */
struct workflow *workflow_realise(const struct workflow *w, const struct realise_options *o,
                                  struct error *err);
/* How often each loop runs, none of which lies in another one, then how many rounds each campaign
 * has: fills `n`. -1: more often than is held. O(iterations), without memory. */
int workflow_iterations(const struct workflow *w, const struct realise_options *o, int *n,
                        struct error *err);

#endif
