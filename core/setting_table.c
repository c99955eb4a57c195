/* The rows, in the order in which they are applied. What a row does is in core/setting_apply.c,
 * setting_sets.c and setting_what_if.c. */
#include <stddef.h>

#include "core/setting_impl.h"

enum {
    EVERYWHERE = SETTING_KEY | SETTING_AXIS | SETTING_CHANGE,
    OF_FILES = SETTING_KEY | SETTING_AXIS
};

#define TEXT_OF(name) .member = { SETTING_MEMBER_POLICY, offsetof(struct scheduler_options, name) }
#define DOUBLE_AT(name) .member = { SETTING_MEMBER_DOUBLE, offsetof(struct variant, name) }
#define IN_SET(type, name) .member = { SETTING_MEMBER_ ## type, offsetof(struct task_traits, name) }
#define OF_SETS .of = SETTING_OF_SETS, .views = SETTING_AXIS
#define WHAT_IF .type = SETTING_SWITCH, .views = SETTING_WHAT_IF

#define ROW(id, ...) [SETTING_##id] = { __VA_ARGS__ },
static const struct setting rows[SETTINGS] = {
#include "core/setting_rows.h"
};

const struct setting *setting_at(enum setting_id id)
{
    return &rows[id];
}
