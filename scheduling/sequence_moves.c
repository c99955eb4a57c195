/* What is moved when a long sequence is rearranged, and what stays. */
#include "base/xalloc.h"
#include "scheduling/sequence_impl.h"

static size_t length_of(const struct stretch *p)
{
    return p->high - p->low;
}

void sequence_turn_items(struct sequence_item *items, size_t n)
{
    for (size_t i = 0; i < n / 2; i++) {
        struct sequence_item item = items[i];
        items[i] = items[n - 1 - i];
        items[n - 1 - i] = item;
    }
}

struct sequence_item *sequence_room_to_move(struct sequence *s, size_t n)
{
    if (n > s->picked.moved_room)
        xgrow(&s->picked.moved, &s->picked.moved_room, n, sizeof *s->picked.moved);
    return s->picked.moved;
}

/* The direction from now on is that of most of what was picked; places and the order of the
 * stretches become those in which they lie. */
static void choose_direction(struct sequence *s)
{
    size_t n = chunks_length(&s->chunks), up = 0, down = 0, m = s->picked.n;
    for (size_t i = 0; i < m; i++)
        *(s->picked.at[i].down ? &down : &up) += length_of(&s->picked.at[i]);
    bool was_turned = s->turned, turns = down > up;
    s->turned = was_turned != turns;
    for (size_t i = 0; i < m; i++) {
        struct stretch *p = &s->picked.at[i];
        size_t low = p->low;
        p->low = was_turned ? n - p->high : p->low;
        p->high = was_turned ? n - low : p->high;
        p->down = p->down != turns;
    }
    for (size_t i = 0; s->turned && i < m / 2; i++) {
        struct stretch p = s->picked.at[i];
        s->picked.at[i] = s->picked.at[m - 1 - i];
        s->picked.at[m - 1 - i] = p;
    }
}

/* Those that stay lie in ascending order. Each either takes the place of all that stay and lie
 * behind it, being longer than they together, or is moved. */
static void choose_what_stays(struct sequence *s)
{
    size_t n = 0;
    if (s->picked.n > s->picked.stack_room)
        xgrow(&s->picked.stack, &s->picked.stack_room, s->picked.n, sizeof *s->picked.stack);
    for (size_t i = 0; i < s->picked.n; i++) {
        struct stretch *p = &s->picked.at[i];
        size_t behind = 0, k = n;
        for (; k > 0 && s->picked.at[s->picked.stack[k - 1]].low > p->low; k--)
            behind += length_of(&s->picked.at[s->picked.stack[k - 1]]);
        p->stays = (!p->down || length_of(p) == 1) && length_of(p) > behind;
        if (!p->stays)
            continue;
        for (; n > k; n--)
            s->picked.at[s->picked.stack[n - 1]].stays = false;
        s->picked.stack[n++] = i;
    }
    s->picked.n_stay = n;
}

static size_t copy_moved(struct sequence *s)
{
    size_t total = 0;
    for (size_t i = 0; i < s->picked.n; i++) {
        struct stretch *p = &s->picked.at[i];
        p->moved = total;
        if (p->stays)
            continue;
        total += length_of(p);
        struct sequence_item *out = sequence_room_to_move(s, total) + p->moved;
        chunks_read(&s->chunks, p->low, p->high, out);
        if (p->down)
            sequence_turn_items(out, length_of(p));
    }
    return total;
}

/* Between two that stay comes what is moved there, in place of all that lies there. From behind, so
 * that places below are what they were. */
static void move(struct sequence *s)
{
    size_t moved = copy_moved(s), end = chunks_length(&s->chunks);
    for (size_t stay = s->picked.n_stay;; stay--) {
        const struct stretch *p = stay > 0 ? &s->picked.at[s->picked.stack[stay - 1]] : NULL;
        size_t low = p ? p->high : 0, from = p ? p->moved : 0;
        chunks_replace(&s->chunks, low, end, s->picked.moved + from, moved - from);
        if (!p)
            break;
        end = p->low;
        moved = from;
    }
    chunks_settle(&s->chunks);
}

void sequence_rearrange(struct sequence *s)
{
    choose_direction(s);
    choose_what_stays(s);
    move(s);
    s->picked.n = 0;
}
