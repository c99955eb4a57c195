/* What a process may use, and the platform that comes of it. Topologies are hwloc's synthetic ones,
 * and this machine's. */
#include "core/this_machine.h"

#include <math.h>
#include <string.h>

#include "tests/support/unit.h"

static struct own_topology synthetic(const char *description)
{
    struct own_topology own;
    hwloc_topology_init(&own.topology);
    CU_ASSERT_EQUAL_FATAL(hwloc_topology_set_synthetic(own.topology, description), 0);
    hwloc_topology_load(own.topology);
    own.machine_cores = own_topology_cores(own.topology);
    return own;
}

static void check(const struct own_topology *own, double cpus, int cores, int threads,
                  const char *words)
{
    const struct cgroup_limits limits = { cpus, 512.5 * 1024 * 1024 };
    struct platform *p = platform_of_topology(own, &limits);
    CU_ASSERT_EQUAL(p->shapes[0].n_slots, cores);
    CU_ASSERT_EQUAL(p->shapes[0].cores, cores);
    CU_ASSERT_EQUAL(p->shapes[0].threads_per_core, threads);
    CU_ASSERT_EQUAL(p->shapes[0].memory_mib, 512);
    if (!strstr(p->source, words))
        CU_FAIL(p->source);
    platform_free(p);
}

static void a_quota_leaves_whole_cores(void)
{
    struct own_topology own = synthetic("numa:1(memory=4GB) core:6 pu:2");
    check(&own, INFINITY, 6, 2, "hwloc on this machine");
    check(&own, 6, 6, 2, "hwloc on this machine");
    check(&own, 2.5, 2, 2, "quota of 2.5 CPUs leaves 2 of 6 cores");
    check(&own, 0.1, 1, 2, "quota of 0.1 CPUs leaves 1 of 6 cores");
    own_topology_close(&own);
}

static void what_may_not_be_used_is_left_out(void)
{
    struct own_topology own = synthetic("numa:1(memory=4GB) core:6 pu:2");
    hwloc_bitmap_t some = hwloc_bitmap_alloc();
    hwloc_bitmap_set_range(some, 0, 2);          /* a core, and one unit of another */
    hwloc_topology_restrict(own.topology, some, 0);
    check(&own, INFINITY, 2, 1, "may use 2 of its 6 cores");
    check(&own, 1, 1, 1, "quota of 1 CPUs leaves 1 of 2 cores");
    hwloc_bitmap_free(some);
    own_topology_close(&own);
}

static void unlike_kinds_are_said(void)
{
    struct own_topology own = synthetic("numa:1(memory=4GB) core:6 pu:1");
    hwloc_bitmap_t fast = hwloc_bitmap_alloc(), slow = hwloc_bitmap_alloc();
    hwloc_bitmap_set_range(fast, 0, 1);
    hwloc_bitmap_set_range(slow, 2, 5);
    hwloc_cpukinds_register(own.topology, slow, 0, 0, NULL, 0);
    hwloc_cpukinds_register(own.topology, fast, 1, 0, NULL, 0);
    check(&own, INFINITY, 6, 1, "of 2 unlike kinds (4, 2)");
    hwloc_bitmap_free(fast);
    hwloc_bitmap_free(slow);
    own_topology_close(&own);
}

/* Bound to one processing unit, a process has one core. */
static void this_process_sees_what_it_is_bound_to(void)
{
    struct own_topology own;
    struct error err = { "" };
    CU_ASSERT_EQUAL_FATAL(own_topology_open(&own, &err), 0);
    if (!hwloc_topology_is_thissystem(own.topology)) {
        unit_skip("not this machine's topology");
        own_topology_close(&own);
        return;
    }
    unsigned units = (unsigned)hwloc_get_nbobjs_by_type(own.topology, HWLOC_OBJ_PU);
    hwloc_obj_t unit = hwloc_get_obj_by_type(own.topology, HWLOC_OBJ_PU, units - 1);
    int machine_cores = own.machine_cores;
    CU_ASSERT_EQUAL(hwloc_set_cpubind(own.topology, unit->cpuset, HWLOC_CPUBIND_PROCESS), 0);
    own_topology_close(&own);
    CU_ASSERT_EQUAL_FATAL(own_topology_open(&own, &err), 0);
    CU_ASSERT_EQUAL(own_topology_cores(own.topology), 1);
    CU_ASSERT_EQUAL(own.machine_cores, machine_cores);
    own_topology_close(&own);
    struct platform *p = platform_this_machine(&err);
    CU_ASSERT_EQUAL(p->shapes[0].n_slots, 1);
    platform_free(p);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_quota_leaves_whole_cores),
        UNIT_TEST(what_may_not_be_used_is_left_out),
        UNIT_TEST(unlike_kinds_are_said),
        UNIT_TEST(this_process_sees_what_it_is_bound_to),
        { NULL, NULL },
    };
    return unit_run("this_machine", tests);
}
