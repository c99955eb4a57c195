/* core/demand.h - what one task occupies while it runs. */
#ifndef DAGCAST_CORE_DEMAND_H
#define DAGCAST_CORE_DEMAND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/schema.h"
#include "base/str.h"
#include "core/resource.h"

/* millionths: a GPU share below this is a part of one device */
#define DEMAND_WHOLE_GPU 1000000

/* So much of what the platform's file calls by this name: licences, GiB of a burst buffer. */
struct named_amount { char *name; int64_t amount; };
extern const struct schema named_amount_schema;

/* As a workflow says it. Everything but `ranks` is for one rank. Exactly one of cores and threads
 * is > 0, or both are 0 (a task that takes no core; then it must take a GPU). */
struct demand {
    /* processes, >= 1; each lies on one node, several may lie on several */
    int ranks;
    int cores;                           /* counts cores */
    int threads;                         /* counts hardware threads */
    int32_t gpus;                        /* whole GPUs, >= 0 */
    int32_t gpu_share;                   /* millionths of one GPU, 0 .. 999,999; then gpus is 0 */
    int64_t memory_mib;                  /* 0: says nothing about memory */
    /* all ranks lie on one node (processes that know no MPI); else they may span nodes */
    bool one_node;
    /* only on nodes of this kind; NULL: any. A task set's own */
    char *node;
    size_t n_named;
    struct named_amount *named;          /* of a rank; a task set's own */
};
bool demand_equal(const struct demand *a, const struct demand *b);
/* "2 ranks of 4 threads + 1 GPU" */
void demand_add_words(struct str *text, const struct demand *d);

/* The same on a platform: in its slots (cores or hardware threads). */
struct slot_demand {
    int ranks, slots;                    /* slots a rank, >= 0 */
    int32_t gpus, gpu_share;
    int64_t memory_mib;
    bool one_node, has_named;
    /* Only on nodes of this kind, NULL: any. The platform's own text, so that equal pointers are
     * equal kinds; of a kind that it does not have, the demand's */
    const char *node;
    int64_t named[RESOURCES_MOST];       /* by number of the platform's resource */
};
bool slot_demand_equal(const struct slot_demand *a, const struct slot_demand *b);

#endif
