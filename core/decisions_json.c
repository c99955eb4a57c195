/* The fields of loops and campaigns. */
#include "base/str.h"
#include "core/workflow.h"

enum { MOST_ITERATIONS = 1000000 };

/* ---- loops ---- */

#define STOP(member) SCHEMA_AT(struct loop_stop, member)

static const struct schema_field stop_fields[] = {
    { "probability", &schema_number, STOP(probability), .max = 1,
      .help = "of each iteration to be the last" },
    { "after", &dist_field, STOP(after), .otherwise = "none",
      .help = "the number of iterations, rounded" },
    { "sum", &dist_field, STOP(gain), .otherwise = "none",
      .help = "the gain of an iteration; the loop ends when their sum is `reaches`" },
    { "reaches", &schema_number, STOP(reaches), .max = 1e15, .help = "see `sum`" },
    { "budget", &schema_number, STOP(budget_s), .unit = QUANTITY_SECONDS, .max = 1e9,
      .help = "no iteration begins when the loop has taken this long; 0: no budget" },
};

static int check_stop(const struct json *at, void *object, struct error *err)
{
    const struct loop_stop *stop = object;
    if ((stop->gain != NULL) != json_has(at, "reaches"))
        return json_error(at, err,
                          "`sum` and `reaches` go together: the gain of an iteration, and the sum "
                          "that ends the loop");
    return 0;
}

static const struct schema stop_schema = { "stop", SCHEMA_FIELDS(stop_fields),
                                           .size = sizeof(struct loop_stop),
                                           .title = "What ends a loop", .check = check_stop };

#define LOOP(member) SCHEMA_AT(struct loop, member)

static const struct schema_field loop_fields[] = {
    { "name", &schema_text, LOOP(name), .required = true,
      .help = "must differ from other loops and campaigns" },
    { "sets", &schema_texts, LOOP(sets), .count = offsetof(struct loop, n_sets), .required = true,
      .missing = "needs `sets`: the names of the task sets that it repeats",
      .help = "the task sets that are repeated" },
    { "decided_by", &schema_text, LOOP(decided_by),
      .help = "the set whose end decides; without: all of the iteration" },
    { "stop", &schema_object, LOOP(stop), .of = &stop_schema,
      .help = "what ends it, below; of several the first. Without: `at_most`" },
    { "at_least", &schema_integer, LOOP(at_least), .min = 1, .max = MOST_ITERATIONS, .initial = 1,
      .help = "iterations, whatever `stop` says" },
    { "at_most", &schema_integer, LOOP(at_most), .min = 1, .max = MOST_ITERATIONS,
      .otherwise = "no limit",
      .help = "iterations" },
    { "decision_time", &schema_number, LOOP(decision_time_s), .unit = QUANTITY_SECONDS, .max = 1e9,
      .help = "from the end of `decided_by` until what follows is ready" },
};

static int check_loop(const struct json *at, void *object, struct error *err)
{
    const struct loop *l = object;
    struct json sets = json_member(at, "sets");
    if (l->n_sets == 0)
        return json_error(&sets, err, "is empty; name the task sets that the loop repeats");
    if (l->at_most > 0 && l->at_most < l->at_least)
        return json_error(at, err, "takes at least %d iterations and at most %d", l->at_least,
                          l->at_most);
    return 0;
}

const struct schema loop_schema = { "loop", SCHEMA_FIELDS(loop_fields), .size = sizeof(struct loop),
                                    .title = "A loop", .check = check_loop };

/* ---- campaigns ---- */

static int read_in_flight(const struct schema_field *f, const struct json *at, void *object,
                          struct error *err)
{
    struct campaign *c = object;
    int64_t n = 0;
    (void)f;
    if (cJSON_IsString(at->value) && str_equal(at->value->valuestring, "fill"))
        return 0;
    if (!cJSON_IsNumber(at->value))
        return json_error(
            at, err, "must be a number of candidates, or \"fill\": as many as the platform holds");
    int status = json_as_int(at, 1, 1000000000, &n, err);
    c->in_flight = (int)n;
    return status;
}

static cJSON *save_in_flight(const struct schema_field *f, const void *object)
{
    const struct campaign *c = object;
    (void)f;
    return c->in_flight > 0 ? cJSON_CreateNumber(c->in_flight) : NULL;
}

static const struct schema_type in_flight_field = {
    .words = "integer, 1 to 1e9, or `fill`",
    .read = read_in_flight,
    .save = save_in_flight,
    .json = "{\"anyOf\": [{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 1000000000}, "
            "{\"const\": \"fill\"}]}",
};

#define CAMPAIGN(member) SCHEMA_AT(struct campaign, member)

static const struct schema_field campaign_fields[] = {
    { "name", &schema_text, CAMPAIGN(name), .required = true,
      .help = "must differ from other loops and campaigns" },
    { "candidates", &schema_text, CAMPAIGN(candidates), .required = true,
      .missing = "needs `candidates`: the task set whose tasks are the candidates",
      .help = "the task set that evaluates them, a task each; it has no `tasks` of its own" },
    { "in_flight", &in_flight_field, .otherwise = "fill",
      .help = "candidates that are submitted and not done, at any time; `fill`: as many as the "
              "platform holds" },
    { "budget", &schema_integer, CAMPAIGN(budget), .min = 1, .max = 1e9, .otherwise = "none",
      .help = "candidates in all" },
    { "time", &schema_number, CAMPAIGN(time_s), .unit = QUANTITY_SECONDS, .max = 1e9,
      .help = "since the session began; no candidate is submitted from then on; 0: no limit" },
    { "hits", &schema_integer, CAMPAIGN(hits), .min = 1, .max = 1e9, .otherwise = "none",
      .help = "hits that end the campaign" },
    { "hit_probability", &schema_number, CAMPAIGN(hit_probability), .max = 1,
      .help = "of a result to be a hit" },
    { "hit_gain", &schema_number, CAMPAIGN(hit_gain), .max = 1e6, .initial = 1,
      .help = "factor of the probability for each learning that was done when the candidate "
              "was submitted" },
    { "learn", &schema_text, CAMPAIGN(learn),
      .help = "the task set that learns, once after every `every` results" },
    { "every", &schema_integer, CAMPAIGN(every), .min = 1, .max = 1e9,
      .otherwise = "as many as are in flight",
      .help = "results between two learnings; in the modes with barriers, candidates of a round" },
};

static int check_campaign(const struct json *at, void *object, struct error *err)
{
    const struct campaign *c = object;
    if (c->budget == 0 && c->time_s == 0 && c->hits == 0)
        return json_error(at, err, "never ends: give a `budget` of candidates, a `time` or `hits`");
    if (c->hits > 0 && c->hit_probability == 0)
        return json_error(at, err, "asks for hits, but `hit_probability` is 0, so there are none");
    if (c->learn && c->every == 0)
        return json_error(at, err, "learns after `every` how many results?");
    if (str_equal(c->learn, c->candidates))
        return json_error(at, err,
                          "its candidates learn from themselves; `learn` must be another set");
    return 0;
}

const struct schema campaign_schema = { "campaign", SCHEMA_FIELDS(campaign_fields),
                                        .size = sizeof(struct campaign),
                                        .title = "A campaign", .check = check_campaign };
