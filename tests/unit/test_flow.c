/* Oracles: water filling by hand, an independent slow water filling on random cases, M/G/1-PS and
 * the machine repairman. */
#include "sim/flow.h"

#include <math.h>
#include <stdlib.h>

#include "num/dist.h"
#include "num/rng.h"
#include "tests/support/unit.h"

static double uniform(uint64_t index)
{
    struct rng_stream s = rng_stream(20, 0, RNG_TEST, 4711);
    return rng_uniform(&s, index, 0);
}

static void equal_transfers_end_together(void)
{
    struct flow *f = flow_new(2.5, 0);
    uint32_t subject;
    for (uint32_t i = 0; i < 7; i++)
        flow_join(f, 1.5, 3.25, INFINITY, i);
    unit_near(flow_next_s(f), 1.5 + 7 * 3.25 / 2.5, 1e-12);
    double end_s = flow_next_s(f);
    for (uint32_t i = 0; i < 7; i++) {
        CU_ASSERT(flow_pop(f, end_s, &subject));
        CU_ASSERT_EQUAL(subject, i);
    }
    CU_ASSERT_FALSE(flow_pop(f, end_s, &subject));
    CU_ASSERT_EQUAL(flow_next_s(f), INFINITY);
    flow_free(f);
}

/* Rate 10, caps 1, 4, none, none: 1 + 3 + 3 + 3. When the first (amount 2) has ended at 2: 4 is
 * above a third of 10, all get 10 / 3. */
static void water_fills_by_hand(void)
{
    struct flow *f = flow_new(10, 0);
    uint32_t subject;
    flow_join(f, 0, 2, 1, 0);
    flow_join(f, 0, 16, 4, 1);
    flow_join(f, 0, 16, INFINITY, 2);
    uint32_t last = flow_join(f, 0, 26, INFINITY, 3);
    unit_near(flow_next_s(f), 2, 1e-15);
    CU_ASSERT(flow_pop(f, 2, &subject));
    unit_is(subject, ==, 0);
    unit_near(flow_next_s(f), 5, 1e-12);                 /* 6 at 3, then 10 at 10/3 */
    CU_ASSERT(flow_pop(f, flow_next_s(f), &subject));
    unit_is(subject, ==, 1);
    CU_ASSERT(flow_pop(f, flow_next_s(f), &subject));
    unit_is(subject, ==, 2);
    unit_near(flow_next_s(f), 6, 1e-12);                 /* 10 left, alone at 10 */
    unit_near(flow_leave(f, 5.5, last), 5, 1e-12);
    flow_free(f);
}

static void caps_bind_when_there_is_room(void)
{
    struct flow *f = flow_new(10, 0);
    uint32_t subject;
    flow_join(f, 0, 6, 2, 0);
    flow_join(f, 0, 6, 3, 1);
    unit_near(flow_next_s(f), 2, 0);
    CU_ASSERT(flow_pop(f, 2, &subject));
    unit_is(subject, ==, 1);
    unit_near(flow_next_s(f), 3, 1e-15);
    flow_free(f);
}

static void one_at_once_is_first_come_first_served(void)
{
    struct flow *f = flow_new(0, 1);
    uint32_t subject;
    for (uint32_t i = 0; i < 4; i++)
        flow_join(f, i, 1, INFINITY, i);
    CU_ASSERT_EQUAL(flow_next_s(f), INFINITY);           /* not ready yet */
    flow_set_rate(f, 9, 0.5, 1);
    for (uint32_t i = 0; i < 4; i++) {
        double end_s = flow_next_s(f);
        unit_near(end_s, 9 + 2 * (i + 1), 1e-12);
        CU_ASSERT(flow_pop(f, end_s, &subject));
        unit_is(subject, ==, i);
    }
    flow_free(f);
}

