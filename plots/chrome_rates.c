/* Counters of flows and services, from the phases of a timeline (core/timeline_phases.h). Users who
 * share a flow fairly use the rate that is least of the flow's and the sum of what each could take.
 */
#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/phases.h"
#include "core/timeline_phases.h"
#include "plots/chrome_trace_impl.h"

#define UNKNOWN UINT32_MAX
enum state { TO_COME, SERVED, QUEUES, GONE };
struct user {
    double cap;
    uint32_t counter;
    enum state state;
};

struct rate_counter { /* of one flow: of the machine, or of one node */
    char *name; /* JSON, without its quotes */
    uint32_t pid;
    double rate; /* of the flow, or of one task of the service */
    int at_once; /* 0: all */
    bool service;
    size_t servers, n_served, n_waiting;
    double caps; /* of those served, each at most the rate */
    struct min_heap line; /* who waits, by when they came; those gone are among them */
    double at_s; /* of the step that is still to be written; NAN: none is */
};

/* Many members: counters and users, each a growing array, and whose they are. */
struct trace_rates {
    const struct workflow *workflow;
    const struct platform *platform;
    uint32_t machine_pid;
    bool holds_all; /* phases may begin before their task starts */
    size_t n_named, named_room;
    struct named {
        char *name;
        uint32_t *counter;
    } * named; /* by place, UNKNOWN at first: its counter; NULL: its rate is not known */
    size_t n_counters, counter_room;
    struct rate_counter *counters;
    size_t n_users, user_room;
    struct user *users;
    struct min_heap changes; /* when; user << 2 | enum change */
};
enum change { BEGINS, ENDS, SERVES, LEAVES }; /* the last two: of a server, with its counter */

struct trace_rates *trace_rates_new(const struct workflow *w, const struct platform *p,
                                    uint32_t machine_pid)
{
    struct trace_rates *r = xcalloc(1, sizeof *r);
    r->workflow = w;
    r->platform = p;
    r->machine_pid = machine_pid;
    for (size_t s = 0; s < w->n_sets; s++)
        for (size_t k = 0, n = phases_count(&w->sets[s]); k < n; k++)
            r->holds_all |= phases_at(&w->sets[s], k)->staging == STAGING_OUTSIDE;
    return r;
}

void trace_rates_free(struct trace_rates *r)
{
    for (size_t i = 0; i < r->n_counters; i++) {
        free(r->counters[i].name);
        min_heap_clear(&r->counters[i].line);
    }
    xfree(r->counters, r->users);
    min_heap_clear(&r->changes);
    for (size_t i = 0; i < r->n_named; i++) {
        xfree(r->named[i].name, r->named[i].counter);
    }
    xfree(r->named, r);
}

/* ---- one counter ---- */

static double used(const struct rate_counter *c)
{
    double most = c->service ? (double)c->servers * c->rate : c->rate;
    return c->n_served == 0 ? 0 : fmin(most, c->caps);
}

static void write_step(const struct rate_counter *c, struct json_out *o)
{
    const char *unit = c->service ? "requests/s" : "MiB/s";
    if (isnan(c->at_s))
        return;
    char *rate = str_format("%s [%s]", c->name, unit), *users = str_format("%s: users", c->name);
    trace_write_step(o, rate, c->pid, c->at_s, unit, used(c));
    trace_write_step(o, users, c->pid, c->at_s, "users", (double)(c->n_served + c->n_waiting));
    xfree(rate, users);
}

static size_t room_of(const struct rate_counter *c)
{
    size_t most = c->service ? c->servers * (size_t)c->at_once : (size_t)c->at_once;
    if (c->service && c->servers == 0)
        return 0;
    return c->at_once == 0 || c->n_served >= most ? (c->at_once == 0 ? SIZE_MAX : 0)
                                                  : most - c->n_served;
}

static void serve_next(struct trace_rates *r, struct rate_counter *c)
{
    while (c->line.n > 0 && room_of(c) > 0) {
        struct user *u = &r->users[min_heap_pop(&c->line).value];
        if (u->state != QUEUES)
            continue;
        u->state = SERVED;
        c->n_waiting--;
        c->n_served++;
        c->caps += u->cap;
    }
}

static void change(struct trace_rates *r, struct json_out *o, struct heap_item item)
{
    enum change what = (enum change)(item.value & 3);
    size_t id = (size_t)(item.value >> 2);
    struct user *u = what < SERVES ? &r->users[id] : NULL;
    struct rate_counter *c = &r->counters[u ? u->counter : id];
    if (c->at_s != item.key)
        write_step(c, o);
    c->at_s = item.key;
    if (what == BEGINS) {
        u->state = QUEUES;
        c->n_waiting++;
        min_heap_push(&c->line, (struct heap_item){ item.key, id });
    } else if (what == ENDS) {
        c->n_waiting -= u->state == QUEUES;
        c->n_served -= u->state == SERVED;
        c->caps = c->n_served == 0 ? 0 : c->caps - (u->state == SERVED ? u->cap : 0);
        u->state = GONE;
    } else {
        c->servers = what == SERVES ? c->servers + 1 : c->servers - 1;
    }
    serve_next(r, c);
}

static void change_until(struct trace_rates *r, struct json_out *o, double before_s)
{
    while (r->changes.n > 0 && r->changes.items[0].key < before_s)
        change(r, o, min_heap_pop(&r->changes));
}

/* ---- what records do ---- */

