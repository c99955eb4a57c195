/* bench/event_queue.c - the event queue alone, in the hold model: pop the first, push it again
 * later; n events stay pending.
 *
 *     bench_event_queue [N ...]      holds/s for each N, beside a plain binary heap that compares
 *                                    with branches, in one run */
#include <stdio.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "bench/seconds.h"
#include "drive/event_queue.h"

/* Exponential gaps drawn beforehand: the draw is not what is measured. */
enum { GAPS = 4096 };
static double gaps[GAPS];

static void fill_gaps(void)
{
    unsigned long long x = 88172645463325252ull;
    for (int i = 0; i < GAPS; i++) {
        x ^= x << 13, x ^= x >> 7, x ^= x << 17;
        gaps[i] = 0.5 + (double)(x >> 11) * 0x1p-53;
    }
}

static double hold_queue(size_t n, size_t holds)
{
    struct event_queue *q = event_queue_new();
    struct event ev;
    for (size_t i = 0; i < n; i++)
        event_queue_push(q, (struct event){ .time_s = gaps[i % GAPS] * (double)(i % 7 + 1),
                                            .subject = (uint32_t)(i % 1000) });
    for (size_t i = 0; i < n; i++) {             /* reach the steady state first */
        event_queue_pop(q, &ev);
        ev.time_s += gaps[i % GAPS];
        event_queue_push(q, ev);
    }
    double begun = seconds();
    for (size_t i = 0; i < holds; i++) {
        event_queue_pop(q, &ev);
        ev.time_s += gaps[i % GAPS];
        event_queue_push(q, ev);
    }
    double took = seconds() - begun;
    event_queue_free(q);
    return (double)holds / took;
}

/* The textbook heap: sift the last entry down from the root, two comparisons a level. */
static double hold_plain(size_t n, size_t holds)
{
    double *heap = xcalloc(n + 2, sizeof *heap), begun = 0;
    for (size_t i = 0; i < n; i++) {
        size_t k = i + 1;
        double x = gaps[i % GAPS] * (double)(i % 7 + 1);
        for (; k > 1 && x < heap[k / 2]; k /= 2)
            heap[k] = heap[k / 2];
        heap[k] = x;
    }
    for (size_t i = 0; i < n + holds; i++) {
        if (i == n)
            begun = seconds();
        double x = heap[1] + gaps[i % GAPS];
        size_t k = 1;
        for (size_t child; (child = 2 * k) <= n; k = child) {
            if (child < n && heap[child + 1] < heap[child])
                child++;
            if (x <= heap[child])
                break;
            heap[k] = heap[child];
        }
        heap[k] = x;
    }
    double took = seconds() - begun;
    free(heap);
    return (double)holds / took;
}

int main(int argc, char **argv)
{
    static const size_t sizes[] = { 1000, 10000, 100000, 1000000 };
    fill_gaps();
    for (int i = 0; i < (argc > 1 ? argc - 1 : 4); i++) {
        size_t n = argc > 1 ? strtoul(argv[i + 1], NULL, 10) : sizes[i], holds = 4000000;
        double best = 0, plain = 0;
        for (int round = 0; round < 3; round++) {
            double a = hold_queue(n, holds), b = hold_plain(n, holds);
            best = a > best ? a : best;
            plain = b > plain ? b : plain;
        }
        printf("%8zu pending  %6.1f M holds/s  plain heap of times %6.1f  ratio %.2f\n", n,
               best / 1e6, plain / 1e6, best / plain);
    }
    return 0;
}
