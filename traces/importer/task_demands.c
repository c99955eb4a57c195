/* Demands: cores, GPUs and memory of all of a row's nodes as equal ranks; and those that the rows
 * do not say. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/infer.h"
#include "traces/importer/task_steps_impl.h"

static double node_count(const struct task_row *row)
{
    return row->n_places ? (double)row->n_places : row->node_count >= 1 ? row->node_count : 1;
}

static bool has_shares(const struct task_records *t, const struct task_row *row)
{
    return row->n_places && !isnan(t->places[row->first_place].cores);
}

static double cores_of(const struct task_records *t, const struct task_row *row)
{
    double sum = 0;
    for (size_t k = 0; has_shares(t, row) && k < row->n_places; k++)
        sum += t->places[row->first_place + k].cores;
    return sum > 0 ? sum : row->cores >= 1 ? row->cores : isnan(row->cores) ? node_count(row) : 0;
}

static double gpus_of(const struct task_records *t, const struct task_row *row)
{
    double sum = 0;
    for (size_t k = 0; has_shares(t, row) && k < row->n_places; k++) {
        double gpus = t->places[row->first_place + k].gpus;
        sum += isnan(gpus) ? 0 : gpus;
    }
    return sum > 0 ? sum : row->gpus > 0 ? row->gpus : 0;
}

/* How a demand is not what its row says. */
struct cuts { bool clipped, rounded; };

static int per_rank(double amount, double ranks, int most, struct cuts *cuts)
{
    double each = ceil(amount / ranks);
    cuts->clipped |= each > most;
    cuts->rounded |= each * ranks != amount;
    return each > most ? most : (int)each;
}

/* The fewest ranks of which each node has a whole number, by what the list of nodes gives; 0: there
 * are none. */
static uint32_t ranks_of_shares(const struct task_records *t, const struct task_row *row,
                                uint32_t cores, uint32_t gpus)
{
    uint32_t ranks = infer_ranks(cores, gpus, 0), unit_cores = cores / ranks,
             unit_gpus = gpus / ranks, common = 0;
    for (size_t k = 0; k < row->n_places; k++) {
        const struct task_place *p = &t->places[row->first_place + k];
        uint32_t mine = (uint32_t)p->cores, devices = isnan(p->gpus) ? 0 : (uint32_t)p->gpus;
        uint32_t count = unit_cores ? mine / unit_cores : devices / unit_gpus;
        if (count * unit_cores != mine || (!isnan(p->gpus) && count * unit_gpus != devices))
            return 0;
        common = infer_common_divisor(common, count);
    }
    return common ? ranks / common : ranks;
}

static uint32_t ranks_of(struct describer *b, const struct task_row *row, double cores, double gpus,
                         double nodes)
{
    const double whole_most = 1e9;
    uint32_t n = nodes > MOST_RANKS ? MOST_RANKS : (uint32_t)nodes;
    uint32_t c = (uint32_t)fmin(cores, whole_most), g = (uint32_t)fmin(ceil(gpus), whole_most);
    if ((n == 1 && !has_shares(b->r, row)) || c + g == 0)
        return n;
    uint32_t ranks = has_shares(b->r, row) ? ranks_of_shares(b->r, row, c, g) : 0;
    ranks = ranks ? ranks : infer_ranks(c, g, n);
    b->uneven += ranks != n;
    b->coarse += ranks < n;
    return ranks > MOST_RANKS ? n : ranks;
}

struct demand task_demand(struct describer *b, const struct task_row *row)
{
    double nodes = node_count(row), cores = cores_of(b->r, row), gpus = gpus_of(b->r, row);
    struct cuts cuts = { .clipped = nodes > MOST_RANKS };
    struct demand d = { .ranks = (int)ranks_of(b, row, cores, gpus, nodes) };
    if (gpus > 0 && gpus < 1 && d.ranks == 1)
        d.gpu_share = (int32_t)lround(gpus * DEMAND_WHOLE_GPU) % DEMAND_WHOLE_GPU;
    else
        d.gpus = per_rank(gpus, d.ranks, NODE_MOST_GPUS, &cuts);
    d.cores = per_rank(cores, d.ranks, NODE_MOST_SLOTS, &cuts);
    if (d.cores + d.gpus + d.gpu_share == 0)
        d.cores = 1;
    if (row->memory_mib > 0)
        d.memory_mib = (int64_t)ceil(row->memory_mib / d.ranks);
    b->clipped += cuts.clipped;
    b->rounded += cuts.rounded;
    return d;
}

/* k-th of n parts of a whole that differ by 1 at most. */
static double part(double whole, size_t n, size_t k)
{
    double each = floor(whole / (double)n);
    return each + ((double)k < whole - each * (double)n);
}

struct task_place task_share(const struct task_records *t, const struct task_row *row,
                             const struct demand *d, size_t k)
{
    struct task_place share = t->places[row->first_place + k];
    double each = d->gpus + d->gpu_share / (double)DEMAND_WHOLE_GPU,
           ranks = part(d->ranks, row->n_places, k);
    bool whole = (size_t)d->ranks >= row->n_places;
    if (isnan(share.cores))
        share.cores =
            (float)(whole ? ranks * d->cores : part((double)d->ranks * d->cores, row->n_places, k));
    if (isnan(share.gpus))
        share.gpus =
            (float)(whole ? ranks * each : part((double)d->ranks * d->gpus, row->n_places, k));
    return share;
}

/* --- tasks whose rows do not say it ----------------------------------------------------------- */

