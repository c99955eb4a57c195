#include "plots/gantt_data.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "core/name_index.h"
#include "core/timeline_phases.h"
#include "core/usage.h"
#include "doc/json_out.h"
#include "plots/gantt_boxes.h"
#include "plots/gantt_data_impl.h"
#include "plots/lanes.h"
#include "plots/style.h"

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

static void add_shaded(struct json_out *out, const struct timeline *t)
{
    struct gantt_stretch *shaded;
    size_t n = gantt_iterations(t, &shaded);
    double zero_s = timeline_first_start(t);
    json_out_open(out, "shaded", '[');
    for (size_t i = 0; i < n; i++) {
        json_out_open(out, NULL, '[');
        json_out_whole(out, NULL, shaded[i].iteration);
        gantt_data_add_time(out, shaded[i].from_s - zero_s);
        gantt_data_add_time(out, shaded[i].to_s - zero_s);
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
    int *number = numbers_of(all, t->workflow);
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
    gantt_data_add_tasks(out, t, lanes, number, phases);
    json_out_close(out, '}');
    xfree(number, lanes);
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
