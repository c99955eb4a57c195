#include "sim/flows.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

struct use {
    uint32_t flow, user;                 /* its number in the flow */
    uint32_t owner;
    uint32_t next;                       /* of its owner's; unused: in the free list */
};

struct due { double time_s; uint32_t flow; };

struct flows {
    struct driver *drive;
    const struct platform *platform;
    const struct workflow *workflow;
    uint32_t n_rules;                    /* the platform's, then one a set if some serve */
    size_t *n_serving;                   /* tasks of each set that serve; NULL: none can */
    uint32_t *first;                     /* of each rule's flows; one more */
    struct flow **at;
    struct due *due;                     /* a heap of the flows, by when their next use ends */
    uint32_t *place;                     /* of each flow in the heap */
    uint32_t n;
    struct use *uses;
    size_t n_uses, room;
    uint32_t unused;
};

struct flows *flows_new(struct driver *d)
{
    struct flows *f = xcalloc(1, sizeof *f);
    const struct platform *p = d->scenario.platform;
    f->drive = d;
    f->platform = p;
    f->workflow = d->scenario.workflow;
    f->n_rules = (uint32_t)(p->n_flows + (f->workflow->n_services > 0 ? f->workflow->n_sets : 0));
    if (f->workflow->n_services > 0)
        f->n_serving = xcalloc(f->workflow->n_sets, sizeof *f->n_serving);
    f->first = xcalloc(f->n_rules + 1, sizeof *f->first);
    for (uint32_t i = 0; i < f->n_rules; i++)
        f->first[i + 1] = f->first[i] + (flows_is_per_node(f, i) ? (uint32_t)p->n_nodes : 1);
    f->n = f->first[f->n_rules];
    f->at = xcalloc(f->n, sizeof(struct flow *));
    f->due = xcalloc(f->n, sizeof *f->due);
    f->place = xcalloc(f->n, sizeof *f->place);
    for (size_t k = 0; k < f->n; k++)
        f->at[k] = flow_new(0, 0);
    return f;
}

void flows_free(struct flows *f)
{
    if (!f)
        return;
    for (size_t k = 0; k < f->n; k++)
        flow_free(f->at[k]);
    xfree(f->at, f->first, f->n_serving, f->due, f->place, f->uses, f);
}

static void put(struct flows *f, uint32_t place, struct due due)
{
    f->due[place] = due;
    f->place[due.flow] = place;
}

static bool is_before(struct due a, struct due b)
{
    return a.time_s != b.time_s ? a.time_s < b.time_s : a.flow < b.flow;
}

void flows_begin(struct flows *f)
{
    for (uint32_t i = 0; i < f->n_rules; i++) {
        bool own = i < f->platform->n_flows;
        struct flow_rule rule = own ? f->platform->flows[i] : (struct flow_rule){ .at_once = 1 };
        for (uint32_t k = f->first[i]; k < f->first[i + 1]; k++) {
            flow_reset(f->at[k], rule.rate, (size_t)rule.at_once);
            put(f, k, (struct due){ INFINITY, k });
        }
    }
    for (size_t s = 0; f->n_serving && s < f->workflow->n_sets; s++)
        f->n_serving[s] = 0;
    f->n_uses = 0;
    f->unused = NO_FLOW;
}

static uint32_t flows_of_service(const struct flows *f, int set)
{
    return (uint32_t)f->platform->n_flows + (uint32_t)set;
}

uint32_t flows_find(const struct flows *f, const struct task_set *set, const struct phase *phase)
{
    int service = phases_service(f->workflow, set, phase->flow);
    return service >= 0
               ? flows_of_service(f, service)
               : (uint32_t)(phases_flow(f->platform, phase->flow) - f->platform->flows);
}

uint32_t flows_of_slowdown(const struct flows *f, const struct task_set *set)
{
    const struct flow_rule *flow =
        set->traits->slowdown.flow ? phases_flow(f->platform, set->traits->slowdown.flow) : NULL;
    return flow ? (uint32_t)(flow - f->platform->flows) : NO_FLOW;
}

static const struct service_rule *service_of(const struct flows *f, uint32_t rule)
{
    return &f->workflow->sets[rule - f->platform->n_flows].traits->service;
}

