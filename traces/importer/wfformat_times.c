/* When and where tasks ran (`executedAt`, `machines` of a task): the timeline, and slots on the
 * named machines. */
#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/task_values.h"
#include "traces/importer/wfformat_impl.h"

/* Clocks of machines differ, and many files have whole seconds. */
static const double start_tolerance_s = 1;
/* Times of day as doubles, and fractions of a second cut by writers. */
static const double slot_tolerance_s = 1e-5;

/* ISO 8601 ("2024-05-01T00:01:40.5Z") or seconds since 1970, as a number or as text. */
double wf_time_of(const cJSON *value, bool *bad)
{
    double epoch_s = NAN;
    bool date = false;
    if (cJSON_IsNumber(value))
        epoch_s = value->valuedouble;
    else if (cJSON_IsString(value) && !task_value_time(value->valuestring, &epoch_s, &date))
        epoch_s = NAN;
    bool usable = epoch_s >= 0 && epoch_s <= 1e11;
    *bad = value && !cJSON_IsNull(value) && !usable;
    return usable ? epoch_s : (double)NAN;
}

struct placing {
    const struct platform *platform;
    const uint32_t *machines;            /* of all tasks, by their numbers among names */
    int *node_of;                        /* of each such name; -1: no node is called so */
    double **slot_free_s, **gpu_free_s;  /* of each node: when each is free again */
};

static void placing_init(struct placing *p, const struct wf *f)
{
    const struct platform *platform = f->session->platform;
    struct name_index *nodes = name_index_new();
    int n_names = f->machine_names.n;
    *p = (struct placing){ .platform = platform, .machines = f->machine_uses,
                           .node_of = xcalloc((size_t)n_names + 1, sizeof *p->node_of),
                           .slot_free_s = xcalloc(platform->n_nodes, sizeof *p->slot_free_s),
                           .gpu_free_s = xcalloc(platform->n_nodes, sizeof *p->gpu_free_s) };
    for (size_t i = 0; i < platform->n_nodes && platform->node_names; i++)
        name_index_add(nodes, platform->node_names[i], (int)i);
    for (int k = 0; k < n_names; k++)
        p->node_of[k] = name_index_find(nodes, name_index_name(f->machine_names.index, k));
    name_index_free(nodes);
}

static void placing_clear(struct placing *p)
{
    for (size_t i = 0; i < p->platform->n_nodes; i++) {
        xfree(p->slot_free_s[i], p->gpu_free_s[i]);
    }
    xfree(p->slot_free_s, p->gpu_free_s, p->node_of);
}

struct node_part { uint16_t slots[NODE_MOST_SLOTS], gpus[NODE_MOST_GPUS]; size_t n_slots, n_gpus; };

/* The `n` lowest that are free from `from_s` on; false: there are fewer. */
static bool find_free(const double *free_s, size_t room, size_t n, double from_s, uint16_t *out)
{
    size_t found = 0;
    for (size_t i = 0; i < room && found < n; i++)
        if (free_s[i] <= from_s + slot_tolerance_s)
            out[found++] = (uint16_t)i;
    return found == n;
}

static void hold(double *free_s, const uint16_t *ids, size_t n, double to_s)
{
    for (size_t i = 0; i < n; i++)
        free_s[ids[i]] = to_s;
}

/* As many of `ranks` ranks as the node holds then. Returns how many. */
static int place_on(struct placing *p, size_t node, const struct slot_demand *d, int ranks,
                    const struct timeline_record *r, struct node_part *part)
{
    const struct node_shape *shape = platform_node(p->platform, node);
    int placed = 0;
    if (!p->slot_free_s[node]) {
        p->slot_free_s[node] = xcalloc((size_t)shape->n_slots + 1, sizeof(double));
        p->gpu_free_s[node] = xcalloc((size_t)shape->n_gpus + 1, sizeof(double));
    }
    *part = (struct node_part){ .n_slots = 0 };
    while (placed < ranks) {
        size_t slots = (size_t)d->slots, gpus = (size_t)d->gpus;
        uint16_t *slot = part->slots + part->n_slots, *gpu = part->gpus + part->n_gpus;
        if (part->n_slots + slots > (size_t)shape->n_slots ||
            part->n_gpus + gpus > (size_t)shape->n_gpus ||
            !find_free(p->slot_free_s[node], (size_t)shape->n_slots, slots, r->started_s, slot) ||
            !find_free(p->gpu_free_s[node], (size_t)shape->n_gpus, gpus, r->started_s, gpu))
            break;
        hold(p->slot_free_s[node], slot, slots, r->stopped_s);
        hold(p->gpu_free_s[node], gpu, gpus, r->stopped_s);
        part->n_slots += slots;
        part->n_gpus += gpus;
        placed++;
    }
    return placed;
}

/* The record added last on the machines that the file names for it; false: they do not hold it, or
 * are not described. */
static bool place(struct placing *p, struct timeline *t, const struct demand *demand,
                  const struct wf_task *task, const struct timeline_record *r)
{
    struct slot_demand d = platform_slots(p->platform, demand);
    int left = d.ranks;
    for (uint32_t k = 0; k < task->n_machines && left > 0; k++) {
        struct node_part part;
        int node = p->node_of[p->machines[task->first_machine + k]];
        int placed = node < 0 || d.gpu_share ? 0 : place_on(p, (size_t)node, &d, left, r, &part);
        if (placed == 0)
            continue;
        qsort(part.slots, part.n_slots, sizeof *part.slots, sort_by_uint16);
        timeline_add_slots(t, &(struct timeline_slots){ .node = (uint32_t)node, .cores = part.slots,
                                           .n_cores = part.n_slots, .gpus = part.gpus,
                                           .n_gpus = part.n_gpus });
        left -= placed;
    }
    return left == 0;
}

