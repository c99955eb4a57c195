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
    for (size_t i = 0; i < platform_job_nodes(p); i++)
        n += platform_node(p, i)->cores;
    return n;
}

static double size_on(const struct queue_wait *q, const struct platform *p)
{
    return q->in_nodes ? (double)platform_job_nodes(p) : cores(p);
}

static bool outside(struct stats_interval known, double x)
{
    const double rounding = 1e-9;
    return x < known.low * (1 - rounding) || x > known.high * (1 + rounding);
}

bool queue_wait_add_outside(struct str *text, const struct queue_wait *q, const struct platform *p,
                            double walltime_s)
{
    if (!q || !q->waits)
        return false;
    struct stats_interval sizes = waits_sizes(q->waits), lengths_s = waits_lengths_s(q->waits);
    size_t before = text->length;
    double size = size_on(q, p);
    if (outside(sizes, size))
        str_addf(text, "the jobs of the queue history asked for %.6g to %.6g %s, not %.6g",
                 sizes.low, sizes.high, q->in_nodes ? "nodes" : "cores", size);
    if (q->has_walltimes && walltime_s > 0 && outside(lengths_s, walltime_s))
        str_addf(text, "%s for %.4g to %.4g minutes, not %.4g",
                 text->length > before ? " and" : "the jobs of the queue history asked",
                 lengths_s.low / 60, lengths_s.high / 60, walltime_s / 60);
    return text->length > before;
}

struct dist *queue_wait_dist(const struct queue_wait *q, const struct platform *p,
                             double walltime_s)
{
    if (q->dist)
        return dist_copy(q->dist);
    return waits_dist(q->waits, size_on(q, p), q->has_walltimes ? walltime_s : (double)NAN);
}
