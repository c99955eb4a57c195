#include "plots/chrome_trace.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/escape.h"
#include "base/file.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "core/timeline_phases.h"
#include "plots/chrome_trace_impl.h"

enum { COUNTERS = 3 };                   /* cores, GPUs, tasks */

struct chrome_trace {
    struct file_writer file;
    struct trace_output out;
    const struct workflow *workflow;
    const struct platform *platform;
    char **labels, **sets;               /* by set: its label and name as JSON strings */
    struct trace_lanes lanes;
    struct trace_counter counters[COUNTERS];
    struct trace_rates *rates;
    struct trace_flows *flows;
};

void trace_begin_event(struct trace_output *o)
{
    fputs(o->begun ? ",\n" : "\n", o->stream);
    o->begun = true;
}

int64_t trace_us(double time_s)
{
    return llround(time_s * 1e6);
}

char *trace_json_string(const char *text)
{
    struct str quoted = { 0 };
    str_add(&quoted, "\"");
    escape_json(&quoted, text);
    str_add(&quoted, "\"");
    return str_take(&quoted);
}

/* --- a task ----------------------------------------------------------------------------------- */

static void write_fact(FILE *stream, enum instant i, double at_s)
{
    if (!isnan(at_s))
        fprintf(stream, ",\"%s_s\":%.9g", instant_key(i), at_s);
}

static void write_facts(struct chrome_trace *c, const struct timeline *t, size_t record, int set)
{
    const struct timeline_record *r = &t->records[record];
    FILE *stream = c->out.stream;
    fprintf(stream, ",\"args\":{\"set\":%s,\"task\":%" PRIu32 ",\"attempt\":%u,\"status\":\"%s\"",
            c->sets[set], r->task - c->workflow->sets[set].first_task, timeline_attempt(t, record),
            task_status_name((enum task_status)t->status[record]));
    for (int k = 0; k < TIMELINE_INSTANTS; k++)
        write_fact(stream, timeline_instants[k], timeline_at(t, record, timeline_instants[k]));
    struct str phases = { 0 };
    timeline_phases_format(&phases, t, record);
    if (phases.text) {
        char *quoted = trace_json_string(phases.text);
        fprintf(stream, ",\"phases\":%s", quoted);
        free(quoted);
    }
    str_clear(&phases);
    fputs("}", stream);
}

/* One record while it is written. Its slice, with the facts, is on the first of its lanes; the
 * slices on the others are of category "lane", name the task, and are called "a 2", "a 3" ...: sums
 * by name or category count each task once, and Perfetto, which leaves numbers out of what it takes
 * a colour for, draws them alike. */
struct slices {
    const struct timeline *timeline;
    size_t record;
    const struct usage *usage;
    struct trace_place first;
    unsigned n;                          /* lanes that were written */
};

static void write_link(struct chrome_trace *c, const struct slices *s)
{
    uint32_t task =
        s->timeline->records[s->record].task - c->workflow->sets[s->usage->set].first_task;
    fprintf(c->out.stream, ",\"args\":{\"lane of\":%s,\"task\":%" PRIu32 ",\"attempt\":%u}",
            c->sets[s->usage->set], task, timeline_attempt(s->timeline, s->record));
}

static void write_name(struct chrome_trace *c, const struct slices *s)
{
    const char *label = c->labels[s->usage->set];        /* in quotes */
    trace_begin_event(&c->out);
    if (s->n == 1)
        fprintf(c->out.stream, "{\"name\":%s", label);
    else
        fprintf(c->out.stream, "{\"name\":%.*s %u\"", (int)strlen(label) - 1, label, s->n);
}

static void write_slice(struct chrome_trace *c, struct slices *s, struct trace_place at)
{
    int64_t begin = trace_us(s->usage->started_s);
    bool first = s->n++ == 0;
    write_name(c, s);
    fprintf(c->out.stream, ",\"cat\":\"%s\",\"ph\":\"X\",\"ts\":%" PRId64 ",\"dur\":%" PRId64,
            first ? "task" : "lane", begin, trace_us(s->usage->stopped_s) - begin);
    fprintf(c->out.stream, ",\"pid\":%" PRIu32 ",\"tid\":%" PRIu32, at.pid, at.tid);
    if (first) {
        s->first = at;
        write_facts(c, s->timeline, s->record, s->usage->set);
    } else {
        write_link(c, s);
    }
    fputs("}", c->out.stream);
}

static void write_slices(struct chrome_trace *c, struct slices *s)
{
    struct timeline_slots part;
    bool more = timeline_slots_first(s->timeline, s->record, &part);
    if (!more)
        write_slice(c, s, trace_lanes_unplaced(&c->lanes, &c->out, s->usage));
    for (; more; more = timeline_slots_next(&part)) {
        for (size_t k = 0; k < part.n_cores; k++)
            write_slice(c, s, trace_lanes_core(&c->lanes, &c->out, part.node, part.cores[k]));
        for (size_t g = 0; g < part.n_gpus; g++)
            write_slice(c, s, trace_lanes_gpu(&c->lanes, &c->out, &part, g, s->usage));
    }
}

