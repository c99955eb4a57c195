#include "plots/stack.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

struct bins bins_new(double from_s, double to_s, size_t n, size_t n_labels)
{
    assert(to_s > from_s && n > 0);
    return (struct bins){ .n = n,
                          .n_labels = n_labels,
                          .from_s = from_s,
                          .width_s = (to_s - from_s) / (double)n,
                          .value = xcalloc(n_labels * (n + 1), sizeof(double)) };
}

void bins_clear(struct bins *b)
{
    free(b->value);
    *b = (struct bins){ 0 };
}

/* From time_s on, `amount` more: its bin gets the share that is left of it, the next the rest; the
 * sum over bins does the others. */
static void add_step(struct bins *b, double *difference, double time_s, double amount)
{
    double at = fmin(fmax((time_s - b->from_s) / b->width_s, 0), (double)b->n);
    size_t bin = (size_t)at < b->n ? (size_t)at : b->n - 1;
    double left = (double)(bin + 1) - at;
    difference[bin] += amount * left;
    difference[bin + 1] += amount * (1 - left);
}

void bins_add(struct bins *b, size_t label, double from_s, double to_s, double amount)
{
    double *difference = b->value + label * (b->n + 1);
    if (!(from_s < to_s))
        return;
    add_step(b, difference, from_s, amount);
    add_step(b, difference, to_s, -amount);
}

void bins_finish(struct bins *b)
{
    for (size_t label = 0; label < b->n_labels; label++) {
        double *value = b->value + label * (b->n + 1);
        for (size_t i = 1; i <= b->n; i++)
            value[i] += value[i - 1];
        for (size_t i = 0; i <= b->n; i++)
            if (fabs(value[i]) < 1e-9)   /* what rounding left */
                value[i] = 0;
    }
}

double bins_at(const struct bins *b, size_t label, size_t bin)
{
    return b->value[label * (b->n + 1) + bin];
}
