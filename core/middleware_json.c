/* A middleware profile as JSON: docs/formats.md. */
#include <math.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "core/middleware.h"
#include "core/resource.h"

static const char *const cold_rules[] = { "never", "first_on_node", "first_wave",
                                          "burst", "node_change",   NULL };

static const char *parameter_name(int p)
{
    return station_parameter_name((enum station_parameter)p);
}

static const char *parameter_summary(int p)
{
    return station_parameter_summary((enum station_parameter)p);
}

static const char *poll_name(int p)
{
    return station_poll_name((enum station_poll)p);
}

/* ---- stations ---- */

static int read_period(const struct schema_field *f, const struct json *at, void *object,
                       struct error *err)
{
    double *period_s = (double *)(void *)((char *)object + f->offset);
    if (schema_number.read(f, at, object, err) != 0)
        return -1;
    if (*period_s > 0 && *period_s < POLL_SHORTEST_S)
        return json_error(at, err, "must be 0 (no poll), or a period from %g to %g s; is %g",
                          POLL_SHORTEST_S, POLL_LONGEST_S, *period_s);
    return 0;
}

static const struct schema_type period = { .read = read_period, .like = &schema_number };

#define PARAMETERS(member)                                                                         \
    SCHEMA_AT(struct middleware, member[0]), .repeat = STATION_PARAMETERS,                         \
    .stride = sizeof((struct middleware *)0)->member[0], .key_of = parameter_name

static const struct schema_field station_fields[] = {
    { .type = &dist_field, PARAMETERS(parameter), .help_of = parameter_summary, .otherwise = "0" },
    { .type = &period,
      SCHEMA_AT(struct middleware, period_s[0]),
      .repeat = STATION_POLLS,
      .stride = sizeof(double),
      .key_of = poll_name,
      .unit = QUANTITY_SECONDS,
      .max = POLL_LONGEST_S,
      .help = "period of this poll; 0: no poll, else at least 1e-6" },
    { "launch.servers", &schema_integer, SCHEMA_AT(struct middleware, launch_servers), .min = 1,
      .max = 1000000, .initial = 1, .help = "launch servers" },
    { "client.mean_bulk", &schema_number, SCHEMA_AT(struct middleware, mean_bulk), .max = 100000000,
      .help = "tasks of a bulk for which `client.base` and `client.per_task` are known together: "
              "what a replica's `per_task` is more, its `base` is less there; 0: drawn apart" },
    { "client.bulk", &schema_integer, SCHEMA_AT(struct middleware, bulk), .max = 100000000,
      .help = "most tasks that it creates and submits at once, before the next; 0: no limit" },
    { "client.window", &schema_integer, SCHEMA_AT(struct middleware, window), .max = 100000000,
      .help = "most tasks submitted and not yet known to be over; 0: no limit" },
    { "client.window_slots", &schema_bool, SCHEMA_AT(struct middleware, window_slots),
      .help = "the window is as many tasks as the platform has slots, whatever `client.window` "
              "says" },
    { "client.broker", &schema_number, SCHEMA_AT(struct middleware, broker_s),
      .unit = QUANTITY_SECONDS, .max = 1e6, .otherwise = "not known",
      .help = "of EnTK: how long setting up the queues at its message broker took; "
              "`client.close_task` is for a broker as far away" },
    { "client.answers", &schema_bool, SCHEMA_AT(struct middleware, broker_answers),
      .help = "`client.open_task` is for a broker as far away, too: EnTK before 1.5, which waits "
              "for its answer" },
    { "launch.cap", &schema_integer, SCHEMA_AT(struct middleware, live_cap), .max = 100000000,
      .help = "most live tasks; 0: no cap" },
    { "launch.slows", &schema_number, SCHEMA_AT(struct middleware, launch_slows), .max = 10,
      .help = "in a run of more than `launch.slows_from` tasks, `launch.service` is multiplied by "
              "(tasks / `launch.slows_from`)^e, e drawn from 0 to this" },
    { "launch.slows_from", &schema_integer, SCHEMA_AT(struct middleware, launch_slows_from),
      .max = 100000000, .help = "tasks of a run; see `launch.slows`" },
    { "launch.alone", &alone_field, SCHEMA_AT(struct middleware, alone), .otherwise = "never",
      .help = "which tasks the launcher keeps apart whatever slots they have: `nodes`: one task a "
              "node at a time, on whole nodes that the launcher finds itself; `own_nodes`: on the "
              "nodes of its slots; `without_gpu`: a task without GPUs has its nodes alone; `core`: "
              "one task a physical core. Where sessions differed, how many showed each: "
              "`{\"nodes\": 2, \"own_nodes\": 1}`; a replica draws one of them" },
    { "launch.random", &schema_bool, SCHEMA_AT(struct middleware, alone_random),
      .help = "of tasks kept apart any may go next; else the one placed first" },
    { "execute.slope", &schema_number, SCHEMA_AT(struct middleware, execute_slope), .max = 1000,
      .initial = 1, .help = "executed = duration x slope + `execute.offset`" },
    { "startup.rule", &schema_choice, SCHEMA_AT(struct middleware, cold_rule),
      .choices = cold_rules, .help = "which tasks start cold" },
    { "startup.burst", &schema_integer, SCHEMA_AT(struct middleware, cold_burst), .max = 100000000,
      .help = "of rule `burst`: tasks of a bulk that starts cold, at least" },
    { "startup.bulks", &schema_integer, SCHEMA_AT(struct middleware, cold_bulks), .max = 1000000,
      .initial = 1, .help = "of rule `burst`: the first that many such bulks" },
    { "startup.gpu_only", &schema_bool, SCHEMA_AT(struct middleware, cold_gpu_only),
      .help = "only tasks with GPUs start cold" },
};
static const struct schema stations = { "stations", SCHEMA_FIELDS(station_fields), .dotted = true,
                                        .title = "`stations`" };

