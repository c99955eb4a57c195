#include "plots/lanes.h"

#include <stdbool.h>

#include "num/rng.h"
#include "tests/support/unit.h"

enum { MANY = 700 };

static bool overlap(const struct lane_interval *a, const struct lane_interval *b)
{
    return a->from_s < b->to_s && b->from_s < a->to_s;
}

/* How many intervals are open just after `from_s` of interval i: counted one by one. */
static size_t open_at(const struct lane_interval *v, size_t n, double time_s)
{
    size_t open = 0;

    for (size_t i = 0; i < n; i++)
        open += v[i].from_s <= time_s && time_s < v[i].to_s;
    return open;
}

static void intervals_on_a_lane_never_overlap_and_lanes_are_few(void)
{
    struct rng_stream stream = rng_stream(2, 0, RNG_TEST, 5);
    struct lane_interval v[MANY];
    size_t most = 0;

    for (uint64_t i = 0; i < MANY; i++) {
        /* whole seconds: many ties */
        v[i].from_s = (double)(int)(50 * rng_uniform(&stream, 2 * i, 0));
        v[i].to_s = v[i].from_s + 1 + (double)(int)(9 * rng_uniform(&stream, 2 * i + 1, 0));
    }
    size_t lanes = lanes_assign(v, MANY);

    for (size_t i = 0; i < MANY; i++) {
        size_t open = open_at(v, MANY, v[i].from_s);

        most = open > most ? open : most;
        for (size_t j = 0; j < i; j++)
            CU_ASSERT(v[i].lane != v[j].lane || !overlap(&v[i], &v[j]));
    }
    /* an interval graph needs as many colours as its largest clique */
    unit_is(lanes, ==, most);
}

static void the_lowest_free_lane_is_taken(void)
{
    struct lane_interval v[] = { { .from_s = 2.5, .to_s = 9.5 },
                                 { .from_s = 3.5, .to_s = 4.5 },
                                 { .from_s = 4.5, .to_s = 7.5 },
                                 { .from_s = 5.5, .to_s = 5.5 },
                                 { .from_s = 5.5, .to_s = 6.5 } };

    unit_is(lanes_assign(v, 5), ==, 4);
    unit_is(v[0].lane, ==, 0);
    unit_is(v[1].lane, ==, 1);
    unit_is(v[2].lane, ==, 1);
    unit_is(v[3].lane, ==, 2);
    unit_is(v[4].lane, ==, 3);
    unit_is(lanes_assign(v, 0), ==, 0);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(intervals_on_a_lane_never_overlap_and_lanes_are_few),
        UNIT_TEST(the_lowest_free_lane_is_taken),
        { NULL, NULL },
    };
    return unit_run("lanes", tests);
}
