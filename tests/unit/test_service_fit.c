/* A service's rate from its clients' requests. Oracle: requests made by a serial server and by one
 * that shares its rate (sim/flow.h), whose rate is known. */
#include "traces/service_fit.h"

#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_cdf.h>

#include "num/rng.h"
#include "sim/flow.h"
#include "tests/support/unit.h"

enum { CLIENTS = 20, EACH = 3, N = CLIENTS * EACH };

/* Each of 20 clients asks 3 times, one after the other, a service that began at 2 s, is ready 9 s
 * later and takes 0.5 s a request. */
static struct session ask(size_t at_once)
{
    struct session s = { .n_services = 1, .n_requests = 0 };
    struct flow *f = flow_new(0, 1);
    double began_s[CLIENTS], now_s;
    int asked[CLIENTS] = { 0 };
    uint32_t client;
    s.services = calloc(1, sizeof *s.services);
    s.services[0] = (struct session_service){ .launched_s = 1.5, .started_s = 2 };
    s.requests = calloc(N, sizeof *s.requests);
    for (uint32_t c = 0; c < CLIENTS; c++)
        flow_join(f, began_s[c] = 2.5 + 0.01 * c, 1, INFINITY, c);
    flow_set_rate(f, 11, 2, at_once);
    while (now_s = flow_next_s(f), flow_pop(f, now_s, &client)) {
        s.requests[s.n_requests++] =
            (struct session_request){ client, began_s[client], now_s };
        began_s[client] = now_s;
        if (++asked[client] < EACH)
            flow_join(f, now_s, 1, INFINITY, client);
    }
    flow_free(f);
    return s;
}

static void clear(struct session *s)
{
    free(s->services);
    free(s->requests);
}

static void a_serial_service_is_recognised(void)
{
    struct session s = ask(1);
    const struct session *one = &s;
    struct service_fit f;
    CU_ASSERT_FATAL(service_fit_of(&one, 1, &f));
    CU_ASSERT_EQUAL(f.n_requests, N - 1);
    unit_near(f.rate, 2, 1e-9);
    unit_near(f.first, 1, 0);
    unit_near(f.ready_s, 9, 1e-9);
    unit_near(f.startup_s, 0.5, 1e-12);
    CU_ASSERT_EQUAL(f.at_once, 1);
    CU_ASSERT(f.at_once_known);
    struct service_rule rule = service_fit_rule(&f, 1.25, 0.3);
    unit_near(dist_mean(rule.ready), 9 - 0.75, 0.3);     /* truncated at 0 */
    CU_ASSERT_EQUAL(rule.at_once, 1);
    dist_free(rule.ready);
    clear(&s);
}

/* Two servers of one request a second each, which serve one at a time, first come first served. */
static void each_of_several_servers_has_its_rate(void)
{
    struct session s = { .n_services = 2, .n_requests = 2 * N };
    double free_s[2] = { 11, 11.7 };
    s.services = calloc(2, sizeof *s.services);
    s.services[0] = (struct session_service){ .launched_s = 1.5, .started_s = 2 };
    s.services[1] = (struct session_service){ .launched_s = 2.5, .started_s = 2.7 };
    s.requests = calloc(2 * N, sizeof *s.requests);
    for (uint32_t i = 0; i < 2 * N; i++) {
        /* the last 20 come when both have been idle */
        double sent_s = i < 2 * N - CLIENTS ? 3 : 100 + 5 * i,
               from_s = fmax(sent_s, free_s[i % 2]);
        s.requests[i] = (struct session_request){ i % CLIENTS, sent_s, from_s + 1 };
        free_s[i % 2] = from_s + 1;
    }
    const struct session *one = &s;
    struct service_fit f;
    CU_ASSERT_FATAL(service_fit_of(&one, 1, &f));
    unit_near(f.rate, 1, 1e-9);
    unit_near(f.ready_s, 9, 1e-9);
    unit_near(f.startup_s, 0.35, 1e-12);
    CU_ASSERT_EQUAL(f.at_once, 1);
    unit_near(f.rate_spread, 0, 1e-6);
    clear(&s);
}

/* A session whose requests take `mean_s`, with a scatter of 30 % of 0.5 s, one after the other. */
static struct session of_mean(double mean_s, size_t n, struct rng_stream *stream, uint32_t number)
{
    struct session s = { .n_services = 1, .n_requests = n };
    double now_s = 11;
    s.services = calloc(1, sizeof *s.services);
    s.services[0] = (struct session_service){ .launched_s = 1.5, .started_s = 2 };
    s.requests = calloc(n, sizeof *s.requests);
    for (uint32_t i = 0; i < n; i++) {
        double z = gsl_cdf_ugaussian_Pinv(rng_uniform(stream, i, number));
        now_s += fmax(0.01, mean_s + 0.15 * z);
        double sent_s = i > 0 ? s.requests[i - 1].stopped_s : 2;
        s.requests[i] = (struct session_request){ 0, sent_s, now_s };
    }
    return s;
}