/* ---- what it was fitted on ---- */

#define LIMIT 1e9                        /* s */

static const struct schema_field session_fields[] = {
    { "name", &schema_text, SCHEMA_AT(struct station_session, name), .help = "the session's name" },
    { .type = &schema_number, SCHEMA_AT(struct station_session, mean[0]),
      .repeat = STATION_PARAMETERS,
      .stride = sizeof(double), .key_of = parameter_name, .unit = QUANTITY_SECONDS, .min = -LIMIT,
      .max = LIMIT, .initial = NAN, .otherwise = "not known", .help = "mean of this parameter" },
};
static const struct schema session = { "session", SCHEMA_FIELDS(session_fields),
                                       .size = sizeof(struct station_session) };

static const struct schema_field spread_fields[] = {
    { .type = &schema_number, PARAMETERS(between_sd), .max = LIMIT,
      .help = "relative spread of this parameter" },
};
static const struct schema spread = { "between_sd", SCHEMA_FIELDS(spread_fields) };

static const struct schema_field estimate_fields[] = {
    { "between", &schema_number, SCHEMA_AT(struct station_estimate, between_s),
      .unit = QUANTITY_SECONDS,
      .max = LIMIT, .required = true, .always = true, .help = "sd of its mean between sessions" },
    { "se", &schema_number, SCHEMA_AT(struct station_estimate, se_s), .unit = QUANTITY_SECONDS,
      .max = LIMIT, .required = true, .always = true, .help = "standard error of its mean" },
    { "degrees", &schema_integer, SCHEMA_AT(struct station_estimate, degrees), .max = 1000000,
      .always = true, .help = "degrees of freedom of both; 0: priors" },
};

static const struct schema estimate = { "estimate", SCHEMA_FIELDS(estimate_fields),
                                        .title = "An estimate",
                                        SCHEMA_PRESENT(struct station_estimate, known) };
static const struct schema_field estimates_fields[] = {
    { .type = &schema_object, PARAMETERS(estimate), .of = &estimate, .help = "of this parameter" },
};
static const struct schema estimates = { "estimates", SCHEMA_FIELDS(estimates_fields) };

static const struct schema_field seen_fields[] = {
    { "nodes", &schema_integer, SCHEMA_AT(struct middleware, n_nodes_seen),
      .max = PLATFORM_MOST_NODES,
      .otherwise = "not known", .help = "the most nodes" },
    { "tasks", &schema_integer, SCHEMA_AT(struct middleware, n_tasks_seen), .max = 1000000000,
      .otherwise = "not known", .help = "the most tasks of a session" },
    { "window", &schema_integer, SCHEMA_AT(struct middleware, window_seen), .max = 100000000,
      .otherwise = "not known", .help = "the most tasks at once that a generator asked for" },
    { "platform", &schema_text, SCHEMA_AT(struct middleware, platform_seen),
      .help = "the machine; here and below, several are separated by commas" },
    { "launcher", &schema_text, SCHEMA_AT(struct middleware, launcher_seen),
      .help = "the launch method" },
    { "releases", &schema_text, SCHEMA_AT(struct middleware, releases_seen),
      .help = "of RADICAL-Pilot; without, `generation`" },
    { "client", &schema_choice, SCHEMA_AT(struct middleware, client_seen), .choices = client_names,
      .min = 1,
      .otherwise = "none",
      .help = "that fed the agent: `entk`, or `alone`: RADICAL-Pilot's own client" },
};
static const struct schema seen = { "seen", SCHEMA_FIELDS(seen_fields), .title = "`seen`" };

/* ---- names of parameters ---- */

static int find_parameter(const struct json *at, const char *name, struct error *err)
{
    const char *names[STATION_PARAMETERS + 1] = { NULL };
    for (int p = 0; p < STATION_PARAMETERS; p++) {
        names[p] = parameter_name(p);
        if (str_equal(names[p], name))
            return p;
    }
    const char *near = str_nearest(name, names);
    return near ? json_error(at, err, "there is no station parameter '%s'; did you mean '%s'?",
                             name, near)
                : json_error(at, err, "there is no station parameter '%s'", name);
}

