/* plots/gantt_data_tasks.c - the tasks of one panel as rows: set, instants, slots, phases. */
#include "plots/gantt_data_impl.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/timeline_phases.h"
#include "core/usage.h"

enum { CORE, GPU };

void gantt_data_add_time(struct json_out *out, double time_s)
{
    json_out_number(out, NULL, round(time_s * 1000) / 1000);
}

/* A run of neighbouring lanes. */
static void add_run(struct json_out *out, uint32_t node, int kind, uint32_t first, size_t n)
{
    json_out_whole(out, NULL, node);
    json_out_whole(out, NULL, kind);
    json_out_whole(out, NULL, first);
    json_out_whole(out, NULL, (int64_t)n);
}

static void add_runs(struct json_out *out, uint32_t node, int kind, const uint16_t *ids, size_t n)
{
    for (size_t i = 0, end; i < n; i = end) {
        end = timeline_run_of_ids(ids, n, i);
        add_run(out, node, kind, ids[i], end - i);
    }
}

static void add_slots(struct json_out *out, const struct timeline *t, size_t record)
{
    struct timeline_slots s;
    for (bool more = timeline_slots_first(t, record, &s); more; more = timeline_slots_next(&s)) {
        add_runs(out, s.node, CORE, s.cores, s.n_cores);
        add_runs(out, s.node, GPU, s.gpus, s.n_gpus);
    }
}

struct task_writer {
    struct json_out *out;
    const struct timeline *timeline;
    /* the first start: looking for it costs a pass over all records */
    double zero_s;
    bool phases;                         /* there is a column of them */
    const int *number;                   /* of each set */
    /* where each record lies if the timeline knows no slots; else NULL */
    const uint32_t *lanes;
};

/* Four values for each phase: kind, flow, from, to. */
static void add_phases(const struct task_writer *w, size_t record)
{
    struct timeline_phase *p;
    json_out_open(w->out, NULL, '[');
    for (size_t k = 0, n = timeline_phases_of(w->timeline, record, &p); k < n; k++) {
        json_out_text(w->out, NULL, phase_kind_name((enum phase_kind)p[k].kind));
        json_out_text(w->out, NULL, timeline_flow_name(w->timeline, p[k].name));
        gantt_data_add_time(w->out, p[k].from_s - w->zero_s);
        gantt_data_add_time(w->out, p[k].to_s - w->zero_s);
    }
    json_out_close(w->out, ']');
}

static double at_of(const struct timeline *t, size_t record, enum instant i, const struct usage *u)
{
    return i == INSTANT_STARTED   ? u->started_s
           : i == INSTANT_STOPPED ? u->stopped_s
                                  : timeline_at(t, record, i);
}

/* A record's row. */
static void add_task(const struct task_writer *w, size_t record, const struct usage *u)
{
    const struct timeline *t = w->timeline;
    struct json_out *out = w->out;
    json_out_open(out, NULL, '[');
    json_out_whole(out, NULL, w->number[u->set]);
    json_out_whole(out, NULL, t->records[record].task - t->workflow->sets[u->set].first_task);
    json_out_whole(out, NULL, timeline_attempt(t, record));
    json_out_text(out, NULL, task_status_name((enum task_status)t->status[record]));
    for (int k = 0; k < TIMELINE_INSTANTS; k++)
        gantt_data_add_time(out, at_of(t, record, timeline_instants[k], u) - w->zero_s);
    json_out_open(out, NULL, '[');
    if (w->lanes)
        add_run(out, 0, CORE, w->lanes[record], 1);
    else
        add_slots(out, t, record);
    json_out_close(out, ']');
    if (w->phases)
        add_phases(w, record);
    json_out_close(out, ']');
}

struct started { double started_s; size_t record; };

SORT_BY_2(by_start, struct started, started_s, record)

/* The records that ran, in order of their starts. free() them. */
static struct started *order_of(const struct timeline *t, const struct usage_reader *reader,
                                size_t *n)
{
    struct started *order = xcalloc(t->n + 1, sizeof *order);
    struct usage u;
    *n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (usage_read(reader, i, &u))
            order[(*n)++] = (struct started){ u.started_s, i };
    qsort(order, *n, sizeof *order, by_start);
    return order;
}

void gantt_data_add_tasks(struct json_out *out, const struct timeline *t, const uint32_t *lanes,
                          const int *number, bool phases)
{
    struct usage_reader *reader = usage_reader_new(t);
    const struct task_writer w = { out, t, timeline_first_start(t), phases, number, lanes };
    size_t n;
    struct started *order = order_of(t, reader, &n);
    json_out_open(out, "tasks", '[');
    for (size_t i = 0; i < n; i++) {
        struct usage u;
        usage_read(reader, order[i].record, &u);
        json_out_line(out);
        add_task(&w, order[i].record, &u);
    }
    json_out_close(out, ']');
    free(order);
    usage_reader_free(reader);
}
