/* core/this_machine.h - the cores that this process may use, by hwloc: for the platform
 * `this-machine` and for binding tasks to it.
 *
 * A core's number in both is its place in this topology, so both must come from here. */
#ifndef DAGCAST_CORE_THIS_MACHINE_H
#define DAGCAST_CORE_THIS_MACHINE_H

#include <hwloc.h>

#include "base/error.h"
#include "core/platform.h"

struct own_topology {
    hwloc_topology_t topology;           /* without what the process may not use */
    /* of the whole machine; processing units where hwloc knows no cores */
    int machine_cores;
};

/* Leaves out cores outside the process's cpuset (cgroup) and affinity (taskset, a Slurm step). Call
 * own_topology_close(). */
int own_topology_open(struct own_topology *own, struct error *err);
void own_topology_close(struct own_topology *own);        /* fine for a zeroed one */
/* processing units where hwloc knows no cores */
int own_topology_cores(hwloc_topology_t topology);

/* ---- the platform of a topology and limits: platform_this_machine() (core/platform.h) ---- */

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
