/* Records of RADICAL-Pilot before 0.5, in profiles of the old columns: states in words
 * ("Executing", 0.42), starts and stops of tasks as `spawn` and `exec`, told apart by their
 * messages. */
#include <string.h>

#include "traces/importer/radical_events.h"

/* 0.42's client records under the session's own name */
enum { ANYWHERE_ELSE = COMPONENT_CLIENT | COMPONENT_SCRIPT };

struct old_rule {
    /* text: the state of `advance` and `notification`, else how the message begins */
    const char *event, *text;
    struct radical_rule rule;
};

#define OLD .generation = GENERATION_SPAWN

static const struct old_rule old_rules[] = {
    { "spawn", "spawning passed",
      { .components = COMPONENT_AGENT, .event = EVENT_LAUNCH_OK, OLD } },
    { "spawn", "", { .components = COMPONENT_AGENT, .event = EVENT_LAUNCH_START, .keep = KEEP_FIRST_OF_TWO, OLD } },
    { "exec", "execution complete",
      { .components = COMPONENT_AGENT, .event = EVENT_AGENT_STOP, OLD } },
    { "schedule", "allocated", { .components = COMPONENT_AGENT, .event = EVENT_SCHEDULE_OK, OLD } },
    { "unschedule", "released",
      { .components = COMPONENT_AGENT, .event = EVENT_UNSCHEDULE_STOP, OLD } },
    { "unschedule", "", { .components = COMPONENT_AGENT, .event = EVENT_UNSCHEDULE_START, .keep = KEEP_FIRST_OF_TWO, OLD } },
    { "advance", "New", { .components = ANYWHERE_ELSE, .event = EVENT_CLIENT_NEW, OLD } },
    { "advance", "PendingInputStaging",
      { .components = ANYWHERE_ELSE, .event = EVENT_CLIENT_SUBMITTED, OLD } },
    { "advance", "AgentStagingInputPending",
      { .components = ANYWHERE_ELSE, .event = EVENT_CLIENT_PUSHED, OLD } },
    { "advance", "Allocating",
      { .components = COMPONENT_AGENT, .event = EVENT_AGENT_ARRIVED, OLD } },
    { "advance", "Executing", { .components = COMPONENT_AGENT, .event = EVENT_EXECUTOR_GOT, OLD } },
    { "advance", "PendingOutputStaging", { .components = COMPONENT_AGENT, .event = EVENT_AGENT_PUSHED, .keep = KEEP_FIRST_OF_TWO, OLD } },
    { "advance", "Failed", { .components = COMPONENT_AGENT, .event = EVENT_AGENT_PUSHED, .state = STATE_FAILED, .keep = KEEP_FIRST_OF_TWO,
                             OLD } },
    { "advance", "Canceled", { .components = COMPONENT_AGENT, .event = EVENT_AGENT_PUSHED, .state = STATE_CANCELED,
                               .keep = KEEP_FIRST_OF_TWO, OLD } },
    { "advance", "StagingOutput",
      { .components = ANYWHERE_ELSE, .event = EVENT_CLIENT_GOT, .keep = KEEP_FIRST_OF_TWO, OLD } },
    { "advance", "Done",
      { .components = ANYWHERE_ELSE, .event = EVENT_CLIENT_DONE, .state = STATE_DONE, OLD } },
    { "advance", "Failed",
      { .components = ANYWHERE_ELSE, .event = EVENT_CLIENT_DONE, .state = STATE_FAILED, OLD } },
    { "advance", "Canceled",
      { .components = ANYWHERE_ELSE, .event = EVENT_CLIENT_DONE, .state = STATE_CANCELED, OLD } },
    { "notification", "Executing", { .components = ANYWHERE_ELSE, .event = EVENT_STATE_EXECUTING, .keep = KEEP_FIRST_OF_TWO, OLD } },
    { "notification", "AgentStagingOutputPending", { .components = ANYWHERE_ELSE, .event = EVENT_STATE_EXECUTED,
                                                     .keep = KEEP_FIRST_OF_TWO, OLD } },
};

static bool is(struct text_slice s, const char *text)
{
    size_t n = strlen(text);
    return s.length == n && !memcmp(s.text, text, n);
}

static bool begins(struct text_slice s, const char *text)
{
    size_t n = strlen(text);
    return s.length >= n && !memcmp(s.text, text, n);
}

static bool applies(const struct old_rule *o, const struct radical_row *row,
                    enum radical_component component)
{
    if (!(o->rule.components & component) || !is(row->event, o->event))
        return false;
    bool by_state = is(row->event, "advance") || is(row->event, "notification");
    return by_state ? is(row->state, o->text) : begins(row->message, o->text);
}

const struct radical_rule *radical_old_rule_of(const struct radical_row *row,
                                               enum radical_component component)
{
    for (size_t i = 0; i < sizeof old_rules / sizeof *old_rules; i++)
        if (applies(&old_rules[i], row, component))
            return &old_rules[i].rule;
    return NULL;
}
