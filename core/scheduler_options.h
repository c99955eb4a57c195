/* core/scheduler_options.h - who schedules: a whole scheduler, or an order, an overtaking rule and
 * a placement.
 *
 * Names are those of `dagcast list`. What says them comes in layers: the command line over a
 * scenario file over the middleware over the defaults (arrival, backfill, first_fit). A preset
 * ("easy", "slurm") is another way to write an order, an overtaking rule and, of another tool's
 * scheduler, a placement. */
#ifndef DAGCAST_CORE_SCHEDULER_OPTIONS_H
#define DAGCAST_CORE_SCHEDULER_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct middleware;

struct scheduler_options {               /* NULL: not said, the next layer decides */
    /* of a layer: a preset's name; resolved: "radical", or NULL: the three below */
    const char *scheduler;
    const char *generation;              /* of radical: "0.6" .. "1.33" */
    const char *order, *overtake, *placement;
    /* What overtakes is looked for only at multiples of so many seconds of a session; 0: at each
     * change. It goes with the overtaking rule: a layer that says a rule, and not this, says 0. */
    struct overtake_every { bool said; double s; } overtake_every;
};

/* NULL members: not said by the preset. `source`: of another tool's scheduler, where its rules are
 * written down. */
struct scheduler_preset {
    const char *name, *summary, *scheduler, *order, *overtake, *placement, *source;
    double overtake_every_s;
};
enum { SCHEDULER_PRESETS_MOST = 32 };
/* NULL past the end, of at most so many */
const struct scheduler_preset *scheduler_preset_at(size_t i);

/* One layer over another, presets expanded. In one layer an order overrides that of its preset. A
 * scheduler in `top` drops the order and overtaking of `under`; a part in `top` drops a scheduler
 * in `under`. */
struct scheduler_options scheduler_options_over(const struct scheduler_options *top,
                                                const struct scheduler_options *under);

/* Fills every NULL of `options` from the middleware, then from the defaults. */
struct scheduler_options scheduler_options_resolve(const struct scheduler_options *options,
                                                   const struct middleware *m);

/* The same of layers that users said. -1: an order, an overtaking rule or a placement with a
 * scheduler that decides these itself. */
int scheduler_options_choose(const struct scheduler_options *said, const struct middleware *m,
                             struct scheduler_options *out, struct error *err);

#endif
