#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/task_csv_impl.h"

static double node_count(const struct task_row *row)
{
    return row->n_places ? (double)row->n_places : row->node_count >= 1 ? row->node_count : 1;
}

static bool has_shares(const struct task_table *t, const struct task_row *row)
{
    return row->n_places && !isnan(t->places[row->first_place].cores);
}

static double cores_of(const struct task_table *t, const struct task_row *row)
{
    double sum = 0;
    for (size_t k = 0; has_shares(t, row) && k < row->n_places; k++)
        sum += t->places[row->first_place + k].cores;
    return sum > 0 ? sum : row->cores >= 1 ? row->cores : isnan(row->cores) ? node_count(row) : 0;
}

static double gpus_of(const struct task_table *t, const struct task_row *row)
{
    double sum = 0;
    for (size_t k = 0; has_shares(t, row) && k < row->n_places; k++) {
        double gpus = t->places[row->first_place + k].gpus;
        sum += isnan(gpus) ? 0 : gpus;
    }
    return sum > 0 ? sum : row->gpus > 0 ? row->gpus : 0;
}

static int per_rank(double amount, double ranks, int most, bool *clipped)
{
    double each = ceil(amount / ranks);
    *clipped = *clipped || each > most;
    return each > most ? most : (int)each;
}

/* The fewest ranks of which each node has a whole number, by what the list of nodes gives; 0: there are none. */
static uint32_t ranks_of_shares(const struct task_table *t, const struct task_row *row, uint32_t cores, uint32_t gpus)
{
    uint32_t ranks = guess_ranks(cores, gpus, 0), unit_cores = cores / ranks, unit_gpus = gpus / ranks, common = 0;
    for (size_t k = 0; k < row->n_places; k++) {
        const struct task_place *p = &t->places[row->first_place + k];
        uint32_t mine = (uint32_t)p->cores, devices = isnan(p->gpus) ? 0 : (uint32_t)p->gpus;
        uint32_t count = unit_cores ? mine / unit_cores : devices / unit_gpus;
        if (count * unit_cores != mine || (!isnan(p->gpus) && count * unit_gpus != devices))
            return 0;
        while (count) {                  /* the greatest common divisor */
            uint32_t rest = common % count;
            common = count;
            count = rest;
        }
    }
    return common ? ranks / common : ranks;
}

static uint32_t ranks_of(struct task_builder *b, const struct task_row *row, double cores, double gpus, double nodes)
{
    const double whole_most = 1e9;
    uint32_t n = nodes > MOST_RANKS ? MOST_RANKS : (uint32_t)nodes;
    uint32_t c = (uint32_t)fmin(cores, whole_most), g = (uint32_t)fmin(ceil(gpus), whole_most);
    if ((n == 1 && !has_shares(&b->table, row)) || c + g == 0)
        return n;
    uint32_t ranks = has_shares(&b->table, row) ? ranks_of_shares(&b->table, row, c, g) : 0;
    ranks = ranks ? ranks : guess_ranks(c, g, n);
    b->uneven += ranks != n;
    b->coarse += ranks < n;
    return ranks > MOST_RANKS ? n : ranks;
}

struct demand task_demand(struct task_builder *b, const struct task_row *row)
{
    double nodes = node_count(row), cores = cores_of(&b->table, row), gpus = gpus_of(&b->table, row);
    bool clipped = nodes > MOST_RANKS;
    struct demand d = { .ranks = (int)ranks_of(b, row, cores, gpus, nodes) };
    if (gpus > 0 && gpus < 1 && d.ranks == 1)
        d.gpu_share = (int32_t)lround(gpus * DEMAND_WHOLE_GPU) % DEMAND_WHOLE_GPU;
    else
        d.gpus = per_rank(gpus, d.ranks, NODE_MOST_GPUS, &clipped);
    d.cores = per_rank(cores, d.ranks, NODE_MOST_SLOTS, &clipped);
    if (d.cores + d.gpus + d.gpu_share == 0)
        d.cores = 1;
    if (row->memory_mib > 0)
        d.memory_mib = (int64_t)ceil(row->memory_mib / d.ranks);
    b->clipped += clipped;
    return d;
}

/* k-th of n parts of a whole that differ by 1 at most. */
static double part(double whole, size_t n, size_t k)
{
    double each = floor(whole / (double)n);
    return each + ((double)k < whole - each * (double)n);
}

struct task_place task_share(const struct task_table *t, const struct task_row *row, const struct demand *d, size_t k)
{
    struct task_place share = t->places[row->first_place + k];
    double each = d->gpus + d->gpu_share / (double)DEMAND_WHOLE_GPU, ranks = part(d->ranks, row->n_places, k);
    bool whole = (size_t)d->ranks >= row->n_places;
    if (isnan(share.cores))
        share.cores = (float)(whole ? ranks * d->cores : part((double)d->ranks * d->cores, row->n_places, k));
    if (isnan(share.gpus))
        share.gpus = (float)(whole ? ranks * each : part((double)d->ranks * d->gpus, row->n_places, k));
    return share;
}

