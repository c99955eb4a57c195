#include "plots/gantt_boxes.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/timeline_phases.h"
#include "core/usage.h"
#include "plots/lanes.h"

struct gantt_band gantt_band_of(const struct node_shape *shape)
{
    if (shape->n_gpus == 0)
        return (struct gantt_band){ 0.05, 0.95, 0.95, 0.95 };
    return (struct gantt_band){ 0.05, 0.60, 0.65, 0.95 };
}

static void add_box(struct gantt_boxes *b, struct gantt_box box)
{
    xgrow(&b->boxes, &b->room, b->n + 1, sizeof *b->boxes);
    b->boxes[b->n++] = box;
}

/* Ids as boxes over lanes top + id * lane: a box for each run of consecutive ids. */
static void add_runs(struct gantt_boxes *b, struct gantt_box box, const uint16_t *ids, size_t n,
                     double top, double lane)
{
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && ids[end] == ids[end - 1] + 1; end++)
            ;
        box.top = top + lane * ids[i];
        box.bottom = top + lane * (ids[end - 1] + 1);
        add_box(b, box);
    }
}

static void add_record(struct gantt_boxes *b, const struct timeline *t, size_t record,
                       struct gantt_box box)
{
    struct timeline_slots s;
    for (bool more = timeline_slots_first(t, record, &s); more; more = timeline_slots_next(&s)) {
        const struct node_shape *shape = platform_node(t->platform, s.node);
        struct gantt_band band = gantt_band_of(shape);
        add_runs(b, box, s.cores, s.n_cores, s.node + band.core_top,
                 (band.core_bottom - band.core_top) / shape->n_slots);
        add_runs(b, box, s.gpus, s.n_gpus, s.node + band.gpu_top,
                 (band.gpu_bottom - band.gpu_top) / fmax(1, shape->n_gpus));
    }
}

/* What did not end well is marked where its first box ends. */
static void add_mark(struct gantt_boxes *b, const struct timeline *t, size_t record,
                     const struct gantt_box *box)
{
    if (t->status[record] == TASK_DONE)
        return;
    xgrow(&b->lost, &b->lost_room, b->n_lost + 1, sizeof *b->lost);
    b->lost[b->n_lost++] = (struct gantt_mark){ box->to_s, (box->top + box->bottom) / 2 };
}

/* Boxes without a place yet, one a record that ran. */
static size_t *running_records(const struct timeline *t, const struct style_labels *labels,
                               struct gantt_boxes *out)
{
    struct usage_reader *reader = usage_reader_new(t);
    size_t *records = xcalloc(t->n, sizeof *records),
           *label = style_labels_for(labels, t->workflow);
    double first_s = timeline_first_start(t);
    struct usage u;
    for (size_t i = 0; i < t->n; i++) {
        if (!usage_read(reader, i, &u))
            continue;
        records[out->n] = i;
        add_box(out, (struct gantt_box){ .from_s = u.started_s - first_s,
                                         .to_s = u.stopped_s - first_s,
                                         .label = label[u.set] });
    }
    free(label);
    usage_reader_free(reader);
    return records;
}

/* What the record's task does: the stretches of its execution that differ, as boxes like `whole`,
 * from its start on. free() them; *n of them, at least 1. */
static struct gantt_box *stretches_of(const struct timeline *t, size_t record, double first_s,
                                      struct gantt_box whole, size_t *n)
{
    static const enum gantt_doing doing[PHASE_KINDS] = { [PHASE_MOVES] = GANTT_MOVES,
                                                         [PHASE_ASKS] = GANTT_MOVES,
                                                         [PHASE_LOADS] = GANTT_LOADS };
    struct timeline_phase *p;
    size_t n_phases = timeline_phases_of(t, record, &p);
    struct gantt_box *list = xcalloc(2 * n_phases + 1, sizeof *list), rest = whole;
    *n = 0;
    if (t->status[record] != TASK_DONE) {
        rest.doing = GANTT_LOST;
        n_phases = 0;
    }
    for (size_t k = 0; k < n_phases; k++) {
        double from_s = fmax(p[k].from_s - first_s, rest.from_s),
               to_s = fmin(p[k].to_s - first_s, whole.to_s);
        if (doing[p[k].kind] == GANTT_COMPUTES || from_s >= to_s)
            continue;
        if (from_s > rest.from_s) {
            list[*n] = rest;
            list[(*n)++].to_s = from_s;
        }
        list[*n] = rest;
        list[*n].from_s = from_s;
        list[*n].to_s = rest.from_s = to_s;
        list[(*n)++].doing = doing[p[k].kind];
    }
    if (*n == 0 || rest.from_s < whole.to_s)
        list[(*n)++] = rest;
    return list;
}

/* A timeline that knows no slots: tasks side by side. */
static void place_side_by_side(struct gantt_boxes *b)
{
    struct lane_interval *intervals = xcalloc(b->n, sizeof *intervals);
    for (size_t i = 0; i < b->n; i++)
        intervals[i] = (struct lane_interval){ .from_s = b->boxes[i].from_s,
                                               .to_s = b->boxes[i].to_s };
    b->height = (double)lanes_assign(intervals, b->n);
    for (size_t i = 0; i < b->n; i++) {
        b->boxes[i].top = intervals[i].lane + 0.05;
        b->boxes[i].bottom = intervals[i].lane + 0.95;
    }
    free(intervals);
}

