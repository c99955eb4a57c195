#include "plots/chrome_trace.h"

#include <math.h>
#include <stdlib.h>

#include <cjson/cJSON.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "core/metrics.h"
#include "core/usage.h"
#include "plots/chrome_trace_impl.h"

void trace_begin_event(struct trace_writer *w)
{
    fputs(w->begun ? ",\n" : "\n", w->stream);
    w->begun = true;
}

int64_t trace_us(double time_s)
{
    return llround(time_s * 1e6);
}

/* A text as a JSON string with its quotes. New string. */
static char *json_string(const char *text)
{
    cJSON *value = cJSON_CreateString(text);
    char *printed = cJSON_PrintUnformatted(value), *copy = xstrdup(printed ? printed : "\"\"");

    cJSON_free(printed);
    cJSON_Delete(value);
    return copy;
}

/* --- names ------------------------------------------------------------------------------------------------------------ */

static void write_process(struct trace_writer *w, uint32_t pid, const char *name, uint32_t order)
{
    char *quoted = json_string(name);

    trace_begin_event(w);
    fprintf(w->stream, "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":%" PRIu32 ",\"args\":{\"name\":%s}}", pid, quoted);
    trace_begin_event(w);
    fprintf(w->stream, "{\"name\":\"process_sort_index\",\"ph\":\"M\",\"pid\":%" PRIu32 ",\"args\":{\"sort_index\":%" PRIu32 "}}", pid,
            order);
    free(quoted);
}

static void write_thread(struct trace_writer *w, uint32_t pid, uint32_t tid, const char *kind, uint32_t number)
{
    trace_begin_event(w);
    fprintf(w->stream, "{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":%" PRIu32 ",\"tid\":%" PRIu32 ",\"args\":{\"name\":\"%s %" PRIu32
            "\"}}", pid, tid, kind, number);
    trace_begin_event(w);
    fprintf(w->stream, "{\"name\":\"thread_sort_index\",\"ph\":\"M\",\"pid\":%" PRIu32 ",\"tid\":%" PRIu32
            ",\"args\":{\"sort_index\":%" PRIu32 "}}", pid, tid, tid);
}

/* Which nodes and lanes are ever used: only those get a name. Row-major, node * (slots + GPUs of the largest node) + lane. */
static bool *used_lanes(const struct timeline *t, size_t width)
{
    bool *used = xcalloc(t->platform->n_nodes * width, sizeof *used);
    struct timeline_slots s;

    for (size_t i = 0; i < t->n; i++)
        for (bool more = timeline_slots_first(t, i, &s); more; more = timeline_slots_next(&s)) {
            bool *node = used + s.node * width;

            for (size_t c = 0; c < s.n_cores; c++)
                node[s.cores[c]] = true;
            for (size_t g = 0; g < s.n_gpus; g++)
                node[platform_node(t->platform, s.node)->n_slots + s.gpus[g]] = true;
        }
    return used;
}

static void write_node(struct trace_writer *w, uint32_t node, const bool *used)
{
    const struct node_shape *shape = platform_node(w->timeline->platform, node);
    const char *slot_kind = w->timeline->platform->slot_kind == SLOT_THREAD ? "thread" : "core";
    char *name = platform_node_name(w->timeline->platform, node);

    write_process(w, node, name, node + 1);
    for (int c = 0; c < shape->n_slots; c++)
        if (used[c])
            write_thread(w, node, (uint32_t)c, slot_kind, (uint32_t)c);
    for (int g = 0; g < shape->n_gpus; g++)
        if (used[shape->n_slots + g])
            write_thread(w, node, TRACE_GPU + (uint32_t)g, "GPU", (uint32_t)g);
    free(name);
}

static void write_names(struct trace_writer *w)
{
    const struct platform *p = w->timeline->platform;
    size_t width = 0;

    for (size_t s = 0; s < p->n_shapes; s++) {
        size_t lanes = (size_t)(p->shapes[s].n_slots + p->shapes[s].n_gpus);

        width = lanes > width ? lanes : width;
    }
    bool *used = used_lanes(w->timeline, width);

    write_process(w, (uint32_t)p->n_nodes, "in use", 0);
    for (uint32_t k = 0; k < p->n_nodes; k++)
        write_node(w, k, used + k * width);
    free(used);
    if (w->lanes->n_unplaced_lanes > 0)
        write_process(w, w->lanes->unplaced_pid, "tasks whose slots are not recorded", w->lanes->unplaced_pid);
}

/* --- tasks ------------------------------------------------------------------------------------------------------------ */

static void write_fact(struct trace_writer *w, const char *name, double time_s)
{
    if (!isnan(time_s))
        fprintf(w->stream, ",\"%s\":%.9g", name, time_s);
}

