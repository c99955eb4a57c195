/* This machine as hwloc sees it, and as far as this process may use it: one node. */
#include "core/this_machine.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"

/* ---- cores ---- */

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

/* ---- limits of control groups ---- */

enum { MOST_BYTES = 1 << 16 };

/* The file's first two words as numbers; NAN for what is absent or no number ("max"). */
static void read_two(const char *folder, const char *name, double out[2])
{
    char *path = str_format("%s/%s", folder, name), word[2][32] = { "", "" }, *end;
    FILE *f = fopen(path, "r");
    if (f && fscanf(f, "%31s %31s", word[0], word[1]) < 1)
        word[0][0] = '\0';
    if (f)
        fclose(f);
    free(path);
    for (int i = 0; i < 2; i++) {
        out[i] = strtod(word[i], &end);
        if (end == word[i] || *end)
            out[i] = NAN;
    }
}

static void lower(double *limit, double value)
{
    if (value > 0 && value < *limit)     /* NAN: unknown; -1: no limit */
        *limit = value;
}

/* Of one group: cpu.max and memory.max (version 2), the others version 1. */
static void read_group(const char *folder, struct cgroup_limits *out)
{
    double max[2], quota[2], period[2], memory[2];
    read_two(folder, "cpu.max", max);
    lower(&out->cpus, max[0] / max[1]);
    read_two(folder, "cpu.cfs_quota_us", quota);
    read_two(folder, "cpu.cfs_period_us", period);
    lower(&out->cpus, quota[0] / period[0]);
    read_two(folder, "memory.max", memory);
    lower(&out->memory_bytes, memory[0]);
    read_two(folder, "memory.limit_in_bytes", memory);
    lower(&out->memory_bytes, memory[0]);
}

/* "/a/b" below `root`, then "/a", then "". In a container the upper part of the path may not be
 * there: those files are absent. */
static void read_path(const char *root, const char *path, struct cgroup_limits *out)
{
    char *folder = str_format("%s%s", root, path);
    size_t least = strlen(root);
    for (;;) {
        read_group(folder, out);
        char *slash = strrchr(folder, '/');
        if (!slash || (size_t)(slash - folder) < least)
            break;
        *slash = '\0';
    }
    free(folder);
}

/* "4:memory:/path" (version 1) or "0::/path" (version 2). */
static void read_line(char *line, const char *mount, struct cgroup_limits *out)
{
    char *controllers = strchr(line, ':'),
         *path = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!path)
        return;
    *path++ = '\0';
    controllers++;
    if (strcmp(path, "/") == 0)
        *path = '\0';
    char *root = *controllers ? str_format("%s/%s", mount, controllers) : xstrdup(mount);
    read_path(root, path, out);
    free(root);
    if (*controllers)
        return;
    char *unified = str_format("%s/unified", mount);
    read_path(unified, path, out);
    free(unified);
}

struct cgroup_limits cgroup_limits_read(const char *groups, const char *mount)
{
    struct cgroup_limits out = { INFINITY, INFINITY };
    size_t size;
    char *text = file_load(groups, MOST_BYTES, &size, NULL);
    for (char *line = text, *next; line && *line; line = next) {
        next = line + strcspn(line, "\n");
        if (*next)
            *next++ = '\0';
        read_line(line, mount, &out);
    }
    free(text);
    return out;
}

/* ---- the platform ---- */

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
