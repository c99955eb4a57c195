/* What a task set says about decisions: the fields `tasks`, `when`, `else` and `cancels`. */
#include "base/xalloc.h"
#include "core/workflow.h"

static struct set_decision *decision_of(void *set)
{
    struct task_set *s = set;
    if (!s->decided)
        s->decided = xcalloc(1, sizeof *s->decided);
    return s->decided;
}

static const char *const beside_number[] = { "per", NULL };
static const char *const share_keys[] = { "share", "of", NULL };

static int read_share(const struct json *at, struct set_decision *d, struct error *err)
{
    const char *of;
    if (json_expect_object(at, share_keys, err) != 0 ||
        json_need_number(at, "share", 0, 1e6, &d->share, err) != 0 ||
        json_need_string(at, "of", &of, err) != 0)
        return -1;
    d->count = COUNT_SHARE;
    d->of = xstrdup(of);
    return 0;
}

static int read_tasks(const struct schema_field *f, const struct json *at, void *object,
                      struct error *err)
{
    struct task_set *set = object;
    const char *per = NULL;
    int64_t n;
    if (!cJSON_IsObject(at->value)) {
        if (json_as_int(at, (int64_t)f->min, (int64_t)f->max, &n, err) != 0)
            return -1;
        set->n_tasks = (uint32_t)n;
        return 0;
    }
    struct set_decision *d = decision_of(set);
    if (json_has(at, "share"))
        return read_share(at, d, err);
    if (json_get_string(at, "per", &per, err) != 0 ||
        !(d->number = dist_from_json_beside(at, beside_number, err)))
        return -1;
    d->count = per ? COUNT_PER : COUNT_DRAWN;
    d->of = per ? xstrdup(per) : NULL;
    return 0;
}

static cJSON *save_tasks(const struct schema_field *f, const void *object)
{
    const struct task_set *set = object;
    const struct set_decision *d = set->decided;
    (void)f;
    if (!d || d->count == COUNT_WRITTEN)
        return cJSON_CreateNumber(set->n_tasks);
    cJSON *out;
    if (d->count == COUNT_SHARE) {
        out = cJSON_CreateObject();
        cJSON_AddNumberToObject(out, "share", d->share);
        cJSON_AddStringToObject(out, "of", d->of);
        return out;
    }
    out = dist_to_json(d->number);
    if (cJSON_IsNumber(out)) {
        double value = out->valuedouble;
        cJSON_Delete(out);
        out = cJSON_CreateObject();
        cJSON_AddStringToObject(out, "distribution", "constant");
        cJSON_AddNumberToObject(out, "value", value);
    }
    if (d->of)
        cJSON_AddStringToObject(out, "per", d->of);
    return out;
}

/* All of the set's decisions are freed and copied by this field. */
static void clear_decided(const struct schema_field *f, void *object)
{
    struct task_set *set = object;
    (void)f;
    set_decision_free(set->decided);
    set->decided = NULL;
}

static void copy_decided(const struct schema_field *f, void *object)
{
    struct task_set *set = object;
    (void)f;
    set->decided = set_decision_copy(set->decided);
}

const struct schema_type task_count_field = {
    .words = "integer, 1 to 1e9, or an object that says how many are decided on",
    .takes = JSON_NUMBER | JSON_OBJECT,
    .read = read_tasks,
    .save = save_tasks,
    .clear = clear_decided,
    .copy = copy_decided,
    .json =
        "{\"anyOf\": [{\"type\": \"integer\", \"minimum\": 1, \"maximum\": 1000000000}, {\"type\": "
        "\"object\", \"anyOf\": [{\"required\": [\"distribution\"]}, {\"required\": [\"share\", "
        "\"of\"]}]}]}",
};

static const char *const when_keys[] = { "probability", "per", NULL };
static const char *const when_per[] = { "set", "task", NULL };

static int read_when(const struct schema_field *f, const struct json *at, void *object,
                     struct error *err)
{
    struct set_decision *d = decision_of(object);
    int per = 0;
    (void)f;
    d->conditional = true;
    if (cJSON_IsNumber(at->value))
        return json_as_number(at, 0, 1, &d->probability, err);
    if (!cJSON_IsObject(at->value))
        return json_error(at, err,
                          "must be a probability, or {\"probability\": p, \"per\": \"task\"}");
    if (json_expect_object(at, when_keys, err) != 0 ||
        json_need_number(at, "probability", 0, 1, &d->probability, err) != 0 ||
        json_get_choice(at, "per", when_per, &per, err) != 0)
        return -1;
    d->by_task = per == 1;
    return 0;
}

static cJSON *save_when(const struct schema_field *f, const void *object)
{
    const struct set_decision *d = ((const struct task_set *)object)->decided;
    (void)f;
    if (!d || !d->conditional)
        return NULL;
    if (!d->by_task)
        return cJSON_CreateNumber(d->probability);
    cJSON *out = cJSON_CreateObject();
    cJSON_AddNumberToObject(out, "probability", d->probability);
    cJSON_AddStringToObject(out, "per", "task");
    return out;
}

const struct schema_type when_field = {
    .words = "probability, or `{\"probability\": p, \"per\": \"task\"}`",
    .read = read_when,
    .save = save_when,
    .json =
        "{\"anyOf\": [{\"type\": \"number\", \"minimum\": 0, \"maximum\": 1}, {\"type\": "
        "\"object\", \"properties\": {\"probability\": {\"type\": \"number\", \"minimum\": 0, "
        "\"maximum\": 1}, \"per\": {\"enum\": [\"set\", \"task\"]}}, \"required\": "
        "[\"probability\"], \"additionalProperties\": false}]}",
};

static int read_else(const struct schema_field *f, const struct json *at, void *object,
                     struct error *err)
{
    const char *name;
    (void)f;
    if (!json_has(at->parent, "when"))
        return json_error(at->parent, err, "has `else` without `when`");
    if (json_as_string(at, &name, err) != 0)
        return -1;
    decision_of(object)->otherwise = xstrdup(name);
    return 0;
}

static cJSON *save_else(const struct schema_field *f, const void *object)
{
    const struct set_decision *d = ((const struct task_set *)object)->decided;
    (void)f;
    return d && d->otherwise ? cJSON_CreateString(d->otherwise) : NULL;
}

const struct schema_type else_field = { .words = "name of a set", .read = read_else,
                                        .save = save_else,
                                        .json = "{\"type\": \"string\"}" };

static int read_cancels(const struct schema_field *f, const struct json *at, void *object,
                        struct error *err)
{
    (void)f;
    if (json_expect_array(at, err) != 0)
        return -1;
    struct set_decision *d = decision_of(object);
    d->cancels = xcalloc(json_count(at) + 1, sizeof *d->cancels);
    for (struct json e = json_first(at); e.value; e = json_next(&e)) {
        const char *name;
        if (json_as_string(&e, &name, err) != 0)
            return -1;
        d->cancels[d->n_cancels++] = xstrdup(name);
    }
    return 0;
}

static cJSON *save_cancels(const struct schema_field *f, const void *object)
{
    const struct set_decision *d = ((const struct task_set *)object)->decided;
    (void)f;
    return d && d->n_cancels > 0
               ? cJSON_CreateStringArray((const char *const *)d->cancels, (int)d->n_cancels)
               : NULL;
}

const struct schema_type cancels_field = {
    .words = "list of names of sets",
    .read = read_cancels,
    .save = save_cancels,
    .json = "{\"type\": \"array\", \"items\": {\"type\": \"string\"}}"
};
