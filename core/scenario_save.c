/* A scenario as a scenario file that holds its parts: core/scenario.h. */
#include "base/json_print.h"
#include "core/scenario.h"

static void add_text(cJSON *out, const char *key, const char *text)
{
    if (text)
        cJSON_AddStringToObject(out, key, text);
}

cJSON *scenario_to_json(const struct scenario *s)
{
    cJSON *out = cJSON_CreateObject();
    cJSON_AddItemToObject(out, "workflow", workflow_to_json(s->workflow));
    cJSON_AddItemToObject(out, "platform", platform_to_json(s->platform));
    cJSON_AddItemToObject(out, "middleware", middleware_to_json(s->middleware));
    cJSON_AddStringToObject(out, "mode", mode_name(s->mode));
    add_text(out, "scheduler", s->scheduler.scheduler);
    if (s->scheduler.scheduler) {
        add_text(out, "generation", s->scheduler.generation);
    } else {
        add_text(out, "order", s->scheduler.order);
        add_text(out, "overtake", s->scheduler.overtake);
        if (s->scheduler.overtake_every.s > 0)
            cJSON_AddNumberToObject(out, "overtake_every", s->scheduler.overtake_every.s);
        add_text(out, "placement", s->scheduler.placement);
    }
    cJSON_AddItemToObject(out, "seed", json_whole(s->seed));
    if (s->walltime_s > 0)
        cJSON_AddNumberToObject(out, "walltime", s->walltime_s);
    return out;
}
