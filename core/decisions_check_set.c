/* What cannot be decided of a task set: its number, whether it exists, what it cancels. Each in one
 * sentence. */
#include "core/workflow_impl.h"

static bool sizes_vary(const struct task_set *set)
{
    const struct set_decision *d = set->decided;
    return d && (d->count != COUNT_WRITTEN || d->by_task);
}

static int check_count(const struct workflow *w, int s, struct error *err)
{
    const struct task_set *set = &w->sets[s];
    int of = workflow_find_related(w, s, set->decided->of);
    if (set->durations || set->release.kind == RELEASE_LIST)
        return error_set(
            err,
            "task set '%s': has values a task, but how many tasks it has is decided at run time",
            set->name);
    if (!set->decided->of)
        return 0;
    if (of < 0)
        return workflow_refuse_set(w, "task set", set->name, set->decided->of, err);
    if (of == s || !workflow_comes_after(w, s, of))
        return error_set(
            err, "task set '%s': its number of tasks depends on '%s', so it must come after it",
            set->name, set->decided->of);
    return 0;
}

static int check_else(const struct workflow *w, int s, struct error *err)
{
    const struct set_decision *d = w->sets[s].decided;
    const char *name = w->sets[s].name;
    int other = workflow_find_related(w, s, d->otherwise);
    if (!d->otherwise)
        return 0;
    if (other < 0)
        return workflow_refuse_set(w, "task set", name, d->otherwise, err);
    const struct set_decision *its = w->sets[other].decided;
    if (other == s || (its && (its->conditional || (d->by_task && its->count != COUNT_WRITTEN))))
        return error_set(
            err, "task set '%s': `else` names '%s', which must be another set without `when`%s",
            name, d->otherwise, d->by_task ? " and without a number of its own" : "");
    if (workflow_loop_of(w, s) != workflow_loop_of(w, other))
        return error_set(err, "task set '%s': `else` names '%s', which must be in the same loop",
                         name, d->otherwise);
    for (int k = 0; k < s; k++)
        if (w->sets[k].decided &&
            workflow_find_related(w, k, w->sets[k].decided->otherwise) == other)
            return error_set(err, "task sets '%s' and '%s' have the same `else`", w->sets[k].name,
                             name);
    return 0;
}

static int check_cancels(const struct workflow *w, int s, struct error *err)
{
    const struct set_decision *d = w->sets[s].decided;
    for (size_t i = 0; i < d->n_cancels; i++) {
        int other = workflow_find_related(w, s, d->cancels[i]);
        if (other < 0)
            return workflow_refuse_set(w, "task set", w->sets[s].name, d->cancels[i], err);
        if (workflow_campaign_of(w, other) >= 0 || workflow_campaign_of(w, s) >= 0)
            return error_set(err,
                             "task set '%s': cancels '%s', but sets of a campaign neither cancel "
                             "nor are cancelled",
                             w->sets[s].name, d->cancels[i]);
        if (phases_count(&w->sets[other]) > 0 || w->sets[other].traits->service.serves)
            return error_set(err,
                             "task set '%s': cancels '%s', which moves data or is a service; only "
                             "sets with a duration alone can be cancelled",
                             w->sets[s].name, d->cancels[i]);
        if (other == s || workflow_comes_after(w, s, other))
            return error_set(err, "task set '%s': cancels '%s', which has ended when it is done",
                             w->sets[s].name, d->cancels[i]);
    }
    return 0;
}

/* Which task waits for which must be known where the sizes are not. */
static int check_kinds(const struct workflow *w, int s, struct error *err)
{
    const struct task_set *set = &w->sets[s];
    for (size_t i = 0; i < set->n_dependencies; i++) {
        const struct dependency *d = &set->dependencies[i];
        const struct task_set *parent = &w->sets[d->parent];
        bool vary = sizes_vary(set) || sizes_vary(parent);
        if (d->kind != DEPENDENCY_ALL && vary)
            return error_set(err,
                             "task set '%s': comes after '%s' task by task, but their numbers are "
                             "decided at run time; kind `each` is for a number `per` that set",
                             set->name, parent->name);
    }
    return 0;
}

int workflow_check_decided_set(const struct workflow *w, int s, struct error *err)
{
    const struct set_decision *d = w->sets[s].decided;
    if (check_kinds(w, s, err) != 0)
        return -1;
    if (!d)
        return 0;
    if (d->by_task && (w->sets[s].durations || w->sets[s].release.kind == RELEASE_LIST))
        return error_set(
            err, "task set '%s': has values a task, but which tasks exist is decided at run time",
            w->sets[s].name);
    if (check_count(w, s, err) != 0 || check_else(w, s, err) != 0)
        return -1;
    return check_cancels(w, s, err);
}
