/* Services run for as long as the pilot, for the sake of tasks: no tasks of the workflow and no
 * part of its makespan. A pilot's description lists those that the agent starts (their JSON is not
 * kept); others are tasks whose mode says so. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/json_values.h"
#include "traces/importer/radical_impl.h"

static const char service_prefix[] = "service.";

/* What it is, by its mode or type; NULL: a task. */
static const char *kind_by_mode(const cJSON *json)
{
    static const struct { const char *mode, *kind; } modes[] = {
        { "task.service", "service" }, { "service", "service" },
        { "raptor.master", "raptor master" }, { "raptor.worker", "raptor worker" },
    };
    const char *mode = radical_text(value_at(json, "description"), "mode"),
               *type = radical_text(json, "type");
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++)
        if (str_equal(mode, modes[i].mode) || str_equal(type, modes[i].mode))
            return modes[i].kind;
    return NULL;
}

/* The description of a service that the agent started: by its uid, else "service.0003" is the
 * fourth. NULL: a pilot lists none such. */
static const cJSON *listed(const struct radical *r, const char *uid)
{
    for (size_t p = 0; p < r->layout.n_pilots; p++) {
        const cJSON *services = value_at(r->layout.pilots[p].description, "services"), *service;
        cJSON_ArrayForEach(service, services)
            if (str_equal(radical_text(service, "uid"), uid))
                return service;
        const char *number = str_starts(uid, service_prefix) ? uid + strlen(service_prefix) : "";
        size_t digits = strspn(number, "0123456789");
        if (digits && digits < 9 && !number[digits] && cJSON_GetArrayItem(services, atoi(number)))
            return cJSON_GetArrayItem(services, atoi(number));
    }
    return NULL;
}

static bool from_client(const struct radical_task *t)
{
    return !isnan(t->entity->at[EVENT_CLIENT_NEW]) || !isnan(t->entity->at[EVENT_CLIENT_SUBMITTED]);
}

static const char *kind_of(const struct radical *r, const struct radical_task *t)
{
    if (t->json)
        return kind_by_mode(t->json);
    return !from_client(t) && (str_starts(t->uid, service_prefix) || listed(r, t->uid)) ? "service"
                                                                                        : NULL;
}

static void keep_service(struct radical *r, struct radical_task *t, const char *kind)
{
    struct session *s = r->session;
    const cJSON *description = t->json ? NULL : listed(r, t->uid);
    if (description)
        radical_read_demand(t, description);
    xgrow(&s->services, &r->services_room, s->n_services + 1, sizeof *s->services);
    s->services[s->n_services++] =
        (struct session_service){ .uid = t->uid,
                                  .kind = kind,
                                  .started_s = t->started_s,
                                  .stopped_s = t->stopped_s,
                                  .launched_s = earlier_known(t->entity->at[EVENT_LAUNCH_START],
                                                              t->entity->at[EVENT_NODE_START]),
                                  .has_demand = t->has_demand,
                                  .ranks = t->demand.ranks,
                                  .slots = t->demand.threads,
                                  .gpus = t->demand.gpus };
}

void radical_hold_services(struct radical *r)
{
    size_t tasks = 0, kept = 0;
    for (size_t i = 0; i < r->n; i++)
        tasks += !kind_of(r, &r->tasks[i]);
    for (size_t i = 0; i < r->n && tasks; i++) {
        const char *kind = kind_of(r, &r->tasks[i]);
        if (kind)
            keep_service(r, &r->tasks[i], kind);
        else
            r->tasks[kept++] = r->tasks[i];
    }
    if (!tasks) {
        session_note(r->session, r->n, "services", "there is nothing else: taken for the tasks");
        return;
    }
    r->n = kept;
    session_note(r->session, r->session->n_services, "services",
                 "held apart: no tasks, no part of the makespan; what they occupy counts as free");
}
