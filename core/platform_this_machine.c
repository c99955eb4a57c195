/* This machine as hwloc sees it: one node. */
#include <hwloc.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/platform.h"

/* Co-processors that run code, as hwloc's backends name them (CUDA, OpenCL, ROCm); a display alone is none. */
static int count_gpus(hwloc_topology_t topology)
{
    int n = 0;
    for (hwloc_obj_t device = NULL; (device = hwloc_get_next_osdev(topology, device));)
        n += device->attr->osdev.type == HWLOC_OBJ_OSDEV_COPROC;
    return n;
}

static struct platform *describe(hwloc_topology_t topology)
{
    struct platform *p = xcalloc(1, sizeof *p);
    int cores = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_CORE), threads = hwloc_get_nbobjs_by_type(topology, HWLOC_OBJ_PU);
    cores = cores > 0 ? cores : threads;
    p->name = xstrdup("this-machine");
    p->source = xstrdup("hwloc on this machine");
    p->slot_kind = SLOT_CORE;
    p->n_shapes = p->n_nodes = p->machine_nodes = 1;
    p->shape_of = xcalloc(1, sizeof *p->shape_of);
    p->shapes = xcalloc(1, sizeof *p->shapes);
    p->shapes[0] = (struct node_shape){
        .name = xstrdup("localhost"), .cores = cores, .threads_per_core = threads > cores ? threads / cores : 1, .n_slots = cores,
        .n_gpus = count_gpus(topology), .blocked = xcalloc(1, sizeof *p->shapes[0].blocked),
        .memory_mib = (int64_t)(hwloc_get_root_obj(topology)->total_memory / (1024 * 1024)),
    };
    return p;
}

struct platform *platform_this_machine(struct error *err)
{
    hwloc_topology_t topology;
    if (hwloc_topology_init(&topology) != 0) {
        error_set(err, "this-machine: hwloc cannot start");
        return NULL;
    }
    hwloc_topology_set_io_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_IMPORTANT);
    struct platform *p = NULL;
    if (hwloc_topology_load(topology) != 0)
        error_set(err, "this-machine: hwloc cannot read the machine's topology");
    else
        p = describe(topology);
    hwloc_topology_destroy(topology);
    return p;
}
