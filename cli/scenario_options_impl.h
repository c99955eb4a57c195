/* cli/scenario_options_impl.h - the step between reading a scenario and having it. */
#ifndef DAGCAST_CLI_SCENARIO_OPTIONS_IMPL_H
#define DAGCAST_CLI_SCENARIO_OPTIONS_IMPL_H

#include "cli/scenario_options.h"

/* Of a set whose file is read: applies what the file says, over it what `o` says, and fills the
 * scenario and all that belongs to it. -1: something that is named cannot be had, or nothing says
 * where to run; the set is to be cleared in any case. scenario_layers.c */
int scenario_set_choose(struct scenario_set *set, const struct scenario_options *o,
                        const char *const *data_dirs, struct error *err);

#endif
