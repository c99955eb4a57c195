#include "core/middleware.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

/* LEGS: on no leg of a single task. */
static const struct { const char *name, *summary; enum leg leg;
} parameters[STATION_PARAMETERS] = {
    [STATION_BOOTSTRAP] = { "bootstrap", "session start until the first submission can begin",
                            LEGS },
    [STATION_CLIENT_BASE] = { "client.base", "the client's time for one bulk of tasks",
                              LEG_CLIENT },
    [STATION_CLIENT_TASK] = { "client.per_task", "and for each task of it", LEG_CLIENT },
    [STATION_CLIENT_FIRST] = { "client.first_bulk", "and once, for the session's first bulk",
                               LEG_CLIENT },
    [STATION_NEXT_STAGE] = { "client.next_stage",
                             "a stage is closed until the next may be submitted", LEGS },
    [STATION_NEXT_RUN] = { "client.next_run",
                           "all pipelines of a run() are closed until the next submits", LEGS },
    [STATION_CLOSE_TASK] = { "client.close_task",
                             "the client books each ended task, one after another", LEG_BOOK },
    [STATION_OPEN_TASK] = { "client.open_task",
                            "the client creates each task of a bulk before it submits it",
                            LEG_OPEN },
    [STATION_AGENT] = { "agent.latency",
                        "a bulk leaves the client until the scheduler has it, before its poll",
                        LEG_AGENT },
    [STATION_LAUNCH] = { "launch.service", "a serial launch server's time for one task",
                         LEG_LAUNCH },
    [STATION_LAUNCH_UP] = { "launch.up",
                            "the first task is placed until the launch servers have come up, once "
                            "a session",
                            LEGS },
    [STATION_STARTUP_WARM] = { "startup.warm", "launched until the task's own work begins",
                               LEG_STARTUP },
    [STATION_STARTUP_COLD] = { "startup.cold", "the same for a cold start", LEG_STARTUP },
    [STATION_EXECUTE_OFFSET] = { "execute.offset", "execution beyond the task's duration",
                                 LEG_EXECUTE },
    [STATION_EXECUTE_COLD] = { "execute.cold", "and beyond that, for a cold start", LEG_EXECUTE },
    [STATION_DETECT] = { "detect.base",
                         "the task has stopped until its end is seen, before its poll",
                         LEG_DETECT },
    [STATION_FREE] = { "free.base",
                       "its end is seen until its slots are usable again, before its poll",
                       LEG_FREE },
    [STATION_NOTIFY] = { "notify.base", "slots freed until the client knows, before its poll",
                         LEG_NOTIFY },
    [STATION_DRAIN] = { "drain", "the client knows of the last task until the session has ended",
                        LEGS },
    [STATION_PILOT_END] = { "pilot.end",
                            "the client knows of the last task until the pilot has ended", LEGS },
    [STATION_NEXT_TASK] = { "client.next_task",
                            "what a task waits for is over until it may be submitted", LEGS },
    [STATION_LAUNCH_RETRY] = { "launch.retry",
                               "a task ends until one that the launcher keeps apart tries again",
                               LEGS },
};

/* A poll ends its leg. */
static const struct { const char *name; enum leg leg; } polls[STATION_POLLS] = {
    [POLL_AGENT] = { "agent.poll", LEG_AGENT },
    [POLL_SCHEDULE] = { "schedule.retry", LEG_QUEUE },
    [POLL_DETECT] = { "detect.poll", LEG_DETECT },
    [POLL_FREE] = { "free.poll", LEG_FREE },
    [POLL_NOTIFY] = { "notify.poll", LEG_NOTIFY },
};

static const struct { const char *name, *words; } alone_rules[ALONE_RULES] = {
    [ALONE_NEVER] = { "never", "lets tasks run beside each other wherever they have slots" },
    [ALONE_NODES] = { "nodes", "runs one task a node at a time, wherever slots are free" },
    [ALONE_WITHOUT_GPU] = { "without_gpu",
                            "runs a task without GPUs only while nothing else runs on its nodes" },
    [ALONE_CORE] = { "core", "runs tasks with slots on one physical core one after another" },
};

const char *alone_rule_name(enum alone_rule r)
{
    return r < ALONE_RULES ? alone_rules[r].name : NULL;
}

