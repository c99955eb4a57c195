/* Flows and services: in each period in which one is in use without a gap it serves no more than
 * its rate, and (a flow of the machine whose users are not limited otherwise) no less. A service
 * has the rate of those of its tasks that serve. O(phases log phases) */
#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "core/phases.h"
#include "core/timeline_check_impl.h"
#include "core/timeline_phases.h"

static const double tolerance = 1e-7; /* relative: of sums of amounts */

struct change { /* of who uses a flow, or serves */
    uint32_t node; /* of a flow per node; else 0 */
    double time_s;
    int users, servers;
    double amount; /* that a user had when it ended */
    bool limited; /* it may have left some of the rate unused, or what it had is not known */
};
struct flow_log {
    const char *name;
    double rate; /* of the flow, of one server */
    int service; /* its set; -1 */
    bool per_node;
    bool unseen; /* others may have used it, who have no record */
    size_t n, room;
    struct change *at;
};

/* At equal times who begins goes first. */
SORT_ORDER(compare_changes, struct change,
           SORT_FIRST(node) SORT_FIRST(time_s) SORT_DOWN(users) SORT_LAST_DOWN(servers))

static void add(struct flow_log *l, struct change c)
{
    xgrow(&l->at, &l->room, l->n + 1, sizeof *l->at);
    l->at[l->n++] = c;
}

static void add_user(struct flow_log *l, const struct timeline_phase *p, uint32_t node,
                     double share, bool limited)
{
    double amount = (p->kind == PHASE_COMPUTES ? p->amount * p->full_rate : p->amount) * share;
    limited |= isnan(amount) || p->kind == PHASE_COMPUTES || !(p->full_rate >= l->rate);
    add(l, (struct change){ .node = node, .time_s = p->from_s, .users = 1 });
    add(l, (struct change){ .node = node,
                            .time_s = p->to_s,
                            .users = -1,
                            .amount = isnan(amount) ? 0 : amount,
                            .limited = limited });
}

/* Each node moves what the task's slots there are of all of them; without slots, equal parts. */
static void add_to_nodes(struct flow_log *l, const struct timeline *t, size_t i,
                         const struct timeline_phase *p)
{
    struct timeline_slots s;
    double slots = 0, parts = 0;
    for (bool more = timeline_slots_first(t, i, &s); more; more = timeline_slots_next(&s), parts++)
        slots += (double)s.n_cores;
    for (bool more = timeline_slots_first(t, i, &s); more; more = timeline_slots_next(&s))
        if (slots == 0 || s.n_cores > 0)
            add_user(l, p, s.node, slots > 0 ? (double)s.n_cores / slots : 1 / parts, parts > 1);
}

static void add_phase(struct flow_log *l, const struct timeline *t, size_t i,
                      const struct timeline_phase *p)
{
    if (p->kind == PHASE_SERVES) {
        add(l, (struct change){ .time_s = p->from_s, .servers = 1 });
        add(l, (struct change){ .time_s = p->to_s, .servers = -1 });
    } else if (p->kind != PHASE_LOADS && l->per_node) {
        add_to_nodes(l, t, i, p);
    } else if (p->kind != PHASE_LOADS) {
        add_user(l, p, 0, 1, false);
    }
}

struct period { /* in use without a gap */
    const struct change *began;
    double served, could;
    bool limited;
};

static int check_period(const struct flow_log *l, const struct timeline *t, const struct period *p,
                        double to_s, struct error *err)
{
    bool above = p->served > p->could * (1 + tolerance) + tolerance * l->rate;
    bool below = !p->limited && !l->unseen && l->service < 0 &&
                 p->served < p->could * (1 - tolerance) - tolerance * l->rate;
    if (!above && !below)
        return 0;
    char *node = l->per_node ? platform_node_name(t->platform, p->began->node) : NULL;
    error_set(err, "flow '%s'%s%s: serves %.9g from %.9g to %.9g s, while its rate gives %.9g",
              l->name, node ? " of node " : "", node ? node : "", p->served, p->began->time_s, to_s,
              p->could);
    free(node);
    return -1;
}

static int check_log(struct flow_log *l, const struct timeline *t, struct error *err)
{
    int users = 0, servers = 0, status = 0;
    struct period p = { .began = NULL };
    sort_items(l->at, l->n, sizeof *l->at, compare_changes);
    for (size_t k = 0; k < l->n && status == 0; k++) {
        const struct change *c = &l->at[k];
        if (users > 0)
            p.could += (l->service < 0 ? 1 : servers) * l->rate * (c->time_s - l->at[k - 1].time_s);
        else if (c->users > 0)
            p = (struct period){ .began = c };
        users += c->users;
        servers += c->servers;
        p.served += c->amount;
        p.limited |= c->limited;
        if (c->users < 0 && users == 0)
            status = check_period(l, t, &p, c->time_s, err);
    }
    return status;
}

/* Records have all that was staged, but of a task that a session's end keeps from another attempt:
 * that may have been staged in. */
static bool uses_unseen(const struct timeline *t, size_t record, const char *flow)
{
    const struct task_set *set =
        &t->workflow->sets[workflow_set_of_task(t->workflow, t->records[record].task)];
    bool again = t->status[record] == TASK_FAILED || t->status[record] == TASK_KILLED;
    for (size_t k = 0; again && k < phases_count(set); k++) {
        const struct phase *phase = phases_at(set, k);
        if (phase->staging != STAGING_OUTSIDE)
            break;
        if (str_equal(phase->flow, flow))
            return true;
    }
    return false;
}

static int check_flow(const struct timeline *t, uint16_t name, struct error *err)
{
    struct flow_log l = { .name = timeline_flow_name(t, name) };
    const struct flow_rule *flow = phases_flow(t->platform, l.name);
    struct timeline_phase *p;
    l.service = timeline_service_called(t, l.name);
    if (l.service < 0 ? !flow || isinf(flow->rate)
                      : t->workflow->sets[l.service].traits->service.unbounded)
        return 0;
    l.rate = l.service >= 0 ? t->workflow->sets[l.service].traits->service.rate : flow->rate;
    l.per_node = l.service < 0 && flow->per == FLOW_PER_NODE;
    size_t *last = timeline_last_attempts(t);
    for (size_t i = 0; i < t->n; i++) {
        l.unseen |= last[t->records[i].task] == i && uses_unseen(t, i, l.name);
        for (size_t k = 0, n = timeline_phases_of(t, i, &p); k < n; k++)
            if (p[k].name == name)
                add_phase(&l, t, i, &p[k]);
    }
    int status = check_log(&l, t, err);
    xfree(l.at, last);
    return status;
}

int timeline_check_flows(const struct timeline *t, struct error *err)
{
    for (size_t name = 1; name < timeline_flow_names(t); name++)
        if (check_flow(t, (uint16_t)name, err))
            return -1;
    return 0;
}
