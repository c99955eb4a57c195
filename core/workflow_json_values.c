/* What a task set's file says task by task: durations and releases. */
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/workflow_json_impl.h"

static void *at_offset(const struct schema_field *f, void *object)
{
    return (char *)object + f->offset;
}

/* ---- values a task ---- */

static int read_numbers(const struct json *at, size_t n, const char *of_what, double **out,
                        struct error *err)
{
    if (json_expect_array(at, err) != 0)
        return -1;
    if (json_count(at) != n)
        return json_error(at, err, "has %zu values; the set has %zu tasks, so it needs as many %s",
                          json_count(at), n, of_what);
    *out = xcalloc(n, sizeof **out);
    size_t i = 0;
    for (struct json e = json_first(at); e.value; e = json_next(&e))
        if (json_as_quantity(&e, QUANTITY_SECONDS, 0, DURATION_LARGEST_S, &(*out)[i++], err) != 0)
            return -1;
    return 0;
}

static cJSON *numbers(const double *x, size_t n)
{
    return cJSON_CreateDoubleArray(x, (int)n);
}

static double *copy_numbers(const double *x, size_t n)
{
    return x ? xmemdup(x, n * sizeof *x) : NULL;
}

#define SECONDS                                                                                    \
    "{\"anyOf\": [{\"type\": \"number\", \"minimum\": 0}, {\"type\": \"string\", \"pattern\": "    \
    "\"^[+0-9.]\"}]}"
#define LIST_OF_SECONDS "{\"type\": \"array\", \"items\": " SECONDS "}"

/* As many values as tasks: without `tasks`, they say how many. */
static int read_durations(const struct schema_field *f, const struct json *at, void *object,
                          struct error *err)
{
    struct task_set *set = object;
    (void)f;
    if (json_has(at->parent, "duration"))
        return json_error(
            at->parent, err,
            "has both duration and durations; give one distribution, or a value a task");
    if (!json_has(at->parent, "tasks") && json_count(at) > 0)
        set->n_tasks = (uint32_t)json_count(at);
    return read_numbers(at, set->n_tasks,
                        "durations; one `duration` is for any number of tasks "
                        "(`import --level description` writes that)",
                        &set->durations, err);
}

static cJSON *save_durations(const struct schema_field *f, const void *object)
{
    const struct task_set *set = object;
    (void)f;
    return set->durations ? numbers(set->durations, set->n_tasks) : NULL;
}

static void clear_durations(const struct schema_field *f, void *object)
{
    (void)f;
    free(((struct task_set *)object)->durations);
}

static void copy_durations(const struct schema_field *f, void *object)
{
    struct task_set *set = object;
    (void)f;
    set->durations = copy_numbers(set->durations, set->n_tasks);
}

const struct schema_type workflow_durations_field = { .words = "list of seconds",
                                                      .read = read_durations,
                                                      .save = save_durations,
                                                      .clear = clear_durations,
                                                      .copy = copy_durations,
                                                      .json = LIST_OF_SECONDS };

/* ---- releases ---- */

static const struct schema_field gap_fields[] = {
    { "gaps", &dist_field, SCHEMA_AT(struct release, gap), .required = true,
      .missing = "must be a time, a list of times, or {\"gaps\": distribution}",
      .help = "between two tasks" },
};
static const struct schema gaps = { "gaps", SCHEMA_FIELDS(gap_fields) };

static int read_release(const struct schema_field *f, const struct json *at, void *object,
                        struct error *err)
{
    struct task_set *set = object;
    struct release *r = &set->release;
    (void)f;
    if (cJSON_IsNumber(at->value) || cJSON_IsString(at->value)) {
        r->kind = RELEASE_TIME;
        return json_as_quantity(at, QUANTITY_SECONDS, 0, DURATION_LARGEST_S, &r->time_s, err);
    }
    if (cJSON_IsArray(at->value)) {
        r->kind = RELEASE_LIST;
        return read_numbers(at, set->n_tasks, "release times", &r->list_s, err);
    }
    r->kind = RELEASE_GAPS;
    return schema_read(&gaps, at, r, err);
}

static cJSON *save_release(const struct schema_field *f, const void *object)
{
    const struct task_set *set = object;
    cJSON *out;
    (void)f;
    switch (set->release.kind) {
    case RELEASE_NONE: break;
    case RELEASE_TIME: return cJSON_CreateNumber(set->release.time_s);
    case RELEASE_LIST: return numbers(set->release.list_s, set->n_tasks);
    case RELEASE_GAPS:
        schema_save(&gaps, &set->release, out = cJSON_CreateObject());
        return out;
    }
    return NULL;
}

static void clear_release(const struct schema_field *f, void *object)
{
    struct release *r = at_offset(f, object);
    free(r->list_s);
    schema_clear(&gaps, r);
}

static void copy_release(const struct schema_field *f, void *object)
{
    struct task_set *set = object;
    (void)f;
    set->release.list_s = copy_numbers(set->release.list_s, set->n_tasks);
    schema_copy(&gaps, &set->release);
}

const struct schema_type workflow_release_field = {
    .words = "seconds, a list of them, or `{\"gaps\": distribution}`",
    .takes = JSON_NUMBER | JSON_TEXT | JSON_ARRAY | JSON_OBJECT,
    .read = read_release,
    .save = save_release,
    .clear = clear_release,
    .copy = copy_release,
    .json = "{\"anyOf\": [" SECONDS ", " LIST_OF_SECONDS
            ", {\"type\": \"object\", \"required\": [\"gaps\"]}]}",
};
