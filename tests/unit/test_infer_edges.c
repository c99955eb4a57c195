#include "traces/importer/infer.h"

#include <math.h>
#include <stdlib.h>

#include "tests/support/unit.h"

static void clear(struct edge_group *groups, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(groups[i].parents);
}

static void the_next_group_follows_the_last_end(void)
{
    struct edge_group g[] = { { .submitted_s = 0, .done_s = 100 },
                              { .submitted_s = 0, .done_s = 60 },
                              { .submitted_s = 100.5, .done_s = 200 } };
    struct edge_counts c = infer_edges(g, 3, 1, INFINITY);
    CU_ASSERT_EQUAL(c.edges, 1);
    CU_ASSERT_EQUAL(c.released, 0);
    CU_ASSERT_EQUAL_FATAL(g[2].n_parents, 1);
    CU_ASSERT_EQUAL(g[2].parents[0], 0);
    clear(g, 3);
}

/* Two lanes at once: "a" waits for both of its first step, whatever "b" does; b's first was spawned
 * by a's second; a's last two follow one end each, and no other. */
static void a_lane_waits_for_its_own(void)
{
    struct edge_group g[] = {
        { .lane = 1, .submitted_s = 0, .done_s = 60 },
        { .lane = 1, .submitted_s = 0.01, .done_s = 100 },
        { .lane = 1, .submitted_s = 100.4, .done_s = 150 },
        { .lane = 1, .submitted_s = 100.5, .done_s = 170 },
        { .lane = 2, .submitted_s = 99, .done_s = 100.2 },
        { .lane = 1, .submitted_s = 150.2, .done_s = 190 },
        { .lane = 1, .submitted_s = 170.2, .done_s = 180 },
        { .lane = 3, .submitted_s = 150.3, .done_s = 160 },
    };
    static const int parents[][3] = { { -1 }, { -1 }, { 0, 1, -1 }, { 0, 1, -1 },
                                      { -1 }, { 2, -1 }, { 3, -1 }, { 2, -1 } };
    infer_edges(g, 8, 1, 10);
    for (int k = 0; k < 8; k++) {
        size_t n = 0;
        for (; parents[k][n] >= 0; n++)
            if (n < g[k].n_parents)
                unit_near(g[k].parents[n], parents[k][n], 0);
        unit_near((double)g[k].n_parents, (double)n, 0);
    }
    clear(g, 8);
}

static void a_slow_script_is_a_barrier_up_to_its_limit(void)
{
    struct edge_group g[] = { { .submitted_s = 0, .done_s = 100 },
                              { .submitted_s = 400, .done_s = 500 } };
    CU_ASSERT_EQUAL(infer_edges(g, 2, 1, 600).edges, 1);
    clear(g, 2);
    struct edge_group late[] = { { .submitted_s = 0, .done_s = 100 },
                                 { .submitted_s = 4000, .done_s = 5000 } };
    struct edge_counts c = infer_edges(late, 2, 1, 600);
    CU_ASSERT_EQUAL(c.edges, 0);
    CU_ASSERT_EQUAL(c.released, 1);
    CU_ASSERT_EQUAL(late[1].release_s, 4000);
    clear(late, 2);
}

static void a_group_without_an_end_is_no_barrier(void)
{
    struct edge_group g[] = { { .submitted_s = 0, .done_s = NAN },
                              { .submitted_s = 5, .done_s = 100 },
                              { .submitted_s = 150, .done_s = 300 } };
    struct edge_counts c = infer_edges(g, 3, 1, INFINITY);
    CU_ASSERT_EQUAL(c.edges, 0);
    CU_ASSERT_EQUAL(g[2].release_s, 150);
    clear(g, 3);
}

/* --- the rule, said pair by pair -------------------------------------------------------------- */

static const double reaction_s = 3, barrier_s = 20;

static bool plainly_a_parent(const struct edge_group *other, const struct edge_group *g,
                             double ended_s)
{
    return other->done_s <= ended_s && other->done_s >= ended_s - reaction_s &&
           other->submitted_s < g->submitted_s;
}

