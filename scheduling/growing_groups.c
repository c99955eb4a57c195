/* Which of the sets that took places are submitted together, and in which order: what
 * scheduling/mode/ plans for a workflow that is written out, iteration by iteration. */
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "scheduling/growing_impl.h"

/* Before the loops, in one, or after one. */
enum part { PART_BEFORE, PART_LOOP, PART_LATE };
enum { OUTSIDE = 1 << 30 };              /* orders of pipelines outside of loops */

struct fresh_set { int part, iteration, level, set; };

SORT_BY_4(compare_fresh, struct fresh_set, part, iteration, level, set)

static int part_of(const struct growing *g, int base)
{
    return g->lane_of[base] >= 0 ? PART_LOOP : growing_is_late(g, base) ? PART_LATE : PART_BEFORE;
}

static struct fresh_set *list_fresh(struct growing *g, size_t first)
{
    size_t n = g->fresh.n - first;
    struct fresh_set *list = xcalloc(n + 1, sizeof *list);
    for (size_t i = 0; i < n; i++) {
        int set = g->fresh.at[first + i], part = part_of(g, growing_base(g, set));
        const struct growing_place *p = &g->places[set];
        bool within = part == PART_LOOP && !g->by_level;
        int level = within ? p->level_within : p->level;
        list[i] = (struct fresh_set){ part, p->iteration, level, set };
    }
    qsort(list, n, sizeof *list, compare_fresh);
    for (size_t i = 0; i < n; i++)
        g->fresh.at[first + i] = list[i].set;
    return list;
}

static struct growing_group *begin_group(struct growing *g, int leader, int order)
{
    struct growing_group *group = &g->places[leader].group;
    group->sets.n = group->waits.n = 0;
    group->waits_left = 0;
    group->order = order;
    group->run = -1;
    group->after_stage = group->after_run = group->released = false;
    return group;
}

static void add_set(struct growing *g, struct growing_group *group, int leader, int set)
{
    g->places[set].leader = leader;
    ints_add(&group->sets, set);
}

/* `finer`: dependencies task by task are not waits of the whole. */
static void add_dependencies(struct growing *g, struct growing_group *group, bool finer)
{
    for (size_t i = 0; i < group->sets.n; i++) {
        const struct task_set *s = &g->workflow->sets[group->sets.at[i]];
        for (size_t d = 0; d < s->n_dependencies; d++)
            if (!finer || !dependency_is_by_task(&s->dependencies[d]))
                ints_add(&group->waits, s->dependencies[d].parent);
    }
}

/* After the barrier of the stage before. */
static void close_stage(struct growing *g, struct growing_group *group, int before)
{
    group->after_stage = before >= 0;
    for (size_t i = 0; before >= 0 && i < g->places[before].group.sets.n; i++)
        ints_add(&group->waits, g->places[before].group.sets.at[i]);
}

/* What comes after a loop also comes after iterations that are not written out any more, as far as
 * they are not over. */
static void add_stragglers(struct growing *g, struct growing_group *group)
{
    for (size_t i = 0; i < group->sets.n; i++) {
        int base = growing_base(g, group->sets.at[i]);
        const struct task_set *s = &g->from->sets[base];
        for (size_t d = 0; growing_is_late(g, base) && d < s->n_dependencies; d++) {
            int of = s->dependencies[d].parent;
            for (size_t p = g->begin[of]; g->lane_of[of] >= 0 && p < g->begin[of + 1]; p++)
                if (g->places[p].taken && g->places[p].left > 0)
                    ints_add(&group->waits, (int)p);
        }
    }
    ints_settle(&group->waits);
}

int growing_single_order(const struct growing *g, int rank, int iteration)
{
    int longest = 0;
    for (size_t l = 0; l < g->n_lanes; l++)
        longest = g->lanes[l].total > longest ? g->lanes[l].total : longest;
    return rank * (longest + 1) + iteration;
}

