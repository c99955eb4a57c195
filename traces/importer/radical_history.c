/* States that RADICAL-Pilot's JSON dates: `statehistory` of 0.42, a list of {state, timestamp}.
 * They fill in for records that the profiles lack, never replace one. */
#include <math.h>

#include "base/str.h"
#include "traces/importer/json_values.h"
#include "traces/importer/radical_impl.h"

static const struct { const char *state; enum session_event event; } states[] = {
    { "New", EVENT_CLIENT_NEW }, { "PendingInputStaging", EVENT_CLIENT_SUBMITTED }, { "Scheduling", EVENT_CLIENT_SUBMITTED },
    { "AgentStagingInputPending", EVENT_CLIENT_PUSHED }, { "Allocating", EVENT_AGENT_ARRIVED },
    { "Executing", EVENT_STATE_EXECUTING }, { "AgentStagingOutputPending", EVENT_STATE_EXECUTED },
    { "PendingOutputStaging", EVENT_AGENT_PUSHED }, { "StagingOutput", EVENT_CLIENT_GOT },
    { "Done", EVENT_CLIENT_DONE }, { "Failed", EVENT_CLIENT_DONE }, { "Canceled", EVENT_CLIENT_DONE },
};

static void fill(double *at, const cJSON *entry)
{
    const char *state = radical_text(entry, "state");
    const cJSON *time = value_at(entry, "timestamp");
    if (!state || !cJSON_IsNumber(time) || !(time->valuedouble >= 1e8 && time->valuedouble <= 1e11))
        return;
    for (size_t k = 0; k < sizeof states / sizeof *states; k++)
        if (str_equal(state, states[k].state) && isnan(at[states[k].event]))
            at[states[k].event] = time->valuedouble;
}

double radical_history_time(const cJSON *json, const char *state)
{
    const cJSON *entry;
    cJSON_ArrayForEach(entry, value_at(json, "statehistory")) {
        const cJSON *time = value_at(entry, "timestamp");
        if (str_equal(radical_text(entry, "state"), state) && cJSON_IsNumber(time))
            return time->valuedouble;
    }
    return NAN;
}

void radical_read_history(struct radical_task *t)
{
    const cJSON *entry;
    cJSON_ArrayForEach(entry, value_at(t->json, "statehistory"))
        fill(t->entity->at, entry);
}
