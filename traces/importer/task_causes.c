/* What the sets of a table waited for: dependencies inferred from times, and releases. */
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/infer.h"
#include "traces/importer/task_steps_impl.h"

static const double reaction_s = TASK_REACTION_S;
static const double barrier_s = 600;     /* later, it was a person who submitted */
static const double simultaneous_s = 1;

/* By its first submission, or by its first start. */
static struct edge_group group_of(const struct grouper *b, size_t set, const struct span *spans,
                                  bool by_start)
{
    struct edge_group g = { .submitted_s = NAN, .done_s = NAN };
    const struct task_set *s = &b->g->workflow->sets[set];
    for (uint32_t i = 0; i < s->n_tasks; i++) {
        const struct span *span = &spans[b->g->members[set][i]];
        g.submitted_s =
            earlier_known(g.submitted_s, by_start ? span->started_s : span->submitted_s);
        /* those without an end never started */
        g.done_s = later_known(g.done_s, span->ended_s);
    }
    g.done_s = isfinite(g.done_s) ? g.done_s : NAN;
    return g;
}

static size_t set_releases(const struct grouper *b, size_t k, const struct span *spans,
                           double first)
{
    struct task_set *set = &b->g->workflow->sets[k];
    double *list = xcalloc(set->n_tasks, sizeof *list), least = INFINITY, most = 0;
    for (uint32_t i = 0; i < set->n_tasks; i++) {
        double at = spans[b->g->members[k][i]].submitted_s - first;
        list[i] = at > 0 ? at : 0;
        least = fmin(least, list[i]);
        most = fmax(most, list[i]);
    }
    if (most < simultaneous_s) {
        free(list);
        return 0;
    }
    set->release.kind = most - least < simultaneous_s ? RELEASE_TIME : RELEASE_LIST;
    set->release.time_s = least;
    set->release.list_s = set->release.kind == RELEASE_LIST ? list : NULL;
    if (!set->release.list_s)
        free(list);
    return set->n_tasks;
}

/* --- waits that were not for resources -------------------------------------------------------- */

struct use { double time_s, cores, gpus; };              /* in use from then on */
struct uses { size_t n; struct use *at; double most_cores, most_gpus; };

/* When rows start (their number, doubled) and end (and one more), by time. Free `keys`. */
struct turns {
    size_t n;
    struct sort_key *keys;
};

static struct turns find_turns(const struct task_records *r)
{
    struct turns t = { 0, xcalloc(2 * r->n + 1, sizeof *t.keys) };
    for (size_t i = 0; i < r->n; i++) {
        const struct task_row *row = &r->rows[i];
        double end = row->status == TASK_CUT ? INFINITY : row->end_s;
        if (isnan(row->start_s) || isnan(end))
            continue;
        t.keys[t.n++] = (struct sort_key){ sort_key_of(row->start_s), 2 * i };
        t.keys[t.n++] = (struct sort_key){ sort_key_of(end), 2 * i + 1 };
    }
    sort_keys(t.keys, t.n);
    return t;
}

static struct use use_of(const struct grouper *b, size_t turn)
{
    const struct task_row *row = &b->r->rows[turn / 2];
    const struct demand *d = b->d->tasks[b->d->task_of[turn / 2]].demand;
    double sign = turn % 2 ? -1 : 1, cores = (double)d->ranks * d->cores,
           gpus = d->ranks * (d->gpus + d->gpu_share / (double)DEMAND_WHOLE_GPU);
    double end = row->status == TASK_CUT ? INFINITY : row->end_s;
    return (struct use){ turn % 2 ? end : row->start_s, sign * cores, sign * gpus };
}

/* Cores and GPUs in use, all nodes together. */
static struct uses find_uses(const struct grouper *b)
{
    struct turns turns = find_turns(b->r);
    struct uses u = { .n = turns.n, .at = xcalloc(turns.n + 1, sizeof *u.at) };
    for (size_t k = 0; k < u.n; k++)
        u.at[k] = use_of(b, turns.keys[k].item);
    free(turns.keys);
    for (size_t k = 0; k < u.n; k++) {
        u.at[k].cores += k ? u.at[k - 1].cores : 0;
        u.at[k].gpus += k ? u.at[k - 1].gpus : 0;
        if (k + 1 < u.n &&
            u.at[k + 1].time_s == u.at[k].time_s) /* at one time what ends, ends first */
            continue;
        u.most_cores = fmax(u.most_cores, u.at[k].cores);
        u.most_gpus = fmax(u.most_gpus, u.at[k].gpus);
    }
    return u;
}

/* Just before this time, was as much free of what was ever in use as one such task needs? Then it
 * did not wait for resources. */
static bool had_room(const struct uses *u, double time_s, const struct demand *d)
{
    size_t before;
    SORT_COUNT_IF(before, u->n, i, u->at[i].time_s < time_s);
    if (before == 0)
        return true;
    double gpus = d->ranks * (d->gpus + d->gpu_share / (double)DEMAND_WHOLE_GPU);
    return u->at[before - 1].cores + (double)d->ranks * d->cores <= u->most_cores &&
           u->at[before - 1].gpus + gpus <= u->most_gpus;
}

/* sets that started with no room before; searches given up */
struct doubts { size_t full, too_many; };