static double plain_barrier(const struct edge_group *groups, size_t n, const struct edge_group *g)
{
    double last = NAN;
    for (size_t k = 0; k < n; k++) {
        const struct edge_group *o = &groups[k];
        bool ended = o->done_s <= g->submitted_s,
             earlier = isnan(o->submitted_s) ? ended : o->submitted_s < g->submitted_s;
        if (o == g || !earlier)
            continue;
        if (!ended)
            return NAN;
        last = fmax(last, o->done_s);
    }
    return last;
}

static void check_parents(const struct edge_group *groups, size_t n, const struct edge_group *g)
{
    double ended_s = g->submitted_s;
    size_t found = 0;
    for (int round = 0; round < 2 && !found && !isnan(g->submitted_s); round++) {
        for (size_t k = 0; k < n; k++) {
            if (!plainly_a_parent(&groups[k], g, ended_s))
                continue;
            if (found < g->n_parents)
                CU_ASSERT_EQUAL(g->parents[found], (int)k);
            found++;
        }
        ended_s = plain_barrier(groups, n, g);
        if (!(ended_s >= g->submitted_s - barrier_s))
            break;
    }
    CU_ASSERT_EQUAL(g->n_parents, found);
}

/* Times of whole seconds, so that many are equal; some are not known. */
static double some_time(unsigned *state, int most)
{
    *state = *state * 1103515245u + 12345u;
    int x = (int)(*state >> 16) % (most + most / 8);
    return x < most ? x : (double)NAN;
}

static void it_is_the_plain_rule(void)
{
    enum { MOST = 40 };
    unsigned state = 7;
    size_t edges = 0;
    for (int round = 0; round < 500; round++) {
        struct edge_group g[MOST] = { 0 };
        size_t n = 2 + (size_t)round % (MOST - 2);
        for (size_t k = 0; k < n; k++) {
            g[k].submitted_s = some_time(&state, round % 2 ? 30 : 200);
            g[k].done_s = g[k].submitted_s + some_time(&state, round % 3 ? 10 : 60);
            if (isnan(g[k].submitted_s))
                g[k].done_s = some_time(&state, 100);
        }
        edges += infer_edges(g, n, reaction_s, barrier_s).edges;
        for (size_t k = 0; k < n; k++)
            check_parents(g, n, &g[k]);
        clear(g, n);
    }
    unit_is(edges, >, 1000);
}

/* A hundred thousand groups, each after the one before; and two levels of 50,000, whose 2.5e9 edges
 * say nothing. */
static void many_groups_take_no_time(void)
{
    enum { MANY = 100000 };
    struct edge_group *g = calloc(MANY, sizeof *g);
    for (size_t k = 0; k < MANY; k++)
        g[k] = (struct edge_group){ .submitted_s = (double)k * 10, .done_s = (double)k * 10 + 9 };
    CU_ASSERT_EQUAL(infer_edges(g, MANY, 3, 600).edges, MANY - 1);
    clear(g, MANY);
    for (size_t k = 0; k < MANY; k++)
        g[k] = (struct edge_group){ .submitted_s = (double)(k % 2) * 100,
                                    .done_s = (double)(k % 2) * 100 + 99 };
    struct edge_counts c = infer_edges(g, MANY, 3, 600);
    CU_ASSERT_TRUE(c.too_many);
    CU_ASSERT_EQUAL(c.edges, 0);
    CU_ASSERT_PTR_NULL(g[1].parents);
    clear(g, MANY);
    free(g);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(it_is_the_plain_rule),
        UNIT_TEST(many_groups_take_no_time),
        UNIT_TEST(the_next_group_follows_the_last_end),
        UNIT_TEST(a_lane_waits_for_its_own),
        UNIT_TEST(a_slow_script_is_a_barrier_up_to_its_limit),
        UNIT_TEST(a_group_without_an_end_is_no_barrier),
        { NULL, NULL },
    };
    return unit_run("infer_edges", tests);
}
