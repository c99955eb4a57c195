#include "num/dist_impl.h"

#include <assert.h>
#include <math.h>

#define LARGEST_MOMENT 1e30             /* scales in nested mixtures multiply; samples must stay finite */

int dist_need_seconds(const struct json *at, const char *key, double min, double *out, struct error *err)
{
    struct json m = json_member(at, key);
    return json_as_quantity(&m, QUANTITY_SECONDS, min, DIST_LARGEST, out, err);
}

int dist_get_seconds(const struct json *at, const char *key, double min, double *out, struct error *err)
{
    return json_has(at, key) ? dist_need_seconds(at, key, min, out, err) : 0;
}

int dist_parse_mean_sd(const struct json *at, double min_mean, double largest_cv, double *mean, double *sd, struct error *err)
{
    bool has_sd = json_has(at, "sd"), has_cv = json_has(at, "cv");
    double cv = 0;
    if (has_sd && has_cv)
        return json_error(at, err, "takes one of 'sd' (seconds) and 'cv' (relative to the mean), has both");
    if (!has_sd && !has_cv)
        return json_error(at, err, "needs 'sd' (seconds) or 'cv' (relative to the mean), has neither");
    if (dist_need_seconds(at, "mean", min_mean, mean, err))
        return -1;
    if (has_cv) {
        if (json_get_number(at, "cv", 0, fmin(largest_cv, DIST_LARGEST), &cv, err))
            return -1;
        if (cv * *mean > DIST_LARGEST) {
            struct json place = json_member(at, "cv");
            return json_error(&place, err, "means an sd of %g, which must be at most %g", cv * *mean, DIST_LARGEST);
        }
        *sd = cv * *mean;
        return 0;
    }
    if (dist_get_seconds(at, "sd", 0, sd, err))
        return -1;
    struct json place = json_member(at, "sd");
    if (*sd > largest_cv * *mean)
        return json_error(&place, err, "must be at most %g times the mean, is %g with a mean of %g", largest_cv, *sd, *mean);
    return 0;
}

static int find_family(const struct json *at, const struct dist_family **family, struct error *err)
{
    const char *names[32] = { NULL };
    size_t n = dist_family_count();
    int i = -1;
    assert(n < sizeof names / sizeof names[0]);
    for (size_t k = 0; k < n; k++)
        names[k] = dist_family_name(k);
    if (!json_has(at, "distribution"))
        return json_error(at, err, "needs 'distribution', the name of one (normal, lognormal ...), or to be a plain number");
    if (json_get_choice(at, "distribution", names, &i, err))
        return -1;
    *family = dist_family_at((size_t)i);
    return 0;
}

static int check_fields(const struct json *at, const struct dist_family *family, struct error *err)
{
    const char *known[16] = { "distribution", "shift", "scale" };
    for (size_t i = 0; family->fields[i]; i++) {
        assert(3 + i + 1 < sizeof known / sizeof known[0]);
        known[3 + i] = family->fields[i];
    }
    return json_expect_object(at, known, err);
}

static int get_affine(const struct json *at, const struct dist_family *family, double *scale, double *shift, struct error *err)
{
    if (family->needs_scale ? json_need_number(at, "scale", 0, DIST_LARGEST, scale, err)
                            : json_get_number(at, "scale", 0, DIST_LARGEST, scale, err))
        return -1;
    return dist_get_seconds(at, "shift", -DIST_LARGEST, shift, err);
}

