#include "plots/chrome_trace.h"

#include <math.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "core/timeline_phases.h"
#include "plots/chrome_trace_impl.h"

enum { COUNTERS = 3 };                   /* cores, GPUs, tasks */

struct chrome_trace {
    struct file_writer file;
    struct str text;                     /* not yet in the file */
    struct json_out out;
    const struct workflow *workflow;
    const struct platform *platform;
    struct trace_lanes lanes;
    struct trace_counter counters[COUNTERS];
    struct trace_rates *rates;
    struct trace_flows *flows;
};

void trace_event(struct json_out *o, const char *name)
{
    json_out_line(o);
    json_out_open(o, NULL, '{');
    json_out_text(o, "name", name);
}

void trace_write_place(struct json_out *o, struct trace_place at)
{
    json_out_whole(o, "pid", at.pid);
    json_out_whole(o, "tid", at.tid);
}

int64_t trace_us(double time_s)
{
    return llround(time_s * 1e6);
}

static const struct task_set *set_of(const struct chrome_trace *c, size_t set)
{
    return &c->workflow->sets[set];
}

/* --- a task ----------------------------------------------------------------------------------- */

static void write_fact(struct json_out *o, enum instant i, double at_s)
{
    char key[32];
    if (isnan(at_s))
        return;
    snprintf(key, sizeof key, "%s_s", instant_key(i));
    json_out_number(o, key, at_s);
}

static void write_facts(struct chrome_trace *c, const struct timeline *t, size_t record, size_t set)
{
    struct json_out *o = &c->out;
    struct str phases = { 0 };
    json_out_text(o, "set", set_of(c, set)->name);
    json_out_whole(o, "task", t->records[record].task - set_of(c, set)->first_task);
    json_out_whole(o, "attempt", timeline_attempt(t, record));
    json_out_text(o, "status", task_status_name((enum task_status)t->status[record]));
    for (int k = 0; k < TIMELINE_INSTANTS; k++)
        write_fact(o, timeline_instants[k], timeline_at(t, record, timeline_instants[k]));
    timeline_phases_format(&phases, t, record);
    if (phases.text)
        json_out_text(o, "phases", phases.text);
    str_clear(&phases);
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
    const struct task_set *set = set_of(c, (size_t)s->usage->set);
    json_out_text(&c->out, "lane of", set->name);
    json_out_whole(&c->out, "task", s->timeline->records[s->record].task - set->first_task);
    json_out_whole(&c->out, "attempt", timeline_attempt(s->timeline, s->record));
}

static void begin_slice(struct chrome_trace *c, const struct slices *s)
{
    const struct task_set *set = set_of(c, (size_t)s->usage->set);
    const char *label = set->label ? set->label : set->name;
    char *name = s->n == 1 ? NULL : str_format("%s %u", label, s->n);
    trace_event(&c->out, name ? name : label);
    free(name);
}

static void write_slice(struct chrome_trace *c, struct slices *s, struct trace_place at)
{
    int64_t begin = trace_us(s->usage->started_s);
    bool first = s->n++ == 0;
    begin_slice(c, s);
    json_out_text(&c->out, "cat", first ? "task" : "lane");
    json_out_text(&c->out, "ph", "X");
    json_out_whole(&c->out, "ts", begin);
    json_out_whole(&c->out, "dur", trace_us(s->usage->stopped_s) - begin);
    trace_write_place(&c->out, at);
    json_out_open(&c->out, "args", '{');
    if (first) {
        s->first = at;
        write_facts(c, s->timeline, s->record, (size_t)s->usage->set);
    } else {
        write_link(c, s);
    }
    json_out_close(&c->out, '}');
    json_out_close(&c->out, '}');
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
    json_out_flush(&c->out, c->file.stream);
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
    c->out.text = &c->text;
    c->workflow = w;
    c->platform = p;
    json_out_open(&c->out, NULL, '{');
    json_out_text(&c->out, "displayTimeUnit", "ms");
    json_out_open(&c->out, "traceEvents", '[');
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
    trace_lanes_clear(&c->lanes);
    trace_rates_free(c->rates);
    trace_flows_free(c->flows);
    str_clear(&c->text);
}

int chrome_trace_close(struct chrome_trace *c, struct error *err)
{
    for (size_t k = 0; k < COUNTERS; k++)
        trace_counter_end(&c->counters[k], &c->out);
    trace_rates_end(c->rates, &c->out);
    trace_lanes_end(&c->lanes, &c->out);
    c->out.begun = false;
    json_out_line(&c->out);
    json_out_close(&c->out, ']');
    json_out_close(&c->out, '}');
    str_add(&c->text, "\n");
    json_out_flush(&c->out, c->file.stream);
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

/* --- a timeline, whose records may be in any order ----------------------------------------- */

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
