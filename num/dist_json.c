#include "num/dist_impl.h"

#include <assert.h>
#include <math.h>
#include <string.h>

/* scales in nested mixtures multiply; samples must stay finite */
#define LARGEST_MOMENT 1e30

int dist_parse_sd(const struct dist_written *w, const struct json *at, double largest_cv,
                  double *sd, struct error *err)
{
    bool has_sd = !isnan(w->sd), has_cv = !isnan(w->cv);
    struct json place = json_member(at, has_cv ? "cv" : "sd");
    if (has_sd && has_cv)
        return json_error(at, err,
                          "takes one of 'sd' (seconds) and 'cv' (relative to the mean), has both");
    if (!has_sd && !has_cv)
        return json_error(at, err,
                          "needs 'sd' (seconds) or 'cv' (relative to the mean), has neither");
    *sd = has_cv ? w->cv * w->mean : w->sd;
    if (*sd > DIST_LARGEST)
        return json_error(&place, err, "means an sd of %g, which must be at most %g", *sd,
                          DIST_LARGEST);
    if (has_sd && *sd > largest_cv * w->mean)
        return json_error(&place, err, "must be at most %g times the mean, is %g with a mean of %g",
                          largest_cv, *sd, w->mean);
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
        return json_error(at, err,
                          "needs 'distribution', the name of one (normal, lognormal ...), or to be "
                          "a plain number");
    if (json_get_choice(at, "distribution", names, &i, err))
        return -1;
    *family = dist_family_at((size_t)i);
    return 0;
}

/* The family's table, and rows for the others. */
static int read_family(const struct dist_family *family, const struct json *at,
                       const char *const *others, struct dist_written *w, struct error *err)
{
    struct schema_field rows[SCHEMA_MOST_FIELDS];
    struct schema schema = family->schema;
    memcpy(rows, schema.fields, schema.n_fields * sizeof *rows);
    for (; *others; others++)
        rows[schema.n_fields++] = (struct schema_field){ .key = *others, .type = &schema_ignored };
    schema.fields = rows;
    return schema_read(&schema, at, w, err);
}

static struct dist *read_object(const struct json *at, const char *const *others, struct error *err)
{
    const struct dist_family *family = NULL;
    struct dist_written w = { .dist = NULL };
    if (find_family(at, &family, err) || read_family(family, at, others, &w, err))
        return NULL;
    struct dist *d = family->parse(&w, at, err);
    if (!d)
        return NULL;
    d->scale = w.scale;
    d->shift = w.shift;
    if (fabs(dist_mean(d)) <= LARGEST_MOMENT && dist_sd(d) <= LARGEST_MOMENT)
        return d;
    json_error(at, err, "has a mean of %g s and a sd of %g s: beyond %g s nothing is computed",
               dist_mean(d), dist_sd(d), LARGEST_MOMENT);
    dist_free(d);
    return NULL;
}

struct dist *dist_from_json_beside(const struct json *at, const char *const *others,
                                   struct error *err)
{
    double value;
    if (cJSON_IsNumber(at->value) || cJSON_IsString(at->value))
        return json_as_quantity(at, QUANTITY_SECONDS, 0, DIST_LARGEST, &value, err)
                   ? NULL
                   : dist_constant(value);
    if (cJSON_IsObject(at->value))
        return read_object(at, others, err);
    json_error(at, err, "must be a number of seconds or an object with 'distribution'");
    return NULL;
}

struct dist *dist_from_json(const struct json *at, struct error *err)
{
    static const char *const none[] = { NULL };
    return dist_from_json_beside(at, none, err);
}

static struct dist **dist_of(const struct schema_field *f, void *object)
{
    return (struct dist **)(void *)((char *)object + f->offset);
}

static int read_field(const struct schema_field *f, const struct json *at, void *object,
                      struct error *err)
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

static void define(cJSON *definitions)
{
    cJSON *any = cJSON_CreateObject(), *families = cJSON_AddArrayToObject(any, "anyOf");
    cJSON_AddItemToObject(definitions, "distribution", any);
    for (size_t i = 0; i < dist_family_count(); i++)
        cJSON_AddItemToArray(families, schema_refer(&dist_family_at(i)->schema, definitions));
}

static cJSON *save_name(const struct schema_field *f, const void *object)
{
    (void)object;
    return cJSON_CreateString(f->otherwise);
}

static cJSON *describe_name(const struct schema_field *f, cJSON *definitions)
{
    cJSON *out = cJSON_CreateObject();
    (void)definitions;
    cJSON_AddStringToObject(out, "const", f->otherwise);
    return out;
}

const struct schema_type dist_name_field = { .words = "name", .save = save_name,
                                             .describe = describe_name };

void dist_add_markdown(struct str *out)
{
    str_add(out, "| `distribution` | fields | meaning |\n|---|---|---|\n");
    for (size_t i = 0; i < dist_family_count(); i++) {
        const struct schema *s = &dist_family_at(i)->schema;
        str_addf(out, "| `%s` | ", s->name);
        for (size_t k = 1; k + 1 < s->n_fields; k++) {
            const struct schema_field *f = &s->fields[k];
            if (str_equal(f->key, "scale") && !f->required)
                continue;
            str_addf(out, "%s`%s`: ", k > 1 ? "; " : "", f->key);
            schema_add_value(f, out);
            if (!f->required && f->otherwise)
                str_addf(out, ", %s", f->otherwise);
        }
        str_addf(out, " | %s |\n", dist_family_at(i)->summary);
    }
}

static cJSON *describe_field(const struct schema_field *f, cJSON *definitions)
{
    cJSON *number = cJSON_CreateObject();
    (void)f;                             /* may be NULL */
    if (!cJSON_HasObjectItem(definitions, "distribution"))
        define(definitions);
    cJSON_AddStringToObject(number, "type", "number");
    cJSON_AddNumberToObject(number, "minimum", 0);
    cJSON *out = schema_number_or_text(number, QUANTITY_SECONDS), *object = cJSON_CreateObject();
    cJSON_AddStringToObject(object, "$ref", "#/$defs/distribution");
    cJSON_AddItemToArray(out->child, object);
    return out;
}

const struct schema_type dist_field = { .words = "distribution", .read = read_field,
                                        .save = save_field,
                                        .clear = clear_field, .copy = copy_field,
                                        .describe = describe_field };

cJSON *dist_to_json(const struct dist *d)
{
    const struct schema *schema = &d->family->schema;
    struct dist_written w = { .dist = d };
    if (d->family == &dist_family_constant && d->scale == 1 && d->shift == 0)
        return cJSON_CreateNumber(d->mean);
    schema_defaults(schema, &w);
    w.scale = d->scale;
    w.shift = d->shift;
    if (d->family->format)
        d->family->format(d, &w);
    cJSON *object = cJSON_CreateObject();
    schema_save(schema, &w, object);
    return object;
}
