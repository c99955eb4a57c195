/* core/resource.h - the largest nodes and platforms that dagcast holds: the only home of these limits. */
#ifndef DAGCAST_CORE_RESOURCE_H
#define DAGCAST_CORE_RESOURCE_H

/* Files are refused beyond them, importers cut to them and say so. A node's slots are a bit set of as many 64-bit
 * words as it needs; its GPUs are one word. */
enum {
    NODE_MOST_SLOTS = 1024,              /* cores or hardware threads */
    NODE_MOST_GPUS = 64,
    NODE_MOST_THREADS_PER_CORE = 16,
    PLATFORM_MOST_NODES = 10000000,
    PLATFORM_MOST_SHAPES = 65535,        /* kinds of node */
};

#endif
