#include "traces/importer/radical_events.h"

#include <string.h>

#define NAMED(text) .name = text, .name_length = sizeof text - 1

static const struct radical_rule state_rules[] = {
    { NAMED("NEW"), .components = COMPONENT_CLIENT, .event = EVENT_CLIENT_NEW },
    { NAMED("SCHEDULING"), .components = COMPONENT_ENTK, .event = EVENT_ENTK_SCHEDULED },
    { NAMED("UMGR_SCHEDULING_PENDING"), .components = COMPONENT_CLIENT,
      .event = EVENT_CLIENT_SUBMITTED,
      .generation = GENERATION_UNIT },
    { NAMED("TMGR_SCHEDULING_PENDING"), .components = COMPONENT_CLIENT,
      .event = EVENT_CLIENT_SUBMITTED,
      .generation = GENERATION_TASK },
    { NAMED("UMGR_STAGING_INPUT_PENDING"), .components = COMPONENT_CLIENT,
      .event = EVENT_CLIENT_SCHEDULED },
    { NAMED("TMGR_STAGING_INPUT_PENDING"), .components = COMPONENT_CLIENT,
      .event = EVENT_CLIENT_SCHEDULED },
    { NAMED("AGENT_STAGING_INPUT_PENDING"), .components = COMPONENT_CLIENT,
      .event = EVENT_CLIENT_PUSHED },
    { NAMED("AGENT_STAGING_INPUT_PENDING"), .components = COMPONENT_AGENT,
      .event = EVENT_AGENT_PULLED,
      .keep = KEEP_FIRST_OF_TWO },
    { NAMED("AGENT_SCHEDULING"), .components = COMPONENT_AGENT, .event = EVENT_AGENT_ARRIVED },
    { NAMED("AGENT_EXECUTING"), .components = COMPONENT_AGENT, .event = EVENT_EXECUTOR_GOT },
    { NAMED("AGENT_EXECUTING"), .components = COMPONENT_CLIENT, .event = EVENT_STATE_EXECUTING,
      .keep = KEEP_FIRST_OF_TWO },
    { NAMED("AGENT_STAGING_OUTPUT_PENDING"), .components = COMPONENT_CLIENT,
      .event = EVENT_STATE_EXECUTED, .keep = KEEP_FIRST_OF_TWO },
    { NAMED("UMGR_STAGING_OUTPUT_PENDING"), .components = COMPONENT_AGENT,
      .event = EVENT_AGENT_PUSHED,
      .keep = KEEP_FIRST_OF_TWO },
    { NAMED("TMGR_STAGING_OUTPUT_PENDING"), .components = COMPONENT_AGENT,
      .event = EVENT_AGENT_PUSHED,
      .keep = KEEP_FIRST_OF_TWO },
    { NAMED("UMGR_STAGING_OUTPUT"), .components = COMPONENT_CLIENT, .event = EVENT_CLIENT_GOT,
      .keep = KEEP_FIRST_OF_TWO },
    { NAMED("TMGR_STAGING_OUTPUT"), .components = COMPONENT_CLIENT, .event = EVENT_CLIENT_GOT,
      .keep = KEEP_FIRST_OF_TWO },
    { NAMED("DONE"), .components = COMPONENT_CLIENT, .event = EVENT_CLIENT_DONE,
      .state = STATE_DONE },
    { NAMED("FAILED"), .components = COMPONENT_CLIENT, .event = EVENT_CLIENT_DONE,
      .state = STATE_FAILED },
    { NAMED("CANCELED"), .components = COMPONENT_CLIENT, .event = EVENT_CLIENT_DONE,
      .state = STATE_CANCELED },
    { NAMED("FAILED"), .components = COMPONENT_AGENT, .event = EVENT_AGENT_PUSHED,
      .state = STATE_FAILED,
      .keep = KEEP_FIRST_OF_TWO },
    { NAMED("CANCELED"), .components = COMPONENT_AGENT, .event = EVENT_AGENT_PUSHED,
      .state = STATE_CANCELED,
      .keep = KEEP_FIRST_OF_TWO },
    { NAMED("DONE"), .components = COMPONENT_ENTK, .event = EVENT_ENTK_DONE },
    { NAMED("FAILED"), .components = COMPONENT_ENTK, .event = EVENT_ENTK_DONE },
};

