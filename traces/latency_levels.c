#include "traces/latency_levels.h"

#include "base/sort.h"
#include "base/xalloc.h"

void latency_level_add(struct latency_level *l, double x)
{
    xgrow(&l->x, &l->room, l->n + 1, sizeof *l->x);
    l->x[l->n++] = x;
}

void latency_level_summarise(struct latency_level *l)
{
    double squares = 0;
    for (size_t i = 0; i < l->n; i++) {
        double by = l->x[i] - l->mean_s;
        l->mean_s += by / (double)(i + 1);
        squares += by * (l->x[i] - l->mean_s);
    }
    l->variance = l->n > 1 ? squares / (double)(l->n - 1) : 0;
}

static struct latency_level joined(const struct latency_level *a, const struct latency_level *b)
{
    struct latency_level both = { 0 };
    for (size_t i = 0; i < a->n; i++)
        latency_level_add(&both, a->x[i]);
    for (size_t i = 0; i < b->n; i++)
        latency_level_add(&both, b->x[i]);
    latency_level_summarise(&both);
    return both;
}

size_t latency_levels_order(struct latency_level of[LATENCY_KINDS],
                            enum latency_kind name[LATENCY_KINDS])
{
    size_t n = 0;
    for (int k = 0; k < LATENCY_KINDS; k++) {
        struct latency_level l = of[k];
        if (l.n == 0)
            continue;
        name[n] = (enum latency_kind)k;
        for (; n > 0 && l.mean_s <= of[n - 1].mean_s; n--) {
            struct latency_level both = joined(&of[n - 1], &l);
            xfree(of[n - 1].x, l.x);
            l = both;
        }
        of[n++] = l;
    }
    return n;
}