/* Sets that started just after others had ended, though there was room before: they waited for
 * these. Returns how many edges. */
static size_t add_starts(const struct grouper *b, struct edge_group *groups,
                         const struct span *spans, struct doubts *doubts)
{
    const struct workflow *w = b->g->workflow;
    struct edge_group *starts = xcalloc(w->n_sets + 1, sizeof *starts);
    struct uses uses = { .at = NULL }; /* found once some set asks */
    size_t edges = 0;
    for (size_t k = 0; k < w->n_sets; k++)
        starts[k] = group_of(b, k, spans, true);
    doubts->too_many += infer_edges(starts, w->n_sets, reaction_s, reaction_s).too_many;
    for (size_t k = 0; k < w->n_sets; k++) {
        struct edge_group *g = &starts[k];
        bool waited = !groups[k].n_parents && g->n_parents &&
                      !(groups[k].submitted_s > g->submitted_s - reaction_s);
        double ended = NAN;
        for (size_t i = 0; i < g->n_parents; i++)
            ended = earlier_known(ended, starts[g->parents[i]].done_s);
        if (waited && !uses.at)
            uses = find_uses(b);
        bool room = waited && had_room(&uses, ended, &w->sets[k].traits->demand);
        doubts->full += waited && !room;
        if (!room) {
            free(g->parents);
            continue;
        }
        groups[k].parents = g->parents;
        groups[k].n_parents = g->n_parents;
        edges += g->n_parents;
    }
    xfree(uses.at, starts);
    return edges;
}

/* How sure: that some group ends within the reaction before an instant by chance, if ends come at
 * any time of the record. */
static double chance_of(const struct edge_group *groups, size_t n)
{
    double first = NAN, last = NAN;
    size_t ended = 0;
    for (size_t k = 0; k < n; k++) {
        first = earlier_known(first, earlier_known(groups[k].submitted_s, groups[k].done_s));
        last = later_known(last, later_known(groups[k].submitted_s, groups[k].done_s));
        ended += is_known(groups[k].done_s);
    }
    return last > first ? 1 - exp(-(double)ended * reaction_s / (last - first)) : 1;
}

static void note_edges(struct grouper *b, const struct edge_group *groups, size_t edges,
                       size_t by_start)
{
    double chance = chance_of(groups, b->g->workflow->n_sets);
    char how_sure[48];
    if (chance < 1e-3)
        strcpy(how_sure, "less than 0.001");
    else
        snprintf(how_sure, sizeof how_sure, "%.2g", chance);
    char *why = str_format("inferred: a set's parents are the sets that ended just before its "
                           "submission (one would by chance with probability %s)",
                           how_sure);
    notes_add(&b->g->notes, edges, "dependencies", why);
    free(why);
    why = str_format("inferred: started just after its parents ended, though there was room before "
                     "(by chance with probability %s)",
                     how_sure);
    notes_add(&b->g->notes, by_start, "dependencies", why);
    free(why);
}

void task_infer_edges(struct grouper *b)
{
    struct workflow *w = b->g->workflow;
    struct span *spans = task_spans(b);
    struct edge_group *groups = xcalloc(w->n_sets + 1, sizeof *groups);
    double first = NAN;
    struct doubts doubts = { 0 };
    size_t released = 0;
    for (size_t k = 0; k < w->n_sets; k++) {
        groups[k] = group_of(b, k, spans, false);
        first = earlier_known(first, groups[k].submitted_s);
    }
    struct edge_counts counts = infer_edges(groups, w->n_sets, reaction_s, barrier_s);
    doubts.too_many = counts.too_many;
    size_t by_start = add_starts(b, groups, spans, &doubts);
    for (size_t k = 0; k < w->n_sets; k++) {
        task_groups_wait(&w->sets[k], groups[k].parents, groups[k].n_parents);
        if (!groups[k].n_parents && b->r->has_submit)
            released += set_releases(b, k, spans, first);
        free(groups[k].parents);
    }
    note_edges(b, groups, counts.edges, by_start);
    xfree(groups, spans);
    b->inferred = counts.edges + by_start > 0;
    if (b->inferred) {
        free(w->source);
        w->source = xstrdup("records of tasks; dependencies inferred from times");
    }
    notes_add(
        &b->g->notes, doubts.too_many > 0, "dependencies between sets",
        "not inferred: so many sets end just before others begin that their times say nothing");
    notes_add(&b->g->notes, doubts.full, "sets",
              "started just after others ended, with no room before: no dependency inferred");
    notes_add(&b->g->notes, released, "tasks",
              "submitted late for no recorded cause: released at their measured time");
}

void task_release(struct grouper *b, const int *levels)
{
    struct workflow *w = b->g->workflow;
    struct span *spans = task_spans(b);
    size_t released = 0;
    double first = NAN;
    for (size_t i = 0; i < b->d->n; i++)
        first = earlier_known(first, spans[i].submitted_s);
    for (size_t k = 0; k < w->n_sets && b->r->has_submit; k++)
        if (levels[b->g->members[k][0]] == 0)
            released += set_releases(b, k, spans, first);
    free(spans);
    notes_add(&b->g->notes, released, "tasks",
              "wait for no other, submitted late: released at their measured time");
}
