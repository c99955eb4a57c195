#include "core/phases.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/platform.h"
#include "core/workflow_impl.h"

static int check_staging(const struct task_set *set, struct error *err)
{
    size_t n = phases_count(set), first = 0, last = n;
    while (first < n && phases_at(set, first)->staging == STAGING_OUTSIDE)
        first++;
    while (last > first && phases_at(set, last - 1)->staging == STAGING_OUTSIDE)
        last--;
    for (size_t k = first; k < last; k++)
        if (phases_at(set, k)->staging == STAGING_OUTSIDE)
            return error_set(err, "task set '%s': phase %zu is staged outside, but lies between "
                             "phases that hold slots; only the first and the last ones can be",
                             set->name, k + 1);
    if (n > 0 && first == last)
        return error_set(err, "task set '%s': all its phases are staged outside; at least one must "
                         "hold slots", set->name);
    return 0;
}

static int check_service(const struct task_set *set, struct error *err)
{
    if (!set->traits->service.serves)
        return 0;
    if (phases_count(set) > 0)
        return error_set(err, "task set '%s': is a service and has phases; give the time until it "
                         "serves as `ready`", set->name);
    if (set->durations || set->traits->failure_probability > 0)
        return error_set(err, "task set '%s': is a service, which lasts until no client can come; "
                         "leave out its %s", set->name,
                         set->durations ? "durations" : "failure_probability");
    return 0;
}

int phases_check(const struct task_set *set, struct error *err)
{
    const struct task_phases *p = task_phases_of(set);
    if (check_service(set, err) != 0)
        return -1;
    if (set->traits->slowdown.flow &&
        (set->traits->checkpoint.interval_s > 0 || set->traits->service.serves))
        return error_set(err, "task set '%s': has a slowdown and %s; leave one out", set->name,
                         set->traits->service.serves ? "is a service" : "checkpoints");
    if (p->n > 0 && (p->input.flow || p->output.flow))
        return error_set(err, "task set '%s': has `phases` and `%s`; write all of them in `phases`",
                         set->name, p->input.flow ? "input" : "output");
    size_t durations = 0;
    for (size_t k = 0; k < p->n; k++)
        durations += phases_is_duration(&p->list[k]);
    if (durations > 1)
        return error_set(err, "task set '%s': %zu of its phases compute \"duration\"; only one can",
                         set->name, durations);
    return check_staging(set, err);
}

static int check_clients(const struct workflow *w, int service, struct error *err)
{
    bool *after = xcalloc(w->n_sets, sizeof *after), any = false;
    bool *before = xcalloc(w->n_sets, sizeof *before);
    const char *name = w->sets[service].name;
    int status = 0;
    after[service] = before[service] = true;
    workflow_mark_after(w, after);
    workflow_mark_before(w, before);
    for (size_t i = 0; i < w->n_sets && status == 0; i++)
        if (phases_is_client(w, &w->sets[i], service)) {
            any = true;
            if (after[i])
                status = error_set(err, "task set '%s': comes after the service '%s', which ends "
                                   "only when its clients have; leave out the dependency",
                                   w->sets[i].name, name);
            else if (before[i])
                status = error_set(err,
                                   "task set '%s': is a service that comes after its client '%s', "
                                   "which waits for it; leave out the dependency",
                                   name, w->sets[i].name);
        }
    xfree(after, before);
    if (status == 0 && !any)
        status = error_set(err, "task set '%s': is a service without clients; add a phase "
                           "{\"flow\": \"%s\", \"amount\": 1} to the sets that use it", name, name);
    return status;
}

int phases_check_services(const struct workflow *w, struct error *err)
{
    int status = 0;
    for (size_t i = 0; w->n_services > 0 && i < w->n_sets && status == 0; i++)
        if (w->sets[i].traits->service.serves)
            status = check_clients(w, (int)i, err);
    return status;
}

int phases_check_flows(const struct workflow *w, const struct platform *p,
                       const struct task_set *set, struct error *err)
{
    if (set->traits->slowdown.flow && !phases_flow(p, set->traits->slowdown.flow))
        return error_set(err,
                         "task set '%s': platform %s has no flow '%s', which is to slow it down; "
                         "add it to `flows`",
                         set->name, platform_title(p), set->traits->slowdown.flow);
    for (size_t k = 0, n = phases_count(set); k < n; k++) {
        const struct phase *phase = phases_at(set, k);
        const struct flow_rule *flow = phase->flow ? phases_flow(p, phase->flow) : NULL;
        bool serves = phase->flow && phases_service(w, set, phase->flow) >= 0;
        if (flow && serves)
            return error_set(err, "task set '%s': '%s' is a service of the workflow and a flow of "
                             "platform %s; rename one", set->name, phase->flow, platform_title(p));
        if (serves && phase->bytes)
            return error_set(err, "task set '%s': uses the service '%s' for an amount of bytes; "
                             "give a number of requests", set->name, phase->flow);
        if (serves)
            continue;
        if (flow && flow->per == FLOW_PER_NODE && phase->staging == STAGING_OUTSIDE)
            return error_set(err, "task set '%s': is staged outside of its slots on flow '%s', "
                             "which is a node's; outside, a task has no node", set->name,
                             phase->flow);
        if (!phase->flow || flow)
            continue;
        if (!phase->bytes && p->n_flows == 0)
            return error_set(
                err,
                "task set '%s': asks '%s', but this session has no service of that name (one must "
                "lie in the same loop, and `when` must not leave it out), and platform %s no flow",
                set->name, phase->flow, platform_title(p));
        struct str known = { 0 };
        for (size_t i = 0; i < p->n_flows; i++)
            str_addf(&known, "%s'%s'", i ? ", " : "", p->flows[i].name);
        error_set(err, "task set '%s': platform %s has no flow '%s'; %s%s", set->name,
                  platform_title(p),
                  phase->flow, known.text ? "it has " : "add `flows` to it",
                  known.text ? known.text : "");
        str_clear(&known);
        return -1;
    }
    return 0;
}
