/* The timeline of a table of tasks. Its rows name nodes, not cores: each attempt takes the lowest
 * cores and GPUs that are free then. */
#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/task_steps.h"

static const size_t most_ids = (size_t)1 << 26;

/* cores, then GPUs; of one place */
struct taken { uint16_t *ids; size_t n_cores, n_gpus; int32_t gpu_share; };

struct slot_plan {
    const struct task_records *r;
    const struct described *d;
    const struct placed *placed;
    double zero_s;
    uint8_t *core_busy; /* first_core[node] + core */
    int32_t *gpu_used; /* first_gpu[node] + gpu: millionths */
    size_t *first_core, *first_gpu, n_ids;
    struct taken *places; /* of each place */
    bool *without; /* rows that found no room */
};

static int node_of(const struct slot_plan *p, size_t place)
{
    return p->placed->node_of[p->r->places[place].node];
}

static size_t first_free_core(const struct slot_plan *p, int node, size_t from, size_t n)
{
    const uint8_t *busy = p->core_busy + p->first_core[node];
    while (from < n && busy[from])
        from++;
    return from;
}

/* Whole devices that are free, or the fullest room for a share. */
static bool take_gpus(struct slot_plan *p, int node, size_t n_gpus, double wanted,
                      struct taken *taken)
{
    int32_t *used = p->gpu_used + p->first_gpu[node];
    taken->gpu_share = wanted > 0 && wanted < 1 ? (int32_t)lround(wanted * DEMAND_WHOLE_GPU) : 0;
    size_t count = (size_t)ceil(wanted - 1e-6);
    int32_t each = taken->gpu_share ? taken->gpu_share : DEMAND_WHOLE_GPU;
    for (size_t g = 0; g < n_gpus && taken->n_gpus < count; g++) {
        if (used[g] + each > DEMAND_WHOLE_GPU)
            continue;
        used[g] += each;
        taken->ids[taken->n_cores + taken->n_gpus++] = (uint16_t)g;
    }
    return taken->n_gpus == count;
}

static void give_back(struct slot_plan *p, size_t place)
{
    struct taken *t = &p->places[place];
    int node = node_of(p, place);
    for (size_t k = 0; k < t->n_cores; k++)
        p->core_busy[p->first_core[node] + t->ids[k]] = 0;
    for (size_t k = 0; k < t->n_gpus; k++)
        p->gpu_used[p->first_gpu[node] + t->ids[t->n_cores + k]] -=
            t->gpu_share ? t->gpu_share : DEMAND_WHOLE_GPU;
}

static bool take_place(struct slot_plan *p, const struct task_row *row, const struct demand *d,
                       size_t k)
{
    size_t place = row->first_place + k;
    int node = node_of(p, place);
    const struct node_shape *shape = platform_node(p->placed->platform, (size_t)node);
    struct task_place share = task_share(p->r, row, d, k);
    struct taken *taken = &p->places[place];
    size_t cores = (size_t)share.cores, gpus = (size_t)ceil(share.gpus - 1e-6f);
    if (p->n_ids + cores + gpus > most_ids || cores > (size_t)shape->n_slots ||
        gpus > (size_t)shape->n_gpus)
        return false;
    taken->ids = xcalloc(cores + gpus + 1, sizeof *taken->ids);
    p->n_ids += cores + gpus;
    for (size_t at = 0; taken->n_cores < cores; at++) {
        at = first_free_core(p, node, at, (size_t)shape->n_slots);
        if (at == (size_t)shape->n_slots)
            return false;
        p->core_busy[p->first_core[node] + at] = 1;
        taken->ids[taken->n_cores++] = (uint16_t)at;
    }
    return take_gpus(p, node, (size_t)shape->n_gpus, share.gpus, taken);
}

static void start_row(struct slot_plan *p, size_t i)
{
    const struct task_row *row = &p->r->rows[i];
    const struct demand *d = p->d->tasks[p->d->task_of[i]].demand;
    size_t k = 0;
    while (k < row->n_places && take_place(p, row, d, k))
        k++;
    if (k == row->n_places)
        return;
    p->without[i] = true;
    for (size_t j = 0; j <= k; j++) {
        give_back(p, row->first_place + j);
        p->places[row->first_place + j].n_cores = p->places[row->first_place + j].n_gpus = 0;
    }
}

static double end_of(const struct task_row *row)
{
    return row->status == TASK_CUT ? INFINITY : row->end_s;
}

static bool is_placed(const struct task_row *row)
{
    return row->n_places && !isnan(row->start_s) && !isnan(end_of(row));
}

/* Rows' ends (their number, doubled) and starts (and one more) by time, at one time the ends first.
 */
static struct sort_key *events_of(const struct task_records *t, size_t *n)
{
    struct sort_key *events = xcalloc(2 * t->n + 1, sizeof *events);
    *n = 0;
    for (size_t i = 0; i < t->n; i++)
        if (is_placed(&t->rows[i]))
            events[(*n)++] = (struct sort_key){ sort_key_of(end_of(&t->rows[i])), 2 * i };
    for (size_t i = 0; i < t->n; i++)
        if (is_placed(&t->rows[i]))
            events[(*n)++] = (struct sort_key){ sort_key_of(t->rows[i].start_s), 2 * i + 1 };
    sort_keys(events, *n);
    return events;
}