static void write_record(struct chrome_trace *c, const struct timeline *t,
                         const struct usage_reader *reader, size_t record)
{
    struct usage u;
    if (!usage_read(reader, record, &u))
        return;
    trace_rates_ran(c->rates, &c->out, t, record);
    struct slices s = { t, record, &u, { TRACE_NOWHERE, 0 }, 0 };
    const double amounts[COUNTERS] = { u.slots, u.gpus, 1 };

    write_slices(c, &s);
    for (size_t k = 0; k < COUNTERS; k++)
        if (c->counters[k].name)
            trace_counter_add(&c->counters[k], &c->out, &u, amounts[k]);
    if (s.first.pid != TRACE_NOWHERE)
        trace_flows_ran(c->flows, &c->out, t->records[record].task, t->status[record] == TASK_DONE,
                        &u, s.first);
}

/* --- the file --------------------------------------------------------------------------------- */

static void begin_counters(struct chrome_trace *c)
{
    const char *names[COUNTERS] = { c->platform->slot_kind == SLOT_THREAD ? "hardware threads"
                                                                          : "cores",
                                    platform_gpus(c->platform) > 0 ? "GPUs" : NULL,
                                    "running tasks" };
    for (size_t k = 0; k < COUNTERS; k++)
        c->counters[k] = (struct trace_counter){ .name = names[k],
                                                 .pid = trace_counters_pid(&c->lanes),
                                                 .at_s = NAN };
}

struct chrome_trace *chrome_trace_open(const struct workflow *w, const struct platform *p,
                                       const char *path, struct error *err)
{
    struct chrome_trace *c = xcalloc(1, sizeof *c);
    if (file_writer_open(&c->file, path, err)) {
        free(c);
        return NULL;
    }
    c->out.stream = c->file.stream;
    c->workflow = w;
    c->platform = p;
    c->labels = xcalloc(w->n_sets, sizeof *c->labels);
    c->sets = xcalloc(w->n_sets, sizeof *c->sets);
    for (size_t s = 0; s < w->n_sets; s++) {
        c->labels[s] = trace_json_string(w->sets[s].label ? w->sets[s].label : w->sets[s].name);
        c->sets[s] = trace_json_string(w->sets[s].name);
    }
    fputs("{\"displayTimeUnit\":\"ms\",\"traceEvents\":[", c->out.stream);
    c->lanes = trace_lanes_begin(p, &c->out);
    begin_counters(c);
    c->rates = trace_rates_new(w, p, trace_counters_pid(&c->lanes));
    c->flows = trace_flows_new(w);
    return c;
}

void chrome_trace_add(struct chrome_trace *c, const struct timeline *t, size_t n)
{
    struct usage_reader *reader = usage_reader_new(t);
    for (size_t i = 0; i < n; i++)
        write_record(c, t, reader, i);
    usage_reader_free(reader);
}

/* All but the file. */
static void clear(struct chrome_trace *c)
{
    for (size_t s = 0; s < c->workflow->n_sets; s++) {
        free(c->labels[s]);
        free(c->sets[s]);
    }
    free(c->labels);
    free(c->sets);
    trace_lanes_clear(&c->lanes);
    trace_rates_free(c->rates);
    trace_flows_free(c->flows);
}

int chrome_trace_close(struct chrome_trace *c, struct error *err)
{
    for (size_t k = 0; k < COUNTERS; k++)
        trace_counter_end(&c->counters[k], &c->out);
    trace_rates_end(c->rates, &c->out);
    trace_lanes_end(&c->lanes, &c->out);
    fputs("\n]}\n", c->out.stream);
    clear(c);
    int status = file_writer_commit(&c->file, err);

    free(c);
    return status;
}

void chrome_trace_abandon(struct chrome_trace *c)
{
    for (size_t k = 0; k < COUNTERS; k++)
        trace_counter_clear(&c->counters[k]);
    clear(c);
    file_writer_abandon(&c->file);
    free(c);
}

/* --- a timeline, whose records may stand in any order ----------------------------------------- */

struct start { double started_s; size_t record; };

SORT_BY_2(compare_starts, struct start, started_s, record)

static bool starts_are_sorted(const struct timeline *t)
{
    double last_s = -INFINITY;
    for (size_t i = 0; i < t->n; i++) {
        if (t->records[i].started_s < last_s)
            return false;
        last_s = fmax(last_s, t->records[i].started_s);
    }
    return true;
}

static void add_sorted(struct chrome_trace *c, const struct timeline *t)
{
    struct usage_reader *reader = usage_reader_new(t);
    struct start *starts = xcalloc(t->n, sizeof *starts);
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (!isnan(t->records[i].started_s))
            starts[n++] = (struct start){ t->records[i].started_s, i };
    qsort(starts, n, sizeof *starts, compare_starts);
    for (size_t k = 0; k < n; k++)
        write_record(c, t, reader, starts[k].record);
    free(starts);
    usage_reader_free(reader);
}

int chrome_trace_save(const struct timeline *t, const char *path, struct error *err)
{
    struct chrome_trace *c = chrome_trace_open(t->workflow, t->platform, path, err);
    if (!c)
        return -1;
    if (starts_are_sorted(t))
        chrome_trace_add(c, t, t->n);
    else
        add_sorted(c, t);
    return chrome_trace_close(c, err);
}
