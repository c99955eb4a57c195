/* scheduling/names.h - the names that settings take: modes, schedulers, orders, overtaking rules
 * and placements. */
#ifndef DAGCAST_SCHEDULING_NAMES_H
#define DAGCAST_SCHEDULING_NAMES_H

#include "core/setting.h"

/* A setting_names_fn: number i of the registry that the setting chooses from; false past the end,
 * and for other settings. */
bool policy_names(enum setting_id id, size_t i, struct setting_name *out);

#endif
