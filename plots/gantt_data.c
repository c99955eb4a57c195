#include "plots/gantt_data.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/name_index.h"
#include "core/timeline_phases.h"
#include "core/usage.h"
#include "doc/json_out.h"
#include "plots/gantt_boxes.h"
#include "plots/lanes.h"
#include "plots/style.h"

enum { CORE, GPU };

size_t gantt_data_records(const struct picture *p)
{
    size_t n = 0;
    for (size_t i = 0; i < p->n_panels; i++)
        n += p->panels[i].timeline->n;
    return n;
}

/* ---- what all panels share ---- */

static void add_labels(struct json_out *out, const struct style_labels *labels)
{
    struct str hatch = { 0 };
    json_out_open(out, "labels", '[');
    for (size_t i = 0; i < labels->n; i++) {
        json_out_open(out, NULL, '{');
        json_out_text(out, "name", labels->names[i]);
        json_out_text(out, "colour", style_colour(i));
        json_out_flag(out, "hatched", style_add_hatch(&hatch, i));
        json_out_close(out, '}');
        str_clear(&hatch);
    }
    json_out_close(out, ']');
}

/* The sets of all panels, by name: sessions of one workflow that were decided otherwise have
 * others. */
struct all_sets {
    struct name_index *index;
    size_t n, room;
    struct known_set { const struct task_set *set; size_t label; } *at;
};

static void collect_sets(struct all_sets *all, const struct workflow *w,
                         const struct style_labels *labels)
{
    size_t *label = style_labels_for(labels, w);
    for (size_t s = 0; s < w->n_sets; s++) {
        if (name_index_add(all->index, w->sets[s].name, (int)all->n) >= 0)
            continue;
        xgrow(&all->at, &all->room, all->n + 1, sizeof *all->at);
        all->at[all->n++] = (struct known_set){ &w->sets[s], label[s] };
    }
    free(label);
}

static struct all_sets all_sets_of(const struct picture *p, const struct style_labels *labels)
{
    struct all_sets all = { .index = name_index_new() };
    for (size_t i = 0; i < p->n_panels; i++)
        if (i == 0 || p->panels[i].timeline->workflow != p->panels[i - 1].timeline->workflow)
            collect_sets(&all, p->panels[i].timeline->workflow, labels);
    return all;
}

static void add_sets(struct json_out *out, const struct all_sets *all)
{
    json_out_open(out, "sets", '[');
    for (size_t s = 0; s < all->n; s++) {
        struct str demand = { 0 };
        demand_add_words(&demand, &all->at[s].set->traits->demand);
        json_out_line(out);
        json_out_open(out, NULL, '{');
        json_out_text(out, "name", all->at[s].set->name);
        json_out_whole(out, "label", (int64_t)all->at[s].label);
        json_out_text(out, "demand", demand.text ? demand.text : "");
        json_out_close(out, '}');
        str_clear(&demand);
    }
    json_out_close(out, ']');
}

static int *numbers_of(const struct all_sets *all, const struct workflow *w)
{
    int *number = xcalloc(w->n_sets + 1, sizeof *number);
    for (size_t s = 0; s < w->n_sets; s++)
        number[s] = name_index_find(all->index, w->sets[s].name);
    return number;
}

/* ---- one panel ---- */

static void add_time(struct json_out *out, double time_s)
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

/* Lanes for a timeline without slots; by record, UINT32_MAX for what never ran. free() them; *n:
 * how many lanes. */
static uint32_t *lanes_of(const struct timeline *t, size_t *n)
{
    struct usage_reader *reader = usage_reader_new(t);
    struct lane_interval *intervals = xcalloc(t->n + 1, sizeof *intervals);
    uint32_t *lanes = xcalloc(t->n + 1, sizeof *lanes);
    size_t k = 0;
    struct usage u;
    for (size_t i = 0; i < t->n; i++)
        if (usage_read(reader, i, &u))
            intervals[k++] = (struct lane_interval){ .from_s = u.started_s, .to_s = u.stopped_s };
    *n = lanes_assign(intervals, k);
    k = 0;
    for (size_t i = 0; i < t->n; i++)
        lanes[i] = usage_read(reader, i, &u) ? intervals[k++].lane : UINT32_MAX;
    free(intervals);
    usage_reader_free(reader);
    return lanes;
}

