/* Records of RADICAL-Pilot before 0.5, in profiles of the old columns: states in words
 * ("Executing", 0.42), starts and stops of tasks as `spawn` and `exec`, told apart by their
 * messages. */
#include <string.h>

#include "traces/importer/radical_events.h"

/* 0.42's client records under the session's own name */
enum { COMPONENT_ELSEWHERE = COMPONENT_CLIENT | COMPONENT_SCRIPT };

struct old_rule {
    /* text: the state of `advance` and `notification`, else how the message begins */
    const char *event, *text;
    struct radical_rule rule;
};

#define OLD(of, begins, who, meaning, of_several, ends)                                            \
    { .event = of, .text = begins,                                                                 \
      .rule = { .components = COMPONENT_##who, .event = EVENT_##meaning,                           \
                .keep = KEEP_##of_several, .state = STATE_##ends, .generation = GENERATION_SPAWN } }

static const struct old_rule old_rules[] = {
    OLD("spawn", "spawning passed", AGENT, LAUNCH_OK, FIRST, UNKNOWN),
    OLD("spawn", "", AGENT, LAUNCH_START, FIRST_OF_TWO, UNKNOWN),
    OLD("exec", "execution complete", AGENT, AGENT_STOP, FIRST, UNKNOWN),
    OLD("schedule", "allocated", AGENT, SCHEDULE_OK, FIRST, UNKNOWN),
    OLD("unschedule", "released", AGENT, UNSCHEDULE_STOP, FIRST, UNKNOWN),
    OLD("unschedule", "", AGENT, UNSCHEDULE_START, FIRST_OF_TWO, UNKNOWN),
    OLD("advance", "New", ELSEWHERE, CLIENT_NEW, FIRST, UNKNOWN),
    OLD("advance", "PendingInputStaging", ELSEWHERE, CLIENT_SUBMITTED, FIRST, UNKNOWN),
    OLD("advance", "AgentStagingInputPending", ELSEWHERE, CLIENT_PUSHED, FIRST, UNKNOWN),
    OLD("advance", "Allocating", AGENT, AGENT_ARRIVED, FIRST, UNKNOWN),
    OLD("advance", "Executing", AGENT, EXECUTOR_GOT, FIRST, UNKNOWN),
    OLD("advance", "PendingOutputStaging", AGENT, AGENT_PUSHED, FIRST_OF_TWO, UNKNOWN),
    OLD("advance", "Failed", AGENT, AGENT_PUSHED, FIRST_OF_TWO, FAILED),
    OLD("advance", "Canceled", AGENT, AGENT_PUSHED, FIRST_OF_TWO, CANCELED),
    OLD("advance", "StagingOutput", ELSEWHERE, CLIENT_GOT, FIRST_OF_TWO, UNKNOWN),
    OLD("advance", "Done", ELSEWHERE, CLIENT_DONE, FIRST, DONE),
    OLD("advance", "Failed", ELSEWHERE, CLIENT_DONE, FIRST, FAILED),
    OLD("advance", "Canceled", ELSEWHERE, CLIENT_DONE, FIRST, CANCELED),
    OLD("notification", "Executing", ELSEWHERE, STATE_EXECUTING, FIRST_OF_TWO, UNKNOWN),
    OLD("notification", "AgentStagingOutputPending", ELSEWHERE, STATE_EXECUTED, FIRST_OF_TWO,
        UNKNOWN),
};

static bool applies(const struct old_rule *o, const struct radical_row *row,
                    enum radical_component component)
{
    if (!(o->rule.components & component) || !slice_is(row->event, o->event))
        return false;
    bool by_state = slice_is(row->event, "advance") || slice_is(row->event, "notification");
    return by_state ? slice_is(row->state, o->text) : slice_begins(row->message, o->text);
}

const struct radical_rule *radical_old_rule_of(const struct radical_row *row,
                                               enum radical_component component)
{
    for (size_t i = 0; i < sizeof old_rules / sizeof *old_rules; i++)
        if (applies(&old_rules[i], row, component))
            return &old_rules[i].rule;
    return NULL;
}
