#include "scheduling/shuffle.h"

#include <assert.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"

#define NO_CYCLE ((size_t)-1)

void shuffle_begin(struct shuffle *s)
{
    s->once.n = 0;
}

static size_t length_of(const struct shuffle_list *list)
{
    return list->n > 0 ? list->at[list->n - 1].end : 0;
}

/* Fills n more places; a piece that goes on in its direction grows. */
static void append(struct shuffle_list *list, size_t n, size_t from, bool down)
{
    size_t begin = length_of(list);
    struct shuffle_piece *last = list->n > 0 ? &list->at[list->n - 1] : NULL;
    if (last && last->down == down && shuffle_from(last, begin) == from) {
        last->end += n;
        return;
    }
    if (list->n == list->room)
        xgrow(&list->at, &list->room, list->n + 1, sizeof *list->at);
    list->at[list->n++] = (struct shuffle_piece){ begin, begin + n, from, down };
}

void shuffle_add(struct shuffle *s, size_t low, size_t high)
{
    append(&s->once, high + 1 - low, high, true);
}

size_t shuffle_piece_at(const struct shuffle_list *list, size_t place)
{
    size_t piece;
    SORT_COUNT_IF(piece, list->n, i, list->at[i].end <= place);
    return piece;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* The piece, and then one application more. */
static void add_through(struct shuffle_list *out, const struct shuffle_list *once,
                        const struct shuffle_piece *p)
{
    size_t left = p->end - p->begin, place = p->from, k = shuffle_piece_at(once, place);
    while (left > 0) {
        const struct shuffle_piece *next = &once->at[k];
        size_t n = least(left, p->down ? place - next->begin + 1 : next->end - place);
        append(out, n, shuffle_from(next, place), p->down != next->down);
        left -= n;
        place = p->down ? place - n : place + n;
        k = p->down ? k - 1 : k + 1;
    }
}

static void once_more(struct shuffle_list *out, const struct shuffle_list *once,
                      const struct shuffle_list *list)
{
    out->n = 0;
    for (size_t i = 0; i < list->n; i++)
        add_through(out, once, &list->at[i]);
}

/* Whether f o f leads through the piece of it from the last place to the first. */
static bool flows_down(const struct shuffle_piece *p)
{
    return p->from + 1 == p->begin && p->end > p->begin + 1;
}

/* The place at the offset in the direction of f o f. */
static size_t along(const struct shuffle_piece *p, size_t offset)
{
    return flows_down(p) ? p->end - 1 - offset : p->begin + offset;
}

static void follow_cycle(struct shuffle *s, size_t first)
{
    struct shuffle_cycle *cycle = &s->cycles[s->n_cycles];
    *cycle = (struct shuffle_cycle){ .begin = s->n_order };
    for (size_t k = first; s->parts[k].cycle == NO_CYCLE;) {
        const struct shuffle_piece *p = &s->twice.at[k];
        size_t n = p->end - p->begin;
        assert(n == 1 || p->from == p->begin + 1 || p->from + 1 == p->begin);
        s->parts[k] = (struct shuffle_part){ s->n_cycles, cycle->length };
        cycle->length += n;
        s->order[s->n_order++] = k;
        k = shuffle_piece_at(&s->twice, shuffle_from(p, along(p, n - 1)));
    }
    cycle->n = s->n_order - cycle->begin;
    s->n_cycles++;
}

static void make_room(struct shuffle *s, size_t n)
{
    if (n <= s->room)
        return;
    xfree(s->parts, s->cycles, s->order);
    s->room = 2 * n;
    s->parts = xcalloc(s->room, sizeof *s->parts);
    s->cycles = xcalloc(s->room, sizeof *s->cycles);
    s->order = xcalloc(s->room, sizeof *s->order);
}

static void find_cycles(struct shuffle *s)
{
    const struct shuffle_list *twice = &s->twice;
    make_room(s, twice->n);
    s->n_cycles = s->n_order = 0;
    for (size_t k = 0; k < twice->n; k++)
        s->parts[k].cycle = NO_CYCLE;
    for (size_t k = 0; k < twice->n; k++)
        if (s->parts[k].cycle == NO_CYCLE && twice->at[k].from != twice->at[k].begin)
            follow_cycle(s, k);
}

/* Which of the cycle's pieces holds the offset. */
static size_t piece_on_cycle(const struct shuffle *s, const struct shuffle_cycle *c, size_t offset)
{
    const size_t *order = s->order + c->begin;
    size_t behind;
    SORT_COUNT_IF(behind, c->n, i, s->parts[order[i]].offset <= offset);
    return order[behind - 1];
}

/* The piece's places once f o f was applied so many times: parts of the pieces further on. */
static void add_shifted(struct shuffle *s, size_t k, size_t times)
{
    const struct shuffle_piece *p = &s->twice.at[k];
    const struct shuffle_cycle *c = &s->cycles[s->parts[k].cycle];
    bool backwards = flows_down(p);
    size_t left = p->end - p->begin, offset = s->parts[k].offset + (backwards ? left - 1 : 0);
    for (offset = (offset + times) % c->length; left > 0;) {
        size_t at = piece_on_cycle(s, c, offset), in = offset - s->parts[at].offset;
        const struct shuffle_piece *from = &s->twice.at[at];
        size_t n = least(left, backwards ? in + 1 : from->end - from->begin - in);
        append(&s->power, n, along(from, in), backwards != flows_down(from));
        left -= n;
        offset = (backwards ? offset + c->length - n : offset + n) % c->length;
    }
}

const struct shuffle_list *shuffle_power(struct shuffle *s, size_t times)
{
    once_more(&s->twice, &s->once, &s->once);
    find_cycles(s);
    s->power.n = 0;
    for (size_t k = 0; k < s->twice.n; k++) {
        const struct shuffle_piece *p = &s->twice.at[k];
        if (s->parts[k].cycle == NO_CYCLE)
            append(&s->power, p->end - p->begin, p->from, false);
        else
            add_shifted(s, k, times / 2);
    }
    if (times % 2 == 0)
        return &s->power;
    once_more(&s->odd, &s->once, &s->power);
    return &s->odd;
}

void shuffle_clear(struct shuffle *s)
{
    xfree(s->once.at, s->twice.at, s->power.at, s->odd.at, s->parts, s->cycles, s->order);
    *s = (struct shuffle){ 0 };
}