static bool describe(const struct trace_rates *r, const char *name, struct rate_counter *c)
{
    const struct flow_rule *flow = phases_flow(r->platform, name);
    *c = (struct rate_counter){ .pid = r->machine_pid, .at_s = NAN };
    for (size_t s = 0; r->workflow->n_services > 0 && s < r->workflow->n_sets; s++)
        if (r->workflow->sets[s].traits->service.serves &&
            !r->workflow->sets[s].traits->service.unbounded &&
            str_equal(r->workflow->sets[s].name, name)) {
            c->service = true;
            c->rate = r->workflow->sets[s].traits->service.rate;
            c->at_once = r->workflow->sets[s].traits->service.at_once;
            return true;
        }
    if (!flow || isinf(flow->rate))
        return false;
    c->rate = flow->rate;
    c->at_once = flow->at_once;
    return true;
}

/* Where the counters of a flow are: one for each node, or one. */
static const struct named *named(struct trace_rates *r, const char *name, size_t places)
{
    struct rate_counter unused;
    for (size_t i = 0; i < r->n_named; i++)
        if (str_equal(r->named[i].name, name))
            return &r->named[i];
    xgrow(&r->named, &r->named_room, r->n_named + 1, sizeof *r->named);
    struct named *n = &r->named[r->n_named++];
    *n = (struct named){ .name = xstrdup(name) };
    if (describe(r, name, &unused)) {
        n->counter = xcalloc(places, sizeof *n->counter);
        for (size_t k = 0; k < places; k++)
            n->counter[k] = UNKNOWN;
    }
    return n;
}

/* The counter of a flow on a node, or of the machine's; NULL: its rate is not known, or unbounded.
 */
static struct rate_counter *counter_of(struct trace_rates *r, const char *name, uint32_t node)
{
    const struct flow_rule *flow = phases_flow(r->platform, name);
    bool per_node = flow && flow->per == FLOW_PER_NODE;
    const struct named *n = named(r, name, per_node ? r->platform->n_nodes : 1);
    if (!n->counter)
        return NULL;
    uint32_t *counter = &n->counter[per_node ? node : 0];
    if (*counter == UNKNOWN) {
        struct rate_counter c;
        describe(r, name, &c);
        c.name = xstrdup(name);
        c.pid = per_node ? TRACE_NODE + node : r->machine_pid;
        xgrow(&r->counters, &r->counter_room, r->n_counters + 1, sizeof *r->counters);
        *counter = (uint32_t)r->n_counters;
        r->counters[r->n_counters++] = c;
    }
    return &r->counters[*counter];
}

static void add_user(struct trace_rates *r, struct rate_counter *c, const struct timeline_phase *p,
                     double share)
{
    double cap = fmin(isnan(p->full_rate) ? c->rate : p->full_rate * share, c->rate);
    xgrow(&r->users, &r->user_room, r->n_users + 1, sizeof *r->users);
    r->users[r->n_users] =
        (struct user){ .cap = cap, .counter = (uint32_t)(c - r->counters), .state = TO_COME };
    min_heap_push(&r->changes, (struct heap_item){ p->from_s, (uint64_t)r->n_users << 2 | BEGINS });
    min_heap_push(&r->changes, (struct heap_item){ p->to_s, (uint64_t)r->n_users++ << 2 | ENDS });
}

static void add_server(struct trace_rates *r, const struct rate_counter *c,
                       const struct timeline_phase *p)
{
    uint64_t counter = (uint64_t)(c - r->counters) << 2;
    min_heap_push(&r->changes, (struct heap_item){ p->from_s, counter | SERVES });
    min_heap_push(&r->changes, (struct heap_item){ p->to_s, counter | LEAVES });
}

static void add_phase(struct trace_rates *r, const struct timeline *t, size_t record,
                      const struct timeline_phase *p)
{
    const char *name = timeline_flow_name(t, p->name);
    const struct flow_rule *flow = phases_flow(r->platform, name);
    struct timeline_slots s;
    double slots = 0;
    if (p->name == 0 || p->kind == PHASE_LOADS)
        return;
    if (!flow || flow->per == FLOW_PER_MACHINE) {
        struct rate_counter *c = counter_of(r, name, 0);
        if (c && p->kind == PHASE_SERVES)
            add_server(r, c, p);
        else if (c)
            add_user(r, c, p, 1);
        return;
    }
    for (bool more = timeline_slots_first(t, record, &s); more; more = timeline_slots_next(&s))
        slots += (double)s.n_cores;
    for (bool more = timeline_slots_first(t, record, &s); more; more = timeline_slots_next(&s)) {
        struct rate_counter *c = counter_of(r, name, s.node);
        if (c)
            add_user(r, c, p, slots > 0 ? (double)s.n_cores / slots : 1);
    }
}

void trace_rates_ran(struct trace_rates *r, struct json_out *o, const struct timeline *t,
                     size_t record)
{
    struct timeline_phase *p;
    size_t n = timeline_phases_of(t, record, &p);
    if (!r->holds_all && r->changes.n > 0)
        change_until(r, o, t->records[record].started_s);
    for (size_t k = 0; k < n; k++)
        add_phase(r, t, record, &p[k]);
}

void trace_rates_end(struct trace_rates *r, struct json_out *o)
{
    change_until(r, o, INFINITY);
    for (size_t i = 0; i < r->n_counters; i++)
        write_step(&r->counters[i], o);
}
