/* What a refusal tells of other tasks, against a count of what nodes hold: beside a reservation,
 * some of each for tasks that end in time, and less for the others. */
#include "scheduling/refusals.h"

#include "tests/support/given.h"
#include "tests/support/unit.h"

enum { NODES = 6, TASKS = 200, WORLDS = 100 };
static const char kind[] = "large";

struct amount { int slots, gpus, memory; bool is_large; };
struct world { struct amount free[NODES], spare[NODES]; };

static struct world any_world(uint64_t number)
{
    struct world w;
    for (uint64_t n = 0, at = 0; n < NODES; n++, at += 7) {
        struct amount *f = &w.free[n];
        *f = (struct amount){ given_choice(number, at, 0, 12), given_choice(number, at + 1, 0, 3),
                              given_choice(number, at + 2, 0, 20),
                              given_choice(number, at + 3, 0, 1) };
        w.spare[n] = (struct amount){ given_choice(number, at + 4, 0, f->slots),
                                      given_choice(number, at + 5, 0, f->gpus),
                                      given_choice(number, at + 6, 0, f->memory), f->is_large };
    }
    return w;
}

static struct slot_demand any_demand(uint64_t number, uint64_t at)
{
    return (struct slot_demand){ .ranks = given_choice(number, at, 1, 12),
                                 .slots = given_choice(number, at + 1, 0, 4),
                                 .gpus = given_choice(number, at + 2, 0, 1),
                                 .memory_mib = given_choice(number, at + 3, 1, 6),
                                 .one_node = given_choice(number, at + 4, 0, 3) == 0,
                                 .node = given_choice(number, at + 5, 0, 3) == 0 ? kind : NULL };
}

static int ranks_on(const struct amount *a, const struct slot_demand *d)
{
    int ranks = d->node && !a->is_large ? 0 : d->ranks;
    while (ranks > 0 && (ranks * d->slots > a->slots || ranks * d->gpus > a->gpus ||
                         ranks * d->memory_mib > a->memory))
        ranks--;
    return d->one_node && ranks < d->ranks ? 0 : ranks;
}

static bool fits(const struct amount *nodes, const struct slot_demand *d)
{
    int ranks = 0;
    for (int n = 0; n < NODES; n++)
        ranks += ranks_on(&nodes[n], d);
    return ranks >= d->ranks;
}

static void what_is_told_does_not_fit(void)
{
    int told = 0, tried = 0;
    for (uint64_t number = 0; number < WORLDS; number++) {
        struct world w = any_world(number);
        struct refusals r = { .n = 0 };
        static struct slot_demand d[TASKS];
        for (uint64_t i = 0, at = 100; i < TASKS; i++, at += 7) {
            d[i] = any_demand(number, at);
            bool in_time = given_choice(number, at + 6, 0, 1);
            bool starts = fits(in_time ? w.free : w.spare, &d[i]);
            if (refusals_tell(&r, &d[i], in_time)) {
                CU_ASSERT(!starts);
                told++;
            } else if (!starts) {
                refusals_add(&r, &d[i], in_time);
                tried += d[i].ranks > 1;
            }
        }
    }
    unit_is(2 * told, >, tried);
}

static void a_demand_that_is_less_in_one_thing_is_not_told(void)
{
    const struct slot_demand refused = { .ranks = 4, .slots = 2, .gpus = 1, .memory_mib = 10,
                                         .one_node = false };
    struct refusals r = { .n = 0 };
    refusals_add(&r, &refused, false);
    CU_ASSERT(refusals_tell(&r, &refused, false));
    CU_ASSERT(!refusals_tell(&r, &refused, true));
    struct slot_demand less[] = { refused, refused, refused, refused };
    less[0].ranks--;
    less[1].slots--;
    less[2].gpus--;
    less[3].memory_mib--;
    for (size_t i = 0; i < sizeof less / sizeof *less; i++)
        CU_ASSERT(!refusals_tell(&r, &less[i], false));
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(what_is_told_does_not_fit),
        UNIT_TEST(a_demand_that_is_less_in_one_thing_is_not_told),
        { NULL, NULL },
    };
    return unit_run("refusals", tests);
}
