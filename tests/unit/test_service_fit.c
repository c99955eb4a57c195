/* A service's rate from its clients' requests. Oracle: requests made by a serial server and by one
 * that shares its rate (sim/flow.h), whose rate is known. */
#include "traces/service_fit.h"

#include <math.h>
#include <stdlib.h>

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
    unit_near(dist_mean(rule.ready), 9 - 0.75, 0.02);    /* truncated at 0 */
    CU_ASSERT_EQUAL(rule.at_once, 1);
    dist_free(rule.ready);
    clear(&s);
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
        UNIT_TEST(a_service_that_shares_is_recognised),
        UNIT_TEST(a_first_request_may_take_longer),
        UNIT_TEST(sessions_are_pooled),
        { NULL, NULL },
    };
    return unit_run("service_fit", tests);
}
