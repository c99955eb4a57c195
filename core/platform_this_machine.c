/* This machine as hwloc sees it, and as far as this process may use it: one node. */
#include <math.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/platform_this_machine_impl.h"

/* Co-processors that run code, as hwloc's backends name them (CUDA, OpenCL, ROCm); a display alone
 * is none. */
static int count_gpus(hwloc_topology_t topology)
{
    int n = 0;
    for (hwloc_obj_t device = NULL; (device = hwloc_get_next_osdev(topology, device));)
        n += device->attr->osdev.type == HWLOC_OBJ_OSDEV_COPROC;
    return n;
}

static int cores_inside(hwloc_topology_t topology, hwloc_const_cpuset_t cpus)
{
    int cores = hwloc_get_nbobjs_inside_cpuset_by_type(topology, cpus, HWLOC_OBJ_CORE);
    return cores > 0 ? cores : hwloc_get_nbobjs_inside_cpuset_by_type(topology, cpus, HWLOC_OBJ_PU);
}

/* "; its cores are of 2 unlike kinds (8, 4), which count alike": performance and efficiency cores,
 * by hwloc. */
static void add_kinds(struct str *text, hwloc_topology_t topology)
{
    struct str numbers = { 0 };
    int kinds = hwloc_cpukinds_get_nr(topology, 0), n = 0;
    hwloc_cpuset_t cpus = hwloc_bitmap_alloc();
    for (int k = 0; k < kinds; k++) {
        int cores = hwloc_cpukinds_get_info(topology, (unsigned)k, cpus, NULL, NULL, NULL, 0) == 0
                        ? cores_inside(topology, cpus)
                        : 0;
        if (cores > 0)
            str_addf(&numbers, "%s%d", n++ ? ", " : "", cores);
    }
    if (n > 1)
        str_addf(text, "; its cores are of %d unlike kinds (%s), which count alike here", n,
                 numbers.text);
    hwloc_bitmap_free(cpus);
    str_clear(&numbers);
}

static char *source_of(const struct own_topology *own, const struct cgroup_limits *limits,
                       int cores)
{
    struct str text = { 0 };
    int may_use = own_topology_cores(own->topology);
    str_add(&text, "hwloc on this machine");
    if (may_use < own->machine_cores)
        str_addf(&text, "; this process may use %d of its %d cores (affinity or cpuset)", may_use,
                 own->machine_cores);
    if (cores < may_use)
        str_addf(&text, "; its control group's quota of %g CPUs leaves %d of %d cores",
                 limits->cpus, cores, may_use);
    add_kinds(&text, own->topology);
    return str_take(&text);
}

struct platform *platform_of_topology(const struct own_topology *own,
                                      const struct cgroup_limits *limits)
{
    struct platform *p = xcalloc(1, sizeof *p);
    int may_use = own_topology_cores(own->topology),
        threads = hwloc_get_nbobjs_by_type(own->topology, HWLOC_OBJ_PU);
    int cores = limits->cpus < may_use ? (int)fmax(1, floor(limits->cpus + 1e-9)) : may_use;
    double bytes =
        fmin((double)hwloc_get_root_obj(own->topology)->total_memory, limits->memory_bytes);
    p->name = xstrdup("this-machine");
    p->source = source_of(own, limits, cores);
    p->slot_kind = SLOT_CORE;
    p->n_shapes = p->n_nodes = p->machine_nodes = 1;
    p->shape_of = xcalloc(1, sizeof *p->shape_of);
    p->shapes = xcalloc(1, sizeof *p->shapes);
    p->shapes[0] = (struct node_shape){
        .name = xstrdup("localhost"), .cores = cores,
        .threads_per_core = threads > may_use ? threads / may_use : 1, .n_slots = cores,
        .n_gpus = count_gpus(own->topology), .blocked = xcalloc(1, sizeof *p->shapes[0].blocked),
        .memory_mib = (int64_t)(bytes / (1024 * 1024)),
    };
    return p;
}

struct platform *platform_this_machine(struct error *err)
{
    struct own_topology own;
    struct platform *p = NULL;
    if (own_topology_open(&own, err) == 0) {
        struct cgroup_limits limits = cgroup_limits_read("/proc/self/cgroup", "/sys/fs/cgroup");
        p = platform_of_topology(&own, &limits);
    } else {
        error_prefix(err, "this-machine: ");
    }
    own_topology_close(&own);
    return p;
}