/* The earliest; NAN: none of them is known. */
static double first_start(const struct wf *f)
{
    double first = NAN;
    for (size_t i = 0; i < f->n; i++)
        first = fmin(first, f->extra[i].started_epoch_s);                /* fmin() leaves NAN out */
    return first;
}

/* Generators write one date for all tasks. Nothing but that: all starts are the same, though tasks
 * wait for others that take time; or they are 1970-01-01 in a file that is not ours. */
static bool are_placeholders(const struct wf *f, double first)
{
    bool ours = false, waits = false;
    for (size_t i = 0; i < f->n; i++) {
        if (f->extra[i].started_epoch_s > first)
            return false;
        ours = ours || f->extra[i].ours;
        for (size_t k = f->links.parents.first[i]; k < f->links.parents.first[i + 1]; k++)
            waits = waits || f->tasks[f->links.parents.to[k]].runtime_s > start_tolerance_s;
    }
    return waits || (first == 0 && !ours);
}

static bool is_recorded(const struct wf *f, size_t task)
{
    return !isnan(f->extra[task].started_epoch_s) && !isnan(f->tasks[task].runtime_s);
}

static size_t count_early_starts(const struct wf *f)
{
    size_t n = 0;
    for (size_t i = 0; i < f->n; i++)
        for (size_t k = f->links.parents.first[i]; k < f->links.parents.first[i + 1]; k++) {
            size_t parent = f->links.parents.to[k];
            if (f->extra[i].started_epoch_s <
                f->extra[parent].started_epoch_s + f->tasks[parent].runtime_s - start_tolerance_s) {
                n++;
                break;
            }
        }
    return n;
}

/* Tasks with a start and a runtime, by their starts. *n of them; free() it. */
static struct sort_key *tasks_by_start(const struct wf *f, size_t *n)
{
    struct sort_key *keys = xcalloc(f->n + 1, sizeof *keys);
    *n = 0;
    for (size_t i = 0; i < f->n; i++)
        if (is_recorded(f, i))
            keys[(*n)++] = (struct sort_key){ sort_key_of(f->extra[i].started_epoch_s), i };
    sort_keys(keys, *n);
    return keys;
}

/* With `p`, records get slots. Returns how many tasks their machines could not hold. */
static size_t add_records(const struct wf *f, const struct sort_key *keys, size_t n, double zero_s,
                          struct placing *p)
{
    struct session *s = f->session;
    size_t failed = 0;
    for (size_t k = 0; k < n; k++) {
        const struct listed_task *t = &f->tasks[keys[k].item];
        struct set_member of = f->groups.of[keys[k].item];
        double started_s = f->extra[keys[k].item].started_epoch_s - zero_s;
        struct timeline_record r = { .submitted_s = NAN, .arrived_s = NAN, .scheduled_s = NAN,
                                     .started_s = started_s,
                                     .stopped_s = started_s + t->runtime_s, .freed_s = NAN,
                                     .notified_s = NAN,
                                     .task = s->workflow->sets[of.set].first_task + of.index };
        timeline_add(s->timeline, &r, TASK_DONE, 0);
        failed += p && !place(p, s->timeline, t->demand, &f->extra[keys[k].item], &r);
    }
    return failed;
}

/* All of them on their machines, or none: a timeline with some slots would show a machine emptier
 * than it was. */
static void place_records(struct wf *f, const struct sort_key *keys, size_t n, double zero_s)
{
    struct session *s = f->session;
    struct placing p;
    placing_init(&p, f);
    size_t failed = add_records(f, keys, n, zero_s, &p);
    placing_clear(&p);
    if (failed) {
        timeline_clear(s->timeline);
        add_records(f, keys, n, zero_s, NULL);
        session_note(s, failed, "tasks",
                     "name no machine that is described and holds them: no task has slots");
    } else {
        session_note(s, n, "tasks",
                     "their machines are recorded, the ids of cores and GPUs are not: the lowest "
                     "free ones are taken");
    }
}

static double zero_of(const struct wf *f, double first)
{
    double begun_s = f->begun_epoch_s;
    return begun_s <= first && first - begun_s <= 86400 ? begun_s : first;     /* false for NAN */
}

void wf_make_timeline(struct wf *f)
{
    struct session *s = f->session;
    double first = first_start(f);
    size_t n;
    s->timeline = timeline_new(s->workflow, s->platform);
    if (!isnan(first) && are_placeholders(f, first)) {
        session_note(
            s, f->n, "tasks",
            "all have one `executedAt`, which cannot be when each of them started: no timeline");
        return;
    }
    struct sort_key *keys = tasks_by_start(f, &n);
    session_note(s, f->n - n, "tasks",
                 n ? "no time of start or no runtime: they are not in the timeline"
                   : "no time of start (`executedAt`): no timeline");
    if (n > 0) {
        s->zero_epoch_s = zero_of(f, first);
        place_records(f, keys, n, s->zero_epoch_s);
        timeline_sort(s->timeline);
        session_note(s, count_early_starts(f), "tasks",
                     "started before a task that they depend on had ended");
    }
    free(keys);
}
