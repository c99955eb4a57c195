#include "scheduling/placement_impl.h"

const struct placement_ops placement_next_fit = {
    .name = "next_fit",
    .summary = "the next node with room, from where the last placement ended, going round",
    .rotates = true,
};
