#include "tests/support/known_middleware.h"

#include "tests/support/simulated_session.h"

const char known_workflow[] =
    "{'task_sets': ["
    "{'name': 'a', 'tasks': 48, 'cores': 1, 'gpus': 1, 'duration': 60},"
    "{'name': 'b', 'tasks': 16, 'cores': 2, 'duration': 30},"
    "{'name': 'c', 'tasks': 32, 'cores': 4, 'duration': 20},"
    "{'name': 'd', 'tasks': 8, 'cores': 1, 'duration': 10},"
    "{'name': 'e', 'tasks': 24, 'cores': 1, 'duration': 15},"
    "{'name': 'f', 'tasks': 40, 'cores': 1, 'duration': 25},"
    "{'name': 'g', 'tasks': 12, 'cores': 1, 'duration': 12}],"
    "'pipelines': [{'name': 'p', 'stages': [['a'], ['b'], ['c'], ['d']]},"
    "{'name': 'q', 'after': ['p'], 'stages': [['e'], ['f'], ['g']]}]}";
const char known_platform[] = "{'name': 'p', 'nodes': [{'count': 8, 'cores': 8, 'gpus': 6}]}";

struct middleware *known_middleware(void)
{
    static const struct { enum station_parameter p; double value; } known[] = {
        { STATION_BOOTSTRAP, 25 }, { STATION_CLIENT_BASE, 1.1 }, { STATION_CLIENT_TASK, 0.03 },
        { STATION_CLIENT_FIRST, 5 },
        { STATION_NEXT_STAGE, 2.1 }, { STATION_NEXT_RUN, 5.5 },
        { STATION_CLOSE_TASK, 0.005 }, { STATION_OPEN_TASK, 0.02 }, { STATION_AGENT, 0.5 },
        { STATION_LAUNCH, 0.01 },
        { STATION_STARTUP_WARM, 0.06 }, { STATION_STARTUP_COLD, 2 },
        { STATION_EXECUTE_OFFSET, 0.066 }, { STATION_EXECUTE_COLD, 0.6 },
        { STATION_DETECT, 0.02 }, { STATION_FREE, 0.03 }, { STATION_NOTIFY, 0.9 },
        { STATION_DRAIN, 20 },
        { STATION_LAUNCH_UP, 3 }, { STATION_PILOT_END, 4 },
    };
    struct middleware *m = middleware_ideal();
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        m->parameter[known[i].p] = dist_constant(known[i].value);
    m->period_s[POLL_AGENT] = 2;
    m->period_s[POLL_SCHEDULE] = m->period_s[POLL_DETECT] = m->period_s[POLL_FREE] = 0.1;
    m->period_s[POLL_NOTIFY] = 1;
    m->cold_rule = COLD_FIRST_WAVE;
    return m;
}

void known_spread(struct middleware *m, double between_sd)
{
    for (int p = 0; p < STATION_PARAMETERS; p++)
        m->between_sd[p] = m->parameter[p] ? between_sd : 0;
}

struct session *known_session(const struct middleware *m, uint32_t replica)
{
    return simulated_session(known_workflow, known_platform, m, 4, replica);
}