double flows_cap(const struct flows *f, uint32_t rule)
{
    return rule < f->platform->n_flows ? INFINITY : service_of(f, rule)->rate;
}

double flows_rate(const struct flows *f, uint32_t rule)
{
    return rule < f->platform->n_flows ? f->platform->flows[rule].rate : service_of(f, rule)->rate;
}

static uint32_t number_of(const struct flows *f, uint32_t rule, uint32_t node)
{
    return f->first[rule] + (flows_is_per_node(f, rule) ? node : 0);
}

bool flows_is_per_node(const struct flows *f, uint32_t rule)
{
    return rule < f->platform->n_flows && f->platform->flows[rule].per == FLOW_PER_NODE;
}

/* The flow's next end has changed; the engine's timer is that of the first. */
static void arm(struct flows *f, uint32_t flow)
{
    struct due due = { flow_next_s(f->at[flow]), flow };
    uint32_t place = f->place[flow];
    for (; place > 0 && is_before(due, f->due[(place - 1) / 2]); place = (place - 1) / 2)
        put(f, place, f->due[(place - 1) / 2]);
    for (uint32_t child; (child = 2 * place + 1) < f->n; place = child) {
        if (child + 1 < f->n && is_before(f->due[child + 1], f->due[child]))
            child++;
        if (!is_before(f->due[child], due))
            break;
        put(f, place, f->due[child]);
    }
    put(f, place, due);
    f->drive->engine.timer =
        (struct event){ .time_s = f->due[0].time_s, .rank = EVENT_FLOW, .subject = f->due[0].flow };
}

/* Without a server one request waits in front, so that they keep their order. */
void flows_serve(struct flows *f, int set, int more)
{
    const struct service_rule *s = &f->workflow->sets[set].traits->service;
    uint32_t flow = f->first[flows_of_service(f, set)];
    size_t n = f->n_serving[set] += (size_t)more,
           at_once = n == 0 ? 1 : n * (size_t)s->at_once;
    double rate = n > 0 && s->unbounded ? INFINITY : (double)n * s->rate;
    flow_set_rate(f->at[flow], f->drive->engine.now_s, rate, at_once);
    arm(f, flow);
}

static uint32_t new_use(struct flows *f)
{
    uint32_t use = f->unused;
    if (use != NO_FLOW) {
        f->unused = f->uses[use].next;
        return use;
    }
    xgrow(&f->uses, &f->room, f->n_uses + 1, sizeof *f->uses);
    return (uint32_t)f->n_uses++;
}

static void forget(struct flows *f, uint32_t use)
{
    f->uses[use].next = f->unused;
    f->unused = use;
}

uint32_t flows_use(struct flows *f, uint32_t rule, uint32_t node, double amount, double cap,
                   uint32_t owner)
{
    uint32_t use = new_use(f), flow = number_of(f, rule, node);
    f->uses[use] = (struct use){ .flow = flow, .owner = owner, .next = NO_FLOW };
    f->uses[use].user = flow_join(f->at[flow], f->drive->engine.now_s, amount, cap, use);
    arm(f, flow);
    return use;
}

void flows_link(struct flows *f, uint32_t use, uint32_t *first)
{
    f->uses[use].next = *first;
    *first = use;
}

double flows_stop(struct flows *f, uint32_t *first)
{
    double left = 0;
    while (*first != NO_FLOW) {
        struct use *u = &f->uses[*first];
        uint32_t use = *first, flow = u->flow;
        *first = u->next;
        left += flow_leave(f->at[flow], f->drive->engine.now_s, u->user);
        forget(f, use);
        arm(f, flow);
    }
    return left;
}

uint32_t flows_ended(struct flows *f, struct event ev)
{
    uint32_t use, flow = ev.subject;
    if (flow_pop(f->at[flow], f->drive->engine.now_s, &use))
        return use;
    arm(f, flow);
    return NO_FLOW;
}

uint32_t flows_owner(const struct flows *f, uint32_t use)
{
    return f->uses[use].owner;
}

void flows_drop(struct flows *f, uint32_t use, uint32_t *first)
{
    while (*first != use)
        first = &f->uses[*first].next;
    *first = f->uses[use].next;
    forget(f, use);
}