/* The share of new sessions whose mean request lies within 1.96 sd of that of `k` sessions. */
static double covered(size_t k, size_t n, double between_s)
{
    enum { TIMES = 2000 };
    struct session all[8];
    const struct session *at[8];
    size_t held = 0;
    for (uint32_t r = 0; r < TIMES; r++) {
        struct rng_stream stream = rng_stream(7, r, RNG_TEST, k * 1000 + n);
        double mean_s[9];
        for (uint32_t i = 0; i <= k; i++) {
            double z = gsl_cdf_ugaussian_Pinv(rng_uniform(&stream, 100000 + i, 0));
            mean_s[i] = 0.5 + between_s * z;
        }
        for (uint32_t i = 0; i < k; i++) {
            all[i] = of_mean(mean_s[i], n, &stream, i);
            at[i] = &all[i];
        }
        struct service_fit f;
        CU_ASSERT_FATAL(service_fit_of(at, k, &f));
        held += fabs(mean_s[k] * f.rate - 1) <= 1.96 * f.rate_spread;
        for (size_t i = 0; i < k; i++)
            clear(&all[i]);
    }
    return (double)held / TIMES;
}

static void the_rate_of_a_new_session_is_covered(void)
{
    unit_near(covered(1, 10, 0), 0.95, 0.02);
    unit_near(covered(1, 100, 0), 0.95, 0.02);
    unit_near(covered(4, 30, 0), 0.97, 0.03);
    unit_near(covered(8, 100, 0.05), 0.95, 0.02);
    unit_near(covered(3, 100, 0.05), 0.90, 0.02);        /* three tell little of a spread */
}

/* Fewer than three sessions: the prior. More: as Student's t. 0: as in the sessions. */
static void loading_varies_in_a_new_session(void)
{
    struct service_fit f = { .n_sessions = 4, .rate = 2, .first = 1, .ready_s = 100,
                             .ready_sd_s = 4, .n_ready = 4, .startup_s = NAN };
    struct service_rule rule = service_fit_rule(&f, NAN, 0.3);
    unit_near(dist_sd(rule.ready), 4 * sqrt(1.25) * 3.182446 / 1.959964, 1e-4);
    dist_free(rule.ready);
    f.n_ready = 2;
    rule = service_fit_rule(&f, NAN, 0.1);
    unit_near(dist_sd(rule.ready), 10 * sqrt(1.5), 1e-4);
    dist_free(rule.ready);
    rule = service_fit_rule(&f, NAN, 0);
    unit_near(dist_sd(rule.ready), 0, 0);
    unit_near(rule.session_sd, 0, 0);
    dist_free(rule.ready);
}

/* They all end together: a rate of 2 requests a second in all. */
static void a_service_that_shares_is_recognised(void)
{
    struct session s = ask(0);
    const struct session *one = &s;
    struct service_fit f;
    CU_ASSERT_FATAL(service_fit_of(&one, 1, &f));
    CU_ASSERT_EQUAL(f.at_once, 0);
    unit_near(f.rate, 2, 1e-9);
    clear(&s);
}

/* 0.511 s for a client's first request, 0.449 s for the others, with some scatter. */
static void a_first_request_may_take_longer(void)
{
    struct session s = { .n_services = 1, .n_requests = 2 * CLIENTS };
    double now_s = 11, scatter_s[] = { 0.04, -0.04, 0.01, -0.01 };
    s.services = calloc(1, sizeof *s.services);
    s.requests = calloc(2 * CLIENTS, sizeof *s.requests);
    for (uint32_t i = 0; i < 2 * CLIENTS; i++) {
        double from_s = i < CLIENTS ? 2 : s.requests[i - CLIENTS].stopped_s;
        now_s += (i < CLIENTS ? 0.511 : 0.449) + scatter_s[i % 4];
        s.requests[i] = (struct session_request){ i % CLIENTS, from_s, now_s };
    }
    const struct session *one = &s;
    struct service_fit f;
    CU_ASSERT_FATAL(service_fit_of(&one, 1, &f));
    unit_near(f.first, 0.511 / 0.449, 0.01);
    unit_near(f.rate, 1 / 0.449, 0.02);
    struct service_rule rule = service_fit_rule(&f, NAN, 0);
    unit_near(rule.first, f.first, 0);
    dist_free(rule.ready);
    clear(&s);
}

static void sessions_are_pooled(void)
{
    struct session s = ask(1), other = ask(1), without = { .n_services = 1 };
    other.services[0].started_s = 1;             /* it took 10 s there */
    const struct session *all[] = { &s, &without, &other };
    struct service_fit f;
    CU_ASSERT_FATAL(service_fit_of(all, 3, &f));
    CU_ASSERT_EQUAL(f.n_sessions, 2);
    unit_near(f.ready_s, 9.5, 1e-9);
    unit_near(f.ready_sd_s, sqrt(0.5), 1e-9);
    const struct session *none = &without;
    CU_ASSERT_FALSE(service_fit_of(&none, 1, &f));
    clear(&s);
    clear(&other);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(a_serial_service_is_recognised),
        UNIT_TEST(each_of_several_servers_has_its_rate),
        UNIT_TEST(the_rate_of_a_new_session_is_covered),
        UNIT_TEST(loading_varies_in_a_new_session),
        UNIT_TEST(a_service_that_shares_is_recognised),
        UNIT_TEST(a_first_request_may_take_longer),
        UNIT_TEST(sessions_are_pooled),
        { NULL, NULL },
    };
    return unit_run("service_fit", tests);
}
