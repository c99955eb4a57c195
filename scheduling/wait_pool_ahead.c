/* Which of the next passes could place something. */
#include <stdint.h>

#include "base/sort.h"
#include "scheduling/wait_pool_impl.h"

/* Of one bucket: its tasks, the places that passes in vain try, and how many passes from now on are
 * known to be in vain at most. */
struct foresight {
    struct wait_pool *p;
    const struct sequence *tasks;
    const struct wait_pool_could *who;
    size_t most;
};

static bool could_at(const struct foresight *f, size_t place)
{
    size_t class = sequence_at(f->tasks, place).demand_class;
    return !f->who->refused[class] && f->who->could(f->who->user, class);
}

/* How many of the places from this one on, upwards or downwards, are before the next tried one. */
static size_t before_tried(const struct wait_pool *p, size_t place, bool down)
{
    size_t below;
    SORT_COUNT_IF(below, p->n_tried, i, p->tried[i] < place);
    if (!down)
        return below < p->n_tried ? p->tried[below] - place : SIZE_MAX;
    if (below < p->n_tried && p->tried[below] == place)
        return 0;
    return below > 0 ? place - p->tried[below - 1] : SIZE_MAX;
}

/* How many of n places lie before the first whose task could be placed; n: all. */
static size_t skip(const struct foresight *f, size_t place, size_t n, bool down)
{
    const struct sequence_skipped skipped = { f->who->refused, f->p->n_classes };
    size_t done = 0;
    while (done < n) {
        struct sequence_item item;
        size_t at = down ? place - done : place + done;
        done += sequence_skip(f->tasks, at, n - done, down, &skipped, &item);
        if (done == n || f->who->could(f->who->user, item.demand_class))
            break;
    }
    return done;
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Where two passes lead from a place: to `odd` by the first, and by both as far as `steps` says to
 * the place beside this one, in the direction, of which as many follow that do alike. */
struct way {
    size_t odd, even, steps;
    bool down;
};

static struct way way_from(const struct wait_pool *p, size_t place)
{
    const struct shuffle_list *once = &p->shuffle.once;
    const struct shuffle_piece *here = &once->at[shuffle_piece_at(once, place)];
    struct way w = { .odd = shuffle_from(here, place), .steps = 1 };
    const struct shuffle_piece *there = &once->at[shuffle_piece_at(once, w.odd)];
    w.even = shuffle_from(there, w.odd);
    w.down = w.even + 1 == place;
    if (w.down)
        w.steps = least(place - here->begin + 1, there->end - w.odd);
    else if (w.even == place + 1)
        w.steps = least(here->end - place, w.odd - there->begin + 1);
    return w;
}

/* Follows the tasks that come to a tried place, the first of which is there after so many passes:
 * up to the next tried place, from which on they are the same as that one's. */
static void follow(struct foresight *f, size_t place, size_t passes)
{
    while (passes < f->most) {
        struct way w = way_from(f->p, place);
        size_t even = least(w.steps, before_tried(f->p, place, w.down)),
               odd = least(even, before_tried(f->p, w.odd, !w.down)),
               soon = f->most == SIZE_MAX ? SIZE_MAX : (f->most - passes + 1) / 2;
        bool meets = odd < w.steps;
        even = least(least(even, odd + 1), soon);
        size_t skipped = skip(f, place, even, w.down);
        if (skipped < even)
            f->most = least(f->most, passes + 2 * skipped);
        odd = least(odd, soon);
        skipped = skip(f, w.odd, odd, !w.down);
        if (skipped < odd)
            f->most = least(f->most, passes + 1 + 2 * skipped);
        if (meets)
            return;
        passes += 2 * w.steps;
        place = w.down ? place - (w.steps - 1) : place + (w.steps - 1);
        place = way_from(f->p, place).even;
    }
}

/* Of a bucket whose `tried` places are known; `now`: their tasks may be placed in the next pass,
 * not only those that come after it. */
static void look_into(struct foresight *f, const struct wait_pool_span *s, bool now)
{
    struct wait_pool *p = f->p;
    const struct shuffle_list *once = &p->shuffle.once;
    wait_pool_settle(p, s->bucket);
    f->tasks = s->bucket->tasks;
    for (size_t i = 0; i < p->n_tried && now; i++)
        if (could_at(f, p->tried[i]))
            f->most = 0;
    if (s->bucket->only_class != WAIT_POOL_SEVERAL)
        return;
    wait_pool_find_shuffle(p, s->begin, s->end);
    for (size_t i = 0; i < p->n_tried; i++) {
        size_t place = p->tried[i];
        follow(f, shuffle_from(&once->at[shuffle_piece_at(once, place)], place), now);
    }
}

static bool note_tried(void *user, size_t index)
{
    struct wait_pool *p = user;
    p->tried[p->n_tried++] = index;
    return false;
}

/* A bucket's tried places, ascending, to the front; returns how many of the others, ascending, are
 * left. */
static size_t take_tried(struct wait_pool *p, size_t *tried, size_t n, struct wait_pool_span *s)
{
    *s = wait_pool_span_at(p, tried[n - 1]);
    size_t first = n;
    while (first > 0 && tried[first - 1] >= s->begin)
        first--;
    p->n_tried = n - first;
    for (size_t i = first; i < n; i++)
        p->tried[i - first] = tried[i] - s->begin;
    return first;
}

size_t wait_pool_vain_passes(struct wait_pool *p, const struct wait_pool_could *who)
{
    struct foresight f = { .p = p, .who = who, .most = SIZE_MAX };
    size_t tried[WAIT_POOL_TRIED], n;
    bool now = p->idle != 1;             /* else they were refused by the pass that was made */
    if (now)
        wait_pool_carry_out_idle(p);
    p->n_tried = 0;
    bisection_run(&p->bisection, p->length, note_tried, p);
    n = p->n_tried;
    for (size_t i = 0; i < n; i++)
        tried[i] = p->tried[n - 1 - i];
    while (n > 0 && f.most > 0) {
        struct wait_pool_span s;
        n = take_tried(p, tried, n, &s);
        look_into(&f, &s, now);
    }
    return f.most;
}
