/* core/resource.h - the largest nodes and platforms that dagcast holds: the only home of these
 * limits. */
#ifndef DAGCAST_CORE_RESOURCE_H
#define DAGCAST_CORE_RESOURCE_H

/* Files are refused beyond them, importers cut to them and say so. A node's slots are a bit set of
 * as many 64-bit words as it needs; its GPUs are one word. */
#define NODE_MOST_SLOTS 1024             /* cores or hardware threads; 2 x 256 cores x 2 threads */
#define NODE_MOST_GPUS 64
#define MEMORY_MOST_MIB 1099511627776.0  /* 2^40: 1 EiB */
enum {
    NODE_MOST_THREADS_PER_CORE = 16,
    PLATFORM_MOST_NODES = 10000000,
    PLATFORM_MOST_SHAPES = 65535,        /* kinds of node */
    RESOURCES_MOST = 4,                  /* named resources of a platform */
};

/* The digits of a limit, for messages: "more than " RESOURCE_DIGITS(NODE_MOST_SLOTS) " slots". */
#define RESOURCE_DIGITS(limit) RESOURCE_DIGITS_OF(limit)
#define RESOURCE_DIGITS_OF(digits) #digits

#endif
