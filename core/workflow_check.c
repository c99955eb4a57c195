/* What makes a workflow invalid, from any source. */
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/name_index.h"
#include "core/task_deps.h"
#include "core/workflow_impl.h"

/* ---- which sets come before which ---- */

void workflow_mark_before(const struct workflow *w, bool *marked)
{
    int *order = workflow_topological_order(w);
    for (size_t i = w->n_sets; i-- > 0;)
        for (size_t d = 0; marked[order[i]] && d < w->sets[order[i]].n_dependencies; d++)
            marked[w->sets[order[i]].dependencies[d].parent] = true;
    free(order);
}

void workflow_mark_after(const struct workflow *w, bool *marked)
{
    int *order = workflow_topological_order(w);
    for (size_t i = 0; i < w->n_sets; i++)
        for (size_t d = 0; d < w->sets[order[i]].n_dependencies; d++)
            marked[order[i]] |= marked[w->sets[order[i]].dependencies[d].parent];
    free(order);
}

bool workflow_comes_after(const struct workflow *w, int set, int other)
{
    bool *reach = xcalloc(w->n_sets, sizeof *reach);
    reach[set] = true;
    workflow_mark_before(w, reach);
    bool after = reach[other];
    free(reach);
    return after;
}

/* ---- one by one, then together ---- */

static int check_names(const struct workflow *w, struct error *err)
{
    struct name_index *names = name_index_new();
    int status = 0;
    for (size_t s = 0; s < w->n_sets && status == 0; s++)
        if (name_index_add(names, w->sets[s].name, (int)s) >= 0)
            status = error_set(err, "workflow %s: two task sets are called '%s'", workflow_title(w),
                               w->sets[s].name);
    name_index_free(names);
    return status;
}

static int check_demand(const struct task_set *set, struct error *err)
{
    const struct demand *d = &set->traits->demand;
    if (d->ranks < 1 || d->cores < 0 || d->threads < 0 || d->gpus < 0 || d->gpu_share < 0 ||
        d->gpu_share >= DEMAND_WHOLE_GPU || d->memory_mib < 0 || (d->cores > 0 && d->threads > 0) ||
        (d->gpus > 0 && d->gpu_share > 0))
        return error_set(err,
                         "task set '%s': its demand makes no sense: ranks at least 1, cores or "
                         "threads but not both, nothing negative",
                         set->name);
    if (d->cores + d->threads + d->gpus + d->gpu_share == 0)
        return error_set(
            err, "task set '%s': asks for no core, no thread and no GPU; give it at least one",
            set->name);
    return 0;
}

static int check_set(const struct workflow *w, const struct task_set *set, struct error *err)
{
    if (set->n_tasks < 1)
        return error_set(err, "task set '%s': has no tasks; give it at least 1", set->name);
    if (!set->duration)
        return error_set(err, "task set '%s': has no duration", set->name);
    if (check_demand(set, err) != 0 || phases_check(set, err) != 0)
        return -1;
    for (size_t t = 0; set->durations && t < set->n_tasks; t++)
        if (!(set->durations[t] >= 0 && set->durations[t] <= DURATION_LARGEST_S))
            return error_set(err,
                             "task set '%s': duration of task %zu is %g; it must be from 0 to %g s",
                             set->name, t, set->durations[t], DURATION_LARGEST_S);
    for (size_t t = 0; set->release.kind == RELEASE_LIST && t < set->n_tasks; t++)
        if (!(set->release.list_s[t] >= 0 && set->release.list_s[t] <= DURATION_LARGEST_S))
            return error_set(err,
                             "task set '%s': release of task %zu is %g; it must be from 0 to %g s",
                             set->name, t, set->release.list_s[t], DURATION_LARGEST_S);
    for (size_t d = 0; d < set->n_dependencies; d++) {
        if (d > 0 && set->dependencies[d].parent == set->dependencies[d - 1].parent)
            return error_set(err, "task set '%s': comes after '%s' twice", set->name,
                             w->sets[set->dependencies[d].parent].name);
        if (task_deps_check(w, set, &set->dependencies[d], err) != 0)
            return -1;
    }
    return 0;
}

/* Follows parents that lie on a cycle until a set comes again, and prints the way in the direction
 * of the dependencies. */
static int refuse_cycle(const struct workflow *w, const char *what, struct error *err)
{
    size_t n = w->n_sets, length = 0, n_sorted;
    bool *sound = xcalloc(n, sizeof *sound);
    /* what could not be sorted has a circle above it */
    int *sorted = workflow_sort(w, &n_sorted);
    for (size_t i = 0; i < n_sorted; i++)
        sound[sorted[i]] = true;
    free(sorted);
    int *way = xcalloc(n + 1, sizeof *way), at = 0;
    size_t *visited = xcalloc(n, sizeof *visited);
    while (sound[at])
        at++;
    while (visited[at] == 0) {
        way[length++] = at;
        visited[at] = length;
        for (size_t d = 0; d < w->sets[at].n_dependencies; d++)
            if (!sound[w->sets[at].dependencies[d].parent]) {
                at = w->sets[at].dependencies[d].parent;
                break;
            }
    }
    struct str text = { 0 };
    str_add(&text, w->sets[at].name);
    for (size_t i = length; i-- > visited[at] - 1;)
        str_addf(&text, " -> %s", w->sets[way[i]].name);
    error_set(err, "workflow %s: %s wait for each other in a circle: %s", workflow_title(w), what,
              text.text);
    str_clear(&text);
    xfree(visited, way, sound);
    return -1;
}

