/* validation/executor/slurm_allocation.h - what Slurm has given us: the nodes of the allocation
 * that this process runs in, as a platform.
 *
 * Counted is what the allocation holds of each node, which is less than the node where it was not
 * allocated whole. A slot is a core; Slurm counts hardware threads ("CPUs"), threads_per_core of
 * them. */
#ifndef DAGCAST_VALIDATION_EXECUTOR_SLURM_ALLOCATION_H
#define DAGCAST_VALIDATION_EXECUTOR_SLURM_ALLOCATION_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "core/platform.h"

#define SLURM_PLATFORM "slurm-allocation"                /* its name on the command line */

struct slurm_node {
    char *name;
    int cpus;                            /* Slurm's count */
    int cores, threads_per_core, gpus;
    int64_t memory_mib;                  /* 0: Slurm does not count it */
};
struct slurm_allocation {
    char *job;
    size_t n;
    struct slurm_node *nodes;            /* in the order of SLURM_JOB_NODELIST */
};

/* `environment`: NULL-terminated "NAME=value". -1: there is no allocation (no SLURM_JOB_ID),
 * Slurm's commands are missing or fail. */
int slurm_allocation_read(struct slurm_allocation *a, char *const *environment, struct error *err);
void slurm_allocation_clear(struct slurm_allocation *a);

/* The parts of slurm_allocation_read(): fills in what `scontrol show job -d -o` says of nodes whose
 * names are known, given how its compressed lists of names ("n[1-4]") are expanded; `scontrol show
 * node -o`. For tests without a Slurm. */
/* a name a line; free() it */
typedef char *(*slurm_expand_fn)(void *context, const char *list, struct error *err);
int slurm_allocation_read_job(struct slurm_allocation *a, const char *text, slurm_expand_fn expand,
                              void *context, struct error *err);
void slurm_allocation_read_nodes(struct slurm_allocation *a, const char *text);

/* "slurm-JOB"; neighbours alike are one kind of node. */
struct platform *slurm_allocation_platform(const struct slurm_allocation *a, struct error *err);
/* slurm_allocation_read() and _platform() at once. */
struct platform *slurm_platform(char *const *environment, struct error *err);
/* -1 and a sentence: the platform has more nodes than the allocation, or one of them more cores or
 * GPUs. */
int slurm_allocation_holds(const struct slurm_allocation *a, const struct platform *p,
                           struct error *err);

#endif