static const struct radical_rule event_rules[] = {
    { NAMED("get"), .components = COMPONENT_AGENT, .event = EVENT_AGENT_PULLED,
      .keep = KEEP_FIRST_OF_TWO, .no_state = true },
    { NAMED("get"), .components = COMPONENT_CLIENT, .event = EVENT_CLIENT_GOT,
      .keep = KEEP_FIRST_OF_TWO, .no_state = true },
    { NAMED("schedule_ok"), .components = COMPONENT_AGENT, .event = EVENT_SCHEDULE_OK },
    { NAMED("exec_start"), .components = COMPONENT_AGENT, .event = EVENT_LAUNCH_START },
    { NAMED("exec_ok"), .components = COMPONENT_AGENT, .event = EVENT_LAUNCH_OK },
    { NAMED("exec_stop"), .components = COMPONENT_AGENT, .event = EVENT_AGENT_STOP },
    { NAMED("task_run_start"), .components = COMPONENT_AGENT, .event = EVENT_LAUNCH_START,
      .generation = GENERATION_RANK },
    { NAMED("task_run_ok"), .components = COMPONENT_AGENT, .event = EVENT_LAUNCH_OK,
      .generation = GENERATION_RANK },
    { NAMED("task_run_stop"), .components = COMPONENT_AGENT, .event = EVENT_AGENT_STOP,
      .generation = GENERATION_RANK },
    { NAMED("unschedule_start"), .components = COMPONENT_AGENT, .event = EVENT_UNSCHEDULE_START },
    { NAMED("unschedule_stop"), .components = COMPONENT_AGENT, .event = EVENT_UNSCHEDULE_STOP },
    { NAMED("cu_start"), .components = COMPONENT_AGENT | COMPONENT_SCRIPT,
      .event = EVENT_NODE_START, .generation = GENERATION_UNIT },
    { NAMED("cu_exec_start"), .components = COMPONENT_AGENT | COMPONENT_SCRIPT,
      .event = EVENT_EXEC_START },
    { NAMED("cu_exec_stop"), .components = COMPONENT_AGENT | COMPONENT_SCRIPT,
      .event = EVENT_EXEC_STOP, .keep = KEEP_LAST },
    { NAMED("cu_stop"), .components = COMPONENT_AGENT | COMPONENT_SCRIPT, .event = EVENT_NODE_STOP,
      .keep = KEEP_LAST },
    { NAMED("task_start"), .components = COMPONENT_SCRIPT, .event = EVENT_NODE_START,
      .generation = GENERATION_TASK },
    { NAMED("task_exec_start"), .components = COMPONENT_SCRIPT, .event = EVENT_EXEC_START,
      .generation = GENERATION_TASK },
    { NAMED("task_exec_stop"), .components = COMPONENT_SCRIPT, .event = EVENT_EXEC_STOP,
      .keep = KEEP_LAST },
    { NAMED("task_stop"), .components = COMPONENT_SCRIPT, .event = EVENT_NODE_STOP,
      .keep = KEEP_LAST },
    { NAMED("launch_start"), .components = COMPONENT_SCRIPT, .event = EVENT_NODE_START,
      .generation = GENERATION_RANK },
    { NAMED("launch_submit"), .components = COMPONENT_SCRIPT, .event = EVENT_LAUNCH_SUBMIT },
    { NAMED("exec_start"), .components = COMPONENT_SCRIPT, .event = EVENT_EXEC_START,
      .keep = KEEP_FIRST_OF_TWO },
    { NAMED("rank_start"), .components = COMPONENT_SCRIPT, .event = EVENT_RANK_START,
      .keep = KEEP_FIRST_OF_TWO,
      .generation = GENERATION_RANK },
    { NAMED("rank_stop"), .components = COMPONENT_SCRIPT, .event = EVENT_RANK_STOP,
      .keep = KEEP_LAST },
    { NAMED("exec_stop"), .components = COMPONENT_SCRIPT, .event = EVENT_EXEC_STOP,
      .keep = KEEP_LAST },
    { NAMED("launch_stop"), .components = COMPONENT_SCRIPT, .event = EVENT_NODE_STOP,
      .keep = KEEP_LAST },
};

static bool starts(struct text_slice s, const char *prefix)
{
    size_t n = strlen(prefix);
    return s.length >= n && !memcmp(s.text, prefix, n);
}

enum radical_component radical_component_of(struct text_slice name)
{
    if (starts(name, "agent") || starts(name, "Agent"))
        return COMPONENT_AGENT;
    if (starts(name, "tmgr") || starts(name, "umgr"))
        return COMPONENT_CLIENT;
    if (starts(name, "radical.entk"))
        return COMPONENT_ENTK;
    if (starts(name, "pmgr") || starts(name, "bootstrap"))
        return COMPONENT_PILOT;
    return COMPONENT_SCRIPT;
}

static const struct radical_rule *find(const struct radical_rule *rules, size_t n,
                                       struct text_slice name, enum radical_component component,
                                       bool has_state)
{
    for (size_t i = 0; i < n; i++) {
        const struct radical_rule *r = &rules[i];
        if (r->name_length == name.length && (r->components & component) &&
            !memcmp(r->name, name.text, name.length))
            return r->no_state && has_state ? NULL : r;
    }
    return NULL;
}

static const struct radical_rule *known_rule(const struct radical_row *row,
                                             enum radical_component component)
{
    if (row->event.length != 7 || memcmp(row->event.text, "advance", 7) != 0)
        return find(event_rules, sizeof event_rules / sizeof *event_rules, row->event, component,
                    row->state.length > 0);
    if (!row->state.length)
        return NULL;
    return find(state_rules, sizeof state_rules / sizeof *state_rules, row->state, component, true);
}

const struct radical_rule *radical_rule_of(const struct radical_row *row,
                                           enum radical_component component)
{
    if (!row->event.length || component == COMPONENT_PILOT)
        return NULL;
    const struct radical_rule *rule = known_rule(row, component);
    return rule || !row->old_columns ? rule : radical_old_rule_of(row, component);
}
