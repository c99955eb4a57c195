/* Which of the next passes could place something. */
#include <limits.h>
#include <stdint.h>

#include "base/sort.h"
#include "scheduling/wait_pool_impl.h"

enum { TRIED_MOST = CHAR_BIT * sizeof(size_t) + 2 };      /* by a pass in vain: a bisection's */

/* Of the search for a pass that is not in vain: who could be placed, and the places that passes in
 * vain try, from the last one down. */
struct foresight {
    bool (*could)(void *user, uint32_t task);
    void *user;
    size_t n_tried, tried[TRIED_MOST];
};

static bool note_tried(void *user, size_t index)
{
    struct foresight *f = user;
    f->tried[f->n_tried++] = index;
    return false;
}

/* Where the task that lies at the index after a pass in vain lay before it. The pass refuses from
 * each index that it tries up to the one tried before: first that one, then the others downwards.
 * A bucket keeps that order of its own. */
static size_t comes_from(const struct foresight *f, const struct wait_pool_span *s, size_t index)
{
    size_t mirrored = s->begin + s->end - 1 - index, k;
    SORT_COUNT_IF(k, f->n_tried, i, f->tried[i] > mirrored);
    size_t low = f->tried[k], end = k > 0 && f->tried[k - 1] < s->end ? f->tried[k - 1] : s->end;
    if (low < s->begin)
        return mirrored;
    return mirrored == end - 1 ? low : mirrored + 1;
}

/* As wait_pool_vain_passes(), up to `most`, in O(tries x log n) a pass: place by place. A bucket of
 * one class that could not be placed need not be looked at again. */
static size_t look_ahead(struct wait_pool *p, const struct foresight *f, size_t most)
{
    struct { struct wait_pool_span span; size_t at; } places[TRIED_MOST];
    size_t n = f->n_tried;
    for (size_t i = 0; i < n; i++) {
        places[i].span = wait_pool_span_at(p, places[i].at = f->tried[i]);
        wait_pool_settle(p, places[i].span.bucket);
    }
    for (size_t passes = 0; n > 0; passes++) {
        size_t kept = 0;
        for (size_t i = 0; i < n && passes < most; i++) {
            const struct wait_pool_span s = places[i].span;
            if (f->could(f->user, sequence_at(s.bucket->tasks, places[i].at - s.begin)))
                return passes;
            places[kept].span = s;
            places[kept].at = comes_from(f, &s, places[i].at);
            kept += s.bucket->only_class == WAIT_POOL_SEVERAL;
        }
        if (passes == most)
            return most;
        n = kept;
    }
    return SIZE_MAX;
}

/* After how many passes in vain the place of the bucket, listed in `before`, will hold a task that
 * could be placed; SIZE_MAX: never. */
static size_t passes_until(const struct permutation *w, const struct foresight *f, size_t place)
{
    size_t passes = 0, at = place;
    while (!f->could(f->user, w->before[at])) {
        at = w->from[at];
        passes++;
        if (at == place)
            return SIZE_MAX;
    }
    return passes;
}

/* As wait_pool_vain_passes(), once the tasks at the places have been looked at. */
static size_t look_at_all(struct wait_pool *p, const struct foresight *f)
{
    const struct wait_pool_bucket *listed = NULL;
    size_t least = SIZE_MAX;
    for (size_t i = 0; i < f->n_tried && least > 0; i++) {
        struct wait_pool_span s = wait_pool_span_at(p, f->tried[i]);
        if (s.bucket->only_class != WAIT_POOL_SEVERAL)
            continue;
        if (s.bucket != listed) {
            wait_pool_settle(p, s.bucket);
            permutation_make_room(&p->power, s.end - s.begin);
            wait_pool_find_permutation(p, s.begin, s.end);
            sequence_list(s.bucket->tasks, p->power.before);
            listed = s.bucket;
        }
        size_t passes = passes_until(&p->power, f, f->tried[i] - s.begin);
        least = passes < least ? passes : least;
    }
    return least;
}

size_t wait_pool_vain_passes(struct wait_pool *p, bool (*could)(void *user, uint32_t task),
                             void *user)
{
    enum { FEW_AHEAD = 32 };
    struct foresight f = { .could = could, .user = user };
    wait_pool_carry_out_idle(p);
    bisection_run(&p->bisection, p->length, note_tried, &f);
    size_t n = look_ahead(p, &f, FEW_AHEAD);
    return n == FEW_AHEAD ? look_at_all(p, &f) : n;
}
