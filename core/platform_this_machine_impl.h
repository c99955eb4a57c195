/* core/platform_this_machine_impl.h - a platform from a topology and limits, for the tests of
 * `this-machine`. */
#ifndef DAGCAST_CORE_PLATFORM_THIS_MACHINE_IMPL_H
#define DAGCAST_CORE_PLATFORM_THIS_MACHINE_IMPL_H

#include "core/own_topology.h"
#include "core/platform.h"

/* The CPU time and memory that Linux control groups leave a process, of versions 1 and 2. */
struct cgroup_limits {
    double cpus;                         /* CPU seconds a second; INFINITY: no limit */
    double memory_bytes;                 /* INFINITY: no limit */
};

/* The least of the process's groups and all above them. `groups`: a file like /proc/self/cgroup;
 * `mount`: /sys/fs/cgroup. Files that are absent or unreadable are no limit. */
struct cgroup_limits cgroup_limits_read(const char *groups, const char *mount);

struct platform *platform_of_topology(const struct own_topology *own,
                                      const struct cgroup_limits *limits);

#endif
