#include "scheduling/sequence.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/xalloc.h"

/* Above FEW_PIECES + sqrt(tasks / TASKS_A_SQUARE) pieces the tasks are written out: walking the
 * pieces then costs about what the writing out costs, a rearrangement. */
enum { FEW_PIECES = 64, TASKS_A_SQUARE = 4 };
/* Up to so many tasks are one slice at all times: copying them costs less than walking pieces. */
enum { SHORT = 1024 };

struct piece {
    size_t end;                          /* index behind its last task */
    /* its first task's number, or where in the array it stands */
    uint32_t first;
    bool slice;                          /* of the array; else a run of numbers */
    bool down;                           /* numbers, or places, go down */
};

struct pieces { struct piece *at; size_t n, room; };

struct sequence {
    struct pieces now, picked;           /* picked: of a long one, else what `spare` holds */
    size_t n_picked;                     /* of a short one */
    size_t near;                         /* a piece: where the last pick ended */
    uint32_t *tasks, *spare;
    size_t room, spare_room;
};

struct sequence *sequence_new(void)
{
    return xcalloc(1, sizeof(struct sequence));
}

void sequence_free(struct sequence *s)
{
    if (!s)
        return;
    free(s->now.at);
    free(s->picked.at);
    free(s->tasks);
    free(s->spare);
    free(s);
}

void sequence_reset(struct sequence *s)
{
    s->now.n = s->picked.n = s->n_picked = s->near = 0;
}

size_t sequence_length(const struct sequence *s)
{
    return s->now.n > 0 ? s->now.at[s->now.n - 1].end : 0;
}

/* Where the i-th of the piece is: its number, or its place in the array. */
static uint32_t place_of(const struct piece *p, size_t i)
{
    return p->down ? p->first - (uint32_t)i : p->first + (uint32_t)i;
}

static size_t begin_of(const struct pieces *list, size_t piece)
{
    return piece > 0 ? list->at[piece - 1].end : 0;
}

static void add_piece(struct pieces *list, const struct piece *p)
{
    if (list->n == list->room)
        xgrow(&list->at, &list->room, list->n + 1, sizeof *list->at);
    list->at[list->n++] = *p;
}

/* Whether a run from this number on goes on where the piece, the k-th, ends. */
static bool goes_on(const struct pieces *list, size_t k, uint32_t first)
{
    const struct piece *p = &list->at[k];
    return !p->slice && !p->down && place_of(p, p->end - begin_of(list, k)) == first;
}

static void append_short(struct sequence *s, size_t n, uint32_t first, uint32_t count)
{
    xgrow(&s->tasks, &s->room, n + count, sizeof *s->tasks);
    for (uint32_t i = 0; i < count; i++)
        s->tasks[n + i] = first + i;
    if (s->now.n == 0)
        add_piece(&s->now, &(struct piece){ .slice = true });
    s->now.at[0].end = n + count;
}

void sequence_append(struct sequence *s, uint32_t first, uint32_t count)
{
    struct pieces *now = &s->now;
    size_t n = sequence_length(s);
    if (count == 0)
        return;
    if (n + count <= SHORT)
        append_short(s, n, first, count);
    else if (now->n > 0 && goes_on(now, now->n - 1, first))
        now->at[now->n - 1].end += count;
    else
        add_piece(now, &(struct piece){ .end = n + count, .first = first });
}

/* The piece that holds the index. */
static size_t find(const struct sequence *s, size_t index)
{
    size_t piece;
    SORT_COUNT_IF(piece, s->now.n, i, s->now.at[i].end <= index);
    assert(piece < s->now.n);
    return piece;
}

/* The same from a piece nearby. */
static size_t find_near(const struct sequence *s, size_t index, size_t piece)
{
    const struct piece *now = s->now.at;
    while (now[piece].end <= index)
        piece++;
    while (piece > 0 && now[piece - 1].end > index)
        piece--;
    return piece;
}

uint32_t sequence_at(const struct sequence *s, size_t i)
{
    if (sequence_length(s) <= SHORT)
        return s->tasks[i];
    size_t piece = find(s, i);
    const struct piece *p = &s->now.at[piece];
    uint32_t place = place_of(p, i - begin_of(&s->now, piece));
    return p->slice ? s->tasks[place] : place;
}

