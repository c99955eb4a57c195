#include "scheduling/bisection.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define NO_MARK SIZE_MAX

void bisection_clear(struct bisection *b)
{
    free(b->refused);
    free(b->answers);
    *b = (struct bisection){ 0 };
}

/* Where the first answer lies that does not end below the index. */
static size_t find(const struct bisection *b, size_t index)
{
    size_t low = 0, high = b->n_answers;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (b->answers[middle].high < index)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The answer for the index, where find() has found `at`; NULL: it is undecided. */
static const struct bisection_answer *known_at(const struct bisection *b, size_t at, size_t index)
{
    return at < b->n_answers && b->answers[at].low <= index ? &b->answers[at] : NULL;
}

static void remove_answer(struct bisection *b, size_t at)
{
    b->n_answers--;
    memmove(&b->answers[at], &b->answers[at + 1], (b->n_answers - at) * sizeof *b->answers);
}

/* Indexes low .. high, undecided so far, are decided; find() has found `at` for them. Neighbours
 * with the same answer become one. */
static void decide(struct bisection *b, size_t at, size_t low, size_t high, bool fits)
{
    bool above = at < b->n_answers && b->answers[at].fits == fits && b->answers[at].low == high + 1;
    bool below = at > 0 && b->answers[at - 1].fits == fits && b->answers[at - 1].high + 1 == low;
    if (above && below) {
        b->answers[at - 1].high = b->answers[at].high;
        remove_answer(b, at);
    } else if (above) {
        b->answers[at].low = low;
    } else if (below) {
        b->answers[at - 1].high = high;
    } else {
        xgrow(&b->answers, &b->answer_room, b->n_answers + 1, sizeof *b->answers);
        memmove(&b->answers[at + 1], &b->answers[at], (b->n_answers - at) * sizeof *b->answers);
        b->answers[at] = (struct bisection_answer){ low, high, fits };
        b->n_answers++;
    }
    b->n_fitted += fits ? high - low + 1 : 0;
}

static void refuse(struct bisection *b, size_t at, size_t low, size_t high)
{
    xgrow(&b->refused, &b->refused_room, b->n_refused + 1, sizeof *b->refused);
    b->refused[b->n_refused++] = (struct bisection_piece){ low, high };
    decide(b, at, low, high, false);
}

/* Everything between two indexes, both exclusive, that is not yet decided does not fit, from the
 * high end down. */
static void skip_between(struct bisection *b, size_t low, size_t high)
{
    size_t next = high;                  /* one above the highest index still to be looked at */
    while (next > low + 1) {
        size_t at = find(b, next - 1);
        const struct bisection_answer *known = known_at(b, at, next - 1);
        if (known) {
            next = known->low;
            continue;
        }
        size_t from =
            at > 0 && b->answers[at - 1].high > low ? b->answers[at - 1].high + 1 : low + 1;
        size_t to = next - 1;
        next = from;
        refuse(b, at, from, to);
    }
}

static bool try_index(struct bisection *b, size_t i, bisection_fits_fn fits, void *user)
{
    size_t at = find(b, i);
    const struct bisection_answer *known = known_at(b, at, i);
    if (known)
        return known->fits;
    b->n_tried++;
    bool ok = fits(user, i);
    if (ok)
        decide(b, at, i, i, true);
    else
        refuse(b, at, i, i);
    return ok;
}

/* The index that the marks ask for next; B is set. */
static size_t halve(size_t good, size_t bad)
{
    size_t i = good != NO_MARK ? good + (bad - good + 2) / 2 : (bad + 2) / 2;
    if (i == good)
        i = good + 1;
    if (i == bad)
        i = bad - 1;
    return i;
}

void bisection_run(struct bisection *b, size_t n, bisection_fits_fn fits, void *user)
{
    b->n_refused = b->n_answers = b->n_fitted = b->n_tried = 0;
    if (n == 0)
        return;
    size_t good = NO_MARK, bad = NO_MARK;
    *(try_index(b, n - 1, fits, user) ? &good : &bad) = n - 1;
    while (bad == NO_MARK ? good != 0 : bad != 0) {
        if (bad == NO_MARK) {            /* walk towards larger ones */
            if (try_index(b, good - 1, fits, user))
                good = b->answers[find(b, good - 1)].low;
            else
                bad = good - 1;
            continue;
        }
        if (good != NO_MARK && good > bad)
            good = NO_MARK;
        size_t i = halve(good, bad);
        if (try_index(b, i, fits, user)) {
            good = bad < i ? NO_MARK : i;
            if (bad > i && bad - i == 1)
                bad = NO_MARK;
        } else {
            skip_between(b, i, bad);
            bad = i;
            if (good != NO_MARK && good > bad)
                good = NO_MARK;
        }
    }
}
