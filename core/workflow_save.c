/* The fields of a workflow, and how what lies below it is saved: iterations unrolled. */
#include "core/workflow_json_impl.h"

/* ---- task sets ---- */

static cJSON *save_sets(const struct schema_field *f, const void *object)
{
    const struct workflow *w = object;
    cJSON *sets = cJSON_CreateArray();
    (void)f;
    for (size_t s = 0; s < w->n_sets; s++)
        cJSON_AddItemToArray(sets, workflow_save_set(w, &w->sets[s]));
    return sets;
}

static const struct schema_type task_sets = { .words = "list of task sets", .save = save_sets };

/* ---- stages and pipelines: read by workflow_json_stages.c ---- */

#define NAMES "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}"
#define STAGES "{\"type\": \"array\", \"items\": " NAMES "}"

static const struct schema_type set_names = { .words = "list of names", .json = NAMES };
static const struct schema_type plain_stages = { .words = "list of lists of names of sets",
                                                 .json = STAGES };

static cJSON *stages_to_json(const struct workflow *w, const struct stage *stages, size_t n)
{
    cJSON *out = cJSON_CreateArray();
    for (size_t k = 0; k < n; k++) {
        cJSON *stage = cJSON_CreateArray();
        for (size_t i = 0; i < stages[k].n_sets; i++)
            cJSON_AddItemToArray(stage, cJSON_CreateString(w->sets[stages[k].sets[i]].name));
        cJSON_AddItemToArray(out, stage);
    }
    return out;
}

static cJSON *save_stages(const struct schema_field *f, const void *object)
{
    const struct workflow *w = object;
    (void)f;
    return w->n_stages > 0 ? stages_to_json(w, w->stages, w->n_stages) : NULL;
}

static const struct schema_type stages = { .words = "list of lists of names of sets",
                                           .json = STAGES,
                                           .save = save_stages };

static const struct schema_field pipeline_fields[] = {
    { "name", &schema_text, SCHEMA_AT(struct pipeline, name), .help = "without: `pipeline 1` ..." },
    { "stages", &plain_stages, .required = true, .missing = "needs `stages`: [[set, ...], ...]",
      .help = "as a workflow's" },
    { "after", &set_names, .help = "pipelines that must have ended" },
};
const struct schema workflow_pipeline_schema = { "pipeline", SCHEMA_FIELDS(pipeline_fields),
                                                 .title = "A pipeline" };

static cJSON *save_pipelines(const struct schema_field *f, const void *object)
{
    const struct workflow *w = object;
    cJSON *out = cJSON_CreateArray();
    (void)f;
    for (size_t p = 0; p < w->n_pipelines; p++) {
        const struct pipeline *pipeline = &w->pipelines[p];
        cJSON *one = cJSON_CreateObject();
        schema_save(&workflow_pipeline_schema, pipeline, one);
        cJSON_AddItemToObject(one, "stages",
                              stages_to_json(w, pipeline->stages, pipeline->n_stages));
        cJSON *after = pipeline->n_after > 0 ? cJSON_AddArrayToObject(one, "after") : NULL;
        for (size_t a = 0; a < pipeline->n_after; a++)
            cJSON_AddItemToArray(after, cJSON_CreateString(w->pipelines[pipeline->after[a]].name));
        cJSON_AddItemToArray(out, one);
    }
    if (out->child)
        return out;
    cJSON_Delete(out);
    return NULL;
}

static const struct schema_type pipelines = { .words = "list of pipelines",
                                              .save = save_pipelines };

static const struct schema_type iterations = {
    .words = "integer, 1 to 1e6, or `{\"count\": n, \"sets\": [\"a\", ...]}`",
    .takes = JSON_NUMBER | JSON_OBJECT,
    .json = "{\"anyOf\": [{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 1000000}, "
            "{\"type\": \"object\", \"properties\": "
            "{\"count\": {\"type\": \"integer\", \"minimum\": 1, \"maximum\": 1000000}, "
            "\"sets\": " NAMES "}, \"required\": [\"count\", \"sets\"]}]}",
};

/* ---- the workflow ---- */

#define WORKFLOW(member) SCHEMA_AT(struct workflow, member)

static const struct schema_field workflow_fields[] = {
    { "name", &schema_text, WORKFLOW(name), .otherwise = "workflow", .always = true,
      .help = "shown in output" },
    { "source", &schema_text, WORKFLOW(source), .help = "where the figures come from; kept" },
    { "radical", &schema_object, WORKFLOW(radical), .of = &run_record_schema,
      .otherwise = "not known",
      .help = "below: the run that it was imported from; the closest middleware profile is "
              "chosen by it" },
    { "session_sd", &schema_number, WORKFLOW(session_sd), .max = 10,
      .help = "relative effect on all durations, drawn once a replica: duration x (1 + sd z)" },
    { "on_failure", &schema_choice, WORKFLOW(on_failure), .choices = on_failure_names, .min = 1,
      .otherwise = "none", .help = "of all sets that do not say" },
    { "task_sets", &task_sets, .of = &workflow_set_schema, .required = true,
      .missing = "needs `task_sets`: a list of {name, tasks, cores, duration, after}",
      .help = "below; their order is the order of submission at equal instants" },
    { "iterations", &iterations,
      .help = "how often the whole workflow is repeated, or some of its sets; at most "
              "2,000,000 sets in all" },
    { "stages", &stages, .otherwise = "derived",
      .help = "for the sequential mode: every set once, no set in or before the "
              "stage of what it comes after" },
    { "pipelines", &pipelines, .of = &workflow_pipeline_schema, .otherwise = "derived",
      .help = "below; every set belongs to one" },
    { "loops", &schema_list, WORKFLOW(decisions.loops),
      .count = offsetof(struct workflow, decisions.n_loops), .of = &loop_schema,
      .help = "below: sets that are repeated until something is reached" },
    { "campaigns", &schema_list, WORKFLOW(decisions.campaigns),
      .count = offsetof(struct workflow, decisions.n_campaigns), .of = &campaign_schema,
      .help = "below: sets that propose, evaluate and learn until enough is found" },
};
const struct schema workflow_schema = { "workflow", SCHEMA_FIELDS(workflow_fields),
                                        .size = sizeof(struct workflow),
                                        .title = "A workflow" };

cJSON *workflow_to_json(const struct workflow *w)
{
    cJSON *out = cJSON_CreateObject();
    schema_save(&workflow_schema, w, out);
    return out;
}
