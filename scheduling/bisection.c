#include "scheduling/bisection.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "base/xalloc.h"

/* B, or the index last walked to, is a frontier: all from there on are decided, and below it only
 * those that fitted while G went up. They are kept `ahead`, ascending. */
#define NO_MARK SIZE_MAX

void bisection_clear(struct bisection *b)
{
    free(b->refused);
    free(b->ahead);
    *b = (struct bisection){ 0 };
}

static void begin(struct bisection *b)
{
    b->n_refused = b->n_ahead = b->n_fitted = b->n_tried = 0;
}

static inline void refuse(struct bisection *b, size_t low, size_t high)
{
    if (b->n_refused == b->refused_room)
        xgrow(&b->refused, &b->refused_room, b->n_refused + 1, sizeof *b->refused);
    b->refused[b->n_refused++] = (struct bisection_piece){ low, high };
}

/* Everything between two indexes, both exclusive, that is not ahead does not fit, from the high end
 * down; nothing is ahead there afterwards. */
static inline void skip_between(struct bisection *b, size_t low, size_t high)
{
    for (; b->n_ahead > 0 && b->ahead[b->n_ahead - 1] > low; high = b->ahead[b->n_ahead])
        if (b->ahead[--b->n_ahead] + 1 < high)
            refuse(b, b->ahead[b->n_ahead] + 1, high - 1);
    if (low + 1 < high)
        refuse(b, low + 1, high - 1);
}

/* An undecided index. */
static inline bool try_index(struct bisection *b, size_t i, bisection_fits_fn fits, void *user)
{
    b->n_tried++;
    bool ok = fits(user, i);
    if (ok)
        b->n_fitted++;
    else
        refuse(b, i, i);
    return ok;
}

/* How many ahead lie below the index. */
static size_t ahead_below(const struct bisection *b, size_t index)
{
    size_t below = b->n_ahead;
    if (below > 0 && b->ahead[below - 1] >= index)
        SORT_COUNT_IF(below, b->n_ahead, i, b->ahead[i] < index);
    return below;
}

static void keep_ahead(struct bisection *b, size_t at, size_t index)
{
    if (b->n_ahead == b->ahead_room)
        xgrow(&b->ahead, &b->ahead_room, b->n_ahead + 1, sizeof *b->ahead);
    memmove(&b->ahead[at + 1], &b->ahead[at], (b->n_ahead - at) * sizeof *b->ahead);
    b->ahead[at] = index;
    b->n_ahead++;
}

static bool try_ahead(struct bisection *b, size_t i, bisection_fits_fn fits, void *user)
{
    size_t at = ahead_below(b, i);
    if (at < b->n_ahead && b->ahead[at] == i)
        return true;
    if (!try_index(b, i, fits, user))
        return false;
    keep_ahead(b, at, i);
    return true;
}

/* Goes from `end`, exclusive, towards larger ones as long as they fit: the first that does not;
 * NO_MARK: all fit. */
static size_t walk(struct bisection *b, size_t end, bisection_fits_fn fits, void *user)
{
    while (end > 0) {
        end--;
        if (b->n_ahead > 0 && b->ahead[b->n_ahead - 1] == end)
            b->n_ahead--;
        else if (!try_index(b, end, fits, user))
            return end;
    }
    return NO_MARK;
}

/* The index that the marks ask for next. */
static size_t halve(size_t good, size_t bad)
{
    size_t i = good != NO_MARK ? good + (bad - good + 2) / 2 : (bad + 2) / 2;
    if (i == good)
        i = good + 1;
    if (i == bad)
        i = bad - 1;
    return i;
}

/* Halves the way back from one that does not fit until G and B are neighbours: returns G, from
 * which the walk goes on; 0: there is nothing left. */
static size_t halve_back(struct bisection *b, size_t bad, bisection_fits_fn fits, void *user)
{
    size_t good = NO_MARK;
    while (bad > 0) {
        size_t i = halve(good, bad);
        if (try_ahead(b, i, fits, user)) {
            good = i;
            if (bad - i > 1)
                continue;
            b->n_ahead--;                /* it was the last */
            return good;
        }
        skip_between(b, i, bad);
        bad = i;
    }
    return 0;
}

void bisection_run(struct bisection *b, size_t n, bisection_fits_fn fits, void *user)
{
    begin(b);
    for (size_t end = n, bad; end > 0; end = halve_back(b, bad, fits, user))
        if ((bad = walk(b, end, fits, user)) == NO_MARK)
            return;
}

void bisection_refuse_all(struct bisection *b, size_t n)
{
    begin(b);
    for (size_t bad = n, i; bad > 0; bad = i) {
        i = bad == n ? n - 1 : halve(NO_MARK, bad);
        b->n_tried++;
        refuse(b, i, i);
        skip_between(b, i, bad);
    }
}
