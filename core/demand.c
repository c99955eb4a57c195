#include "core/demand.h"

bool demand_equal(const struct demand *a, const struct demand *b)
{
    return a->ranks == b->ranks && a->cores == b->cores && a->threads == b->threads && a->gpus == b->gpus &&
           a->gpu_share == b->gpu_share && a->memory_mib == b->memory_mib && a->one_node == b->one_node;
}

bool slot_demand_equal(const struct slot_demand *a, const struct slot_demand *b)
{
    return a->ranks == b->ranks && a->slots == b->slots && a->gpus == b->gpus && a->gpu_share == b->gpu_share &&
           a->memory_mib == b->memory_mib && a->one_node == b->one_node;
}
