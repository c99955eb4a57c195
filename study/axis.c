#include "study/axis.h"

#include <math.h>
#include <string.h>

#include "core/scenario.h"
#include "scheduling/dispatch.h"

static const struct axis_kind kinds[AXIS_KINDS] = {
    [AXIS_WORKFLOW] = { "workflow", "a workflow's file", AXIS_TEXT, false, 0, 0 },
    [AXIS_PLATFORM] = { "platform", "a platform's name or file", AXIS_TEXT, false, 0, 0 },
    [AXIS_NODES] = { "nodes", "how many nodes of it", AXIS_INTEGER, false, 1, 1000000 },
    [AXIS_MIDDLEWARE] = { "middleware", "a middleware's name or file", AXIS_TEXT, false, 0, 0 },
    [AXIS_MODE] = { "mode", "the mode of execution", AXIS_TEXT, false, 0, 0 },
    [AXIS_SCHEDULER] = { "scheduler", "a whole scheduler", AXIS_TEXT, false, 0, 0 },
    [AXIS_ORDER] = { "order", "which waiting task goes first", AXIS_TEXT, false, 0, 0 },
    [AXIS_OVERTAKE] = { "overtake", "who may pass", AXIS_TEXT, false, 0, 0 },
    [AXIS_PLACEMENT] = { "placement", "on which node", AXIS_TEXT, false, 0, 0 },
    [AXIS_WALLTIME] = { "walltime", "the allocation ends after it", AXIS_SECONDS, false, 1e-3, 1e9 },
    [AXIS_SEED] = { "seed", "names the random numbers", AXIS_INTEGER, false, 0, 9007199254740991.0 },
    [AXIS_TASKS] = { "tasks", "tasks of a set", AXIS_INTEGER, true, 1, 1e9 },
    [AXIS_TASK_SCALE] = { "task_scale", "tasks of a set, times this, rounded, at least one", AXIS_NUMBER, true, 1e-9, 1e9 },
    [AXIS_DURATION_SCALE] = { "duration_scale", "durations, times this", AXIS_NUMBER, true, 0, 1e9 },
    [AXIS_DURATION_CV] = { "duration_cv", "durations lognormal of the same mean, their sd this times the mean", AXIS_NUMBER, true, 0, 100 },
    [AXIS_RANKS] = { "ranks", "processes of a task", AXIS_INTEGER, true, 1, 1e8 },
    [AXIS_CORES] = { "cores", "cores a rank, in place of its cores or threads", AXIS_INTEGER, true, 0, 100000 },
    [AXIS_THREADS] = { "threads", "hardware threads a rank, in place of its cores or threads", AXIS_INTEGER, true, 0, 100000 },
    [AXIS_GPUS] = { "gpus", "GPUs a rank; a share below 1", AXIS_NUMBER, true, 0, 64 },
    [AXIS_MEMORY] = { "memory_mib", "memory a rank", AXIS_INTEGER, true, 0, 1099511627776.0 },
    [AXIS_FAILURE_PROBABILITY] = { "failure_probability", "of one attempt", AXIS_NUMBER, true, 0, 1 },
    [AXIS_RETRIES] = { "retries", "attempts after the first", AXIS_INTEGER, true, 0, 250 },
};

const struct axis_kind *axis_kind_at(enum axis_id id)
{
    return &kinds[id];
}

bool axis_value_said(const struct axis_value *v)
{
    return v->text || !isnan(v->number);
}

bool axis_value_equal(const struct axis_value *a, const struct axis_value *b)
{
    if (axis_value_said(a) != axis_value_said(b) || !axis_value_said(a))
        return axis_value_said(a) == axis_value_said(b);
    return a->text || b->text ? str_equal(a->text, b->text) : a->number == b->number;
}

void axis_value_add(struct str *text, const struct axis_value *v)
{
    if (v->text)
        str_add(text, v->text);
    else if (axis_value_said(v))
        str_add_double(text, v->number);
}

static int no_such_axis(const struct json *at, struct error *err)
{
    const char *names[AXIS_KINDS + 1] = { NULL };
    for (int i = 0; i < AXIS_KINDS; i++)
        names[i] = kinds[i].name;
    char word[64] = "";
    strncat(word, at->key, strcspn(at->key, ".") < sizeof word ? strcspn(at->key, ".") : sizeof word - 1);
    const char *near = str_nearest(word, names);
    if (near && !str_equal(near, word))
        return json_error(at, err, "a study cannot vary '%s'; did you mean '%s'?", at->key, near);
    if (near)
        return json_error(at, err, "%s is of no task set; write '%s' alone", near, near);
    return json_error(at, err, "a study cannot vary '%s'; docs/commands.md lists what it can", at->key);
}

