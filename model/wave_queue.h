/* model/wave_queue.h - what is to come in a list schedule: ends of waves and releases of sets, in
 * order of time. */
#ifndef DAGCAST_MODEL_WAVE_QUEUE_H
#define DAGCAST_MODEL_WAVE_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct wave_event {                      /* a wave's end, or (tasks 0) a set's release */
    double time_s;
    /* given by push: at equal times the one pushed first leaves first */
    uint64_t number;
    uint32_t set, tasks, grant;
    double overhead_s;                   /* of the path that leads here */
};
struct wave_queue { /* zero-initialised = empty; heap[0] is the first when n > 0 */
    struct wave_event *heap;
    size_t n, room;
    uint64_t pushed;
};
void wave_queue_push(struct wave_queue *q, struct wave_event ev);        /* O(log n) */
struct wave_event wave_queue_pop(struct wave_queue *q);                  /* O(log n); n > 0 */
/* empties, keeps the memory */
void wave_queue_reset(struct wave_queue *q);
void wave_queue_clear(struct wave_queue *q);                             /* frees */

#endif