static void who_leaves_makes_room(void)
{
    struct flow *f = flow_new(4, 2);
    uint32_t subject, a = flow_join(f, 0, 8, INFINITY, 0), b = flow_join(f, 0, 8, 1, 1),
                      c = flow_join(f, 0, 8, INFINITY, 2), d = flow_join(f, 0, 8, INFINITY, 3);
    unit_near(flow_leave(f, 1, d), 8, 0);                /* it waited */
    unit_near(flow_leave(f, 1, a), 5, 1e-12);            /* it had 3 a second */
    unit_near(flow_leave(f, 3, b), 5, 1e-12);
    unit_near(flow_next_s(f), 3.5, 1e-12);               /* c: 6 in 2 s, 2 left at 4 */
    CU_ASSERT(flow_pop(f, 3.5, &subject));
    unit_is(subject, ==, 2);
    (void)c;
    flow_free(f);
}

static void an_unbounded_rate_takes_no_time(void)
{
    struct flow *f = flow_new(INFINITY, 0);
    uint32_t subject;
    flow_join(f, 2, 1e18, INFINITY, 5);
    unit_near(flow_next_s(f), 2, 0);
    CU_ASSERT(flow_pop(f, 2, &subject));
    unit_is(subject, ==, 5);
    flow_join(f, 3, 10, 4, 6);
    unit_near(flow_next_s(f), 5.5, 0);
    flow_join(f, 3, 0, 4, 7);
    CU_ASSERT(flow_pop(f, 3, &subject));
    unit_is(subject, ==, 7);
    flow_free(f);
}

/* ---- random cases against a slow water filling, user by user ---- */

enum { MOST = 40 };
struct slow { double left[MOST], cap[MOST], end_s[MOST]; bool in[MOST]; };

static void slow_rates(const struct slow *s, double rate, double *x)
{
    bool fixed[MOST] = { false };
    for (int i = 0; i < MOST; i++)
        x[i] = 0;
    for (bool again = true; again;) {
        double left = rate;
        int n = 0;
        again = false;
        for (int i = 0; i < MOST; i++) {
            left -= s->in[i] && fixed[i] ? s->cap[i] : 0;
            n += s->in[i] && !fixed[i];
        }
        for (int i = 0; i < MOST; i++)
            if (s->in[i] && !fixed[i] && s->cap[i] <= left / n)
                again = fixed[i] = true;
        for (int i = 0; i < MOST; i++)
            x[i] = !s->in[i] ? 0 : fixed[i] ? s->cap[i] : left / n;
    }
}

static void random_case(uint64_t seed)
{
    struct flow *f = flow_new(5, 0);
    struct slow s = { 0 };
    double x[MOST], now_s = 0, join_s[MOST];
    int joined = 0, ended = 0;
    for (int i = 0; i < MOST; i++) {
        uint64_t k = seed * 1000 + (uint64_t)i * 4;
        join_s[i] = (i ? join_s[i - 1] : 0) + (uniform(k) < 0.3 ? 0 : uniform(k + 1));
        s.cap[i] = uniform(k + 2) < 0.4 ? INFINITY : 0.5 * (1 + (int)(5 * uniform(k + 3)));
        s.left[i] = 10 * uniform(k + 2);
    }
    while (ended < MOST) {
        double next_s = joined < MOST ? join_s[joined] : INFINITY;
        int who = -1;
        slow_rates(&s, 5, x);
        for (int i = 0; i < MOST; i++)
            if (s.in[i] && now_s + s.left[i] / x[i] < next_s) {
                next_s = now_s + s.left[i] / x[i];
                who = i;
            }
        for (int i = 0; i < MOST; i++)
            s.left[i] -= x[i] * (next_s - now_s);
        now_s = next_s;
        if (who < 0) {
            flow_join(f, now_s, s.left[joined], s.cap[joined], (uint32_t)joined);
            s.in[joined++] = true;
            continue;
        }
        uint32_t subject;
        unit_near(flow_next_s(f), now_s, 1e-9);
        now_s = flow_next_s(f);
        CU_ASSERT(flow_pop(f, now_s, &subject));
        unit_is((int)subject, ==, who);
        s.in[who] = false;
        ended++;
    }
    flow_free(f);
}