static void add_node(struct json_out *out, const char *name, int64_t slots, int64_t gpus)
{
    json_out_open(out, NULL, '{');
    json_out_text(out, "name", name);
    json_out_whole(out, "slots", slots);
    json_out_whole(out, "gpus", gpus);
    json_out_close(out, '}');
}

static void add_nodes(struct json_out *out, const struct platform *p)
{
    for (size_t k = 0; k < p->n_nodes; k++) {
        const struct node_shape *shape = platform_node(p, k);
        char *name = platform_node_name(p, k);
        add_node(out, name, shape->n_slots, shape->n_gpus);
        free(name);
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
        add_time(w->out, p[k].from_s - w->zero_s);
        add_time(w->out, p[k].to_s - w->zero_s);
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
        add_time(out, at_of(t, record, timeline_instants[k], u) - w->zero_s);
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

static void add_tasks(struct json_out *out, const struct timeline *t, const uint32_t *lanes,
                      const struct all_sets *all, bool phases)
{
    struct usage_reader *reader = usage_reader_new(t);
    int *number = numbers_of(all, t->workflow);
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
    xfree(number, order);
    usage_reader_free(reader);
}

static void add_shaded(struct json_out *out, const struct timeline *t)
{
    struct gantt_stretch *shaded;
    size_t n = gantt_iterations(t, &shaded);
    double zero_s = timeline_first_start(t);
    json_out_open(out, "shaded", '[');
    for (size_t i = 0; i < n; i++) {
        json_out_open(out, NULL, '[');
        json_out_whole(out, NULL, shaded[i].iteration);
        add_time(out, shaded[i].from_s - zero_s);
        add_time(out, shaded[i].to_s - zero_s);
        json_out_close(out, ']');
    }
    json_out_close(out, ']');
    free(shaded);
}

static void add_panel(struct json_out *out, const struct picture_panel *panel,
                      const struct all_sets *all, bool phases)
{
    const struct timeline *t = panel->timeline;
    bool placed = t->arena_length > 0;
    size_t n_lanes = 0;
    uint32_t *lanes = placed ? NULL : lanes_of(t, &n_lanes);
    json_out_line(out);
    json_out_open(out, NULL, '{');
    json_out_text(out, "name", panel->name ? panel->name : "");
    json_out_number(out, "makespan", timeline_makespan(t));
    json_out_flag(out, "placed", placed);
    json_out_open(out, "nodes", '[');
    if (placed)
        add_nodes(out, t->platform);
    else
        add_node(out, "tasks", (int64_t)n_lanes, 0);
    json_out_close(out, ']');
    add_shaded(out, t);
    add_tasks(out, t, lanes, all, phases);
    json_out_close(out, '}');
    free(lanes);
}

static void add_columns(struct json_out *out, bool phases)
{
    static const char *const first[] = { "set", "index", "attempt", "status" };
    json_out_open(out, "columns", '[');
    for (size_t i = 0; i < sizeof first / sizeof *first; i++)
        json_out_text(out, NULL, first[i]);
    for (int k = 0; k < TIMELINE_INSTANTS; k++)
        json_out_text(out, NULL, instant_key(timeline_instants[k]));
    json_out_text(out, NULL, "slots");
    if (phases)
        json_out_text(out, NULL, "phases");
    json_out_close(out, ']');
}

void gantt_data_add(struct str *text, const struct picture *p)
{
    const struct timeline *first = p->panels[0].timeline;
    struct style_labels labels = style_labels_of(first->workflow);
    struct all_sets all = all_sets_of(p, &labels);
    struct json_out out = { .text = text, .in_page = true };
    bool phases = false;
    for (size_t i = 0; i < p->n_panels; i++)
        phases |= timeline_has_phases(p->panels[i].timeline);
    json_out_open(&out, NULL, '{');
    json_out_text(&out, "slot_kind",
                  first->platform->slot_kind == SLOT_THREAD ? "threads" : "cores");
    add_labels(&out, &labels);
    add_sets(&out, &all);
    add_columns(&out, phases);
    json_out_open(&out, "panels", '[');
    for (size_t i = 0; i < p->n_panels; i++)
        add_panel(&out, &p->panels[i], &all, phases);
    json_out_close(&out, ']');
    json_out_close(&out, '}');
    name_index_free(all.index);
    free(all.at);
    style_labels_clear(&labels);
}
