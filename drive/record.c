/* What a timeline's record needs: when the task was submitted and arrived, its slots, and which
 * tasks have one. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/bits.h"
#include "base/xalloc.h"
#include "drive/driver_impl.h"

void driver_keep_records(struct driver *d, bool some_lack)
{
    struct driver_records *k = &d->records;
    size_t words = d->scenario.workflow->n_tasks / 64 + 1;
    k->kept = true;
    if (!k->arrivals) {
        k->arrivals = arrivals_new();
        k->ids = xcalloc(NODE_MOST_SLOTS, sizeof *k->ids);
        if (some_lack)
            k->recorded = xcalloc(words, sizeof *k->recorded);
    }
    arrivals_reset(k->arrivals);
    if (k->recorded)
        memset(k->recorded, 0, words * sizeof *k->recorded);
}

void record_clear(struct driver *d)
{
    arrivals_free(d->records.arrivals);
    xfree(d->records.recorded, d->records.ids);
}

void record_arrived(struct driver *d, const struct submission *part, double submitted_s)
{
    if (d->records.kept)
        arrivals_add(d->records.arrivals,
                     d->scenario.workflow->sets[part->set].first_task + part->first, part->count,
                     submitted_s, d->engine.now_s);
}

struct timeline_record driver_record(struct driver *d, const struct attempt *a, double freed_s)
{
    struct timeline_record r = {
        .scheduled_s = a->scheduled_s,
        .started_s = a->started_s,
        .stopped_s = a->stopped_s,
        .freed_s = freed_s,
        .notified_s = NAN,
        .task = d->scenario.workflow->sets[a->set].first_task + a->task,
    };
    arrivals_take(d->records.arrivals, r.task, &r.submitted_s, &r.arrived_s);
    return r;
}

static void add_ids(uint64_t set, unsigned base, uint16_t *ids, size_t *n)
{
    for (; set; set &= set - 1)
        ids[(*n)++] = (uint16_t)(base + (unsigned)bits_lowest(set));
}

static void add_slots(struct driver *d, struct timeline *t, uint32_t grant)
{
    const struct pool *pool = dispatch_pool(d->dispatch);
    uint16_t *ids = d->records.ids, gpus[NODE_MOST_GPUS];
    struct grant_part part;
    for (struct grant_walk walk = { grant, 0 }; pool_next_node(pool, &walk, &part);) {
        size_t n_cores = 0, n_gpus = 0;
        for (size_t w = 0; w < part.n_words; w++)
            add_ids(grant_part_slots(&part, w), (unsigned)(64 * w), ids, &n_cores);
        add_ids(part.gpus, 0, gpus, &n_gpus);
        timeline_add_slots(t, &(struct timeline_slots){ .node = part.node, .cores = ids,
                                           .n_cores = n_cores, .gpus = gpus, .n_gpus = n_gpus,
                                           .gpu_share = part.gpu_share });
    }
}

void record_exists(struct driver *d, uint32_t task)
{
    if (d->records.recorded)
        d->records.recorded[task / 64] |= UINT64_C(1) << task % 64;
}

size_t driver_add_record(struct driver *d, struct timeline *t, const struct timeline_record *r,
                         enum task_status status, const struct attempt *a)
{
    record_exists(d, r->task);
    size_t i = timeline_add(t, r, status, a->number);
    add_slots(d, t, a->grant);
    return i;
}

bool driver_add_cancelled(struct driver *d, struct timeline *t, uint32_t *next)
{
    const uint64_t *recorded = d->records.recorded;
    uint32_t n_tasks = (uint32_t)d->scenario.workflow->n_tasks, task = *next;
    assert(recorded);
    while (task < n_tasks && recorded[task / 64] >> task % 64 & 1)
        task++;
    *next = task + 1;
    if (task >= n_tasks)
        return false;
    struct timeline_record never = { .task = task,
                                     .submitted_s = NAN,
                                     .arrived_s = NAN,
                                     .scheduled_s = NAN,
                                     .started_s = NAN,
                                     .stopped_s = NAN,
                                     .freed_s = NAN,
                                     .notified_s = NAN };
    timeline_add(t, &never, TASK_CANCELLED, 0);
    return true;
}
