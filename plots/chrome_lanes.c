#include <inttypes.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "plots/chrome_trace_impl.h"

enum { GPU_ORDER = 1024 };               /* a shared GPU's lanes are together */

/* An event that says one thing of a process or thread, up to its argument. */
static void begin_meta(struct json_out *o, const char *what, uint32_t pid, uint32_t tid)
{
    trace_event(o, what);
    json_out_text(o, "ph", "M");
    json_out_whole(o, "pid", pid);
    if (tid > 0)
        json_out_whole(o, "tid", tid);
    json_out_open(o, "args", '{');
}

static void end_meta(struct json_out *o)
{
    json_out_close(o, '}');
    json_out_close(o, '}');
}

static void name_process(struct json_out *o, uint32_t pid, const char *name, uint32_t order)
{
    begin_meta(o, "process_name", pid, 0);
    json_out_text(o, "name", name);
    end_meta(o);
    begin_meta(o, "process_sort_index", pid, 0);
    json_out_whole(o, "sort_index", order);
    end_meta(o);
}

/* "GPU 3", of the further lanes of a shared one "GPU 3 (2)". */
static void name_thread(struct json_out *o, struct trace_place at, const char *kind,
                        uint32_t number, uint32_t lane, uint32_t order)
{
    char *name = lane > 0 ? str_format("%s %" PRIu32 " (%" PRIu32 ")", kind, number, lane + 1)
                          : str_format("%s %" PRIu32, kind, number);
    begin_meta(o, "thread_name", at.pid, at.tid);
    json_out_text(o, "name", name);
    end_meta(o);
    begin_meta(o, "thread_sort_index", at.pid, at.tid);
    json_out_whole(o, "sort_index", order);
    end_meta(o);
    free(name);
}

struct trace_lanes trace_lanes_begin(const struct platform *p, struct json_out *o)
{
    struct trace_lanes l = { .platform = p };
    for (size_t s = 0; s < p->n_shapes; s++) {
        size_t lanes = (size_t)(p->shapes[s].n_slots + p->shapes[s].n_gpus);
        l.width = lanes > l.width ? lanes : l.width;
    }
    l.named = xcalloc(p->n_nodes * l.width, sizeof *l.named);
    l.row_of = xcalloc(p->n_nodes * l.width, sizeof *l.row_of);
    name_process(o, trace_counters_pid(&l), "in use", 0);
    return l;
}

void trace_lanes_end(const struct trace_lanes *l, struct json_out *o)
{
    for (uint32_t node = 0; l->placed && node < l->platform->n_nodes; node++) {
        char *name = platform_node_name(l->platform, node);
        name_process(o, TRACE_NODE + node, name, node + 1);
        free(name);
    }
}

void trace_lanes_clear(struct trace_lanes *l)
{
    for (size_t i = 0; i < l->n_rows; i++)
        lane_row_clear(&l->rows[i]);
    free(l->rows);
    lane_row_clear(&l->unplaced);
    xfree(l->named, l->row_of);
}

uint32_t trace_counters_pid(const struct trace_lanes *l)
{
    return TRACE_NODE + (uint32_t)l->platform->n_nodes;
}

/* Whether the lane has no name yet; from now on it has. */
static bool is_new(struct trace_lanes *l, uint32_t node, size_t lane)
{
    bool *named = &l->named[node * l->width + lane], is_new = !*named;
    *named = true;
    l->placed = true;
    return is_new;
}

struct trace_place trace_lanes_core(struct trace_lanes *l, struct json_out *o, uint32_t node,
                                    uint32_t slot)
{
    struct trace_place at = { TRACE_NODE + node, TRACE_SLOT + slot };
    if (is_new(l, node, slot))
        name_thread(o, at, l->platform->slot_kind == SLOT_THREAD ? "thread" : "core", slot, 0,
                    at.tid);
    return at;
}

static struct lane_row *row_of(struct trace_lanes *l, uint32_t node, uint32_t gpu)
{
    uint32_t *row = &l->row_of[node * l->width + gpu];
    if (*row == 0) {
        xgrow(&l->rows, &l->row_room, l->n_rows + 1, sizeof *l->rows);
        l->rows[l->n_rows] = (struct lane_row){ 0 };
        *row = (uint32_t)++l->n_rows;
    }
    return &l->rows[*row - 1];
}

struct trace_place trace_lanes_gpu(struct trace_lanes *l, struct json_out *o,
                                   const struct timeline_slots *s, size_t gpu,
                                   const struct usage *u)
{
    uint32_t id = s->gpus[gpu], lane = 0;
    bool unknown = false;
    l->placed = true;
    if (s->gpu_share != 0) {
        struct lane_row *row = row_of(l, s->node, id);
        size_t lanes = row->n_lanes;
        lane = lane_row_next(row, u->started_s, u->stopped_s);
        unknown = lane >= lanes;
    }
    struct trace_place at = { TRACE_NODE + s->node, TRACE_GPU + TRACE_GPUS_APART * lane + id };

    if (lane == 0)
        unknown = is_new(l, s->node, (size_t)platform_node(l->platform, s->node)->n_slots + id);
    if (unknown)
        name_thread(o, at, "GPU", id, lane, TRACE_GPU + GPU_ORDER * id + lane);
    return at;
}

struct trace_place trace_lanes_unplaced(struct trace_lanes *l, struct json_out *o,
                                        const struct usage *u)
{
    uint32_t pid = trace_counters_pid(l) + 1;
    if (l->unplaced.n_lanes == 0)
        name_process(o, pid, "tasks whose slots are not recorded", pid - TRACE_NODE);
    return (struct trace_place){ pid, TRACE_SLOT +
                                          lane_row_next(&l->unplaced, u->started_s, u->stopped_s) };
}