/* The boxes of one record that ran. */
static void add_ran(struct gantt_boxes *b, const struct timeline *t, size_t record, double first_s,
                    struct gantt_box whole)
{
    size_t n, first = b->n;
    struct gantt_box *stretches = stretches_of(t, record, first_s, whole, &n);
    for (size_t i = 0; i < n; i++) {
        b->does[stretches[i].doing] = true;
        if (b->by_node)
            add_record(b, t, record, stretches[i]);
        else
            add_box(b, stretches[i]);
    }
    free(stretches);
    if (b->n > first) {
        struct gantt_box at = b->boxes[first];
        at.to_s = whole.to_s;
        add_mark(b, t, record, &at);
    }
}

/* Where tasks of one label do different things, they are different to the grid. */
static void merge(struct gantt_boxes *b, size_t n_labels, double span_s, size_t columns,
                  size_t rows)
{
    for (size_t i = 0; i < b->n; i++)
        b->boxes[i].label += n_labels * b->boxes[i].doing;
    gantt_boxes_merge(b, n_labels * GANTT_DOINGS, span_s, columns, rows);
    for (size_t i = 0; i < b->n; i++) {
        b->boxes[i].doing = b->boxes[i].label / n_labels;
        b->boxes[i].label %= n_labels;
    }
}

struct gantt_boxes gantt_boxes_of(const struct timeline *t, const struct style_labels *labels,
                                  double span_s, size_t limit, size_t columns, size_t rows)
{
    struct gantt_boxes ran = { 0 }, b = { .by_node = t->arena_length > 0,
                                          .height = (double)t->platform->n_nodes };
    double first_s = timeline_first_start(t);
    size_t *records = running_records(t, labels, &ran);
    if (!b.by_node) {
        place_side_by_side(&ran);
        b.height = ran.height;
    }
    for (size_t i = 0; i < ran.n; i++)
        add_ran(&b, t, records[i], first_s, ran.boxes[i]);
    gantt_boxes_clear(&ran);
    free(records);
    if (b.n > limit)
        merge(&b, labels->n, span_s, columns, rows);
    return b;
}

void gantt_boxes_clear(struct gantt_boxes *b)
{
    xfree(b->boxes, b->lost);
    *b = (struct gantt_boxes){ 0 };
}

/* ---- every second iteration is shaded, from its first start to the next one's ---- */

enum { MOST_ITERATIONS = 100, FIRST_OBJECT = 20000 };    /* more are too narrow to be told apart */

/* When each iteration started first, *n of them, number k at k - 1; NULL: there are fewer than two,
 * or too many. */
static double *first_starts(const struct timeline *t, int *n)
{
    const struct workflow *w = t->workflow;
    *n = 0;
    for (size_t s = 0; s < w->n_sets; s++)
        *n = w->sets[s].iteration > *n ? w->sets[s].iteration : *n;
    if (*n < 2 || *n > MOST_ITERATIONS)
        return NULL;
    double *first_s = xcalloc((size_t)*n, sizeof *first_s);
    for (int k = 0; k < *n; k++)
        first_s[k] = INFINITY;
    for (size_t i = 0; i < t->n; i++) {
        int k = w->sets[workflow_set_of_task(w, t->records[i].task)].iteration;
        if (k > 0 && !isnan(t->records[i].started_s))
            first_s[k - 1] = fmin(first_s[k - 1], t->records[i].started_s);
    }
    return first_s;
}

bool gantt_has_iterations(const struct timeline *t)
{
    int n;
    double *first_s = first_starts(t, &n);
    free(first_s);
    return first_s != NULL;
}

size_t gantt_iterations(const struct timeline *t, struct gantt_stretch **out)
{
    int n;
    size_t shaded = 0;
    double *first_s = first_starts(t, &n);
    *out = xcalloc(MOST_ITERATIONS, sizeof **out);
    for (int k = 1; first_s && k < n; k += 2) {
        double to_s = k + 1 < n ? first_s[k + 1] : timeline_last_stop(t);
        if (first_s[k] < to_s && !isinf(to_s))
            (*out)[shaded++] = (struct gantt_stretch){ k + 1, first_s[k], to_s };
    }
    free(first_s);
    return shaded;
}

void gantt_add_iterations(const struct page *p, struct str *row, const struct timeline *t)
{
    struct gantt_stretch *shaded;
    size_t n = gantt_iterations(t, &shaded);
    for (size_t i = 0; i < n; i++)
        str_addf(row,
                 "set object %d rectangle from first %.7g, graph 0 to first %.7g, graph 1 behind "
                 "fillstyle transparent solid 0.55 noborder fillcolor rgb '#CBDCF0'\n",
                 FIRST_OBJECT + shaded[i].iteration - 1, page_time(p, t, shaded[i].from_s),
                 page_time(p, t, shaded[i].to_s));
    free(shaded);
}
