#include "num/dist_impl.h"

#include <assert.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/compiler.h"
#include "base/xalloc.h"

#define ROW(name) &dist_family_##name,
static const struct dist_family *const families[] = { DIST_FAMILIES(ROW) };
enum { FAMILIES = sizeof families / sizeof families[0] };

size_t dist_family_count(void)
{
    return FAMILIES;
}

const struct dist_family *dist_family_at(size_t i)
{
    assert(i < FAMILIES);
    return families[i];
}

const char *dist_family_name(size_t i)
{
    return dist_family_at(i)->schema.name;
}

const char *dist_family_summary(size_t i)
{
    return dist_family_at(i)->summary;
}

void *dist_new(const struct dist_family *family, const struct dist_ops *ops, size_t size,
               double mean, double sd)
{
    struct dist *d = xcalloc(1, size);
    *d = (struct dist){ .family = family, .ops = ops, .size = size, .scale = 1, .mean = mean,
                        .sd = sd, .owners = 1 };
    return d;
}

void dist_free(struct dist *d)
{
    if (!d || atomic_fetch_sub_explicit(&d->owners, 1, memory_order_acq_rel) > 1)
        return;
    if (d->family->clear)
        d->family->clear(d);
    free(d);
}

struct dist *dist_copy(const struct dist *d)
{
    struct dist *same = (struct dist *)(uintptr_t)d;     /* its owners are none of its values */
    atomic_fetch_add_explicit(&same->owners, 1, memory_order_relaxed);
    return same;
}

/* All but the owners, which others may change meanwhile. */
void *dist_same_struct(const struct dist *d)
{
    struct dist *copy = xcalloc(1, d->size);
    memcpy(copy, d, offsetof(struct dist, owners));
    memcpy(copy + 1, d + 1, d->size - sizeof *d);
    atomic_init(&copy->owners, 1);
    return copy;
}

static struct dist *separate(const struct dist *d)
{
    return d->family->copy ? d->family->copy(d) : dist_same_struct(d);
}

struct dist *dist_scaled(const struct dist *d, double scale, double shift)
{
    assert(isfinite(scale) && scale >= 0 && isfinite(shift));
    struct dist *copy = separate(d);
    copy->shift = scale * d->shift + shift;
    copy->scale = scale * d->scale;
    return copy;
}

void dist_scale(struct dist **d, double scale)
{
    struct dist *scaled = *d ? dist_scaled(*d, scale, 0) : NULL;
    dist_free(*d);
    *d = scaled;
}

const char *dist_family(const struct dist *d)
{
    return d->family->schema.name;
}

void dist_expect(const struct dist *d)
{
    PREFETCH(d);
    PREFETCH(&d->sd);
}

double dist_mean(const struct dist *d)
{
    return d->shift + d->scale * d->mean;
}

double dist_sd(const struct dist *d)
{
    return d->scale * d->sd;
}

bool dist_is_constant(const struct dist *d)
{
    return dist_sd(d) == 0;
}

double dist_quantile_tails(const struct dist *d, struct dist_tails p)
{
    return dist_is_constant(d) ? dist_mean(d) : d->shift + d->scale * d->ops->quantile(d, p);
}

double dist_quantile(const struct dist *d, double p)
{
    assert(p >= 0 && p <= 1);
    return dist_quantile_tails(d, (struct dist_tails){ p, 1 - p });
}

double dist_cdf(const struct dist *d, double x)
{
    if (dist_is_constant(d))
        return x >= dist_mean(d);
    return d->ops->cdf(d, (x - d->shift) / d->scale).lower;
}

double dist_survival(const struct dist *d, double x)
{
    if (dist_is_constant(d))
        return x < dist_mean(d);
    return d->ops->cdf(d, (x - d->shift) / d->scale).upper;
}

double dist_expected_max(const struct dist *d, size_t n)
{
    assert(n >= 1);
    if (dist_is_constant(d) || n == 1)
        return dist_mean(d);
    double y = d->ops->expected_max ? d->ops->expected_max(d, n) : dist_expected_max_numeric(d, n);
    return d->shift + d->scale * y;
}

double dist_at(const struct dist *d, double u)
{
    dist_at_block(d, &u, 1, &u);
    return u;
}

void dist_at_block(const struct dist *d, const double *u, size_t n, double *out)
{
    if (dist_is_constant(d)) {
        for (size_t i = 0; i < n; i++)
            out[i] = dist_mean(d);
        return;
    }
    if (d->ops->at_block)
        d->ops->at_block(d, u, n, out);
    else
        for (size_t i = 0; i < n; i++)
            out[i] = d->ops->quantile(d, (struct dist_tails){ u[i], 1 - u[i] });
    if (d->scale != 1 || d->shift != 0)
        for (size_t i = 0; i < n; i++)
            out[i] = d->shift + d->scale * out[i];
}
