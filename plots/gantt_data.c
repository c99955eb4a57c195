#include "plots/gantt_data.h"

#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/name_index.h"
#include "core/timeline_phases.h"
#include "core/usage.h"
#include "doc/html_text.h"
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

static void add_text(struct str *out, const char *text)
{
    cJSON *value = cJSON_CreateString(text);
    html_add_json(out, value);
    cJSON_Delete(value);
}

/* ---- what all panels share ---- */

static void add_labels(struct str *out, const struct style_labels *labels)
{
    struct str hatch = { 0 };
    str_add(out, "\"labels\":[");
    for (size_t i = 0; i < labels->n; i++) {
        str_add(out, i ? ",{\"name\":" : "{\"name\":");
        add_text(out, labels->names[i]);
        str_addf(out, ",\"colour\":\"%s\",\"hatched\":%s}", style_colour(i),
                 style_add_hatch(&hatch, i) ? "true" : "false");
        str_clear(&hatch);
    }
    str_add(out, "],\n");
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

static void add_sets(struct str *out, const struct all_sets *all)
{
    str_add(out, "\"sets\":[");
    for (size_t s = 0; s < all->n; s++) {
        struct str demand = { 0 };
        demand_add_words(&demand, &all->at[s].set->demand);
        str_add(out, s ? ",\n{\"name\":" : "\n{\"name\":");
        add_text(out, all->at[s].set->name);
        str_addf(out, ",\"label\":%zu,\"demand\":", all->at[s].label);
        add_text(out, demand.text ? demand.text : "");
        str_add(out, "}");
        str_clear(&demand);
    }
    str_add(out, "],\n");
}

static int *numbers_of(const struct all_sets *all, const struct workflow *w)
{
    int *number = xcalloc(w->n_sets + 1, sizeof *number);
    for (size_t s = 0; s < w->n_sets; s++)
        number[s] = name_index_find(all->index, w->sets[s].name);
    return number;
}

/* ---- one panel ---- */

static void add_time(struct str *out, double time_s)
{
    if (isnan(time_s))
        str_add(out, ",null");
    else
        str_addf(out, ",%.9g", round(time_s * 1000) / 1000);
}

static void add_runs(struct str *out, uint32_t node, int kind, const uint16_t *ids, size_t n,
                     const char **comma)
{
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && ids[end] == ids[end - 1] + 1; end++)
            ;
        str_addf(out, "%s%u,%d,%u,%zu", *comma, (unsigned)node, kind, (unsigned)ids[i], end - i);
        *comma = ",";
    }
}

static void add_slots(struct str *out, const struct timeline *t, size_t record)
{
    struct timeline_slots s;
    const char *comma = "";
    for (bool more = timeline_slots_first(t, record, &s); more; more = timeline_slots_next(&s)) {
        add_runs(out, s.node, CORE, s.cores, s.n_cores, &comma);
        add_runs(out, s.node, GPU, s.gpus, s.n_gpus, &comma);
    }
}

/* Lanes for a timeline without slots; by record, UINT32_MAX for what never ran. free() them; *n:
 * how many lanes. */
static uint32_t *lanes_of(const struct timeline *t, const struct usage_reader *reader, size_t *n)
{
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
    return lanes;
}

static void add_nodes(struct str *out, const struct platform *p)
{
    for (size_t k = 0; k < p->n_nodes; k++) {
        const struct node_shape *shape = platform_node(p, k);
        char *name = platform_node_name(p, k);
        str_add(out, k ? ",{\"name\":" : "{\"name\":");
        add_text(out, name);
        str_addf(out, ",\"slots\":%d,\"gpus\":%d}", shape->n_slots, shape->n_gpus);
        free(name);
    }
}

struct task_writer {
    struct str *out;
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
    str_add(w->out, ",[");
    for (size_t k = 0, n = timeline_phases_of(w->timeline, record, &p); k < n; k++) {
        str_addf(w->out, k ? ",\"%s\"," : "\"%s\",", phase_kind_name((enum phase_kind)p[k].kind));
        add_text(w->out, timeline_flow_name(w->timeline, p[k].name));
        add_time(w->out, p[k].from_s - w->zero_s);
        add_time(w->out, p[k].to_s - w->zero_s);
    }
    str_add(w->out, "]");
}

