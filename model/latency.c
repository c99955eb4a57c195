#include "model/latency.h"

#include <math.h>

void latency_init(struct latency *l, const struct middleware *m)
{
    l->middleware = m;
    for (int p = 0; p < STATION_PARAMETERS; p++)
        l->mean_s[p] = middleware_station_mean(m, (enum station_parameter)p);
    for (int p = 0; p < STATION_POLLS; p++)
        l->wait_s[p] = m->period_s[p] / 2;
}

double latency_reuse(const struct latency *l)
{
    return l->mean_s[STATION_DETECT] + l->wait_s[POLL_DETECT] + l->mean_s[STATION_FREE] +
           l->wait_s[POLL_FREE];
}

/* From the last end of a stage, whose tasks end as they were launched, until all of them are
 * booked. */
static double booking_s(const struct latency *l, size_t closed_tasks)
{
    double book_s = l->mean_s[STATION_CLOSE_TASK],
           apart_s = l->mean_s[STATION_LAUNCH] / l->middleware->launch_servers;
    return closed_tasks == 0 ? 0 : book_s + (double)(closed_tasks - 1) * fmax(0, book_s - apart_s);
}

double latency_submit(const struct latency *l, enum submit_cause cause, size_t closed_tasks,
                      size_t bulk_tasks)
{
    if (cause == SUBMIT_START)
        return 0;
    double known_s = latency_reuse(l) + l->mean_s[STATION_NOTIFY] + l->wait_s[POLL_NOTIFY];
    double close_s = l->mean_s[cause == SUBMIT_NEXT_STAGE ? STATION_NEXT_STAGE
                               : cause == SUBMIT_NEXT_RUN ? STATION_NEXT_RUN : STATION_NEXT_TASK];
    double task_s = l->mean_s[STATION_OPEN_TASK] + l->mean_s[STATION_CLIENT_TASK];
    double client_s = l->mean_s[STATION_CLIENT_BASE] + (double)bulk_tasks * task_s;
    return known_s + booking_s(l, closed_tasks) + close_s + client_s + l->mean_s[STATION_AGENT] +
           l->wait_s[POLL_AGENT];
}

double latency_launch(const struct latency *l, size_t burst, bool first_burst)
{
    double service_s = l->mean_s[STATION_LAUNCH] / l->middleware->launch_servers;
    if (first_burst)
        return (double)(burst - 1) * service_s;
    return l->wait_s[POLL_SCHEDULE] + (double)burst * service_s + l->mean_s[STATION_STARTUP_WARM];
}

double latency_execute(const struct latency *l, double duration_s, bool cold)
{
    double added_s =
        duration_s * (l->middleware->execute_slope - 1) + l->mean_s[STATION_EXECUTE_OFFSET];
    return cold ? added_s + l->mean_s[STATION_EXECUTE_COLD] : added_s;
}

bool latency_cold(const struct latency *l, const struct task_set *set, bool first_burst)
{
    const struct middleware *m = l->middleware;
    bool has_gpu = set->traits->demand.gpus > 0 || set->traits->demand.gpu_share > 0;
    return first_burst && m->cold_rule != COLD_NEVER && (has_gpu || !m->cold_gpu_only);
}
