/* A reservation that is kept. Oracle: one made from nothing at the same instant, which must have
 * the same T, the same nodes and leave the same ranks to others. */
#include "scheduling/reservation.h"

#include <math.h>
#include <stdlib.h>

#include "tests/support/given.h"
#include "tests/support/unit.h"

enum { HEAD, SMALL, WIDE, CLASSES, MOST_RUNNING = 256, STEPS = 3000 };

struct world {
    struct platform *platform;
    struct pool *pool;
    struct reservation *kept;
    struct expected_ends ends;
    double now_s;
    struct { uint32_t grant; double end_s; } running[MOST_RUNNING];
    size_t n_running, n_kept;
};

static void begin(struct world *w)
{
    static const struct slot_demand classes[CLASSES] = {
        [HEAD] = { .ranks = 6, .slots = 5, .gpus = 1 }, [SMALL] = { .ranks = 1, .slots = 4 },
        [WIDE] = { .ranks = 3, .slots = 3, .gpus = 1 }
    };
    *w = (struct world){ .platform = given_platform(
        "{'name': 'p', 'nodes': [{'count': 70, 'cores': 8, 'gpus': 2},"
        " {'count': 3, 'cores': 16, 'gpus': 3}]}") };
    w->pool = pool_new(w->platform, classes, CLASSES);
    w->kept = reservation_new(w->pool);
}

static void end(struct world *w)
{
    reservation_free(w->kept);
    expected_ends_clear(&w->ends);
    pool_free(w->pool);
    platform_free(w->platform);
}

/* On the first node from `from` on that has room for a rank, and so on; none or all. Beside the
 * reservation if the task runs on at T. */
static void start(struct world *w, size_t c, uint32_t from, double lasts_s)
{
    uint32_t last = POOL_NONE, first = POOL_NONE,
             left = (uint32_t)pool_class(w->pool, c)->ranks;
    double end_s = w->now_s + lasts_s, reserved_s = reservation_make(w->kept, HEAD, w->now_s,
                                                                     &w->ends);
    if (w->n_running == MOST_RUNNING)
        return;
    for (uint32_t n = pool_first_fit(w->pool, c, from); n != POOL_NONE && left > 0;
         n = pool_first_fit(w->pool, c, n + 1)) {
        uint32_t ranks = c == HEAD || end_s <= reserved_s ? pool_ranks_that_fit(w->pool, n, c)
                                             : reservation_spares(w->kept, n, c);
        ranks = ranks < left ? ranks : left;
        uint32_t part = ranks > 0 ? pool_claim(w->pool, n, c, ranks, &last) : POOL_NONE;
        first = first == POOL_NONE ? part : first;
        left -= ranks;
    }
    if (left > 0) {
        pool_release(w->pool, first);
        return;
    }
    w->running[w->n_running].grant = first;
    w->running[w->n_running++].end_s = end_s;
    expected_ends_add(&w->ends, first, end_s);
    reservation_started(w->kept, first, end_s);
}

/* That task is over, whatever was expected. */
static void stop(struct world *w, size_t i)
{
    double end_s = expected_ends_remove(&w->ends, w->running[i].grant);
    reservation_ended(w->kept, end_s);
    pool_release(w->pool, w->running[i].grant);
    w->running[i] = w->running[--w->n_running];
}

static void compare(struct world *w)
{
    struct reservation *fresh = reservation_new(w->pool);
    uint64_t before = reservation_number(w->kept);
    double expected_s = reservation_make(fresh, HEAD, w->now_s, &w->ends);
    unit_is(reservation_make(w->kept, HEAD, w->now_s, &w->ends), ==, expected_s);
    size_t n, n_expected;
    const uint32_t *nodes = reservation_nodes(w->kept, &n),
                   *expected = reservation_nodes(fresh, &n_expected);
    unit_near((double)n, (double)n_expected, 0);
    for (size_t i = 0; i < n && i < n_expected; i++) {
        unit_near(nodes[i], expected[i], 0);
        unit_near(reservation_spares(w->kept, nodes[i], SMALL),
                  reservation_spares(fresh, nodes[i], SMALL), 0);
    }
    w->n_kept += reservation_number(w->kept) == before;
    reservation_free(fresh);
}

static void a_kept_reservation_is_the_one_to_be_made(void)
{
    struct world w;
    begin(&w);
    for (uint64_t i = 0; i < MOST_RUNNING; i++) /* a full machine */
        start(&w, SMALL, 0, given_choice(6, i, 1, 80) / 4.0);
    for (uint64_t i = 0; i < STEPS; i++) {
        int what = given_choice(7, 5 * i, 0, 9);
        double lasts_s = given_choice(7, 5 * i + 1, 1, 80) / 4.0;
        uint32_t from = (uint32_t)given_choice(7, 5 * i + 2, 0, 72);
        if (what < 5)
            start(&w, what < 4 ? SMALL : WIDE, from, lasts_s);
        if (what == 5 && w.n_running > 0) /* early, or late */
            stop(&w, (size_t)given_choice(7, 5 * i + 3, 0, (int)w.n_running - 1));
        for (size_t k = 0; what == 6 && k < w.n_running;)
            if (w.running[k].end_s <= w.now_s)
                stop(&w, k);
            else
                k++;
        w.now_s += what == 7 ? 0.25 : 0;
        compare(&w);
        while (w.n_running < MOST_RUNNING && pool_holds_task(w.pool, HEAD))
            start(&w, HEAD, 0, lasts_s); /* it need not wait; the next one may */
    }
    unit_is(w.n_kept, >, STEPS / 4);
    unit_is(w.n_kept, <, STEPS);
    end(&w);
}

int main(void)
{
    static const struct unit_test tests[] = { UNIT_TEST(a_kept_reservation_is_the_one_to_be_made),
                                              { NULL, NULL } };
    return unit_run("reservation", tests);
}
