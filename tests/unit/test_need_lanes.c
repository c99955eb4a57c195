/* Needs and rooms in lanes against the comparison of their amounts. */
#include "scheduling/need_lanes.h"

#include "tests/support/given.h"
#include "tests/support/unit.h"

enum { KINDS = 200, ROOMS = 200 };

/* Amounts of very different sizes; of few needs, if so given, and the others are alike. */
static struct kind_need some_amounts(uint64_t number, uint64_t at, int needs)
{
    static const int most[NEED_DIMENSIONS] = { 64, 8000000, 2000000, 30000, 90000000, 100, 1 };
    struct kind_need need = { { 0 } };
    for (int d = 0; d < needs; d++)
        need.of[d] = given_choice(number, at + (uint64_t)d, 0, most[d]);
    return need;
}

static bool fits(const struct kind_need *need, const struct kind_need *room)
{
    bool all = true;
    for (int d = 0; d < NEED_DIMENSIONS; d++)
        all &= need->of[d] <= room->of[d];
    return all;
}

/* Returns how many pairs fit in lanes and not exactly. */
static int check_fits(uint64_t number, int n_needs)
{
    struct kind_need needs[KINDS];
    struct need_lanes lanes;
    int inexact = 0, lost = 0;
    for (uint64_t k = 0; k < KINDS; k++)
        needs[k] = some_amounts(number, 10 * k, n_needs);
    need_lanes_init(&lanes, needs, KINDS);
    for (uint64_t r = 0; r < ROOMS; r++) {
        struct kind_need room = some_amounts(number, 10 * (KINDS + r), n_needs);
        uint64_t word = 0;
        bool any = need_lanes_of_room(&lanes, &room, &word);
        for (size_t k = 0; k < KINDS; k++) {
            bool exact = fits(&needs[k], &room);
            bool in_lanes = any && need_lanes_fit(lanes.guards, need_lanes_of(&lanes, &needs[k]),
                                                  word);
            inexact += in_lanes && !exact;
            lost += exact && !in_lanes;
        }
    }
    CU_ASSERT_EQUAL(lost, 0);
    return inexact;
}

static void what_fits_fits_in_lanes(void)
{
    for (uint64_t number = 0; number < 20; number++) {
        CU_ASSERT_EQUAL(check_fits(number, 1), 0);
        unit_is(check_fits(number, 3), <=, KINDS * ROOMS / 1000);
        unit_is(check_fits(number, NEED_DIMENSIONS), <=, KINDS * ROOMS / 50);
    }
}

static void the_least_is_taken_lane_by_lane(void)
{
    struct kind_need needs[KINDS];
    struct need_lanes lanes;
    for (uint64_t k = 0; k < KINDS; k++)
        needs[k] = some_amounts(7, 10 * k, NEED_DIMENSIONS);
    need_lanes_init(&lanes, needs, KINDS);
    for (size_t k = 1; k < KINDS; k++) {
        struct kind_need least;
        for (int d = 0; d < NEED_DIMENSIONS; d++)
            least.of[d] = needs[k].of[d] < needs[k - 1].of[d] ? needs[k].of[d]
                                                              : needs[k - 1].of[d];
        uint64_t a = need_lanes_of(&lanes, &needs[k]), b = need_lanes_of(&lanes, &needs[k - 1]);
        CU_ASSERT_EQUAL(need_lanes_least(&lanes, a, b), need_lanes_of(&lanes, &least));
        CU_ASSERT_EQUAL(need_lanes_least(&lanes, a, need_lanes_most(&lanes)), a);
    }
}

/* All kinds alike in a need: no lane; equal in two: one lane for both. */
static void only_what_tells_kinds_apart_has_a_lane(void)
{
    const struct kind_need needs[] = { { { 1, 0, 5, 1, 0, 9, 1 } }, { { 2, 0, 5, 2, 0, 9, 1 } } };
    struct need_lanes lanes;
    uint64_t word;
    need_lanes_init(&lanes, needs, 2);
    CU_ASSERT_EQUAL(lanes.n, 1);
    CU_ASSERT(!need_lanes_of_room(&lanes, &(struct kind_need){ { 2, 0, 4, 2, 0, 9, 1 } }, &word));
    CU_ASSERT(need_lanes_of_room(&lanes, &(struct kind_need){ { 1, 0, 5, 1, 0, 9, 1 } }, &word));
    CU_ASSERT(need_lanes_fit(lanes.guards, need_lanes_of(&lanes, &needs[0]), word));
    CU_ASSERT(!need_lanes_fit(lanes.guards, need_lanes_of(&lanes, &needs[1]), word));
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(what_fits_fits_in_lanes),
                                              UNIT_TEST(the_least_is_taken_lane_by_lane),
                                              UNIT_TEST(only_what_tells_kinds_apart_has_a_lane),
                                              { NULL, NULL } };
    return unit_run("need_lanes", tests);
}
