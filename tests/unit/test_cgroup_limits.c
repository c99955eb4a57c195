#include "core/this_machine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "tests/support/unit.h"

static char folder[] = "/tmp/dagcast-test-cgroup-XXXXXX";

static void write_file(const char *name, const char *text)
{
    char *path = str_format("%s/%s", folder, name), *slash = strrchr(path, '/');
    *slash = '\0';
    file_make_dirs(path, NULL);
    *slash = '/';
    file_save(path, text, strlen(text), NULL);
    free(path);
}

static struct cgroup_limits limits(const char *groups)
{
    write_file("groups", groups);
    char *path = str_format("%s/groups", folder), *mount = str_format("%s/fs", folder);
    struct cgroup_limits out = cgroup_limits_read(path, mount);
    free(path);
    free(mount);
    return out;
}

/* Version 2: the least of a group and those above it; "max" is none. */
static void the_least_of_all_groups_counts(void)
{
    write_file("fs/job/cpu.max", "250000 100000\n");
    write_file("fs/job/step/cpu.max", "max 100000\n");
    write_file("fs/job/memory.max", "max\n");
    write_file("fs/job/step/memory.max", "1048576000\n");
    struct cgroup_limits l = limits("0::/job/step\n");
    unit_near(l.cpus, 2.5, 1e-12);
    CU_ASSERT_EQUAL(l.memory_bytes, 1048576000);
    l = limits("0::/job\n");
    unit_near(l.cpus, 2.5, 1e-12);
    CU_ASSERT_EQUAL(l.memory_bytes, INFINITY);
}

/* In a container the path may be the host's; the container's own group is the root. */
static void the_root_counts_where_the_path_is_not_there(void)
{
    write_file("fs/cpu.max", "150000 50000\n");
    struct cgroup_limits l = limits("0::/kubepods/pod1/x\n");
    unit_near(l.cpus, 3, 1e-12);
    write_file("fs/cpu.max", "max 100000\n");
}

static void version_1_has_a_tree_for_each_controller(void)
{
    write_file("fs/cpu,cpuacct/batch/cpu.cfs_quota_us", "400000\n");
    write_file("fs/cpu,cpuacct/batch/cpu.cfs_period_us", "100000\n");
    write_file("fs/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
    write_file("fs/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
    write_file("fs/memory/batch/memory.limit_in_bytes", "2097152\n");
    struct cgroup_limits l =
        limits("4:memory:/batch\n3:cpu,cpuacct:/batch\n1:name=systemd:/\n0::/\n");
    unit_near(l.cpus, 4, 1e-12);
    CU_ASSERT_EQUAL(l.memory_bytes, 2097152);
}

static void nothing_readable_is_no_limit(void)
{
    struct cgroup_limits l = cgroup_limits_read("/nowhere", "/nowhere");
    CU_ASSERT_EQUAL(l.cpus, INFINITY);
    l = limits("garbage\n\n7\n5:cpu\n");
    CU_ASSERT_EQUAL(l.cpus, INFINITY);
    write_file("fs/bad/cpu.max", "many 100000\n");
    CU_ASSERT_EQUAL(limits("0::/bad\n").cpus, INFINITY);
    write_file("fs/bad/cpu.max", "100000 0\n");
    CU_ASSERT_EQUAL(limits("0::/bad\n").cpus, INFINITY);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(the_least_of_all_groups_counts),
        UNIT_TEST(the_root_counts_where_the_path_is_not_there),
        UNIT_TEST(version_1_has_a_tree_for_each_controller),
        UNIT_TEST(nothing_readable_is_no_limit),
        { NULL, NULL },
    };
    if (!mkdtemp(folder))
        return 1;
    int status = unit_run("cgroup_limits", tests);
    char *remove = str_format("rm -rf %s", folder);
    status = system(remove) != 0 || status;
    free(remove);
    return status;
}
