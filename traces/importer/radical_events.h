/* traces/importer/radical_events.h - which record of which component means which event, for all
 * generations at once. */
#ifndef DAGCAST_TRACES_IMPORTER_RADICAL_EVENTS_H
#define DAGCAST_TRACES_IMPORTER_RADICAL_EVENTS_H

#include <stdbool.h>

#include "traces/importer/radical_records.h"

enum radical_component {                 /* bits: a rule names the components it believes */
    COMPONENT_CLIENT = 1,                /* umgr*, tmgr* */
    COMPONENT_AGENT = 2,                 /* agent* */
    /* task_script, unit_script, "", anything else on the node */
    COMPONENT_SCRIPT = 4,
    COMPONENT_ENTK = 8,                  /* radical.entk.* */
    COMPONENT_PILOT = 16                 /* pmgr*, bootstrap* */
};
enum radical_component radical_component_of(struct text_slice name);

/* of two: two records tell it, neither contradicts */
enum radical_keep { KEEP_FIRST, KEEP_LAST, KEEP_FIRST_OF_TWO };

struct radical_rule {
    const char *name;                    /* event, or the state of an `advance` */
    size_t name_length;
    unsigned components;
    enum session_event event;
    enum radical_keep keep;
    enum radical_state state;            /* a final state, of the client or the agent */
    /* only with an empty state column; components get others than tasks too */
    bool no_state;
    enum session_generation generation;  /* it proves this one; GENERATION_NONE: none */
};
/* NULL: the record says nothing about a task. */
const struct radical_rule *radical_rule_of(const struct radical_row *row,
                                           enum radical_component component);

#endif
