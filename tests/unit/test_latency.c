#include "model/latency.h"

#include <math.h>

#include "base/xalloc.h"
#include "tests/support/unit.h"

static struct middleware *middleware_with_stations(void)
{
    struct middleware *m = middleware_ideal();
    m->parameter[STATION_CLIENT_BASE] = dist_constant(2.25);
    m->parameter[STATION_CLIENT_TASK] = dist_constant(0.0125);
    m->parameter[STATION_CLIENT_FIRST] = dist_constant(5.5);
    m->parameter[STATION_NEXT_STAGE] = dist_uniform(1, 2);
    m->parameter[STATION_NEXT_RUN] = dist_constant(5.25);
    m->parameter[STATION_CLOSE_TASK] = dist_constant(0.5);
    m->parameter[STATION_OPEN_TASK] = dist_constant(0.125);
    m->parameter[STATION_AGENT] = dist_constant(0.75);
    m->parameter[STATION_LAUNCH] = dist_exponential(0.02);
    m->parameter[STATION_STARTUP_WARM] = dist_constant(0.25);
    m->parameter[STATION_EXECUTE_OFFSET] = dist_constant(0.0625);
    m->parameter[STATION_EXECUTE_COLD] = dist_constant(0.875);
    m->parameter[STATION_DETECT] = dist_constant(0.03125);
    m->parameter[STATION_FREE] = dist_constant(0.015625);
    m->parameter[STATION_NOTIFY] = dist_constant(0.375);
    m->period_s[POLL_AGENT] = 2;
    m->period_s[POLL_NOTIFY] = 1;
    m->period_s[POLL_FREE] = 0.125;
    m->period_s[POLL_SCHEDULE] = 0.25;
    m->launch_servers = 2;
    m->execute_slope = 1.0625;
    return m;
}

static void stations_add_their_means_and_half_their_polls(void)
{
    struct middleware *m = middleware_with_stations();
    struct latency l;
    latency_init(&l, m);
    double reuse_s = 0.03125 + 0.015625 + 0.0625, known_s = reuse_s + 0.375 + 0.5,
           bulk_s = 2.25 + 96 * 0.1375 + 0.75 + 1;
    unit_alike(latency_reuse(&l), reuse_s, 1e-12);
    CU_ASSERT_EQUAL(latency_submit(&l, SUBMIT_START, 0, 96), 0);
    unit_alike(latency_submit(&l, SUBMIT_TASK, 1, 96), known_s + 0.5 + bulk_s, 1e-12);
    unit_alike(latency_submit(&l, SUBMIT_NEXT_STAGE, 16, 96),
               known_s + 1.5 + 0.5 + 15 * (0.5 - 0.01) + bulk_s, 1e-12);
    unit_alike(latency_submit(&l, SUBMIT_NEXT_RUN, 16, 96),
               known_s + 5.25 + 0.5 + 15 * (0.5 - 0.01) + bulk_s, 1e-12);
    unit_alike(latency_launch(&l, 96, true), 95 * 0.01, 1e-12);
    unit_alike(latency_launch(&l, 96, false), 0.125 + 96 * 0.01 + 0.25, 1e-12);
    unit_alike(latency_execute(&l, 340, false), 340 * 0.0625 + 0.0625, 1e-12);
    unit_alike(latency_execute(&l, 340, true), 340 * 0.0625 + 0.0625 + 0.875, 1e-12);
    middleware_free(m);
}

/* A replica draws one session; one that did not see the station stands for the parameter's own
 * mean. */
static void the_mean_is_over_the_sessions(void)
{
    struct middleware *m = middleware_with_stations();
    m->n_sessions = 3;
    m->sessions = xcalloc(3, sizeof *m->sessions);
    for (int i = 0; i < 3; i++) {
        m->sessions[i].name = xstrdup("s");
        for (int p = 0; p < STATION_PARAMETERS; p++)
            m->sessions[i].mean[p] = NAN;
    }
    m->sessions[0].mean[STATION_DETECT] = 0.5;
    m->sessions[2].mean[STATION_DETECT] = 0.25;
    struct latency l;
    latency_init(&l, m);
    unit_alike(latency_reuse(&l), (0.5 + 0.25 + 0.03125) / 3 + 0.015625 + 0.0625, 1e-12);
    middleware_free(m);
}

static void cold_starts_are_the_first_bursts(void)
{
    struct middleware *m = middleware_with_stations();
    struct task_traits shares = { .demand = { .ranks = 1, .cores = 1, .gpu_share = 250000 } };
    struct task_traits computes = { .demand = { .ranks = 1, .cores = 1 } };
    struct task_set with_gpu = { .traits = &shares }, without = { .traits = &computes };
    struct latency l;
    latency_init(&l, m);
    CU_ASSERT(!latency_cold(&l, &with_gpu, true));
    m->cold_rule = COLD_FIRST_WAVE;
    CU_ASSERT(latency_cold(&l, &without, true));
    CU_ASSERT_FALSE(latency_cold(&l, &without, false));
    m->cold_gpu_only = true;
    CU_ASSERT(latency_cold(&l, &with_gpu, true));
    CU_ASSERT_FALSE(latency_cold(&l, &without, true));
    middleware_free(m);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(stations_add_their_means_and_half_their_polls),
        UNIT_TEST(the_mean_is_over_the_sessions),
        UNIT_TEST(cold_starts_are_the_first_bursts),
        { NULL, NULL },
    };
    return unit_run("latency", tests);
}
