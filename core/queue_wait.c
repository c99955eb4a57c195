#include "core/queue_wait.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

struct queue_wait {
    struct dist *dist; /* or */
    struct waits *waits;
    bool in_nodes, has_walltimes;
};

struct queue_wait *queue_wait_of_dist(struct dist *d)
{
    struct queue_wait *q = xcalloc(1, sizeof *q);
    q->dist = d;
    return q;
}

struct queue_wait *queue_wait_of_history(struct waits *w, bool in_nodes, bool has_walltimes)
{
    struct queue_wait *q = xcalloc(1, sizeof *q);
    *q = (struct queue_wait){ .waits = w, .in_nodes = in_nodes, .has_walltimes = has_walltimes };
    return q;
}

void queue_wait_free(struct queue_wait *q)
{
    if (!q)
        return;
    dist_free(q->dist);
    waits_free(q->waits);
    free(q);
}

bool queue_wait_is_random(const struct queue_wait *q)
{
    return q && (!q->dist || !dist_is_constant(q->dist));
}

double queue_wait_mean(const struct queue_wait *q)
{
    return q->dist ? dist_mean(q->dist) : (double)NAN;
}

bool queue_wait_needs_walltime(const struct queue_wait *q)
{
    return q && q->has_walltimes;
}

static double cores(const struct platform *p)
{
    double n = 0;
    for (size_t i = 0; i < p->n_nodes; i++)
        n += platform_node(p, i)->cores;
    return n;
}

struct dist *queue_wait_dist(const struct queue_wait *q, const struct platform *p,
                             double walltime_s)
{
    if (q->dist)
        return dist_copy(q->dist);
    double size = q->in_nodes ? (double)p->n_nodes : cores(p);
    return waits_dist(q->waits, size, q->has_walltimes ? walltime_s : (double)NAN);
}
