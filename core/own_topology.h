/* core/own_topology.h - the cores that this process may use, by hwloc: for the platform
 * `this-machine` and for binding tasks to it.
 *
 * A core's number in both is its place in this topology, so both must come from here. */
#ifndef DAGCAST_CORE_OWN_TOPOLOGY_H
#define DAGCAST_CORE_OWN_TOPOLOGY_H

#include <hwloc.h>

#include "base/error.h"

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

#endif
