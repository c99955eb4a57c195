#include "traces/importer/radical_records.h"

#include <string.h>

/* Records of RADICAL-Pilot before 0.5, in profiles of the old columns: states in words
 * ("Executing", 0.42), starts and stops of tasks as `spawn` and `exec`, told apart by their
 * messages. */

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

static const struct radical_rule *radical_old_rule_of(const struct radical_row *row,
                                                      enum radical_component component)
{
    for (size_t i = 0; i < sizeof old_rules / sizeof *old_rules; i++)
        if (applies(&old_rules[i], row, component))
            return &old_rules[i].rule;
    return NULL;
}

/* A text, whose record it is, what it means, which of several counts; then what else it says. */
#define RULE(text, who, meaning, of_several, ...)                                                  \
    { .name = text, .name_length = sizeof text - 1, .components = COMPONENT_##who,                 \
      .event = EVENT_##meaning, .keep = KEEP_##of_several, __VA_ARGS__ }
#define PROVES(what) .generation = GENERATION_##what
#define ENDS(how) .state = STATE_##how
#define ELSE_NOTHING .generation = GENERATION_NONE
enum { COMPONENT_NODE = COMPONENT_AGENT | COMPONENT_SCRIPT };            /* of old: either */

static const struct radical_rule state_rules[] = {
    RULE("NEW", CLIENT, CLIENT_NEW, FIRST, ELSE_NOTHING),
    RULE("SCHEDULING", ENTK, ENTK_SCHEDULED, FIRST, ELSE_NOTHING),
    RULE("UMGR_SCHEDULING_PENDING", CLIENT, CLIENT_SUBMITTED, FIRST, PROVES(UNIT)),
    RULE("TMGR_SCHEDULING_PENDING", CLIENT, CLIENT_SUBMITTED, FIRST, PROVES(TASK)),
    RULE("UMGR_STAGING_INPUT_PENDING", CLIENT, CLIENT_SCHEDULED, FIRST, ELSE_NOTHING),
    RULE("TMGR_STAGING_INPUT_PENDING", CLIENT, CLIENT_SCHEDULED, FIRST, ELSE_NOTHING),
    RULE("AGENT_STAGING_INPUT_PENDING", CLIENT, CLIENT_PUSHED, FIRST, ELSE_NOTHING),
    RULE("AGENT_STAGING_INPUT_PENDING", AGENT, AGENT_PULLED, FIRST_OF_TWO, ELSE_NOTHING),
    RULE("AGENT_SCHEDULING", AGENT, AGENT_ARRIVED, FIRST, ELSE_NOTHING),
    RULE("AGENT_EXECUTING", AGENT, EXECUTOR_GOT, FIRST, ELSE_NOTHING),
    RULE("AGENT_EXECUTING", CLIENT, STATE_EXECUTING, FIRST_OF_TWO, ELSE_NOTHING),
    RULE("AGENT_STAGING_OUTPUT_PENDING", CLIENT, STATE_EXECUTED, FIRST_OF_TWO, ELSE_NOTHING),
    RULE("UMGR_STAGING_OUTPUT_PENDING", AGENT, AGENT_PUSHED, FIRST_OF_TWO, ELSE_NOTHING),
    RULE("TMGR_STAGING_OUTPUT_PENDING", AGENT, AGENT_PUSHED, FIRST_OF_TWO, ELSE_NOTHING),
    RULE("UMGR_STAGING_OUTPUT", CLIENT, CLIENT_GOT, FIRST_OF_TWO, ELSE_NOTHING),
    RULE("TMGR_STAGING_OUTPUT", CLIENT, CLIENT_GOT, FIRST_OF_TWO, ELSE_NOTHING),
    RULE("DONE", CLIENT, CLIENT_DONE, FIRST, ENDS(DONE)),
    RULE("FAILED", CLIENT, CLIENT_DONE, FIRST, ENDS(FAILED)),
    RULE("CANCELED", CLIENT, CLIENT_DONE, FIRST, ENDS(CANCELED)),
    RULE("FAILED", AGENT, AGENT_PUSHED, FIRST_OF_TWO, ENDS(FAILED)),
    RULE("CANCELED", AGENT, AGENT_PUSHED, FIRST_OF_TWO, ENDS(CANCELED)),
    RULE("DONE", ENTK, ENTK_DONE, FIRST, ELSE_NOTHING),
    RULE("FAILED", ENTK, ENTK_DONE, FIRST, ELSE_NOTHING),
};

static const struct radical_rule event_rules[] = {
    RULE("get", AGENT, AGENT_PULLED, FIRST_OF_TWO, .no_state = true),
    RULE("get", CLIENT, CLIENT_GOT, FIRST_OF_TWO, .no_state = true),
    RULE("schedule_ok", AGENT, SCHEDULE_OK, FIRST, ELSE_NOTHING),
    RULE("exec_start", AGENT, LAUNCH_START, FIRST, ELSE_NOTHING),
    RULE("exec_ok", AGENT, LAUNCH_OK, FIRST, ELSE_NOTHING),
    RULE("exec_stop", AGENT, AGENT_STOP, FIRST, ELSE_NOTHING),
    RULE("task_run_start", AGENT, LAUNCH_START, FIRST, PROVES(RANK)),
    RULE("task_run_ok", AGENT, LAUNCH_OK, FIRST, PROVES(RANK)),
    RULE("task_run_stop", AGENT, AGENT_STOP, FIRST, PROVES(RANK)),
    RULE("unschedule_start", AGENT, UNSCHEDULE_START, FIRST, ELSE_NOTHING),
    RULE("unschedule_stop", AGENT, UNSCHEDULE_STOP, FIRST, ELSE_NOTHING),
    RULE("cu_start", NODE, NODE_START, FIRST, PROVES(UNIT)),
    RULE("cu_exec_start", NODE, EXEC_START, FIRST, ELSE_NOTHING),
    RULE("cu_exec_stop", NODE, EXEC_STOP, LAST, ELSE_NOTHING),
    RULE("cu_stop", NODE, NODE_STOP, LAST, ELSE_NOTHING),
    RULE("task_start", SCRIPT, NODE_START, FIRST, PROVES(TASK)),
    RULE("task_exec_start", SCRIPT, EXEC_START, FIRST, PROVES(TASK)),
    RULE("task_exec_stop", SCRIPT, EXEC_STOP, LAST, ELSE_NOTHING),
    RULE("task_stop", SCRIPT, NODE_STOP, LAST, ELSE_NOTHING),
    RULE("launch_start", SCRIPT, NODE_START, FIRST, PROVES(RANK)),
    RULE("launch_submit", SCRIPT, LAUNCH_SUBMIT, FIRST, ELSE_NOTHING),
    RULE("exec_start", SCRIPT, EXEC_START, FIRST_OF_TWO, ELSE_NOTHING),
    RULE("rank_start", SCRIPT, RANK_START, FIRST_OF_TWO, PROVES(RANK)),
    RULE("rank_stop", SCRIPT, RANK_STOP, LAST, ELSE_NOTHING),
    RULE("exec_stop", SCRIPT, EXEC_STOP, LAST, ELSE_NOTHING),
    RULE("launch_stop", SCRIPT, NODE_STOP, LAST, ELSE_NOTHING),
};

enum radical_component radical_component_of(struct text_slice name)
{
    switch (name.length ? name.text[0] : '\0') {
    case 'a':
    case 'A':
        return slice_begins(name, "agent") || slice_begins(name, "Agent") ? COMPONENT_AGENT
                                                                          : COMPONENT_SCRIPT;
    case 't':
    case 'u':
        return slice_begins(name, "tmgr") || slice_begins(name, "umgr") ? COMPONENT_CLIENT
                                                                        : COMPONENT_SCRIPT;
    default:
        return slice_begins(name, "radical.entk") ? COMPONENT_ENTK
               : slice_begins(name, "pmgr") || slice_begins(name, "bootstrap") ? COMPONENT_PILOT
                                                                               : COMPONENT_SCRIPT;
    }
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
