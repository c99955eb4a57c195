#include "scheduling/mode.h"

#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/longest_path.h"
#include "core/realised.h"
#include "scheduling/mode_impl.h"

enum { LISTS_BLOCK = 1 << 16 };

static void (*const planners[MODES])(const struct workflow *w, struct mode_plan *plan) = {
    [MODE_SEQUENTIAL] = mode_plan_sequential,
    [MODE_PIPELINED] = mode_plan_pipelined,
    [MODE_ASYNCHRONOUS] = mode_plan_asynchronous,
};

struct mode_plan mode_plan_of(const struct workflow *w, enum mode mode)
{
    struct mode_plan plan = { .lists.block_bytes = LISTS_BLOCK };
    planners[mode](w, &plan);
    return plan;
}

void mode_plan_clear(struct mode_plan *plan)
{
    arena_clear(&plan->lists);
    xfree(plan->groups, plan->sets, plan->waits, plan->first_wait);
    *plan = (struct mode_plan){ 0 };
}

struct mode_group mode_plan_group(const struct mode_plan *plan, size_t g)
{
    if (plan->groups)
        return plan->groups[g];
    uint32_t first = plan->first_wait[g];
    return (struct mode_group){ .n_sets = 1,
                                .sets = plan->sets + g,
                                .n_waits = plan->first_wait[g + 1] - first,
                                .waits = plan->waits + first,
                                .pipeline = -1,
                                .stage = -1,
                                .closes = -1,
                                .run = -1 };
}

int *mode_plan_places(const struct mode_plan *plan, size_t n_sets)
{
    if (!plan->groups)
        return NULL;
    int *place = xcalloc(n_sets, sizeof *place);
    for (size_t g = 0; g < plan->n_groups; g++)
        for (size_t i = 0; i < plan->groups[g].n_sets; i++)
            place[plan->groups[g].sets[i]] = (int)g;
    return place;
}

/* A copy that lives as long as the plan. n == 0: NULL. */
static int *mode_plan_list(struct mode_plan *plan, const int *sets, size_t n)
{
    int *list = n > 0 ? arena_alloc(&plan->lists, n * sizeof *list) : NULL;
    for (size_t i = 0; i < n; i++)
        list[i] = sets[i];
    return list;
}

struct mode_group *mode_plan_add(struct mode_plan *plan, const int *sets, size_t n_sets)
{
    if ((plan->n_groups & (plan->n_groups - 1)) == 0) {          /* full at powers of two */
        size_t room = plan->n_groups ? 2 * plan->n_groups : 1;
        plan->groups = xrealloc(plan->groups, room, sizeof *plan->groups);
    }
    struct mode_group *group = &plan->groups[plan->n_groups++];
    *group = (struct mode_group){ .n_sets = n_sets,
                                  .sets = mode_plan_list(plan, sets, n_sets),
                                  .pipeline = -1,
                                  .stage = -1,
                                  .closes = -1,
                                  .run = -1 };
    return group;
}

struct opener { int group; const struct mode_group *of; };

static int compare_openers(const void *a, const void *b)
{
    const struct opener *x = a, *y = b;
    if (x->of->n_waits != y->of->n_waits)
        return x->of->n_waits < y->of->n_waits ? -1 : 1;
    for (size_t i = 0; i < x->of->n_waits; i++)
        if (x->of->waits[i] != y->of->waits[i])
            return x->of->waits[i] < y->of->waits[i] ? -1 : 1;
    return (x->group > y->group) - (x->group < y->group);
}

static bool same_waits(const struct mode_group *a, const struct mode_group *b)
{
    return a->n_waits == b->n_waits && !memcmp(a->waits, b->waits, a->n_waits * sizeof *a->waits);
}

void mode_plan_number_runs(struct mode_plan *plan)
{
    struct opener *openers = xcalloc(plan->n_groups, sizeof *openers);
    size_t n = 0;
    for (size_t g = 0; g < plan->n_groups; g++) {
        struct mode_group *group = &plan->groups[g];
        if (!group->after_run || group->n_waits == 0)
            continue;
        qsort(group->waits, group->n_waits, sizeof *group->waits, sort_by_int);
        openers[n++] = (struct opener){ (int)g, group };
    }
    qsort(openers, n, sizeof *openers, compare_openers);
    for (size_t i = 0; i < n; i++)
        plan->groups[openers[i].group].run = i > 0 && same_waits(openers[i - 1].of, openers[i].of)
                                                 ? openers[i - 1].of->run
                                                 : openers[i].group;
    free(openers);
}

