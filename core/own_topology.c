#include "core/own_topology.h"

#include <stddef.h>

int own_topology_cores(hwloc_topology_t topology)
{
    int cores = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE);
    return cores > 0 ? cores : hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU);
}

/* A topology from elsewhere (HWLOC_XMLFILE) stays whole: this process does not run on it. */
static int restrict_to_own(hwloc_topology_t topology, struct error *err)
{
    if (!hwloc_topology_is_thissystem(topology))
        return 0;
    hwloc_cpuset_t own = hwloc_bitmap_alloc();
    if (hwloc_get_cpubind(topology, own, HWLOC_CPUBIND_PROCESS) != 0)
        hwloc_bitmap_copy(own, hwloc_topology_get_allowed_cpuset(topology));
    hwloc_bitmap_and(own, own, hwloc_topology_get_allowed_cpuset(topology));
    int status = 0;
    if (!hwloc_bitmap_iszero(own) && hwloc_topology_restrict(topology, own, 0) != 0)
        status = error_set(err, "hwloc cannot leave out the cores that this process may not use");
    hwloc_bitmap_free(own);
    return status;
}

int own_topology_open(struct own_topology *own, struct error *err)
{
    *own = (struct own_topology){ .topology = NULL };
    if (hwloc_topology_init(&own->topology) != 0) {
        own->topology = NULL;
        return error_set(err, "hwloc cannot start");
    }
    hwloc_topology_set_io_types_filter(own->topology, HWLOC_TYPE_FILTER_KEEP_IMPORTANT);
    hwloc_topology_set_flags(own->topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED);
    if (hwloc_topology_load(own->topology) != 0)
        return error_set(err, "hwloc cannot read the machine's topology");
    own->machine_cores = own_topology_cores(own->topology);
    return restrict_to_own(own->topology, err);
}

void own_topology_close(struct own_topology *own)
{
    if (own->topology)
        hwloc_topology_destroy(own->topology);
    own->topology = NULL;
}