static void make_single(struct growing *g, int set)
{
    int order = growing_single_order(g, growing_base(g, set), g->places[set].iteration);
    struct growing_group *group = begin_group(g, set, order);
    add_set(g, group, set, set);
    add_dependencies(g, group, true);
    add_stragglers(g, group);
}

/* A stage: sets that list[0] has part, iteration and level in common with. Returns how many. */
static size_t make_stage(struct growing *g, const struct fresh_set *list, size_t n, int before)
{
    bool sequential = g->options.mode == MODE_SEQUENTIAL;
    int leader = list[0].set, levels = (int)g->from->n_sets;
    int order = sequential ? g->n_groups++ : list[0].iteration * levels;
    /* pipelined: of one iteration each level is beyond the one before */
    if (!sequential && before >= 0)
        order = g->places[before].group.order + 1;
    struct growing_group *group = begin_group(g, leader, order);
    size_t i = 0;
    for (; i < n && list[i].part == list[0].part && list[i].iteration == list[0].iteration &&
           list[i].level == list[0].level; i++)
        add_set(g, group, leader, list[i].set);
    add_dependencies(g, group, false);
    close_stage(g, group, before);
    add_stragglers(g, group);
    return i;
}

static void make_sequential(struct growing *g, const struct fresh_set *list, size_t n)
{
    for (size_t i = 0; i < n;) {
        int leader = list[i].set;
        i += make_stage(g, list + i, n - i, g->last_group);
        g->last_group = leader;
    }
}

/* Of the workflow written out a pipeline of sets outside of loops is a chain of them: as in the
 * plan of the chunk, in which all of its sets are that have places. */
static void make_chains(struct growing *g, size_t first, const struct growing_chunk *chunk)
{
    const int *place = chunk->place;
    bool *fresh = xcalloc(g->workflow->n_sets, sizeof *fresh);
    size_t n_loops = 0;                  /* groups of loops, which come first */
    for (size_t i = first; i < g->fresh.n; i++)
        fresh[g->fresh.at[i]] = true;
    for (size_t i = 0; i < chunk->plan.n_groups; i++) {
        const struct mode_group group_of = mode_plan_group(&chunk->plan, i), *of = &group_of;
        int base = chunk->workflow->realised->base[of->sets[0]], leader = place[of->sets[0]];
        n_loops += g->lane_of[base] >= 0;
        if (g->lane_of[base] >= 0 || !fresh[leader])
            continue;
        struct growing_group *group = begin_group(g, leader, OUTSIDE + (int)(i - n_loops));
        add_set(g, group, leader, leader);
        group->after_stage = of->closes >= 0;
        group->after_run = of->after_run;
        if (of->run >= 0)
            group->run = place[mode_plan_group(&chunk->plan, (size_t)of->run).sets[0]];
        for (size_t k = 0; k < of->n_waits; k++)
            ints_add(&group->waits, place[of->waits[k]]);
        add_stragglers(g, group);
    }
    free(fresh);
}

static void make_pipelined(struct growing *g, const struct fresh_set *list, size_t n)
{
    int before = -1, iteration = 0;
    for (size_t i = 0; i < n;) {
        if (list[i].part != PART_LOOP) {
            i++;
            continue;
        }
        if (list[i].iteration != iteration)
            before = -1;
        iteration = list[i].iteration;
        int leader = list[i].set;
        i += make_stage(g, list + i, n - i, before);
        before = leader;
    }
}

void growing_make_groups(struct growing *g, size_t first, const struct growing_chunk *chunk)
{
    struct fresh_set *list = list_fresh(g, first);
    size_t n = g->fresh.n - first;
    switch (g->options.mode) {
    case MODE_SEQUENTIAL: make_sequential(g, list, n); break;
    case MODE_PIPELINED:
        make_pipelined(g, list, n);
        make_chains(g, first, chunk);
        break;
    default:
        for (size_t i = 0; i < n; i++)
            make_single(g, list[i].set);
    }
    free(list);
}