/* A record's row. */
static void add_task(const struct task_writer *w, size_t record, const struct usage *u)
{
    const struct timeline *t = w->timeline;
    const struct timeline_record *r = &t->records[record];
    struct str *out = w->out;
    double zero_s = w->zero_s;
    str_addf(out, "[%d,%u,%u,\"%s\"", w->number[u->set],
             (unsigned)(r->task - t->workflow->sets[u->set].first_task),
             timeline_attempt(t, record), task_status_name((enum task_status)t->status[record]));
    for (int k = 0; k < TIMELINE_INSTANTS; k++) {
        enum instant i = timeline_instants[k];
        add_time(out, (i == INSTANT_STARTED   ? u->started_s
                       : i == INSTANT_STOPPED ? u->stopped_s
                                              : timeline_at(t, record, i)) -
                          zero_s);
    }
    str_add(out, ",[");
    if (w->lanes)
        str_addf(out, "0,%d,%u,1", CORE, (unsigned)w->lanes[record]);
    else
        add_slots(out, t, record);
    str_add(out, "]");
    if (w->phases)
        add_phases(w, record);
    str_add(out, "]");
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

static void add_panel(struct str *out, const struct picture_panel *panel,
                      const struct all_sets *all, bool phases)
{
    const struct timeline *t = panel->timeline;
    struct usage_reader *reader = usage_reader_new(t);
    bool placed = t->arena_length > 0;
    size_t n, n_lanes;
    struct started *order = order_of(t, reader, &n);
    uint32_t *lanes = lanes_of(t, reader, &n_lanes);
    str_add(out, "{\"name\":");
    add_text(out, panel->name ? panel->name : "");
    str_addf(out, ",\"makespan\":%.9g,\"placed\":%s,\"nodes\":[", timeline_makespan(t),
             placed ? "true" : "false");
    if (placed)
        add_nodes(out, t->platform);
    else
        str_addf(out, "{\"name\":\"tasks\",\"slots\":%zu,\"gpus\":0}", n_lanes);
    str_add(out, "],\"tasks\":[");
    int *number = numbers_of(all, t->workflow);
    const struct task_writer w = { out, t, timeline_first_start(t), phases, number,
                                   placed ? NULL : lanes };

    for (size_t i = 0; i < n; i++) {
        struct usage u;
        usage_read(reader, order[i].record, &u);
        str_add(out, i ? ",\n" : "\n");
        add_task(&w, order[i].record, &u);
    }
    str_add(out, "]}");
    free(number);
    free(order);
    free(lanes);
    usage_reader_free(reader);
}

void gantt_data_add(struct str *out, const struct picture *p)
{
    const struct timeline *first = p->panels[0].timeline;
    struct style_labels labels = style_labels_of(first->workflow);
    str_addf(out, "{\"slot_kind\":\"%s\",\n",
             first->platform->slot_kind == SLOT_THREAD ? "threads" : "cores");
    add_labels(out, &labels);
    struct all_sets all = all_sets_of(p, &labels);
    add_sets(out, &all);
    str_add(out, "\"columns\":[\"set\",\"index\",\"attempt\",\"status\",");
    for (int k = 0; k < TIMELINE_INSTANTS; k++)
        str_addf(out, "\"%s\",", instant_key(timeline_instants[k]));
    bool phases = false;
    for (size_t i = 0; i < p->n_panels; i++)
        phases |= timeline_has_phases(p->panels[i].timeline);
    str_add(out, phases ? "\"slots\",\"phases\"],\n\"panels\":[" : "\"slots\"],\n\"panels\":[");
    for (size_t i = 0; i < p->n_panels; i++) {
        str_add(out, i ? ",\n" : "\n");
        add_panel(out, &p->panels[i], &all, phases);
    }
    str_add(out, "]}");
    name_index_free(all.index);
    free(all.at);
    style_labels_clear(&labels);
}
