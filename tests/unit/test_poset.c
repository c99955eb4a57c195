#include "model/poset.h"

#include <stdlib.h>

#include "base/xalloc.h"
#include "num/rng.h"
#include "tests/support/unit.h"

enum { SMALL = 9, ORDERS = 1000 };

struct random_order {
    size_t n, n_edges;
    struct poset_edge edges[SMALL * SMALL];
};

static double draw(uint64_t order, uint64_t index)
{
    struct rng_stream s = rng_stream(20220811, 0, RNG_TEST, order);
    return rng_uniform(&s, index, 0);
}

/* Edges from lower to higher elements, renamed at random, so that no numbering is favoured. */
static struct random_order random_order(uint64_t number)
{
    struct random_order r = { .n = 1 + (size_t)(draw(number, 0) * SMALL) };
    double density = draw(number, 1);
    int name[SMALL];
    for (size_t i = 0; i < r.n; i++) {
        size_t j = (size_t)(draw(number, 2 + i) * (double)(i + 1));
        name[i] = name[j];
        name[j] = (int)i;
    }
    for (size_t a = 0; a < r.n; a++)
        for (size_t b = a + 1; b < r.n; b++)
            if (draw(number, 100 + a * SMALL + b) < density)
                r.edges[r.n_edges++] = (struct poset_edge){ name[a], name[b] };
    return r;
}

/* The relation by Warshall's algorithm. */
static void close_by_warshall(const struct random_order *r, bool precedes[SMALL][SMALL])
{
    for (size_t e = 0; e < r->n_edges; e++)
        precedes[r->edges[e].before][r->edges[e].after] = true;
    for (size_t k = 0; k < r->n; k++)
        for (size_t i = 0; i < r->n; i++)
            for (size_t j = 0; j < r->n; j++)
                precedes[i][j] = precedes[i][j] || (precedes[i][k] && precedes[k][j]);
}

static size_t width_by_subsets(size_t n, bool precedes[SMALL][SMALL])
{
    size_t widest = 0;
    for (unsigned subset = 1; subset < 1u << n; subset++) {
        size_t size = 0;
        bool unordered = true;
        for (size_t i = 0; i < n; i++) {
            size += subset >> i & 1;
            for (size_t j = 0; j < n; j++)
                unordered =
                    unordered && !((subset >> i & 1) && (subset >> j & 1) && precedes[i][j]);
        }
        widest = unordered && size > widest ? size : widest;
    }
    return widest;
}

static void random_orders_agree_with_exhaustive_search(void)
{
    for (uint64_t number = 0; number < ORDERS; number++) {
        struct random_order r = random_order(number);
        bool precedes[SMALL][SMALL] = { { false } };
        close_by_warshall(&r, precedes);
        struct poset *p = poset_new(r.n, r.edges, r.n_edges);
        for (size_t i = 0; i < r.n; i++)
            for (size_t j = 0; j < r.n; j++)
                CU_ASSERT_EQUAL(poset_precedes(p, (int)i, (int)j), precedes[i][j]);
        CU_ASSERT_EQUAL(poset_width(p), width_by_subsets(r.n, precedes));
        poset_free(p);
    }
}

static size_t width_of(size_t n, const struct poset_edge *edges, size_t n_edges)
{
    struct poset *p = poset_new(n, edges, n_edges);
    size_t width = poset_width(p);
    poset_free(p);
    return width;
}

static void known_orders_have_their_known_width(void)
{
    static const struct poset_edge crown[] = { { 0, 4 }, { 0, 5 }, { 1, 4 }, { 1, 6 }, { 2, 5 },
                                               { 2, 6 }, { 3, 4 } };
    CU_ASSERT_EQUAL(width_of(7, crown, 7), 4);
    CU_ASSERT_EQUAL(width_of(13, NULL, 0), 13);
}

/* Subsets of {1 .. 10} by inclusion: Sperner's theorem gives the middle binomial, 252. Long and
 * wide enough for several words. */
static void subsets_by_inclusion_obey_sperner(void)
{
    enum { BITS = 10, N = 1 << BITS };
    struct poset_edge *edges = xcalloc(N * BITS, sizeof *edges);
    size_t n = 0;
    for (int s = 0; s < N; s++)
        for (int b = 0; b < BITS; b++)
            if (!(s >> b & 1))
                edges[n++] = (struct poset_edge){ s, s | 1 << b };
    CU_ASSERT_EQUAL(width_of(N, edges, n), 252);
    free(edges);
}

/* A chain's only edges are between neighbours; an element precedes all later ones. */
static void a_long_chain_is_one_wide(void)
{
    enum { N = 3000 };
    struct poset_edge *edges = xcalloc(N, sizeof *edges);
    for (int i = 0; i + 1 < N; i++)
        edges[i] = (struct poset_edge){ N - 1 - i, N - 2 - i };
    struct poset *p = poset_new(N, edges, N - 1);
    CU_ASSERT(poset_precedes(p, N - 1, 0));
    CU_ASSERT_FALSE(poset_precedes(p, 0, N - 1));
    CU_ASSERT_FALSE(poset_precedes(p, 77, 77));
    CU_ASSERT_EQUAL(poset_width(p), 1);
    poset_free(p);
    free(edges);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(random_orders_agree_with_exhaustive_search),
        UNIT_TEST(known_orders_have_their_known_width),
        UNIT_TEST(subsets_by_inclusion_obey_sperner),
        UNIT_TEST(a_long_chain_is_one_wide),
        { NULL, NULL },
    };
    return unit_run("poset", tests);
}