static void pick_short(struct sequence *s, size_t low, size_t high)
{
    xgrow(&s->spare, &s->spare_room, s->n_picked + high + 1 - low, sizeof *s->spare);
    uint32_t *out = s->spare + s->n_picked;
    const uint32_t *from = s->tasks + high;
    size_t n = high + 1 - low;
    for (size_t i = 0; i < n; i++)
        out[i] = *(from - i);
    s->n_picked += n;
}

static void pick_long(struct sequence *s, size_t low, size_t high)
{
    const struct pieces now = s->now;
    struct pieces picked = s->picked;
    size_t next = high + 1, end = begin_of(&picked, picked.n);
    size_t piece = find_near(s, next - 1, s->near);
    if (picked.n + piece >= picked.room)
        xgrow(&picked.at, &picked.room, picked.n + piece + 1, sizeof *picked.at);
    for (;; piece--) {
        size_t begin = begin_of(&now, piece), from = begin > low ? begin : low;
        struct piece p = now.at[piece];
        p.first = place_of(&p, next - 1 - begin);
        p.down = !p.down;
        p.end = end += next - from;
        picked.at[picked.n++] = p;
        next = from;
        if (next == low)
            break;
    }
    s->near = piece;
    s->picked = picked;
}

void sequence_pick(struct sequence *s, size_t low, size_t high)
{
    if (sequence_length(s) <= SHORT)
        pick_short(s, low, high);
    else
        pick_long(s, low, high);
}

static void list_piece(const struct sequence *s, const struct piece *p, size_t n, uint32_t *out)
{
    uint32_t first = p->first;
    if (p->slice && !p->down)
        memcpy(out, s->tasks + first, n * sizeof *out);
    else if (p->slice)
        for (size_t i = 0; i < n; i++)
            out[i] = s->tasks[first - i];
    else
        for (size_t i = 0; i < n; i++)
            out[i] = place_of(p, i);
}

/* The spare array becomes the one that the only piece is a slice of. */
static void take_spare(struct sequence *s, size_t n)
{
    uint32_t *tasks = s->spare;
    size_t room = s->spare_room;
    s->spare = s->tasks;
    s->spare_room = s->room;
    s->tasks = tasks;
    s->room = room;
    sequence_reset(s);
    if (n > 0)
        add_piece(&s->now, &(struct piece){ .end = n, .slice = true });
}

static void write_out(struct sequence *s)
{
    size_t n = sequence_length(s);
    xgrow(&s->spare, &s->spare_room, n, sizeof *s->spare);
    uint32_t *out = s->spare;
    for (size_t k = 0; k < s->now.n; k++) {
        const struct piece *p = &s->now.at[k];
        size_t begin = begin_of(&s->now, k);
        list_piece(s, p, p->end - begin, out + begin);
    }
    take_spare(s, n);
}

void sequence_keep_picked(struct sequence *s)
{
    if (sequence_length(s) <= SHORT) {
        take_spare(s, s->n_picked);
        return;
    }
    struct pieces old = s->now;
    s->now = s->picked;
    s->picked = old;
    s->picked.n = 0;
    size_t n = sequence_length(s), more = s->now.n > FEW_PIECES ? s->now.n - FEW_PIECES : 0;
    s->near = s->now.n > 0 ? s->now.n - 1 : 0;
    if (n <= SHORT || more * more > n / TASKS_A_SQUARE)
        write_out(s);
}

void sequence_assign(struct sequence *s, const uint32_t *tasks, size_t n)
{
    xgrow(&s->spare, &s->spare_room, n, sizeof *s->spare);
    if (n > 0)
        memcpy(s->spare, tasks, n * sizeof *tasks);
    take_spare(s, n);
}

void sequence_list(struct sequence *s, uint32_t *out)
{
    size_t n = sequence_length(s);
    if (n == 0)
        return;
    if (n > SHORT)
        write_out(s);
    memcpy(out, s->tasks, n * sizeof *out);
}
