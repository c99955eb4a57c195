#include "model/together.h"

#include "tests/support/given.h"
#include "tests/support/unit.h"

enum { MAX_NODES = 4, MAX_RANKS = 12, MAX_ITEMS = 5, CASES = 400 };

struct plain_room { int slots, gpus; int64_t memory_mib; };
struct packing {
    struct plain_room node[MAX_NODES];
    size_t n_nodes;
    struct slot_demand rank[MAX_RANKS];
    size_t n_ranks;
};

/* Every rank on every node: whether any assignment fits. */
static bool fits_somehow(struct packing *k, size_t rank)
{
    if (rank == k->n_ranks)
        return true;
    const struct slot_demand *d = &k->rank[rank];
    for (size_t n = 0; n < k->n_nodes; n++) {
        struct plain_room *room = &k->node[n], before = *room;
        if (room->slots < d->slots || room->gpus < d->gpus || room->memory_mib < d->memory_mib)
            continue;
        *room = (struct plain_room){ room->slots - d->slots, room->gpus - d->gpus,
                                     room->memory_mib - d->memory_mib };
        bool fits = fits_somehow(k, rank + 1);
        *room = before;
        if (fits)
            return true;
    }
    return false;
}

static bool subset_fits(const struct platform *p, const struct slot_demand *demand,
                        const struct together_item *items, size_t n, unsigned subset)
{
    struct packing k = { .n_nodes = p->n_nodes };
    for (size_t i = 0; i < p->n_nodes; i++) {
        const struct node_shape *s = platform_node(p, i);
        k.node[i] = (struct plain_room){ node_shape_usable(s), s->n_gpus, s->memory_mib };
    }
    for (size_t i = 0; i < n; i++)
        for (size_t t = 0; subset >> i & 1 && t < items[i].tasks; t++)
            k.rank[k.n_ranks++] = demand[items[i].demand_class];
    return fits_somehow(&k, 0);
}

static size_t most_by_subsets(const struct platform *p, const struct slot_demand *demand,
                              const struct poset *order, const struct together_item *items,
                              size_t n)
{
    size_t most = 0;
    for (unsigned subset = 0; subset < 1u << n; subset++) {
        size_t size = 0;
        bool unordered = true;
        for (int i = 0; i < (int)n; i++) {
            size += subset >> i & 1;
            for (int j = 0; j < (int)n; j++)
                unordered = unordered &&
                            !(subset >> i & 1 && subset >> j & 1 && poset_precedes(order, i, j));
        }
        if (unordered && size > most && subset_fits(p, demand, items, n, subset))
            most = size;
    }
    return most;
}

static void agrees_with_every_assignment_of_every_subset(void)
{
    size_t n_exact = 0;
    for (uint64_t number = 0; number < CASES; number++) {
        struct platform *p = given_platform(
            "{'name': 'p', 'nodes': [{'count': 2, 'cores': 7, 'gpus': 3, 'memory_mib': 90},"
            " {'count': 1, 'cores': 11, 'gpus': 1, 'memory_mib': 50}]}");
        struct slot_demand demand[MAX_ITEMS];
        struct demand_classes classes = { .n = MAX_ITEMS, .demand = demand };
        struct together_item items[MAX_ITEMS];
        struct poset_edge edges[MAX_ITEMS * MAX_ITEMS];
        size_t n_edges = 0;
        for (int i = 0; i < MAX_ITEMS; i++) {
            uint64_t at = 10 * (uint64_t)i;
            demand[i] =
                (struct slot_demand){ .ranks = 1,
                                      .slots = given_choice(number, at, 1, 6),
                                      .gpus = given_choice(number, at + 1, -1, 2),
                                      .memory_mib = 10 * given_choice(number, at + 2, 0, 5) + i };
            demand[i].gpus = demand[i].gpus < 0 ? 0 : demand[i].gpus;
            items[i] = (struct together_item){ i, (uint32_t)i,
                                               (size_t)given_choice(number, at + 3, 1, 2) };
            for (int j = 0; j < i; j++)
                if (given_draw(number, 100 + at + (uint64_t)j) < 0.15)
                    edges[n_edges++] = (struct poset_edge){ j, i };
        }
        struct poset *order = poset_new(MAX_ITEMS, edges, n_edges);
        struct together got = together_most(p, &classes, order, items, MAX_ITEMS);
        size_t most = most_by_subsets(p, demand, order, items, MAX_ITEMS);
        CU_ASSERT(got.exact ? got.count == most : got.count <= most);
        n_exact += got.exact;
        poset_free(order);
        platform_free(p);
    }
    CU_ASSERT_EQUAL(n_exact, CASES);             /* cases of this size are always settled */
}

/* Of alike items no more count than the platform holds. Beyond the exact search: a lower limit, and
 * said to be one. */
static void many_items_give_a_lower_limit(void)
{
    enum { N = 60 };
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 5, 'cores': 7}]}");
    struct slot_demand demand = { .ranks = 1, .slots = 2 };
    struct demand_classes classes = { .n = 1, .demand = &demand };
    struct together_item items[N];
    struct poset_edge edges[N];
    for (int i = 0; i < N; i++) {
        items[i] = (struct together_item){ i, 0, 1 };
        /* pairs: of each only one at a time */
        edges[i] = (struct poset_edge){ i / 2 * 2, i / 2 * 2 + 1 };
    }
    struct together got = together_most(p, &classes, NULL, items, N);
    unit_near((double)got.count, 15, 0);
    CU_ASSERT(got.exact);
    for (int i = 0; i < N; i++)
        items[i].tasks = 1 + (size_t)i;
    got = together_most(p, &classes, NULL, items, N);
    unit_near((double)got.count, 5, 0);          /* 1 + 2 + 3 + 4 + 5 of 15 */
    CU_ASSERT(got.exact);                        /* larger ones than 15 never fit */
    for (int i = 0; i < N; i++)
        items[i].tasks = 1;
    struct poset *order = poset_new(N, edges, N);
    demand.slots = 1;
    got = together_most(p, &classes, order, items, N);
    unit_is(got.count, ==, 30);
    CU_ASSERT_FALSE(got.exact);
    poset_free(order);
    platform_free(p);
}

/* An item that the platform could never hold whole is no candidate. */
static void what_never_fits_does_not_count(void)
{
    struct platform *p = given_platform("{'name': 'p', 'nodes': [{'count': 2, 'cores': 7}]}");
    struct slot_demand demand[] = { { .ranks = 1, .slots = 3 },
                                    { .ranks = 1, .slots = 2, .gpus = 1 } };
    struct demand_classes classes = { .n = 2, .demand = demand };
    struct together_item items[] = { { 0, 0, 5 }, { 1, 0, 2 }, { 2, 0, 2 }, { 3, 1, 1 } };
    struct together got = together_most(p, &classes, NULL, items, 4);
    unit_is(got.count, ==, 2);
    CU_ASSERT(got.exact);
    got = together_most(p, &classes, NULL, items, 1);
    unit_is(got.count, ==, 0);
    CU_ASSERT(got.exact);
    platform_free(p);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(agrees_with_every_assignment_of_every_subset),
        UNIT_TEST(many_items_give_a_lower_limit),
        UNIT_TEST(what_never_fits_does_not_count),
        { NULL, NULL },
    };
    return unit_run("together", tests);
}