static void plan(struct slot_plan *p)
{
    const struct task_records *t = p->r;
    const struct platform *platform = p->placed->platform;
    size_t cores = 0, gpus = 0, n;
    p->first_core = xcalloc(platform->n_nodes + 1, sizeof *p->first_core);
    p->first_gpu = xcalloc(platform->n_nodes + 1, sizeof *p->first_gpu);
    for (size_t i = 0; i < platform->n_nodes; i++) {
        p->first_core[i] = cores;
        p->first_gpu[i] = gpus;
        cores += (size_t)platform_node(platform, i)->n_slots;
        gpus += (size_t)platform_node(platform, i)->n_gpus;
    }
    p->core_busy = xcalloc(cores + 1, sizeof *p->core_busy);
    p->gpu_used = xcalloc(gpus + 1, sizeof *p->gpu_used);
    p->places = xcalloc(t->n_places + 1, sizeof *p->places);
    p->without = xcalloc(t->n + 1, sizeof *p->without);
    struct sort_key *events = events_of(t, &n);
    for (size_t k = 0; k < n; k++) {
        size_t i = events[k].item / 2;
        bool start = events[k].item % 2;
        const struct task_row *row = &t->rows[i];
        /* then its end came first, and was passed over */
        bool no_length = row->end_s == row->start_s;
        if (start)
            start_row(p, i);
        if (start == no_length && !p->without[i])
            for (size_t j = 0; j < row->n_places; j++)
                give_back(p, row->first_place + j);
    }
    free(events);
}

static void clear(struct slot_plan *p)
{
    for (size_t k = 0; k < p->r->n_places; k++)
        free(p->places[k].ids);
    xfree(p->core_busy, p->gpu_used, p->first_core, p->first_gpu, p->places, p->without);
}

/* ---- attempts ---- */

static void add_slots(const struct slot_plan *p, size_t k, struct timeline *t)
{
    const struct task_row *row = &p->r->rows[p->d->order[k]];
    for (size_t i = 0; i < row->n_places; i++) {
        const struct taken *taken = &p->places[row->first_place + i];
        if (taken->n_cores + taken->n_gpus)
            timeline_add_slots(
                t, &(struct timeline_slots){ .node = (uint32_t)node_of(p, row->first_place + i),
                                             .cores = taken->ids,
                                             .n_cores = taken->n_cores,
                                             .gpus = taken->ids + taken->n_cores,
                                             .n_gpus = taken->n_gpus,
                                             .gpu_share = taken->gpu_share });
    }
}

/* Rows of one task stand together, in the order of their starts. */
static struct task_attempt attempt_at(const struct slot_plan *p, size_t k)
{
    const uint32_t *task_of = p->d->task_of;
    const struct task_row *row = &p->r->rows[p->d->order[k]];
    struct task_attempt a = {
        .times = { .submitted_s = row->submit_s - p->zero_s,
                   .arrived_s = row->arrived_s - p->zero_s,
                   .scheduled_s = row->scheduled_s - p->zero_s,
                   .started_s = row->start_s - p->zero_s,
                   .stopped_s = row->end_s - p->zero_s,
                   .freed_s = row->freed_s - p->zero_s,
                   .notified_s = row->notified_s - p->zero_s,
                   .task = task_of[p->d->order[k]] },
        .status = row->status,
    };
    while (k > a.attempt && task_of[p->d->order[k - a.attempt - 1]] == a.times.task)
        a.attempt++;
    return a;
}

static void note_slots(const struct slot_plan *p, struct notes *notes)
{
    size_t n_placed = 0, without = 0;
    for (size_t i = 0; i < p->r->n; i++) {
        const struct task_row *row = &p->r->rows[i];
        n_placed += row->n_places && !p->without[i] && !isnan(row->start_s);
        without += row->n_places ? p->without[i] : !isnan(row->start_s);
    }
    notes_add(notes, n_placed, "rows",
              "nodes recorded, ids of cores and GPUs assumed: the lowest free");
    notes_add(notes, without, "rows", "no nodes recorded, or no room on them: no slots");
}

struct timeline *task_timeline(const struct steps_done *done, struct workflow *w, double zero_s,
                               struct notes *notes)
{
    struct timeline *t = timeline_new(w, done->placed->platform);
    struct slot_plan p = {
        .r = done->records, .d = done->described, .placed = done->placed, .zero_s = zero_s
    };
    plan(&p);
    free(done->described->tasks);
    done->described->tasks = NULL;
    for (size_t k = 0; k < p.r->n; k++) {
        task_attempt_add(attempt_at(&p, k), done->grouped, w, t);
        add_slots(&p, k, t);
    }
    note_slots(&p, notes);
    clear(&p);
    return t;
}
