#include "core/realised.h"

#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/workflow.h"

bool realised_cancels(const struct workflow *w, int set)
{
    return w->realised && w->realised->cancelled && w->realised->cancelled[set];
}

size_t realised_cancels_of(const struct realised *r, int by, size_t *first)
{
    size_t n = 0;
    SORT_COUNT_IF(*first, r->n_cancels, i, r->cancels[i].by < by);
    while (*first + n < r->n_cancels && r->cancels[*first + n].by == by)
        n++;
    return n;
}

struct workflow *realised_surely(const struct workflow *w)
{
    struct workflow *sure = xmemdup(w, sizeof *w);
    sure->sets = xmemdup(w->sets, w->n_sets * sizeof *w->sets);
    for (size_t s = 0; s < w->n_sets; s++)
        if (realised_cancels(w, (int)s)) {
            sure->sets[s].duration = dist_constant(0);
            sure->sets[s].durations = NULL;
            /* what is cancelled is over, whatever it waited for */
            sure->sets[s].n_dependencies = 0;
        }
    return sure;
}

void realised_surely_free(struct workflow *w)
{
    for (size_t s = 0; w && s < w->n_sets; s++)
        if (realised_cancels(w, (int)s))
            dist_free(w->sets[s].duration);
    if (w)
        free(w->sets);
    free(w);
}

static void *copy_array(const void *array, size_t n, size_t size)
{
    return array ? xmemdup(array, n * size) : NULL;
}

struct realised *realised_copy(const struct realised *r, size_t n_sets)
{
    struct realised *copy = r ? xmemdup(r, sizeof *r) : NULL;
    if (!r)
        return NULL;
    copy->shares = false;
    copy->base = copy_array(r->base, n_sets, sizeof *r->base);
    copy->lane = copy_array(r->lane, n_sets, sizeof *r->lane);
    copy->point = copy_array(r->point, n_sets, sizeof *r->point);
    copy->cancelled = copy_array(r->cancelled, n_sets, sizeof *r->cancelled);
    copy->cancels = copy_array(r->cancels, r->n_cancels, sizeof *r->cancels);
    copy->points = copy_array(r->points, r->n_points, sizeof *r->points);
    for (size_t i = 0; i < r->n_points; i++) {
        copy->points[i].name = xstrdup(r->points[i].name);
        copy->points[i].sets =
            copy_array(r->points[i].sets, r->points[i].n_sets, sizeof *r->points[i].sets);
    }
    copy->campaigns = copy_array(r->campaigns, r->n_campaigns, sizeof *r->campaigns);
    for (size_t i = 0; i < r->n_campaigns; i++) {
        struct realised_campaign *c = &copy->campaigns[i];
        c->rounds = copy_array(c->rounds, c->n_rounds, sizeof *c->rounds);
        c->learnings = copy_array(c->learnings, c->n_learnings, sizeof *c->learnings);
    }
    return copy;
}

void realised_free(struct realised *r)
{
    if (!r)
        return;
    for (size_t i = 0; i < r->n_points; i++) {
        xfree(r->points[i].name, r->points[i].sets);
    }
    for (size_t i = 0; i < r->n_campaigns; i++) {
        xfree(r->campaigns[i].rounds, r->campaigns[i].learnings);
    }
    xfree(r->points, r->cancels, r->cancelled, r->campaigns, r->base, r->lane, r->point, r);
}