int axis_find(const struct json *at, struct axis *out, struct error *err)
{
    const char *dot = strchr(at->key, '.');
    size_t length = dot ? (size_t)(dot - at->key) : strlen(at->key);
    for (int i = 0; i < AXIS_KINDS; i++) {
        const struct axis_kind *k = &kinds[i];
        if (strlen(k->name) != length || strncmp(k->name, at->key, length) != 0 || (dot && !k->of_set))
            continue;
        *out = (struct axis){ .id = (enum axis_id)i, .name = at->key, .set = dot ? dot + 1 : NULL };
        return 0;
    }
    return no_such_axis(at, err);
}

/* ---- values ---- */

enum { MOST_NAMES = 64 };

static bool mode_at(size_t i, struct policy_name *out)
{
    if (i < MODES)
        *out = (struct policy_name){ .name = mode_name((enum mode)i) };
    return i < MODES;
}

static bool scheduler_at(size_t i, struct policy_name *out)
{
    const struct scheduler_preset *p = dispatch_preset_at(i);
    if (p)
        *out = (struct policy_name){ .name = p->name };
    return p != NULL;
}

/* A name of one of the registries; those that are no policy are left alone. */
static int check_name(enum axis_id id, const char *name, const struct json *at, struct error *err)
{
    static bool (*const registries[AXIS_KINDS])(size_t i, struct policy_name *out) = {
        [AXIS_MODE] = mode_at, [AXIS_SCHEDULER] = scheduler_at, [AXIS_ORDER] = dispatch_order_at,
        [AXIS_OVERTAKE] = dispatch_overtake_at, [AXIS_PLACEMENT] = dispatch_placement_at,
    };
    const char *names[MOST_NAMES + 1] = { NULL };
    struct policy_name known;
    if (!registries[id])
        return 0;
    for (size_t i = 0; i < MOST_NAMES && registries[id](i, &known); i++) {
        names[i] = known.name;
        if (str_equal(known.name, name))
            return 0;
    }
    const char *near = str_nearest(name, names);
    if (near)
        return json_error(at, err, "no %s is named '%s'; did you mean '%s'?", kinds[id].name, name, near);
    return json_error(at, err, "no %s is named '%s'; `dagcast list` shows them", kinds[id].name, name);
}

static int read_text(const struct axis *axis, const struct json *at, struct axis_value *out, struct error *err)
{
    const char *text;
    if (json_as_string(at, &text, err) || check_name(axis->id, text, at, err))
        return -1;
    out->text = text;
    return 0;
}

static int read_seconds(const struct axis_kind *k, const struct json *at, double *seconds, struct error *err)
{
    if (!cJSON_IsString(at->value))
        return json_as_number(at, k->min, k->max, seconds, err);
    if (!str_to_seconds(at->value->valuestring, seconds) || *seconds < k->min || *seconds > k->max)
        return json_error(at, err, "'%s' is no duration from %g to %g s; write seconds, or \"30m\", \"1.5h\", \"1:30:00\"",
                          at->value->valuestring, k->min, k->max);
    return 0;
}

/* One that a double does not hold stays the text that the file has. */
static int read_seed(const struct json *at, struct axis_value *out, struct error *err)
{
    uint64_t seed;
    if (json_as_seed(at, &seed, err))
        return -1;
    if (seed < UINT64_C(1) << 53)
        out->number = (double)seed;
    else
        out->text = at->value->valuestring;
    return 0;
}

int axis_read(const struct axis *axis, const struct json *at, struct axis_value *out, struct error *err)
{
    const struct axis_kind *k = &kinds[axis->id];
    int64_t whole;
    *out = AXIS_VALUE_NONE;
    switch (k->value) {
    case AXIS_TEXT: return read_text(axis, at, out, err);
    case AXIS_SECONDS: return read_seconds(k, at, &out->number, err);
    case AXIS_NUMBER: break;
    case AXIS_INTEGER:
        if (axis->id == AXIS_SEED)
            return read_seed(at, out, err);
        if (json_as_int(at, (int64_t)k->min, (int64_t)k->max, &whole, err))
            return -1;
        out->number = (double)whole;
        return 0;
    }
    if (json_as_number(at, k->min, k->max, &out->number, err))
        return -1;
    if (axis->id == AXIS_GPUS && out->number >= 1 && out->number != floor(out->number))
        return json_error(at, err, "must be a whole number, or a share below 1; is %g", out->number);
    return 0;
}
