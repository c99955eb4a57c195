#include "model/latency.h"

void latency_init(struct latency *l, const struct middleware *m)
{
    l->middleware = m;
    for (int p = 0; p < STATION_PARAMETERS; p++)
        l->mean_s[p] = middleware_mean(m, (enum station_parameter)p);
    for (int p = 0; p < STATION_POLLS; p++)
        l->wait_s[p] = m->period_s[p] / 2;
}

double latency_reuse(const struct latency *l)
{
    return l->mean_s[STATION_DETECT] + l->wait_s[POLL_DETECT] + l->mean_s[STATION_FREE] + l->wait_s[POLL_FREE];
}

double latency_submit(const struct latency *l, enum submit_cause cause, size_t closed_tasks, size_t bulk_tasks)
{
    if (cause == SUBMIT_START)
        return 0;
    double known_s = latency_reuse(l) + l->mean_s[STATION_NOTIFY] + l->wait_s[POLL_NOTIFY];
    double close_s = cause == SUBMIT_TASK ? l->mean_s[STATION_NEXT_TASK] : 0;
    if (cause == SUBMIT_NEXT_STAGE)
        close_s = l->mean_s[STATION_NEXT_STAGE] + (double)closed_tasks * l->mean_s[STATION_CLOSE_TASK];
    if (cause == SUBMIT_NEXT_RUN)
        close_s = l->mean_s[STATION_NEXT_RUN] + (double)closed_tasks * l->mean_s[STATION_CLOSE_TASK];
    double client_s = l->mean_s[STATION_CLIENT_BASE] + (double)bulk_tasks * l->mean_s[STATION_CLIENT_TASK];
    return known_s + close_s + client_s + l->mean_s[STATION_AGENT] + l->wait_s[POLL_AGENT];
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
    double added_s = duration_s * (l->middleware->execute_slope - 1) + l->mean_s[STATION_EXECUTE_OFFSET];
    return cold ? added_s + l->mean_s[STATION_EXECUTE_COLD] : added_s;
}

bool latency_cold(const struct latency *l, const struct task_set *set, bool first_burst)
{
    const struct middleware *m = l->middleware;
    bool has_gpu = set->demand.gpus > 0 || set->demand.gpu_share > 0;
    return first_burst && m->cold_rule != COLD_NEVER && (has_gpu || !m->cold_gpu_only);
}
