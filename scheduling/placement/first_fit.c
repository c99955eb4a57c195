#include "scheduling/placement_impl.h"

const struct placement_ops placement_first_fit = {
    .name = "first_fit", .summary = "the lowest node with room",
};
