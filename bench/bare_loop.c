#include "bench/bare_loop.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/xalloc.h"

/* A branch-free bottom-up binary heap, as in drive/event_queue.c, without ranks and insertion
 * order. */
struct end { double time_s; size_t task; };
struct heap { struct end *end; size_t n; };

static void push(struct heap *h, struct end e)
{
    size_t i = ++h->n;
    for (; i > 1 && e.time_s < h->end[i / 2].time_s; i /= 2)
        h->end[i] = h->end[i / 2];
    h->end[i] = e;
}

static struct end pop(struct heap *h)
{
    struct end first = h->end[1], last = h->end[h->n];
    size_t i = 1, n = --h->n;
    for (size_t child; (child = 2 * i) <= n; i = child) {
        child += h->end[child + 1].time_s < h->end[child].time_s;
        h->end[i] = h->end[child];
    }
    for (; i > 1 && last.time_s < h->end[i / 2].time_s; i /= 2)
        h->end[i] = h->end[i / 2];
    if (i <= n)
        h->end[i] = last;
    return first;
}

static struct heap heap_of(size_t room)
{
    return (struct heap){ .end = xcalloc(room + 3, sizeof(struct end)) };
}

double bare_loop_w1(const double *duration_s, size_t n, size_t cores)
{
    struct heap h = heap_of(cores);
    size_t next = 0;
    double now = 0;
    for (; next < n && next < cores; next++)
        push(&h, (struct end){ duration_s[next], next });
    while (h.n > 0) {
        now = pop(&h).time_s;
        if (next < n) {
            push(&h, (struct end){ now + duration_s[next], next });
            next++;
        }
    }
    free(h.end);
    return now;
}

/* Three kinds of task; first-fit over nodes, each kind in order; a task that fits may pass. */
struct kind { size_t next, end, cores, gpus; };

struct machine { int *cores, *gpus; size_t nodes; };     /* what is free */

static bool start_w2(struct heap *h, struct kind *k, struct machine *m, double now,
                     const double *duration_s)
{
    for (size_t node = 0; node < m->nodes; node++) {
        if (m->cores[node] < (int)k->cores || m->gpus[node] < (int)k->gpus)
            continue;
        m->cores[node] -= (int)k->cores;
        m->gpus[node] -= (int)k->gpus;
        push(h, (struct end){ now + duration_s[k->next], k->next << 16 | node });
        k->next++;
        return true;
    }
    return false;
}

double bare_loop_w2(const double *duration_s, size_t n, size_t nodes)
{
    struct kind kinds[3] = { { 0, n / 2, 4, 1 }, { n / 2, n / 2 + n / 4, 32, 0 },
                             { n / 2 + n / 4, n / 2 + 2 * (n / 4), 16, 1 } };
    struct heap h = heap_of(nodes * 42);
    struct machine m = { xcalloc(nodes, sizeof *m.cores), xcalloc(nodes, sizeof *m.gpus), nodes };
    double now = 0;
    for (size_t node = 0; node < nodes; node++) {
        m.cores[node] = 42;
        m.gpus[node] = 6;
    }
    for (;;) {
        for (size_t k = 0; k < 3; k++)
            while (kinds[k].next < kinds[k].end &&
                   start_w2(&h, &kinds[k], &m, now, duration_s))
                continue;
        if (h.n == 0)
            break;
        struct end e = pop(&h);
        size_t task = e.task >> 16, node = e.task & 0xffff,
               k = task < kinds[0].end   ? 0
                   : task < kinds[1].end ? 1
                                         : 2;
        now = e.time_s;
        m.cores[node] += (int)kinds[k].cores;
        m.gpus[node] += (int)kinds[k].gpus;
    }
    xfree(h.end, m.cores, m.gpus);
    return now;
}

/* Children of each task, from the sorted edges of the layers. */
struct children { size_t *begin; uint32_t *of; uint32_t *waits; };

static struct children list_children(const struct workflow *w)
{
    struct children c = { .begin = xcalloc((size_t)w->n_tasks + 1, sizeof *c.begin),
                          .waits = xcalloc(w->n_tasks, sizeof *c.waits) };
    size_t n = 0, at = 0;
    for (size_t s = 1; s < w->n_sets; s++)
        n += w->sets[s].dependencies[0].n_edges;
    c.of = xcalloc(n + 1, sizeof *c.of);
    for (size_t s = 0; s < w->n_sets; s++) {
        const struct dependency *d = s + 1 < w->n_sets ? &w->sets[s + 1].dependencies[0] : NULL;
        size_t e = 0;
        for (uint32_t t = 0; t < w->sets[s].n_tasks; t++) {
            c.begin[w->sets[s].first_task + t] = at;
            for (; d && e < d->n_edges && d->edges[2 * e] == t; e++) {
                c.of[at] = w->sets[s + 1].first_task + d->edges[2 * e + 1];
                c.waits[c.of[at++]]++;
            }
        }
    }
    c.begin[w->n_tasks] = at;
    return c;
}

double bare_loop_w3(const struct workflow *w, const double *duration_s, size_t cores)
{
    struct children c = list_children(w);
    struct heap h = heap_of(cores);
    uint32_t *ready = xcalloc(w->n_tasks, sizeof *ready);
    size_t head = 0, tail = 0, idle = cores;
    double now = 0;
    for (uint32_t t = 0; t < w->n_tasks; t++)
        if (c.waits[t] == 0)
            ready[tail++] = t;
    for (;;) {
        for (; idle > 0 && head < tail; head++, idle--)
            push(&h, (struct end){ now + duration_s[ready[head]], ready[head] });
        if (h.n == 0)
            break;
        struct end e = pop(&h);
        now = e.time_s;
        idle++;
        for (size_t i = c.begin[e.task]; i < c.begin[e.task + 1]; i++)
            if (--c.waits[c.of[i]] == 0)
                ready[tail++] = c.of[i];
    }
    xfree(h.end, ready, c.begin, c.of, c.waits);
    return now;
}
