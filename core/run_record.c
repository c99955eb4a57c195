#include "core/run_record.h"

const char *const client_names[] = { "alone", "entk", NULL };
static const char *const durations_names[] = { "requested", "measured", NULL };

#define RECORD(member) SCHEMA_AT(struct run_record, member)

static const struct schema_field fields[] = {
    { "version", &schema_text, RECORD(version), .help = "of RADICAL-Pilot, as `1.9.2`" },
    { "launcher", &schema_text, RECORD(launcher), .help = "`jsrun`, `prrte`, `srun` ..." },
    { "client", &schema_choice, RECORD(client), .choices = client_names, .min = 1,
      .otherwise = "not known", .help = "`entk`, or `alone`: RADICAL-Pilot's own" },
    { "durations", &schema_choice, RECORD(durations), .choices = durations_names,
      .help = "of a workflow: `measured` ones hold what launching took within a task, so that "
              "`execute.*` of the middleware is left out" },
};

bool run_record_known(const struct run_record *r)
{
    return r->version || r->launcher || r->client != CLIENT_UNKNOWN;
}

static bool absent(const void *object)
{
    const struct run_record *r = object;
    return !run_record_known(r) && r->durations == DURATIONS_REQUESTED;
}

const struct schema run_record_schema = { "radical", SCHEMA_FIELDS(fields),
                                          .size = sizeof(struct run_record),
                                          .title = "`radical`", .absent = absent };

struct run_record run_record_copy(const struct run_record *r)
{
    struct run_record copy = *r;
    schema_copy(&run_record_schema, &copy);
    return copy;
}
