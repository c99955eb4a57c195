#include "scheduling/radical_impl.h"

#include <stdio.h>

static const char *const generation_names[] = {
    [FIRST_COME] = "0.70", [BY_ARRIVAL] = "0.73", [BY_SUM] = "1.9", [BY_PRODUCT] = "1.33", NULL
};

bool radical_find_generation(const char *version, enum generation *out)
{
    int major, minor;
    if (sscanf(version, "%d.%d", &major, &minor) != 2 || major < 0 || minor < 0)
        return false;
    *out = major > 1 || (major == 1 && minor >= 20) ? BY_PRODUCT
           : major == 1 || minor >= 90              ? BY_SUM
           : minor >= 73                            ? BY_ARRIVAL
                                                    : FIRST_COME;
    return true;
}

const char *radical_generation(const char *version)
{
    enum generation g;
    return radical_find_generation(version, &g) ? generation_names[g] : NULL;
}

bool radical_polls(const char *version)
{
    enum generation g;
    return radical_find_generation(version, &g) && g >= BY_SUM;
}

const char *radical_generation_at(size_t i)
{
    return i < sizeof generation_names / sizeof *generation_names ? generation_names[i] : NULL;
}

double radical_size_of(enum generation g, const struct slot_demand *d)
{
    double gpus = d->gpus + (double)d->gpu_share / DEMAND_WHOLE_GPU;
    return g == BY_PRODUCT ? d->ranks * gpus * d->slots : (d->ranks + gpus) * d->slots;
}

double radical_size(const char *version, const struct slot_demand *d)
{
    enum generation g = BY_SUM;
    radical_find_generation(version, &g);
    return radical_size_of(g, d);
}