static void agrees_with_water_filling_user_by_user(void)
{
    for (uint64_t seed = 1; seed <= 200; seed++)
        random_case(seed);
}

/* ---- queueing ---- */

/* Mean sojourn of Poisson arrivals at rate `arrivals` to a flow of rate 1. */
static double processor_sharing(const struct dist *amount, double arrivals, size_t n)
{
    struct flow *f = flow_new(1, 0);
    size_t ended = 0;
    double next_s = 0, sum = 0, *began_s = calloc(n, sizeof *began_s);
    for (size_t i = 0; i < n;) {
        uint32_t subject;
        if (flow_next_s(f) <= next_s) {
            double end_s = flow_next_s(f);
            CU_ASSERT_FATAL(flow_pop(f, end_s, &subject));
            sum += end_s - began_s[subject];
            ended++;
            continue;
        }
        began_s[i] = next_s;
        flow_join(f, next_s, dist_at(amount, uniform(2 * i)), INFINITY, (uint32_t)i);
        next_s -= log(uniform(2 * i + 1)) / arrivals;
        i++;
    }
    double mean = sum / (double)ended;
    flow_free(f);
    free(began_s);
    return mean;
}

/* M/G/1-PS: mean / (1 - rho), whatever the distribution. */
static void processor_sharing_is_insensitive(void)
{
    struct dist *laws[] = { dist_constant(2), dist_exponential(2), dist_lognormal(2, 3),
                            dist_uniform(0, 4) };
    for (size_t i = 0; i < sizeof laws / sizeof *laws; i++) {
        unit_near(processor_sharing(laws[i], 0.3, 400000), 2 / (1 - 0.6), 0.12);
        dist_free(laws[i]);
    }
}

/* M/M/1//N: throughput mu (1 - p0), p0 = 1 / sum_k N! / (N - k)! (lambda / mu)^k. */
static void machine_repairman(void)
{
    enum { N = 6, MANY = 300000 };
    const double think_s = 4, serve_s = 1;
    for (size_t at_once = 0; at_once < 2; at_once++) {
        struct flow *f = flow_new(1, at_once);
        double wake_s[N], now_s = 0, before_s, idle_s = 0, term = 1, sum = 1;
        uint64_t k = 0;
        for (int i = 0; i < N; i++)
            wake_s[i] = -think_s * log(uniform(k++));
        for (size_t done = 0; done < MANY;) {
            int first = 0;
            uint32_t who;
            for (int i = 1; i < N; i++)
                first = wake_s[i] < wake_s[first] ? i : first;
            if (flow_next_s(f) <= wake_s[first]) {
                now_s = flow_next_s(f);
                CU_ASSERT_FATAL(flow_pop(f, now_s, &who));
                wake_s[who] = now_s - think_s * log(uniform(k++));
                done++;
            } else {
                before_s = now_s;
                now_s = wake_s[first];
                idle_s += flow_next_s(f) == INFINITY ? now_s - before_s : 0;
                wake_s[first] = INFINITY;
                flow_join(f, now_s, -serve_s * log(uniform(k++)), INFINITY, (uint32_t)first);
            }
        }
        for (int i = 0; i < N; i++)
            sum += term *= (N - i) * serve_s / think_s;
        unit_near(MANY / now_s, (1 - 1 / sum) / serve_s, 0.005);
        unit_near(1 - idle_s / now_s, 1 - 1 / sum, 0.005);
        flow_free(f);
    }
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(equal_transfers_end_together),
        UNIT_TEST(water_fills_by_hand),
        UNIT_TEST(caps_bind_when_there_is_room),
        UNIT_TEST(one_at_once_is_first_come_first_served),
        UNIT_TEST(who_leaves_makes_room),
        UNIT_TEST(an_unbounded_rate_takes_no_time),
        UNIT_TEST(agrees_with_water_filling_user_by_user),
        UNIT_TEST(processor_sharing_is_insensitive),
        UNIT_TEST(machine_repairman),
        { NULL, NULL },
    };
    return unit_run("flow", tests);
}
