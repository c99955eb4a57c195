#include "core/broker.h"

#include <math.h>

enum { ANSWERS_BEFORE = 105 };           /* 1.5 */

double broker_ratio(double here_s, double there_s)
{
    bool known = here_s > 0 && there_s > 0;
    return known && fmax(here_s, there_s) > BROKER_NEAR_S ? here_s / there_s : 1;
}

bool broker_answers(const char *versions)
{
    const struct likeness of = { .version = versions };
    double newest = likeness_newest(&of);
    return newest >= 0 && newest < ANSWERS_BEFORE;
}

double broker_far(const struct middleware *m, enum station_parameter p)
{
    bool depends = p == STATION_CLOSE_TASK || (p == STATION_OPEN_TASK && m->broker_answers);
    return depends ? broker_ratio(m->broker_s, BROKER_TYPICAL_S) : 1;
}

static void scale(struct middleware *m, enum station_parameter p, double by)
{
    dist_scale(&m->parameter[p], by);
    m->estimate[p].between_s *= by;
    m->estimate[p].se_s *= by;
    for (size_t i = 0; i < m->n_sessions; i++)
        m->sessions[i].mean[p] *= by;
}

static void open_as_close(struct middleware *m)
{
    const enum station_parameter from = STATION_CLOSE_TASK, to = STATION_OPEN_TASK;
    dist_free(m->parameter[to]);
    m->parameter[to] = m->parameter[from] ? dist_copy(m->parameter[from]) : NULL;
    m->estimate[to] = m->estimate[from];
    m->between_sd[to] = m->between_sd[from];
    for (size_t i = 0; i < m->n_sessions; i++)
        m->sessions[i].mean[to] = m->sessions[i].mean[from];
}

static bool of_another_generation(const struct middleware *m, const char *version)
{
    struct likeness of = middleware_likeness(m), run = of;
    run.version = version;
    return version && !str_equal(likeness_generation(&of), likeness_generation(&run));
}

void broker_adapt(struct middleware *m, double broker_s, const char *version)
{
    if (!(broker_s > 0))
        broker_s = of_another_generation(m, version) ? BROKER_TYPICAL_S : NAN;
    if (!(broker_s > 0 && m->broker_s > 0))
        return;
    if (version && broker_answers(version) && !m->broker_answers)
        open_as_close(m);
    else if (version && !broker_answers(version) && m->broker_answers)
        middleware_set_constant(m, STATION_OPEN_TASK, 0);
    m->broker_answers = version ? broker_answers(version) : m->broker_answers;
    double ratio = broker_ratio(broker_s, m->broker_s);
    scale(m, STATION_CLOSE_TASK, ratio);
    scale(m, STATION_OPEN_TASK, m->broker_answers ? ratio : 1);
    m->broker_s = broker_s;
}