static int read_assumed(const struct schema_field *f, const struct json *at, void *object,
                        struct error *err)
{
    bool *assumed = (bool *)object + f->offset;
    if (json_expect_array(at, err) != 0)
        return -1;
    for (struct json e = json_first(at); e.value; e = json_next(&e)) {
        const char *name;
        int p = json_as_string(&e, &name, err) == 0 ? find_parameter(&e, name, err) : -1;
        if (p < 0)
            return -1;
        assumed[p] = true;
    }
    return 0;
}

static cJSON *save_assumed(const struct schema_field *f, const void *object)
{
    const bool *assumed = (const bool *)object + f->offset;
    cJSON *out = cJSON_CreateArray();
    for (int p = 0; p < STATION_PARAMETERS; p++)
        if (assumed[p])
            cJSON_AddItemToArray(out, cJSON_CreateString(parameter_name(p)));
    return out;
}

static const struct schema_type parameter_names = {
    .words = "list of parameters", .read = read_assumed, .save = save_assumed,
    .json = "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}",
};

/* ---- the profile ---- */

#define MEMBER(member) SCHEMA_AT(struct middleware, member)

static const struct schema_field profile_fields[] = {
    { "name", &schema_text, MEMBER(name), .otherwise = "middleware", .always = true,
      .help = "shown in output" },
    { "summary", &schema_text, MEMBER(summary), .help = "a line for `dagcast list`" },
    { "source", &schema_text, MEMBER(source), .help = "where the figures come from" },
    { "generation", &schema_text, MEMBER(generation),
      .help = "of RADICAL-Pilot, as `1.9`: what `radical` imitates" },
    { "scheduler", &schema_text, MEMBER(scheduler),
      .help = "of `dagcast list schedulers`; without, `order`, `overtake` and `placement` apply" },
    { "order", &schema_text, MEMBER(order),
      .help = "as `dagcast list orders` shows them; by default `arrival`. "
              "Options of the command line override it" },
    { "overtake", &schema_text, MEMBER(overtake),
      .help = "the same of `dagcast list overtakes`; by default `backfill`" },
    { "overtake_every", &schema_number, MEMBER(overtake_every_s), .unit = QUANTITY_SECONDS,
      .max = 1e9,
      .help = "what overtakes is looked for only every so many seconds (Slurm's `bf_interval`); by "
              "default at each change" },
    { "placement", &schema_text, MEMBER(placement),
      .help = "the same of `dagcast list placements`; by default `first_fit`" },
    { "on_failure", &schema_choice, MEMBER(on_failure), .choices = on_failure_names, .min = 1,
      .otherwise = "none", .help = "for workflows that do not say (task sets, above)" },
    { "blocked", &schema_integers, MEMBER(blocked), .count = offsetof(struct middleware, n_blocked),
      .max = NODE_MOST_SLOTS - 1, .help = "slot ids that it never uses, on every node" },
    { "stations", &schema_object, .of = &stations, .always = true, .otherwise = "no time",
      .help = "below" },
    { "assumed", &parameter_names, MEMBER(assumed), .always = true,
      .help = "names of parameters that are priors, not fitted: `[\"client.base\"]`" },
    { "sessions", &schema_list, MEMBER(sessions), .count = offsetof(struct middleware, n_sessions),
      .of = &session,
      .help = "sessions it was fitted on: `{\"name\": ..., \"client.base\": mean, ...}`; a replica "
              "draws one" },
    { "between_sd", &schema_object, .of = &spread,
      .help =
          "relative spread between sessions, added to what is drawn: `{\"client.base\": 0.1}`" },
    { "estimates", &schema_object, .of = &estimates,
      .help = "of calibrated parameters, instead of `between_sd`: `{\"client.base\": {\"between\": "
              "0.2, \"se\": 0.1, \"degrees\": 3}}`; see docs/calibration.md" },
    { "unexplained", &schema_number, MEMBER(unexplained), .max = 10,
      .help = "relative sd by which all stations of a session are slower or faster together: "
              "what the model leaves open" },
    { "seen", &schema_object, .of = &seen, .otherwise = "not known",
      .help = "what it was fitted on; beyond is marked EXTRAPOLATION" },
    { "service", &schema_object, MEMBER(service), .of = &service_schema,
      .help = "as a task set's: how fast the services of these sessions answered; `validate` "
              "predicts sessions with it" },
    { "provenance", &schema_ignored, .help = "for people" },
};
const struct schema middleware_schema = { "middleware", SCHEMA_FIELDS(profile_fields),
                                          .size = sizeof(struct middleware),
                                          .title = "A middleware profile" };

struct middleware *middleware_from_json(const struct json *at, struct error *err)
{
    struct middleware *m = xcalloc(1, sizeof *m);
    if (schema_read(&middleware_schema, at, m, err) == 0)
        return m;
    middleware_free(m);
    return NULL;
}

struct middleware *middleware_load(const char *path, document_fn *document_of,
                                   struct error *err)
{
    struct json_document *doc = document_of(path, err);
    if (!doc)
        return NULL;
    struct json root = json_root(doc);
    struct middleware *m = middleware_from_json(&root, err);
    json_free(doc);
    return m;
}

cJSON *middleware_to_json(const struct middleware *m)
{
    cJSON *out = cJSON_CreateObject();
    schema_save(&middleware_schema, m, out);
    return out;
}