static void write_facts(struct trace_writer *w, size_t record, int set)
{
    const struct timeline_record *r = &w->timeline->records[record];

    fprintf(w->stream, ",\"args\":{\"set\":%s,\"task\":%" PRIu32 ",\"attempt\":%u,\"status\":\"%s\"", w->sets[set],
            r->task - w->timeline->workflow->sets[set].first_task, timeline_attempt(w->timeline, record),
            task_status_name((enum task_status)w->timeline->status[record]));
    write_fact(w, "submitted_s", r->submitted_s);
    write_fact(w, "arrived_s", r->arrived_s);
    write_fact(w, "scheduled_s", r->scheduled_s);
    write_fact(w, "started_s", r->started_s);
    write_fact(w, "stopped_s", r->stopped_s);
    write_fact(w, "freed_s", r->freed_s);
    write_fact(w, "notified_s", r->notified_s);
    fputs("}", w->stream);
}

/* The task's event on one lane. */
static void write_slice(struct trace_writer *w, size_t record, const struct usage *u, struct trace_place at)
{
    struct trace_place first = w->lanes->first[record];
    int64_t begin = trace_us(u->started_s);

    trace_begin_event(w);
    fprintf(w->stream, "{\"name\":%s,\"cat\":\"task\",\"ph\":\"X\",\"ts\":%" PRId64 ",\"dur\":%" PRId64 ",\"pid\":%" PRIu32 ",\"tid\":%" PRIu32,
            w->labels[u->set], begin, trace_us(u->stopped_s) - begin, at.pid, at.tid);
    if (at.pid == first.pid && at.tid == first.tid)
        write_facts(w, record, u->set);
    fputs("}", w->stream);
}

/* `position` counts the GPUs of all records that ran: it finds the lanes of shared ones. */
static void write_slices(struct trace_writer *w, size_t record, const struct usage *u, size_t *position)
{
    struct timeline_slots s;

    if (w->lanes->first[record].pid == w->lanes->unplaced_pid)
        write_slice(w, record, u, w->lanes->first[record]);
    for (bool more = timeline_slots_first(w->timeline, record, &s); more; more = timeline_slots_next(&s)) {
        for (size_t c = 0; c < s.n_cores; c++)
            write_slice(w, record, u, (struct trace_place){ s.node, s.cores[c] });
        for (size_t g = 0; g < s.n_gpus; g++, (*position)++) {
            uint32_t lane = w->lanes->any_shared ? w->lanes->further[*position] : 0;

            write_slice(w, record, u, (struct trace_place){ s.node, TRACE_GPU + TRACE_GPUS_APART * lane + s.gpus[g] });
        }
    }
}

static void write_tasks(struct trace_writer *w)
{
    struct usage_reader *reader = usage_reader_new(w->timeline);
    struct usage u;
    size_t position = 0;

    for (size_t i = 0; i < w->timeline->n; i++)
        if (usage_read(reader, i, &u))
            write_slices(w, i, &u, &position);
    usage_reader_free(reader);
}

/* --- counters --------------------------------------------------------------------------------------------------------- */

static void write_counter(struct trace_writer *w, const char *name, enum curve_kind kind)
{
    struct step_curve c = curve_of(w->timeline, kind, -1);

    for (size_t i = 0; i < c.n; i++) {
        trace_begin_event(w);
        fprintf(w->stream, "{\"name\":\"%s\",\"ph\":\"C\",\"ts\":%" PRId64 ",\"pid\":%zu,\"args\":{\"%s\":%.9g}}", name, trace_us(c.time_s[i]),
                w->timeline->platform->n_nodes, name, c.value[i]);
    }
    step_curve_clear(&c);
}

/* --- the file --------------------------------------------------------------------------------------------------------- */

static void write_trace(struct trace_writer *w)
{
    const struct platform *p = w->timeline->platform;

    fputs("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[", w->stream);
    write_names(w);
    write_tasks(w);
    write_counter(w, p->slot_kind == SLOT_THREAD ? "hardware threads" : "cores", CURVE_SLOTS);
    if (platform_gpus(p) > 0)
        write_counter(w, "GPUs", CURVE_GPUS);
    write_counter(w, "running tasks", CURVE_TASKS);
    trace_write_flows(w);
    fputs("\n]}\n", w->stream);
}

int chrome_trace_save(const struct timeline *t, const char *path, struct error *err)
{
    const struct workflow *workflow = t->workflow;
    struct file_writer file;

    if (file_writer_open(&file, path, err))
        return -1;
    struct trace_lanes lanes = trace_lanes_of(t);
    struct trace_writer w = { .stream = file.stream, .timeline = t, .lanes = &lanes,
                              .labels = xcalloc(workflow->n_sets, sizeof *w.labels),
                              .sets = xcalloc(workflow->n_sets, sizeof *w.sets) };

    for (size_t s = 0; s < workflow->n_sets; s++) {
        w.labels[s] = json_string(workflow->sets[s].label ? workflow->sets[s].label : workflow->sets[s].name);
        w.sets[s] = json_string(workflow->sets[s].name);
    }
    write_trace(&w);
    for (size_t s = 0; s < workflow->n_sets; s++) {
        free(w.labels[s]);
        free(w.sets[s]);
    }
    free(w.labels);
    free(w.sets);
    trace_lanes_clear(&lanes);
    return file_writer_commit(&file, err);
}