struct dist *dist_from_json(const struct json *at, struct error *err)
{
    const struct dist_family *family = NULL;
    double value, scale = 1, shift = 0;
    if (cJSON_IsNumber(at->value) || cJSON_IsString(at->value))
        return json_as_quantity(at, QUANTITY_SECONDS, 0, DIST_LARGEST, &value, err) ? NULL : dist_constant(value);
    if (!cJSON_IsObject(at->value)) {
        json_error(at, err, "must be a number of seconds or an object with 'distribution'");
        return NULL;
    }
    if (find_family(at, &family, err) || check_fields(at, family, err) || get_affine(at, family, &scale, &shift, err))
        return NULL;
    struct dist *d = family->parse(at, err);
    if (!d)
        return NULL;
    d->scale = scale;
    d->shift = shift;
    if (fabs(dist_mean(d)) <= LARGEST_MOMENT && dist_sd(d) <= LARGEST_MOMENT)
        return d;
    json_error(at, err, "has a mean of %g s and a sd of %g s: beyond %g s nothing is computed", dist_mean(d), dist_sd(d), LARGEST_MOMENT);
    dist_free(d);
    return NULL;
}

static struct dist **dist_of(const struct schema_field *f, void *object)
{
    return (struct dist **)(void *)((char *)object + f->offset);
}

static int read_field(const struct schema_field *f, const struct json *at, void *object, struct error *err)
{
    struct dist *d = dist_from_json(at, err);
    dist_free(*dist_of(f, object));
    *dist_of(f, object) = d;
    return d ? 0 : -1;
}

static cJSON *save_field(const struct schema_field *f, const void *object)
{
    const struct dist *const *d = (const void *)((const char *)object + f->offset);
    return *d ? dist_to_json(*d) : NULL;
}

static void clear_field(const struct schema_field *f, void *object)
{
    dist_free(*dist_of(f, object));
    *dist_of(f, object) = NULL;
}

static void copy_field(const struct schema_field *f, void *object)
{
    struct dist **d = dist_of(f, object);
    *d = *d ? dist_copy(*d) : NULL;
}

/* All families in one object: its parser says which fields go together. */
static void define(cJSON *definitions)
{
    static const char head[] =
        "{\"type\": \"object\", \"required\": [\"distribution\"], \"properties\": {\"distribution\": {\"enum\": []}, "
        "\"scale\": {}, \"shift\": {}}, \"patternProperties\": {\"^(_.*|comment)$\": true}, "
        "\"additionalProperties\": false}";
    cJSON *object = cJSON_Parse(head), *members = cJSON_GetObjectItemCaseSensitive(object, "properties");
    cJSON *names = members->child->child;
    for (size_t i = 0; i < dist_family_count(); i++) {
        const struct dist_family *family = dist_family_at(i);
        cJSON_AddItemToArray(names, cJSON_CreateString(family->name));
        for (const char *const *key = family->fields; *key; key++)
            if (!cJSON_HasObjectItem(members, *key))
                cJSON_AddObjectToObject(members, *key);
    }
    cJSON_AddItemToObject(definitions, "distribution", object);
}

static cJSON *describe_field(const struct schema_field *f, cJSON *definitions)
{
    cJSON *number = cJSON_CreateObject();
    (void)f;
    if (!cJSON_HasObjectItem(definitions, "distribution"))
        define(definitions);
    cJSON_AddStringToObject(number, "type", "number");
    cJSON_AddNumberToObject(number, "minimum", 0);
    cJSON *out = schema_number_or_text(number, QUANTITY_SECONDS), *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "$ref", "#/$defs/distribution");
    cJSON_AddItemToArray(out->child, object);
    return out;
}

const struct schema_type dist_field = { .words = "distribution", .read = read_field, .save = save_field,
                                        .clear = clear_field, .copy = copy_field,
                                        .describe = describe_field };

cJSON *dist_to_json(const struct dist *d)
{
    if (d->family == &dist_family_constant && d->scale == 1 && d->shift == 0)
        return cJSON_CreateNumber(d->mean);
    cJSON *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "distribution", d->family->name);
    d->family->format(d, object);
    if (d->family->needs_scale || d->scale != 1)
        cJSON_AddNumberToObject(object, "scale", d->scale);
    if (d->shift != 0)
        cJSON_AddNumberToObject(object, "shift", d->shift);
    return object;
}
