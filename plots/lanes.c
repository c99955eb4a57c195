#include "plots/lanes.h"

#include <stdlib.h>

#include "base/xalloc.h"

/* An interval's begin or end; at one instant ends go first, but an empty interval's own end behind its begin. */
struct edge { double time_s; int rank; uint32_t interval; };

static int compare_edges(const void *left, const void *right)
{
    const struct edge *a = left, *b = right;

    if (a->time_s != b->time_s)
        return a->time_s < b->time_s ? -1 : 1;
    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    return (a->interval > b->interval) - (a->interval < b->interval);
}

/* A binary heap of free lanes, the lowest on top. */
struct lane_heap { uint32_t *lanes; size_t n; };

static void push(struct lane_heap *h, uint32_t lane)
{
    size_t i = h->n++;

    for (; i > 0 && h->lanes[(i - 1) / 2] > lane; i = (i - 1) / 2)
        h->lanes[i] = h->lanes[(i - 1) / 2];
    h->lanes[i] = lane;
}

static uint32_t pop(struct lane_heap *h)
{
    uint32_t top = h->lanes[0], last = h->lanes[--h->n];
    size_t i = 0;

    for (size_t child; (child = 2 * i + 1) < h->n; i = child) {
        child += child + 1 < h->n && h->lanes[child + 1] < h->lanes[child];
        if (h->lanes[child] >= last)
            break;
        h->lanes[i] = h->lanes[child];
    }
    h->lanes[i] = last;
    return top;
}

static struct edge *edges_of(const struct lane_interval *intervals, size_t n)
{
    struct edge *edges = xcalloc(n, 2 * sizeof *edges);

    for (size_t i = 0; i < n; i++) {
        int end_rank = intervals[i].from_s < intervals[i].to_s ? 0 : 2;

        edges[2 * i] = (struct edge){ intervals[i].from_s, 1, (uint32_t)i };
        edges[2 * i + 1] = (struct edge){ intervals[i].to_s, end_rank, (uint32_t)i };
    }
    qsort(edges, 2 * n, sizeof *edges, compare_edges);
    return edges;
}

size_t lanes_assign(struct lane_interval *intervals, size_t n)
{
    struct edge *edges = edges_of(intervals, n);
    struct lane_heap heap = { .lanes = xcalloc(n, sizeof *heap.lanes) };
    size_t n_lanes = 0;

    for (size_t e = 0; e < 2 * n; e++) {
        struct lane_interval *interval = &intervals[edges[e].interval];

        if (edges[e].rank != 1)
            push(&heap, interval->lane);
        else
            interval->lane = heap.n ? pop(&heap) : (uint32_t)n_lanes++;
    }
    free(edges);
    free(heap.lanes);
    return n_lanes;
}
