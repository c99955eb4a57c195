/* What runs when a decision has made another workflow of the run's: it goes on, with its slots. */
#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "drive/decide.h"
#include "validation/executor/run_impl.h"

bool run_hands_on(const struct run *r)
{
    return r->plan->carried && r->drive.decide && decide_has_found(r->drive.decide) && !r->failed &&
           !r->out.interrupted && !r->out.stopped;
}

static struct carried_attempt carried_of(struct run *r, uint32_t id)
{
    const struct attempt *a = &r->drive.attempts.at[id];
    const struct task_set *set = &r->drive.scenario.workflow->sets[a->set];
    struct slot_demand d = platform_slots(r->drive.scenario.platform, &set->traits->demand);
    struct timeline_record t = driver_record(&r->drive, a, NAN);
    return (struct carried_attempt){
        .id = id, .task = a->task, .number = a->number, .set = xstrdup(set->name),
        .submitted_s = t.submitted_s, .arrived_s = t.arrived_s, .scheduled_s = a->scheduled_s,
        .cancelled = a->cancelled, .handed = r->handed[id],
        .slots = grant_slots_of(dispatch_pool(r->drive.dispatch), a->grant, &d) };
}

void run_carry(struct run *r)
{
    struct run_carried *c = r->plan->carried;
    *c = (struct run_carried){ .executor = r->executor,
                               .n_ids = (uint32_t)r->drive.attempts.n,
                               .at = xcalloc(r->n_handed + 1, sizeof *c->at) };
    for (uint32_t id = 0; id < r->n_handed; id++)
        if (r->handed[id].stray)         /* it still has not ended */
            c->at[c->n++] = (struct carried_attempt){ .id = id, .handed = r->handed[id] };
        else if (r->handed[id].live)
            c->at[c->n++] = carried_of(r, id);
    r->executor = NULL;
}

static void clear(struct run_carried *c)
{
    for (size_t i = 0; i < c->n; i++) {
        free(c->at[i].set);
        grant_slots_clear(&c->at[i].slots);
    }
    free(c->at);
    *c = (struct run_carried){ 0 };
}

static struct pool_part *pool_parts(const struct grant_slots *g)
{
    struct pool_part *parts = xcalloc(g->n + 1, sizeof *parts);
    for (size_t i = 0; i < g->n; i++)
        parts[i] = (struct pool_part){ g->parts[i].node, g->parts[i].ranks, g->parts[i].n_slots,
                                       g->parts[i].n_gpus, g->parts[i].slots, g->parts[i].gpus };
    return parts;
}

/* False: the decision has left no such task. `parts`: of it; free() them. */
static bool running_of(const struct run *r, const struct carried_attempt *c,
                       struct driver_running *out, struct pool_part **parts)
{
    const struct workflow *w = r->drive.scenario.workflow;
    int set = c->set ? workflow_find_set(w, c->set) : -1;
    if (set < 0 || c->task >= w->sets[set].n_tasks)
        return false;
    *parts = pool_parts(&c->slots);
    *out = (struct driver_running){ .id = c->id, .set = (uint32_t)set, .task = c->task,
                                    .number = c->number, .submitted_s = c->submitted_s,
                                    .arrived_s = c->arrived_s, .scheduled_s = c->scheduled_s,
                                    .cancelled = c->cancelled, .n_parts = c->slots.n,
                                    .parts = *parts };
    return true;
}

static void take_up_handed(struct run *r, const struct carried_attempt *c, bool stray)
{
    struct handed *h = &r->handed[c->id];
    *h = c->handed;
    if (stray && !h->stray)
        r->plan->backend->stop(r->executor, c->id, true);
    h->live = !stray;
    h->stray = stray;
    if (!stray && h->deadline_s < INFINITY)
        driver_push(&r->drive, h->deadline_s, EVENT_DEADLINE, c->id);
}

void run_take_up(struct run *r)
{
    struct run_carried *c = r->plan->carried;
    if (!c || !c->executor)
        return;
    struct driver_running *list = xcalloc(c->n + 1, sizeof *list);
    struct pool_part **parts = xcalloc(c->n + 1, sizeof *parts);
    bool *taken = xcalloc(c->n_ids + 1, sizeof *taken);
    size_t n = 0;
    r->executor = c->executor;
    r->handed = xcalloc(c->n_ids + 1, sizeof *r->handed);
    r->n_handed = r->handed_room = c->n_ids;
    for (size_t i = 0; i < c->n; i++) {
        bool found = running_of(r, &c->at[i], &list[n], &parts[n]);
        take_up_handed(r, &c->at[i], !found);
        taken[c->at[i].id] = true;
        n += found;
    }
    driver_adopt(&r->drive, list, n, c->n_ids);
    for (uint32_t id = 0; id < c->n_ids; id++)
        if (!taken[id])
            driver_return_id(&r->drive, id);
    for (size_t i = 0; i < n; i++)
        free(parts[i]);
    xfree(parts, taken, list);
    clear(c);
}

void run_carried_end(const struct run_plan *plan)
{
    if (plan->carried && plan->carried->executor)
        plan->backend->close(plan->carried->executor);
    if (plan->carried)
        clear(plan->carried);
}
