/* scheduling/sequence_impl.h - the parts of a sequence to each other: its chunks
 * (sequence_chunks.c), what is moved when a long one is rearranged (sequence_moves.c), and all that
 * is asked for (sequence.c). */
#ifndef DAGCAST_SCHEDULING_SEQUENCE_IMPL_H
#define DAGCAST_SCHEDULING_SEQUENCE_IMPL_H

#include "scheduling/sequence.h"

enum { CHUNK_ITEMS = 256 };

/* A chunk knows classes by 64 sorts, a bit each. */
static inline uint64_t chunk_sort_of(size_t demand_class)
{
    return (uint64_t)1 << demand_class % 64;
}

/* n items that lie in a slot, and how many there are up to the last of them. */
struct chunk {
    uint32_t slot, n;
    size_t end;
};

/* The items in the order in which they lie, whatever direction they are read in. */
struct chunks {
    struct chunk *at;
    size_t n, room;
    struct sequence_item *slots;         /* CHUNK_ITEMS each */
    /* of each slot: the sorts of its items, or more that were among them */
    uint64_t *sorts;
    size_t n_slots, slot_room;
    uint32_t *free_slots;
    size_t n_free, free_room;
    size_t first_changed;                /* the first chunk whose end may be wrong */
    bool some_small;                     /* of those that have changed */
    struct sequence_item *joined;        /* scratch */
    size_t joined_room;
};
uint64_t chunk_sorts_of(const struct sequence_item *items, size_t n);
void chunks_clear(struct chunks *c);
void chunks_reset(struct chunks *c);
static inline size_t chunks_length(const struct chunks *c)
{
    return c->n > 0 ? c->at[c->n - 1].end : 0;
}
static inline const struct sequence_item *chunks_items(const struct chunks *c, size_t chunk)
{
    return &c->slots[(size_t)c->at[chunk].slot * CHUNK_ITEMS];
}
/* The chunk that holds the place. */
size_t chunks_find(const struct chunks *c, size_t place);
void chunks_read(const struct chunks *c, size_t low, size_t high, struct sequence_item *out);
/* The items come in place of those at low .. high - 1. Until chunks_settle() only places below
 * these may be asked for. */
void chunks_replace(struct chunks *c, size_t low, size_t high, const struct sequence_item *items,
                    size_t n);
void chunks_settle(struct chunks *c);

/* A picked stretch: places low .. high - 1, as they lie. */
struct stretch {
    size_t low, high;
    bool down;
    bool stays;                          /* is not moved */
    size_t moved;                        /* where `moved` holds it */
};
struct stretches {
    struct stretch *at;
    size_t n, room;
    size_t *stack, n_stay, stack_room;   /* those that stay, as far as is known */
    struct sequence_item *moved;
    size_t moved_room;
};

struct sequence {
    bool is_long;
    /* short: */
    struct sequence_item *items, *spare;
    size_t n, room, spare_room, n_picked;
    /* long: */
    struct chunks chunks;
    bool turned;                         /* is read from its last place to its first */
    struct stretches picked;
};
void sequence_turn_items(struct sequence_item *items, size_t n);
struct sequence_item *sequence_room_to_move(struct sequence *s, size_t n);
/* A long one becomes what was picked. */
void sequence_rearrange(struct sequence *s);

#endif
