#include "model/packing.h"

#include <stdint.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

enum { DEVICES = 3, MAX_UNITS = 16, CASES = 600 };

struct node { int slots; int64_t memory_mib; int32_t gpu_room[DEVICES]; };
struct exhaustive {
    struct node node[4];
    size_t n_nodes, n_units;
    struct slot_demand unit[MAX_UNITS];          /* of one rank; `ranks` of them on one node */
};

static bool any_assignment(struct exhaustive *x, size_t unit);

/* The rest of the unit's GPU needs, device by device, then the next unit. */
static bool any_devices(struct exhaustive *x, size_t unit, struct node *n, int whole, int shares)
{
    const struct slot_demand *d = &x->unit[unit];
    if (whole == 0 && shares == 0)
        return any_assignment(x, unit + 1);
    for (int g = 0; g < DEVICES; g++) {
        int32_t take = whole > 0 ? DEMAND_WHOLE_GPU : d->gpu_share;
        if (n->gpu_room[g] < take)
            continue;
        n->gpu_room[g] -= take;
        bool found = any_devices(x, unit, n, whole - (whole > 0), shares - (whole == 0));
        n->gpu_room[g] += take;
        if (found)
            return true;
    }
    return false;
}

static bool any_assignment(struct exhaustive *x, size_t unit)
{
    if (unit == x->n_units)
        return true;
    const struct slot_demand *d = &x->unit[unit];
    for (size_t i = 0; i < x->n_nodes; i++) {
        struct node *n = &x->node[i];
        if (n->slots < d->ranks * d->slots || n->memory_mib < d->ranks * d->memory_mib)
            continue;
        n->slots -= d->ranks * d->slots;
        n->memory_mib -= d->ranks * d->memory_mib;
        bool found = any_devices(x, unit, n, d->ranks * d->gpus, d->gpu_share > 0 ? d->ranks : 0);
        n->slots += d->ranks * d->slots;
        n->memory_mib += d->ranks * d->memory_mib;
        if (found)
            return true;
    }
    return false;
}

static bool fits_somehow(const struct platform *p, const struct packing_need *needs, size_t n)
{
    struct exhaustive x = { .n_nodes = p->n_nodes };
    for (size_t i = 0; i < p->n_nodes; i++) {
        const struct node_shape *s = platform_node(p, i);
        x.node[i] = (struct node){ .slots = node_shape_usable(s), .memory_mib = s->memory_mib };
        for (int g = 0; g < s->n_gpus; g++)
            x.node[i].gpu_room[g] = DEMAND_WHOLE_GPU;
    }
    for (size_t i = 0; i < n; i++) {
        struct slot_demand unit = needs[i].demand;
        size_t units = needs[i].tasks * (unit.one_node ? 1 : (size_t)unit.ranks);
        unit.ranks = unit.one_node ? unit.ranks : 1;
        for (size_t k = 0; k < units; k++)
            x.unit[x.n_units++] = unit;
    }
    return any_assignment(&x, 0);
}

static struct packing_need random_need(uint64_t number, uint64_t at, bool shares)
{
    struct slot_demand d = { .ranks = given_choice(number, at, 1, 2),
                             .slots = given_choice(number, at + 1, 1, 3),
                             .gpus = given_choice(number, at + 2, 0, 1),
                             .memory_mib = given_choice(number, at + 3, 0, 4) };
    d.one_node = d.ranks > 1 && given_draw(number, at + 4) < 0.5;
    if (shares) {
        d.gpus = 0;
        d.gpu_share = 100000 * given_choice(number, at + 5, 2, 7);
    }
    return (struct packing_need){ .demand = d,
                                  .tasks = (size_t)given_choice(number, at + 6, 1, 2) };
}

static void agrees_with_every_assignment(void)
{
    struct platform *p = given_platform(
        "{'name': 'p', 'nodes': [{'count': 2, 'cores': 7, 'gpus': 2, 'memory_mib': 8},"
        " {'count': 1, 'cores': 5, 'gpus': 3, 'memory_mib': 9}]}");
    size_t n_possible = 0;
    for (uint64_t number = 0; number < CASES; number++) {
        struct packing_need needs[3];
        for (uint64_t i = 0; i < 3; i++)
            needs[i] = random_need(number, 10 * i, i == 1);
        size_t steps = 0;
        enum packing got = packing_decide(p, needs, 3, 1000000, &steps);
        CU_ASSERT_EQUAL(got, fits_somehow(p, needs, 3) ? PACKING_POSSIBLE : PACKING_IMPOSSIBLE);
        unit_is(steps, <=, 1000000);
        n_possible += got == PACKING_POSSIBLE;
    }
    /* both answers were put to the test */
    unit_is(n_possible, >, CASES / 5);
    unit_is(n_possible, <, CASES * 4 / 5);
    platform_free(p);
}

/* First fit, largest first, fills 4 + 3, 3 + 2 + 2 and has 1 + 1 left for a 2; yet 4 + 2 + 2, 3 + 3
 * + 2 fit. Five 3 do not, though 15 is less than 16. */
static void finds_what_first_fit_misses(void)
{
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 2, 'cores': 8}]}");
    struct packing_need needs[] = { { { .ranks = 1, .slots = 4 }, 1 },
                                    { { .ranks = 1, .slots = 3 }, 2 },
                                    { { .ranks = 1, .slots = 2 }, 3 } };
    size_t steps = 0;
    CU_ASSERT_EQUAL(packing_decide(p, needs, 3, 1000, &steps), PACKING_POSSIBLE);
    struct packing_need threes[] = { { { .ranks = 1, .slots = 3 }, 5 } };
    CU_ASSERT_EQUAL(packing_decide(p, threes, 1, 1000, &steps), PACKING_IMPOSSIBLE);
    platform_free(p);
}

static void gives_up_when_told_to(void)
{
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 16, 'cores': 100}]}");
    struct packing_need needs[] = { { { .ranks = 1, .slots = 34 }, 10 },
                                    { { .ranks = 1, .slots = 21 }, 20 },
                                    { { .ranks = 1, .slots = 13 }, 30 },
                                    { { .ranks = 1, .slots = 7 }, 58 } };
    size_t steps = 17;
    CU_ASSERT_EQUAL(packing_decide(p, needs, 4, 3, &steps), PACKING_UNDECIDED);
    unit_is(steps, >, 17);
    unit_is(steps, <=, 21 + 1);
    struct packing_need two_shares[] = { { { .ranks = 1, .gpu_share = 300000 }, 1 },
                                         { { .ranks = 1, .gpu_share = 400000 }, 1 } };
    CU_ASSERT_EQUAL(packing_decide(p, two_shares, 2, 1000, &steps), PACKING_UNDECIDED);
    platform_free(p);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(agrees_with_every_assignment),
        UNIT_TEST(finds_what_first_fit_misses),
        UNIT_TEST(gives_up_when_told_to),
        { NULL, NULL },
    };
    return unit_run("packing", tests);
}
