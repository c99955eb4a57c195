#include "scheduling/names.h"

#include "core/scenario.h"
#include "scheduling/dispatch.h"

static bool mode_at(size_t i, struct setting_name *out)
{
    if (i < MODES)
        *out = (struct setting_name){ mode_name((enum mode)i), mode_summary((enum mode)i) };
    return i < MODES;
}

static bool scheduler_at(size_t i, struct setting_name *out)
{
    const struct scheduler_preset *p = scheduler_preset_at(i);
    if (p)
        *out = (struct setting_name){ p->name, p->summary };
    return p != NULL;
}

bool policy_names(enum setting_id id, size_t i, struct setting_name *out)
{
    switch (id) {
    case SETTING_MODE: return mode_at(i, out);
    case SETTING_SCHEDULER: return scheduler_at(i, out);
    case SETTING_ORDER: return dispatch_order_at(i, out);
    case SETTING_OVERTAKE: return dispatch_overtake_at(i, out);
    case SETTING_PLACEMENT: return dispatch_placement_at(i, out);
    default: return false;
    }
}
