#include "core/middleware.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"

static const struct {
    const char *name, *summary;
    enum leg leg;                        /* LEGS: on no leg of a single task */
    enum station_parameter part_of;
} parameters[STATION_PARAMETERS] = {
#define ROW(id, name, leg, purpose, like, who, of, summary)                                        \
    [STATION_##id] = { name, summary, leg, STATION_##of },
#include "core/station_rows.h"
#undef ROW
};

/* A poll ends its leg. */
static const struct { const char *name; enum leg leg; } polls[STATION_POLLS] = {
    [POLL_AGENT] = { "agent.poll", LEG_AGENT },
    [POLL_SCHEDULE] = { "schedule.retry", LEG_QUEUE },
    [POLL_DETECT] = { "detect.poll", LEG_DETECT },
    [POLL_FREE] = { "free.poll", LEG_FREE },
    [POLL_NOTIFY] = { "notify.poll", LEG_NOTIFY },
};

const char *station_parameter_name(enum station_parameter p)
{
    return parameters[p].name;
}

const char *station_parameter_summary(enum station_parameter p)
{
    return parameters[p].summary;
}

enum station_parameter station_parameter_part_of(enum station_parameter p)
{
    return parameters[p].part_of;
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

double middleware_station_mean(const struct middleware *m, enum station_parameter p)
{
    double sum = middleware_mean(m, p);
    for (int q = 0; q < STATION_PARAMETERS; q++)
        if (q != (int)p && parameters[q].part_of == p)
            sum += middleware_mean(m, (enum station_parameter)q);
    return sum;
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