const char *alone_rule_words(enum alone_rule r)
{
    return alone_rules[r].words;
}

const char *station_parameter_name(enum station_parameter p)
{
    return parameters[p].name;
}

const char *station_parameter_summary(enum station_parameter p)
{
    return parameters[p].summary;
}

const char *station_poll_name(enum station_poll p)
{
    return polls[p].name;
}

int station_poll_of(enum station_parameter p)
{
    for (int q = 0; q < STATION_POLLS; q++)
        if (polls[q].leg == parameters[p].leg)
            return q;
    return -1;
}

void middleware_free(struct middleware *m)
{
    if (m)
        schema_clear(&middleware_schema, m);
    free(m);
}

int station_parameter_find(const char *name)
{
    for (int p = 0; p < STATION_PARAMETERS; p++)
        if (str_equal(station_parameter_name((enum station_parameter)p), name))
            return p;
    return -1;
}

int station_poll_find(const char *name)
{
    for (int p = 0; p < STATION_POLLS; p++)
        if (str_equal(station_poll_name((enum station_poll)p), name))
            return p;
    return -1;
}

void middleware_set_constant(struct middleware *m, enum station_parameter p, double value)
{
    dist_free(m->parameter[p]);
    m->parameter[p] = value > 0 ? dist_constant(value) : NULL;
    m->between_sd[p] = 0;
    m->estimate[p] = (struct station_estimate){ 0 };
    for (size_t i = 0; i < m->n_sessions; i++)
        m->sessions[i].mean[p] = NAN;
}

struct middleware *middleware_ideal(void)
{
    struct middleware *m = xcalloc(1, sizeof *m);
    schema_defaults(&middleware_schema, m);
    free(m->name);
    m->name = xstrdup("ideal");
    m->summary = xstrdup("no middleware: every station takes no time");
    return m;
}

struct middleware *middleware_copy(const struct middleware *m)
{
    struct middleware *copy = xmemdup(m, sizeof *m);
    schema_copy(&middleware_schema, copy);
    return copy;
}

void middleware_drop_execution(struct middleware *m)
{
    middleware_set_constant(m, STATION_EXECUTE_OFFSET, 0);
    middleware_set_constant(m, STATION_EXECUTE_COLD, 0);
    m->execute_slope = 1;
}

struct middleware *middleware_without_execution(const struct middleware *m,
                                                const struct workflow *w)
{
    bool has = m->parameter[STATION_EXECUTE_OFFSET] || m->parameter[STATION_EXECUTE_COLD] ||
               fabs(m->execute_slope - 1) > 0;
    if (w->radical.durations != DURATIONS_MEASURED || !has)
        return NULL;
    struct middleware *copy = middleware_copy(m);
    middleware_drop_execution(copy);
    return copy;
}

double middleware_mean(const struct middleware *m, enum station_parameter p)
{
    double own = m->parameter[p] ? dist_mean(m->parameter[p]) : 0, sum = 0;
    if (m->estimate[p].known || m->n_sessions == 0)
        return own;
    for (size_t i = 0; i < m->n_sessions; i++)
        sum += isnan(m->sessions[i].mean[p]) ? own : m->sessions[i].mean[p];
    return sum / (double)m->n_sessions;
}

struct likeness middleware_likeness(const struct middleware *m)
{
    return (struct likeness){ .machine = m->platform_seen,
                              .version = m->releases_seen ? m->releases_seen : m->generation,
                              .launcher = m->launcher_seen,
                              .generation = -1,
                              .entk = (int)m->client_seen - CLIENT_ALONE,
                              .window = m->window_seen };
}

size_t middleware_window(const struct middleware *m, const struct platform *p)
{
    return m->window_slots ? (size_t)platform_usable_slots(p) : (size_t)m->window;
}

bool middleware_is_ideal(const struct middleware *m)
{
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        if (m->parameter[p])
            return false;
        for (size_t s = 0; s < m->n_sessions; s++)
            if (m->sessions[s].mean[p] > 0)
                return false;
    }
    for (int p = 0; p < STATION_POLLS; p++)
        if (m->period_s[p] > 0)
            return false;
    return m->live_cap == 0 && m->window == 0 && m->bulk == 0 && !m->window_slots &&
           m->execute_slope == 1;
}
