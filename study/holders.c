#include "study/holders.h"

#include "base/xalloc.h"

void holders_init(struct holders *h, size_t n_sets)
{
    h->n_leaves = 1;
    while (h->n_leaves < n_sets)
        h->n_leaves *= 2;
    h->held = xcalloc(h->n_leaves, sizeof *h->held);
    h->best = xcalloc(h->n_leaves, sizeof *h->best);
    for (size_t i = h->n_leaves - 1; i > 0; i--)
        h->best[i] = 2 * i < h->n_leaves ? h->best[2 * i] : (uint32_t)(2 * i - h->n_leaves);
}

void holders_clear(struct holders *h)
{
    xfree(h->held, h->best);
}

static uint32_t best_below(const struct holders *h, size_t i)
{
    return i < h->n_leaves ? h->best[i] : (uint32_t)(i - h->n_leaves);
}

void holders_update(struct holders *h, uint32_t set)
{
    for (size_t i = (h->n_leaves + set) / 2; i > 0; i /= 2) {
        uint32_t left = best_below(h, 2 * i), right = best_below(h, 2 * i + 1);
        uint32_t best = h->held[right] > h->held[left] ? right : left;
        if (h->best[i] == best && best != set)
            return;
        h->best[i] = best;
    }
}

int holders_most(const struct holders *h)
{
    uint32_t best = best_below(h, 1);
    return h->held[best] > 1e-9 ? (int)best : -1;
}