/* Every set in exactly one place: `place` is the running number of the stage. */
static int mark_stage(const struct workflow *w, const struct stage *stage, const char *where,
                      int place, int *places, struct error *err)
{
    if (stage->n_sets == 0)
        return error_set(err, "workflow %s: %s: a stage is empty", workflow_title(w), where);
    for (size_t i = 0; i < stage->n_sets; i++) {
        if (places[stage->sets[i]] >= 0)
            return error_set(err, "workflow %s: %s: task set '%s' is listed twice",
                             workflow_title(w), where, w->sets[stage->sets[i]].name);
        places[stage->sets[i]] = place;
    }
    return 0;
}

static int check_missing(const struct workflow *w, const char *where, const int *places,
                         struct error *err)
{
    for (size_t s = 0; s < w->n_sets; s++)
        if (places[s] < 0)
            return error_set(err, "workflow %s: %s: task set '%s' is missing; list every set once",
                             workflow_title(w), where, w->sets[s].name);
    return 0;
}

/* Numbers the stages of all pipelines through and marks for each set the one it stands in. */
static int mark_pipelines(const struct workflow *w, int *places, int *n_stages, struct error *err)
{
    *n_stages = 0;
    for (size_t p = 0; p < w->n_pipelines; p++) {
        if (w->pipelines[p].n_stages == 0)
            return error_set(err, "workflow %s: pipeline '%s' has no stages", workflow_title(w),
                             w->pipelines[p].name);
        for (size_t k = 0; k < w->pipelines[p].n_stages; k++)
            if (mark_stage(w, &w->pipelines[p].stages[k], w->pipelines[p].name, (*n_stages)++,
                           places, err) != 0)
                return -1;
    }
    return check_missing(w, "pipelines", places, err);
}

static int mark_stages(const struct workflow *w, int *places, struct error *err)
{
    for (size_t k = 0; k < w->n_stages; k++)
        if (mark_stage(w, &w->stages[k], "stages", (int)k, places, err) != 0)
            return -1;
    return check_missing(w, "stages", places, err);
}

static int *no_places(const struct workflow *w)
{
    int *places = xcalloc(w->n_sets + 1, sizeof *places);
    for (size_t s = 0; s < w->n_sets; s++)
        places[s] = -1;
    return places;
}

static int check_stages(const struct workflow *w, struct error *err)
{
    int *places = no_places(w), status = mark_stages(w, places, err);
    for (size_t s = 0; s < w->n_sets && status == 0; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies && status == 0; d++) {
            int parent = w->sets[s].dependencies[d].parent;
            if (places[parent] >= places[s])
                status = error_set(err,
                                   "workflow %s: stages: '%s' (stage %d) comes after '%s' (stage "
                                   "%d), so it would wait for itself",
                                   workflow_title(w), w->sets[s].name, places[s] + 1,
                                   w->sets[parent].name,
                                   places[parent] + 1);
        }
    free(places);
    return status;
}

/* Pipelines wait for each other through `after` and through dependencies of their sets: the graph
 * of their stages must have no circle. */
static int check_pipeline_circle(const struct workflow *w, const int *places, int n_stages,
                                 struct error *err)
{
    struct workflow *stages = workflow_new(w->name, (size_t)n_stages);
    int k = 0;
    for (size_t p = 0; p < w->n_pipelines; p++)
        for (size_t i = 0; i < w->pipelines[p].n_stages; i++, k++) {
            stages->sets[k].name = str_format("%s, stage %zu", w->pipelines[p].name, i + 1);
            if (i > 0)
                workflow_add_dependency(&stages->sets[k], (struct dependency){ .parent = k - 1 });
            for (size_t a = 0; i == 0 && a < w->pipelines[p].n_after; a++) {
                const struct pipeline *before = &w->pipelines[w->pipelines[p].after[a]];
                int last = places[before->stages[before->n_stages - 1].sets[0]];
                workflow_add_dependency(&stages->sets[k], (struct dependency){ .parent = last });
            }
        }
    for (size_t s = 0; s < w->n_sets; s++)
        for (size_t d = 0; d < w->sets[s].n_dependencies; d++)
            workflow_add_dependency(
                &stages->sets[places[s]],
                (struct dependency){ .parent = places[w->sets[s].dependencies[d].parent] });
    size_t n_sorted;
    free(workflow_sort(stages, &n_sorted));
    int status =
        n_sorted < stages->n_sets ? refuse_cycle(stages, "stages of its pipelines", err) : 0;
    workflow_free(stages);
    return status;
}

static int check_pipelines(const struct workflow *w, struct error *err)
{
    int n_stages, *places = no_places(w), status = mark_pipelines(w, places, &n_stages, err);
    if (status == 0)
        status = check_pipeline_circle(w, places, n_stages, err);
    free(places);
    return status;
}

int workflow_check_places(const struct workflow *w, struct error *err)
{
    if (w->n_sets == 0)
        return error_set(err, "workflow %s: has no task sets", workflow_title(w));
    if (check_names(w, err) != 0)
        return -1;
    int n_stages, status = 0, *places = w->n_stages > 0 ? no_places(w) : NULL;
    if (places)
        status = mark_stages(w, places, err);
    free(places);
    places = status == 0 && w->n_pipelines > 0 ? no_places(w) : NULL;
    if (places)
        status = mark_pipelines(w, places, &n_stages, err);
    free(places);
    return status;
}

int workflow_check(const struct workflow *w, struct error *err)
{
    for (size_t s = 0; s < w->n_sets; s++)
        if (check_set(w, &w->sets[s], err) != 0)
            return -1;
    size_t n_sorted;
    free(workflow_sort(w, &n_sorted));
    if (n_sorted < w->n_sets)
        return refuse_cycle(w, "task sets", err);
    if (phases_check_services(w, err) != 0)
        return -1;
    if (w->n_stages > 0 && check_stages(w, err) != 0)
        return -1;
    return w->n_pipelines > 0 ? check_pipelines(w, err) : 0;
}
