/* Named resources: of each node and of the machine no more is held at once than there is. */
#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "core/timeline_check_impl.h"

struct change { /* of how much of one resource is held, at a place */
    double time_s;
    int64_t amount; /* negative: given back */
    uint32_t place; /* node; n_nodes: the machine */
    uint32_t task;
};
struct changes {
    size_t n, room;
    struct change *at;
};

/* By place, then time; at equal times what is given back goes first. */
SORT_ORDER(compare_changes, struct change,
           SORT_FIRST(place) SORT_FIRST(time_s) SORT_DOWN(amount < 0) SORT_LAST(task))

static void add(struct changes *c, struct change change, double to_s)
{
    xgrow(&c->at, &c->room, c->n + 2, sizeof *c->at);
    c->at[c->n++] = change;
    change.time_s = isnan(to_s) ? INFINITY : to_s;
    change.amount = -change.amount;
    c->at[c->n++] = change;
}

/* A record holds its share on each of its nodes, and all of it of the machine. */
static void add_record(struct changes *c, const struct timeline *t, size_t i,
                       const struct slot_demand *d, size_t resource)
{
    const struct timeline_record *r = &t->records[i];
    struct timeline_slots s;
    double from_s = isnan(r->scheduled_s) ? r->started_s : r->scheduled_s;
    double to_s = isnan(r->freed_s) ? r->stopped_s : r->freed_s;
    if (isnan(from_s) || from_s >= to_s || d->named[resource] == 0)
        return;
    struct change change = { .time_s = from_s,
                             .task = r->task,
                             .place = (uint32_t)t->platform->n_nodes,
                             .amount = d->ranks * d->named[resource] };
    add(c, change, to_s);
    for (bool more = timeline_slots_first(t, i, &s); more; more = timeline_slots_next(&s)) {
        change.place = s.node;
        change.amount = timeline_ranks_of_part(d, &s) * d->named[resource];
        add(c, change, to_s);
    }
}

static int64_t room_of(const struct platform *p, uint32_t place, size_t resource)
{
    return place < p->n_nodes ? platform_node(p, place)->named[resource]
                              : platform_machine_amount(p, resource);
}

static int report(const struct timeline *t, const struct change *c, size_t resource, int64_t held,
                  struct error *err)
{
    struct task_label task = task_label_of(t->workflow, c->task);
    const char *name = t->platform->resources[resource].name;
    if (c->place == t->platform->n_nodes)
        return error_set(
            err, "the machine: %lld of its %lld %s are held from %.9g s on, when %s takes some",
            (long long)held, (long long)room_of(t->platform, c->place, resource), name, c->time_s,
            task.text);
    char *node = platform_node_name(t->platform, c->place);
    error_set(err, "node %s: %lld of its %lld %s are held from %.9g s on, when %s takes some", node,
              (long long)held, (long long)room_of(t->platform, c->place, resource), name, c->time_s,
              task.text);
    free(node);
    return -1;
}

int timeline_check_named(const struct timeline *t, const struct slot_demand *demands,
                         struct error *err)
{
    struct changes c = { 0 };
    int status = 0;
    for (size_t resource = 0; resource < t->platform->n_resources && status == 0; resource++) {
        int64_t held = 0;
        c.n = 0;
        for (size_t i = 0; i < t->n; i++)
            add_record(&c, t, i, &demands[workflow_set_of_task(t->workflow, t->records[i].task)],
                       resource);
        sort_items(c.at, c.n, sizeof *c.at, compare_changes);
        for (size_t k = 0; k < c.n && status == 0; k++) {
            held = (k > 0 && c.at[k - 1].place == c.at[k].place ? held : 0) + c.at[k].amount;
            if (held > room_of(t->platform, c.at[k].place, resource))
                status = report(t, &c.at[k], resource, held, err);
        }
    }
    free(c.at);
    return status;
}