static const struct task_row *last_row(const struct describer *b, size_t k)
{
    return k + 1 < b->r->n && b->d.task_of[b->d.order[k + 1]] == b->d.task_of[b->d.order[k]]
               ? NULL
               : &b->r->rows[b->d.order[k]];
}

/* "90_4" -> "90"; behind the last such text in `text`, which it overwrites. */
static const char *array_of(const char *id, struct str *text)
{
    text->length = 0;
    str_add_n(text, id, strcspn(id, "_+["));
    return text->text;
}

/* The tasks that do not wait, by their arrays and by their names. */
static void index_others(struct describer *b, struct name_index *arrays, struct name_index *names)
{
    struct str text = { 0 };
    for (size_t k = 0; k < b->r->n; k++) {
        const struct task_row *row = last_row(b, k);
        if (!row || row->waiting)
            continue;
        int task = (int)b->d.task_of[b->d.order[k]];
        if (name_index_find(arrays, array_of(row->id, &text)) < 0)
            name_index_add(arrays, task_keep(b, text.text, text.length), task);
        name_index_add(names, row->name, task);
    }
    str_clear(&text);
}

static bool some_wait(const struct task_records *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->rows[i].waiting)
            return true;
    return false;
}

/* Tasks that wait, of an array or a name of which others ran, ask for what these have. */
static void fill_waiting(struct describer *b)
{
    if (!some_wait(b->r))
        return;
    struct name_index *arrays = name_index_new(), *names = name_index_new();
    struct str text = { 0 };
    size_t filled = 0, unknown = 0;
    index_others(b, arrays, names);
    for (size_t k = 0; k < b->r->n; k++) {
        const struct task_row *row = last_row(b, k);
        if (!row || !row->waiting)
            continue;
        int like = name_index_find(arrays, array_of(row->id, &text));
        like = like >= 0 ? like : name_index_find(names, row->name);
        if (like >= 0)
            b->d.tasks[b->d.task_of[b->d.order[k]]].demand = b->d.tasks[like].demand;
        filled += like >= 0;
        unknown += like < 0;
    }
    name_index_free(arrays);
    name_index_free(names);
    str_clear(&text);
    notes_add(&b->d.notes, filled, "tasks",
              "never started, request not recorded: the demand of their array, else of their name");
    notes_add(&b->d.notes, unknown, "tasks",
              "never started, request not recorded: one core is assumed");
}

/* Tasks of one name and of the same ranks, cores and GPUs: a number for each such group; -1: of no
 * group. */
static int *memory_groups(struct describer *b, bool all)
{
    struct name_index *index = name_index_new();
    struct str text = { 0 };
    int *group = xcalloc(b->d.n + 1, sizeof *group), n = 0;
    for (size_t i = 0; i < b->d.n; i++) {
        const struct demand *d = b->d.tasks[i].demand;
        group[i] = -1;
        if (d->memory_mib && !all)
            continue;
        text.length = 0;
        str_addf(&text, "%s\x1f%d %d %d %d", b->d.tasks[i].category, d->ranks, d->cores, d->gpus,
                 d->gpu_share);
        group[i] = name_index_find(index, text.text);
        if (group[i] >= 0)
            continue;
        group[i] = n++;
        name_index_add(index, task_keep(b, text.text, text.length), group[i]);
    }
    name_index_free(index);
    str_clear(&text);
    return group;
}

static bool some_peak(const struct task_records *t)
{
    for (size_t i = 0; i < t->n; i++)
        if (t->rows[i].peak_memory_mib > 0)
            return true;
    return false;
}

/* If memory was measured but not asked for, all tasks of a group take the largest peak. Nextflow
 * asks for more in a later attempt, and by the size of the input: all tasks of a process take the
 * most that one asked for. */
static void fill_memory(struct describer *b)
{
    bool nextflow = b->r->kind == TABLE_NEXTFLOW;
    if (!nextflow && !some_peak(b->r))
        return;
    int *group = memory_groups(b, nextflow);
    double *peaks = xcalloc(b->d.n + 1, sizeof *peaks);
    int64_t *most = xcalloc(b->d.n + 1, sizeof *most);
    size_t measured = 0, raised = 0;
    for (size_t k = 0; k < b->r->n; k++) {
        uint32_t i = b->d.task_of[b->d.order[k]];
        double peak = b->r->rows[b->d.order[k]].peak_memory_mib;
        int g = group[i];
        if (g >= 0 && peak > peaks[g])
            peaks[g] = peak;
        int64_t asked = b->d.tasks[i].demand->memory_mib;
        if (g >= 0 && asked > most[g])
            most[g] = asked;
    }
    for (size_t i = 0; i < b->d.n; i++) {
        struct demand d = *b->d.tasks[i].demand;
        int64_t memory = group[i] < 0     ? 0
                         : most[group[i]] ? most[group[i]]
                                          : (int64_t)ceil(peaks[group[i]] / d.ranks);
        if (memory <= d.memory_mib)
            continue;
        measured += !most[group[i]];
        raised += most[group[i]] > 0;
        d.memory_mib = memory;
        b->d.tasks[i].demand = demand_pool_share(&b->d.demands, &d);
    }
    xfree(group, peaks, most);
    notes_add(&b->d.notes, measured, "tasks",
              "memory: the largest measured in their set (no request recorded)");
    notes_add(&b->d.notes, raised, "tasks",
              "memory: the most that a task of their process asked for");
}

void task_complete_demands(struct describer *b)
{
    fill_waiting(b);
    fill_memory(b);
}
