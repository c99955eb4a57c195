/* What a node has free as steps of time, beside the same looked at instant by instant. */
#include <math.h>
#include <stdlib.h>

#include "scheduling/room_steps.h"
#include "tests/support/given.h"
#include "tests/support/unit.h"

enum { LAST = 40 };

/* slots_at[t]: from t to t + 1 */
static void take(int64_t *slots_at, int from, int to, int64_t slots)
{
    for (int t = from; t < to && t < LAST; t++)
        slots_at[t] -= slots;
}

static int64_t ranks_plainly(const int64_t *slots_at, const struct slot_demand *d, int from,
                             int lasts)
{
    int64_t least = slots_at[from];
    for (int t = from; t < from + lasts && t < LAST; t++)
        least = slots_at[t] < least ? slots_at[t] : least;
    int64_t ranks = least > 0 ? least / d->slots : 0;
    return ranks < d->ranks ? ranks : d->ranks;
}

static double first_plainly(const int64_t *slots_at, const struct slot_demand *d, int from,
                            int lasts)
{
    for (int t = from; t < LAST; t++)
        if (ranks_plainly(slots_at, d, t, lasts) == d->ranks)
            return t;
    return INFINITY;
}

static void check(uint64_t number)
{
    struct room_step first = { 0, { 12, 0, 0 }, 0 };
    struct room_steps s = { 0 };
    int64_t slots_at[LAST];
    s.at = calloc(1, sizeof first);
    s.at[0] = first;
    s.n = s.room = 1;
    for (int t = 0; t < LAST; t++)
        slots_at[t] = 12;
    for (uint64_t step = 0; step < 30; step++) {
        uint64_t at = 10 * step;
        int from = given_choice(number, at, 0, 25), lasts = given_choice(number, at + 1, 0, 9);
        struct slot_demand d = { .ranks = given_choice(number, at + 2, 1, 3),
                                 .slots = given_choice(number, at + 3, 1, 4) };
        struct room_amount need = room_amount_of_ranks(&d, d.ranks);
        double at_s = room_steps_first(&s, &need, lasts, from, INFINITY),
               expected_s = first_plainly(slots_at, &d, from, lasts);
        /* no step begins at `from` itself: then the next one is the first to be found */
        if (s.at[room_steps_at(&s, from)].from_s == from)
            unit_near(isinf(at_s) ? -1 : at_s, isinf(expected_s) ? -1 : expected_s, 0);
        CU_ASSERT_EQUAL(room_steps_ranks(&s, &d, from, lasts),
                        ranks_plainly(slots_at, &d, from, lasts));
        if (given_choice(number, at + 4, 0, 2) == 0)
            continue;
        room_steps_take(&s, from, from + lasts, &need);
        take(slots_at, from, from + lasts, need.slots);
    }
    free(s.at);
}

static void steps_are_what_is_free_at_each_instant(void)
{
    for (uint64_t number = 0; number < 200; number++)
        check(number);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(steps_are_what_is_free_at_each_instant),
                                              { NULL, NULL } };
    return unit_run("room_steps", tests);
}
