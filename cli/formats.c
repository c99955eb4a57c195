#include "cli/formats.h"

#include "base/schema.h"
#include "core/middleware.h"
#include "core/platform.h"
#include "core/scenario.h"
#include "core/workflow.h"
#include "num/dist.h"
#include "study/grid.h"
#include "traces/run_folder.h"

static cJSON *distribution_schema(void)
{
    cJSON *definitions = cJSON_CreateObject(), *out = dist_field.describe(NULL, definitions);
    cJSON_AddItemToObject(out, "$defs", definitions);
    return out;
}

/* With a schema, or with functions that print one. */
static const struct format {
    struct file_format shown;
    const struct schema *schema;
    void (*add_markdown)(struct str *out);
    cJSON *(*json_schema)(void);
} formats[] = {
    { { "scenario", "a workflow, where and how to run it" }, NULL, scenario_add_markdown,
      scenario_json_schema },
    { { "study", "scenarios of which some settings vary, for `sweep`" }, NULL, grid_add_markdown,
      grid_json_schema },
    { { "workflow", "task sets, their demands, durations and dependencies" }, &workflow_schema,
      NULL, NULL },
    { { "platform", "the nodes of a machine, its queues" }, &platform_schema, NULL, NULL },
    { { "middleware", "what the software between costs" }, &middleware_schema, NULL, NULL },
    { { "distribution", "a duration or latency, wherever one is expected" }, NULL,
      dist_add_markdown, distribution_schema },
    { { "run", "how `dagcast execute` ran a workflow: run.json of its folder" }, &run_schema, NULL,
      NULL },
};
enum { FORMATS = sizeof formats / sizeof *formats };

const struct file_format *file_format_at(size_t i)
{
    return i < FORMATS ? &formats[i].shown : NULL;
}

const struct file_format *file_format_find(const char *name)
{
    for (size_t i = 0; i < FORMATS; i++)
        if (str_equal(formats[i].shown.name, name))
            return &formats[i].shown;
    return NULL;
}

static const struct format *row_of(const struct file_format *f)
{
    size_t i = 0;
    while (&formats[i].shown != f)
        i++;
    return &formats[i];
}

cJSON *file_format_schema(const struct file_format *f)
{
    const struct format *row = row_of(f);
    return row->schema ? schema_to_json_schema(row->schema) : row->json_schema();
}

void file_format_add_markdown(const struct file_format *f, struct str *out)
{
    const struct format *row = row_of(f);
    if (row->schema)
        schema_add_markdown(row->schema, out);
    else
        row->add_markdown(out);
}
