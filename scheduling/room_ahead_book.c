#include <string.h>

#include "base/xalloc.h"
#include "scheduling/room_ahead_impl.h"

/* Of a group: from now on, what is overdue ends soon. */
static void copy_steps(const struct room_ahead *r, struct room_steps *to,
                       const struct room_steps *from)
{
    xgrow(&to->at, &to->room, from->n + 2, sizeof *to->at);
    to->at[0] = (struct room_step){ r->now_s, from->at[0].free, 0 };
    to->n = 1;
    for (size_t k = 1; k < from->n; k++) {
        double at_s = room_ahead_end(r, from->at[k].from_s);
        to->n += at_s > to->at[to->n - 1].from_s;
        to->at[to->n - 1] = (struct room_step){ at_s, from->at[k].free, 0 };
    }
}

static uint32_t new_booking(struct room_ahead *r, const struct room_amount *by)
{
    size_t before = r->booking_room;
    xgrow(&r->bookings, &r->booking_room, r->n_bookings + 1, sizeof *r->bookings);
    memset(r->bookings + before, 0, (r->booking_room - before) * sizeof *r->bookings);
    struct booking *b = &r->bookings[r->n_bookings];
    b->steps.n = b->n = 0;
    b->taken = *by;
    b->taking = 0;
    b->in_use = r->n_in_use;
    xgrow(&r->in_use, &r->in_use_room, r->n_in_use + 1, sizeof *r->in_use);
    r->in_use[r->n_in_use++] = (uint32_t)r->n_bookings;
    return (uint32_t)r->n_bookings++;
}

static bool takes_alike(const struct booking *b, const struct room_amount *by)
{
    return b->taken.slots == by->slots && b->taken.gpus == by->gpus &&
           b->taken.memory_mib == by->memory_mib;
}

static void leave_unused(struct room_ahead *r, const struct booking *b)
{
    uint32_t last = r->in_use[--r->n_in_use];
    r->in_use[b->in_use] = last;
    r->bookings[last].in_use = b->in_use;
}

static void move(struct room_ahead *r, uint32_t node, uint32_t to)
{
    struct booking *b = &r->bookings[to];
    if (room_ahead_is_booked(r, node)) {
        struct booking *from = &r->bookings[r->booking_of[node]];
        uint32_t last = from->nodes[--from->n];
        from->nodes[r->place[node]] = last;
        r->place[last] = r->place[node];
        if (from->n == 0)
            leave_unused(r, from);
    } else {
        struct group_use *u = &r->use[r->alike.of_node[node]];
        u->booked = u->pass == r->pass ? u->booked + 1 : 1;
        u->pass = r->pass;
        r->booked_in[node] = r->pass;
        r->n_booked++;
    }
    xgrow(&b->nodes, &b->room, b->n + 1, sizeof *b->nodes);
    r->booking_of[node] = to;
    r->place[node] = (uint32_t)b->n;
    b->nodes[b->n++] = node;
}

void room_ahead_book(struct room_ahead *r, uint32_t node, const struct room_amount *by,
                     double from_s, double to_s)
{
    bool booked = room_ahead_is_booked(r, node);
    size_t from = booked ? r->booking_of[node] : r->alike.of_node[node];
    uint64_t *taking = booked ? &r->bookings[from].taking : &r->use[from].taking;
    uint32_t target = booked ? r->bookings[from].target : r->use[from].target;
    bool goes_on = *taking == r->taking && r->bookings[target].n > 0 && /* else it is forgotten */
                   takes_alike(&r->bookings[target], by);
    if (!goes_on) {
        *taking = r->taking;
        uint32_t new = new_booking(r, by); /* the bookings may move */
        *(booked ? &r->bookings[from].target : &r->use[from].target) = new;
        struct room_steps *s = &r->bookings[new].steps;
        copy_steps(r, s, booked ? &r->bookings[from].steps : &r->alike.groups[from].steps);
        room_steps_take(s, from_s, to_s, by);
        move(r, node, new);
        return;
    }
    move(r, node, target);
}

void room_ahead_reserve(struct room_ahead *r)
{
    const struct slot_demand *d = pool_class(r->pool, r->found.demand_class);
    struct room_amount need = room_amount_of_ranks(d, d->ranks);
    double to_s = r->found.at_s + r->found.duration_s;
    r->taking++;
    room_ahead_total_reserve(r, d, r->found.at_s, to_s);
    if (d->ranks > 1 && !d->one_node)
        room_ahead_reserve_gang(r);
    else
        room_ahead_book(r, r->found.node, &need, r->found.at_s, to_s);
}
