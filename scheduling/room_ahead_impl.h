/* scheduling/room_ahead_impl.h - what room_ahead.c (searches for one node), room_ahead_gang.c
 * (tasks over several nodes), room_ahead_total.c, room_ahead_line.c and room_ahead_book.c
 * (reservations) share. */
#ifndef DAGCAST_SCHEDULING_ROOM_AHEAD_IMPL_H
#define DAGCAST_SCHEDULING_ROOM_AHEAD_IMPL_H

#include "scheduling/alike_nodes.h"
#include "scheduling/room_ahead.h"

/* Nodes taken from one group, or one booking, by one reservation, or by a start on nodes with
 * reservations: what is taken, and the
 * steps that it leaves. These never change; whoever takes more makes another booking. */
struct booking {
    struct room_steps steps;
    uint32_t *nodes;
    size_t n, room;                      /* n is 0: all have gone to other bookings */
    size_t in_use;                       /* its place among those in which some are left */
    struct room_amount taken;
    uint64_t taking;                     /* the number of the taking in which nodes left it last, */
    uint32_t target;                     /* and the booking that they went to */
    /* Of the search at hand, for a task over several nodes: */
    bool may;                            /* its nodes are of the kind */
    size_t low, high;                    /* the steps within the task's time */
    int64_t ranks;                       /* on each node, throughout */
};

/* What the pass at hand knows of a group of nodes. */
struct group_use {
    uint64_t pass;
    size_t booked;                       /* its nodes that are in bookings, if in this pass */
    uint64_t taking;                     /* as above */
    uint32_t target;
    /* Of the search at hand: */
    uint64_t search;
    double seen_s;                       /* ranks are those from this instant on */
    int64_t ranks;
};

struct booked_step { double from_s; uint32_t booking, step; };

struct pending_start { uint32_t node; struct room_amount by; double end_s; };

/* Many members: the state of all reservations of one scheduler, in one block for speed. */
struct room_ahead {
    const struct pool *pool;
    const struct expected_ends *ends;
    struct alike_nodes alike;
    bool stale;                          /* alike must be read anew */
    struct pending_start *pending;       /* on nodes with reservations: alike is told later */
    size_t n_pending, pending_room;
    double now_s, soon_s;                /* soon: just after now */
    uint64_t pass, taking, search;       /* numbers */
    struct group_use *use;               /* by group */
    uint64_t *booked_in;                 /* by node: the pass in which it was booked last, */
    uint32_t *booking_of, *place;        /* and the booking, and the node's place there */
    size_t n_bookings, booking_room, n_booked;   /* n_booked: nodes */
    struct booking *bookings;
    uint32_t *in_use;                    /* those with nodes, in any order */
    size_t n_in_use, in_use_room;
    /* Steps of all bookings but the first of each, by time; of those before n_lined, and of some
     * that are empty. */
    struct booked_step *line, *spare_line;
    size_t n_line, line_room, spare_room, n_lined;
    struct room_steps total;             /* room_ahead_total.c; */
    uint64_t total_pass;                 /* of that pass; */
    bool counts_memory;                  /* each node has so much, not any amount */
    uint64_t *marked;                    /* scratch: a bit a node */
    /* What the last search has found. One node: the lowest then. */
    struct { size_t demand_class; double at_s, duration_s; uint32_t node; } found;
};

static inline bool room_ahead_is_booked(const struct room_ahead *r, uint32_t node)
{
    return r->booked_in[node] == r->pass;
}

static inline size_t room_ahead_unbooked(const struct room_ahead *r, size_t group)
{
    const struct group_use *u = &r->use[group];
    return r->alike.groups[group].n - (u->pass == r->pass ? u->booked : 0);
}

/* When a task is expected to end that was to end then. */
static inline double room_ahead_end(const struct room_ahead *r, double end_s)
{
    return end_s > r->now_s ? end_s : r->soon_s;
}

/* What each node of the group has free then. */
static inline const struct room_amount *room_ahead_group_free(const struct room_ahead *r,
                                                              size_t group, double at_s)
{
    const struct room_steps *s = &r->alike.groups[group].steps;
    return &s->at[at_s > r->now_s ? room_steps_at(s, at_s) : 0].free;
}

static inline bool room_ahead_is_of_kind(const struct room_ahead *r, size_t group,
                                         const struct slot_demand *d)
{
    return pool_is_of_kind(r->pool, r->alike.groups[group].nodes[0], d);
}

/* The first end at or behind the instant, or one that is overdue. */
struct ends_cursor room_ahead_ends_from(const struct room_ahead *r, double from_s);

/* No task of the class fits anywhere before that instant; INFINITY: never. O(tasks that run), once
 * a pass, and O(instants at which what is free changes). */
double room_ahead_first_total(struct room_ahead *r, const struct slot_demand *d,
                              double duration_s, double from_s);
bool room_ahead_counts_memory(const struct pool *pool);
/* What is reserved for one task, and what one has taken. */
void room_ahead_total_reserve(struct room_ahead *r, const struct slot_demand *d, double from_s,
                              double to_s);
void room_ahead_total_start(struct room_ahead *r, uint32_t grant, double end_s);

/* Brings the line up to date: merges new steps, leaves out those of bookings that are empty. */
void room_ahead_update_line(struct room_ahead *r);
/* Its first step that begins behind the instant. */
size_t room_ahead_line_behind(const struct room_ahead *r, double at_s);

/* Of tasks over several nodes. */
double room_ahead_first_gang(struct room_ahead *r, size_t demand_class, double duration_s,
                             double from_s);
void room_ahead_reserve_gang(struct room_ahead *r);
/* Takes the amount on the node. Nodes of one source with equal amounts, one after the other, come
 * into one booking. r->taking must be a new number for each row of them. */
void room_ahead_book(struct room_ahead *r, uint32_t node, const struct room_amount *by,
                     double from_s, double to_s);

#endif
