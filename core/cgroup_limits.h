/* core/cgroup_limits.h - the CPU time and memory that Linux control groups leave a process, of
 * versions 1 and 2. */
#ifndef DAGCAST_CORE_CGROUP_LIMITS_H
#define DAGCAST_CORE_CGROUP_LIMITS_H

struct cgroup_limits {
    double cpus;                         /* CPU seconds a second; INFINITY: no limit */
    double memory_bytes;                 /* INFINITY: no limit */
};

/* The least of the process's groups and all above them. `groups`: a file like /proc/self/cgroup;
 * `mount`: /sys/fs/cgroup. Files that are absent or unreadable are no limit. */
struct cgroup_limits cgroup_limits_read(const char *groups, const char *mount);

#endif
