/* core/platform_this_machine_impl.h - a platform from a topology and limits, for the tests of
 * `this-machine`. */
#ifndef DAGCAST_CORE_PLATFORM_THIS_MACHINE_IMPL_H
#define DAGCAST_CORE_PLATFORM_THIS_MACHINE_IMPL_H

#include "core/cgroup_limits.h"
#include "core/own_topology.h"
#include "core/platform.h"

struct platform *platform_of_topology(const struct own_topology *own,
                                      const struct cgroup_limits *limits);

#endif