/* --- tasks whose rows do not say it ----------------------------------------------------------------------------- */

static const struct task_row *last_row(const struct task_builder *b, size_t k)
{
    return k + 1 < b->table.n && b->task_of[b->order[k + 1]] == b->task_of[b->order[k]] ? NULL : &b->table.rows[b->order[k]];
}

/* "90_4" -> "90" */
static const char *array_of(struct session *s, const char *id)
{
    return session_keep_n(s, id, strcspn(id, "_+["));
}

/* Tasks that wait, of an array or a name of which others ran, ask for what these have. */
static void fill_waiting(struct task_builder *b)
{
    struct name_index *arrays = name_index_new(), *names = name_index_new();
    size_t filled = 0, unknown = 0;
    for (size_t k = 0; k < b->table.n; k++) {
        const struct task_row *row = last_row(b, k);
        if (!row || row->waiting)
            continue;
        name_index_add(arrays, array_of(b->session, row->id), (int)b->task_of[b->order[k]]);
        name_index_add(names, row->name, (int)b->task_of[b->order[k]]);
    }
    for (size_t k = 0; k < b->table.n; k++) {
        const struct task_row *row = last_row(b, k);
        if (!row || !row->waiting)
            continue;
        int like = name_index_find(arrays, array_of(b->session, row->id));
        like = like >= 0 ? like : name_index_find(names, row->name);
        if (like >= 0)
            b->list.tasks[b->task_of[b->order[k]]].demand = b->list.tasks[like].demand;
        filled += like >= 0;
        unknown += like < 0;
    }
    name_index_free(arrays);
    name_index_free(names);
    session_note(b->session, filled, "tasks", "never started, request not recorded: the demand of their array, else of their name");
    session_note(b->session, unknown, "tasks", "never started, request not recorded: one core is assumed");
}

/* Tasks of one name and of the same ranks, cores and GPUs: a number for each such group; -1: of no group. */
static int *memory_groups(struct task_builder *b, bool all)
{
    struct name_index *index = name_index_new();
    int *group = xcalloc(b->list.n + 1, sizeof *group), n = 0;
    for (size_t i = 0; i < b->list.n; i++) {
        const struct demand *d = &b->list.tasks[i].demand;
        group[i] = -1;
        if (d->memory_mib && !all)
            continue;
        char *text = str_format("%s\x1f%d %d %d %d", b->list.tasks[i].category, d->ranks, d->cores, d->gpus, d->gpu_share);
        int known = name_index_add(index, session_keep(b->session, text), n);
        group[i] = known >= 0 ? known : n++;
        free(text);
    }
    name_index_free(index);
    return group;
}

/* If memory was measured but not asked for, all tasks of a group take the largest peak. Nextflow asks for more in a later attempt, and by
 * the size of the input: all tasks of a process take the most that one asked for. */
static void fill_memory(struct task_builder *b)
{
    bool nextflow = b->table.kind == TABLE_NEXTFLOW;
    int *group = memory_groups(b, nextflow);
    double *peaks = xcalloc(b->list.n + 1, sizeof *peaks);
    int64_t *most = xcalloc(b->list.n + 1, sizeof *most);
    size_t measured = 0, raised = 0;
    for (size_t k = 0; k < b->table.n; k++) {
        uint32_t i = b->task_of[b->order[k]];
        double peak = b->table.rows[b->order[k]].peak_memory_mib;
        int g = group[i];
        if (g >= 0 && peak > peaks[g])
            peaks[g] = peak;
        if (g >= 0 && b->list.tasks[i].demand.memory_mib > most[g])
            most[g] = b->list.tasks[i].demand.memory_mib;
    }
    for (size_t i = 0; i < b->list.n; i++) {
        struct demand *d = &b->list.tasks[i].demand;
        int64_t memory = group[i] < 0 ? 0 : most[group[i]] ? most[group[i]] : (int64_t)ceil(peaks[group[i]] / d->ranks);
        if (memory <= d->memory_mib)
            continue;
        measured += !most[group[i]];
        raised += most[group[i]] > 0;
        d->memory_mib = memory;
    }
    free(group);
    free(peaks);
    free(most);
    session_note(b->session, measured, "tasks", "memory: the largest measured in their set (no request recorded)");
    session_note(b->session, raised, "tasks", "memory: the most that a task of their process asked for");
}

void task_complete_demands(struct task_builder *b)
{
    fill_waiting(b);
    fill_memory(b);
}
