#include "plots/chrome_trace_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/usage.h"
#include "plots/lanes.h"

/* --- tasks without slots --------------------------------------------------------------------------------------------- */

static void place_unplaced(const struct timeline *t, const struct usage_reader *reader, struct trace_lanes *lanes)
{
    struct lane_interval *intervals = xcalloc(t->n, sizeof *intervals);
    size_t *records = xcalloc(t->n, sizeof *records), n = 0;
    struct timeline_slots s;
    struct usage u;

    for (size_t i = 0; i < t->n; i++)
        if (usage_read(reader, i, &u) && !timeline_slots_first(t, i, &s)) {
            intervals[n] = (struct lane_interval){ .from_s = u.started_s, .to_s = u.stopped_s };
            records[n++] = i;
        }
    lanes->n_unplaced_lanes = lanes_assign(intervals, n);
    for (size_t k = 0; k < n; k++)
        lanes->first[records[k]] = (struct trace_place){ lanes->unplaced_pid, intervals[k].lane };
    free(intervals);
    free(records);
}

/* --- shared GPUs ------------------------------------------------------------------------------------------------------- */

struct sharing { uint32_t node, gpu; size_t position; double from_s, to_s; };

static int compare_sharings(const void *left, const void *right)
{
    const struct sharing *a = left, *b = right;

    if (a->node != b->node)
        return a->node < b->node ? -1 : 1;
    if (a->gpu != b->gpu)
        return a->gpu < b->gpu ? -1 : 1;
    return (a->position > b->position) - (a->position < b->position);
}

/* Every GPU of every part of every record that ran, in order; what is shared becomes a sharing. Returns how many GPUs there are. */
static size_t collect_sharings(const struct timeline *t, const struct usage_reader *reader, struct sharing **sharings, size_t *n)
{
    size_t room = 0, position = 0;
    struct timeline_slots s;
    struct usage u;

    for (size_t i = 0; i < t->n; i++) {
        if (!usage_read(reader, i, &u))
            continue;
        for (bool more = timeline_slots_first(t, i, &s); more; more = timeline_slots_next(&s))
            for (size_t g = 0; g < s.n_gpus; g++, position++) {
                if (s.gpu_share == 0)
                    continue;
                xgrow(sharings, &room, *n + 1, sizeof **sharings);
                (*sharings)[(*n)++] = (struct sharing){ .node = s.node, .gpu = s.gpus[g], .position = position,
                                                        .from_s = u.started_s, .to_s = u.stopped_s };
            }
    }
    return position;
}

static void place_shared(const struct timeline *t, const struct usage_reader *reader, struct trace_lanes *lanes)
{
    struct sharing *sharings = NULL;
    size_t n = 0, n_gpus = collect_sharings(t, reader, &sharings, &n);
    struct lane_interval *intervals = xcalloc(n, sizeof *intervals);

    lanes->any_shared = n > 0;
    if (n > 0) {
        lanes->further = xcalloc(n_gpus, sizeof *lanes->further);
        qsort(sharings, n, sizeof *sharings, compare_sharings);
    }
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i; end < n && sharings[end].node == sharings[i].node && sharings[end].gpu == sharings[i].gpu; end++)
            intervals[end - i] = (struct lane_interval){ .from_s = sharings[end].from_s, .to_s = sharings[end].to_s };
        lanes_assign(intervals, end - i);
        for (size_t k = i; k < end; k++)
            lanes->further[sharings[k].position] = intervals[k - i].lane;
    }
    free(intervals);
    free(sharings);
}

/* --- all ----------------------------------------------------------------------------------------------------------------- */

static void place_first_lanes(const struct timeline *t, const struct usage_reader *reader, struct trace_lanes *lanes)
{
    size_t position = 0;
    struct timeline_slots s;
    struct usage u;

    for (size_t i = 0; i < t->n; i++) {
        bool found = false;

        if (!usage_read(reader, i, &u))
            continue;
        for (bool more = timeline_slots_first(t, i, &s); more; more = timeline_slots_next(&s)) {
            uint32_t lane = lanes->any_shared && s.n_gpus ? lanes->further[position] : 0;

            if (!found && s.n_cores)
                lanes->first[i] = (struct trace_place){ s.node, s.cores[0] };
            else if (!found && s.n_gpus)
                lanes->first[i] = (struct trace_place){ s.node, TRACE_GPU + TRACE_GPUS_APART * lane + s.gpus[0] };
            found = found || s.n_cores || s.n_gpus;
            position += s.n_gpus;
        }
    }
}

struct trace_lanes trace_lanes_of(const struct timeline *t)
{
    struct trace_lanes lanes = { .first = xcalloc(t->n, sizeof *lanes.first), .unplaced_pid = (uint32_t)t->platform->n_nodes + 1 };
    struct usage_reader *reader = usage_reader_new(t);

    for (size_t i = 0; i < t->n; i++)
        lanes.first[i] = (struct trace_place){ UINT32_MAX, 0 };
    place_unplaced(t, reader, &lanes);
    place_shared(t, reader, &lanes);
    place_first_lanes(t, reader, &lanes);
    usage_reader_free(reader);
    return lanes;
}

void trace_lanes_clear(struct trace_lanes *lanes)
{
    free(lanes->first);
    free(lanes->further);
    *lanes = (struct trace_lanes){ 0 };
}