/* Barriers do not wait for services, which last until their clients are over. */
static void add_waits_of(const struct workflow *w, struct mode_plan *plan,
                         struct mode_group *group)
{
    size_t most = group->closes >= 0 ? plan->groups[group->closes].n_sets : 0, n = 0;
    for (size_t i = 0; i < group->n_sets; i++)
        most += w->sets[group->sets[i]].n_dependencies;
    most += group->n_waits;
    if (most == 0)
        return;
    int *waits = xcalloc(most, sizeof *waits);
    for (size_t i = 0; i < group->n_waits; i++)
        if (!w->sets[group->waits[i]].traits->service.serves)
            waits[n++] = group->waits[i];
    for (size_t i = 0; i < group->n_sets; i++)
        for (size_t d = 0; d < w->sets[group->sets[i]].n_dependencies; d++)
            waits[n++] = w->sets[group->sets[i]].dependencies[d].parent;
    for (size_t i = 0; group->closes >= 0 && i < plan->groups[group->closes].n_sets; i++)
        if (!w->sets[plan->groups[group->closes].sets[i]].traits->service.serves)
            waits[n++] = plan->groups[group->closes].sets[i];
    qsort(waits, n, sizeof *waits, sort_by_int);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (i == 0 || waits[i] != waits[i - 1])
            waits[kept++] = waits[i];
    group->waits = mode_plan_list(plan, waits, kept);
    group->n_waits = kept;
    free(waits);
}

void mode_plan_add_waits(const struct workflow *w, struct mode_plan *plan)
{
    for (size_t g = 0; g < plan->n_groups; g++)
        add_waits_of(w, plan, &plan->groups[g]);
}

/* A way from a set to another of one iteration may then go through other iterations. */
static bool loops_lie_in_loops(const struct workflow *w)
{
    for (size_t p = 0; w->realised && p < w->realised->n_points; p++)
        if (w->realised->points[p].around >= 0)
            return true;
    return false;
}

/* A client is in no stage before its service's, or the barrier after it would wait for ever. False:
 * nothing was to be raised. */
static bool raise_clients(const struct workflow *w, bool within, int *levels)
{
    bool raised = false;
    for (size_t s = 0; s < w->n_sets; s++) {
        const struct task_set *set = &w->sets[s];
        int least = 0;
        for (size_t d = 0; d < set->n_dependencies; d++)
            if (!within || w->sets[set->dependencies[d].parent].iteration == set->iteration)
                least = levels[set->dependencies[d].parent] + 1 > least
                            ? levels[set->dependencies[d].parent] + 1 : least;
        for (size_t k = 0, n = phases_count(set); k < n; k++) {
            const char *flow = phases_at(set, k)->flow;
            int service = flow ? phases_service(w, set, flow) : -1;
            least = service >= 0 && levels[service] > least ? levels[service] : least;
        }
        raised |= levels[s] < least;
        levels[s] = levels[s] < least ? least : levels[s];
    }
    return raised;
}

static int *stage_levels(const struct workflow *w, enum stages_by by)
{
    unsigned how = by == STAGES_BY_LEVEL || loops_lie_in_loops(w) ? 0 : PATH_WITHIN_ITERATIONS;
    for (size_t s = 0; s < w->n_sets; s++)
        if (w->sets[s].iteration == 0)
            how = 0;
    int *levels = longest_path_levels(w, path_graph_of(w, how));
    for (size_t left = w->n_services > 0 ? w->n_sets : 0;
         left > 0 && raise_clients(w, how != 0, levels); left--)
        continue;
    return levels;
}

SORT_BY_4(compare_staged, struct staged_set, lane, iteration, level, set)

struct staged_set *mode_stage_sets(const struct workflow *w, enum stages_by by)
{
    struct staged_set *staged = xcalloc(w->n_sets, sizeof *staged);
    int *levels = stage_levels(w, by);
    for (size_t s = 0; s < w->n_sets; s++)
        staged[s] =
            (struct staged_set){ .lane =
                                     by == STAGES_BY_LANE && w->realised ? w->realised->lane[s] : 0,
                                 .iteration = by == STAGES_BY_LEVEL ? 0 : w->sets[s].iteration,
                                 .level = levels[s],
                                 .set = (int)s };
    qsort(staged, w->n_sets, sizeof *staged, compare_staged);
    free(levels);
    return staged;
}

size_t mode_stage_end(const struct staged_set *staged, size_t n, size_t i)
{
    size_t end = i;
    while (end < n && staged[end].lane == staged[i].lane &&
           staged[end].iteration == staged[i].iteration && staged[end].level == staged[i].level)
        end++;
    return end;
}
