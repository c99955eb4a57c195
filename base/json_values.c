/* The types and values of base/json.h, on top of its places and errors (json.c). */
#include "base/json.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

enum json_kind json_kind_of(const struct json *at)
{
    return cJSON_IsNumber(at->value)   ? JSON_NUMBER
           : cJSON_IsString(at->value) ? JSON_TEXT
           : cJSON_IsArray(at->value)  ? JSON_ARRAY
           : cJSON_IsObject(at->value) ? JSON_OBJECT
                                       : JSON_OTHER;
}

static int wrong_type(const struct json *at, const char *wanted, struct error *err)
{
    const cJSON *v = at->value;
    if (!v)
        return json_error(at, err, "must be %s, is missing", wanted);
    if (cJSON_IsString(v))
        return json_error(at, err, "must be %s, is the string \"%s\"", wanted, v->valuestring);
    if (cJSON_IsNumber(v))
        return json_error(at, err, "must be %s, is the number %.15g", wanted, v->valuedouble);
    return json_error(at, err, "must be %s, is %s", wanted,
                      cJSON_IsArray(v)    ? "an array"
                      : cJSON_IsObject(v) ? "an object"
                      : cJSON_IsTrue(v)   ? "true"
                      : cJSON_IsFalse(v)  ? "false"
                                          : "null");
}

int json_refuse_kind(const struct json *at, const char *words, struct error *err)
{
    struct str plain = { 0 };
    for (const char *c = words; *c; c++)
        str_add_n(&plain, c, *c != '`');
    int status = wrong_type(at, plain.text, err);
    str_clear(&plain);
    return status;
}

static bool is_named(const char *name, const char *const *names, size_t n)
{
    for (size_t i = 0; i < n && names[i]; i++)
        if (str_equal(name, names[i]))
            return true;
    return false;
}

/* Each name once. */
static char *list_of(const char *const *names)
{
    struct str list = { 0 };
    for (size_t i = 0; names[i]; i++)
        if (!is_named(names[i], names, i))
            str_addf(&list, "%s%s", i ? ", " : "", names[i]);
    return str_take(&list);
}

static bool is_known(const char *key, const char *const *known)
{
    return is_named(key, known, SIZE_MAX) || json_is_comment(key);
}

bool json_is_comment(const char *key)
{
    return key[0] == '_' || str_equal(key, "comment") || str_equal(key, "$schema");
}

/* "launch.service", as documents name a field of an object within. True if it is one: the error
 * says how to write it. */
static bool refuse_dotted(const struct json *member, const char *const *known, struct error *err)
{
    const char *dot = strchr(member->key, '.');
    char *outer = dot ? xstrndup(member->key, (size_t)(dot - member->key)) : NULL;
    bool dotted = dot && is_named(outer, known, SIZE_MAX);
    if (dotted)
        json_error(member, err, "unknown field '%s'; write it as \"%s\": {\"%s\": ...}",
                   member->key, outer, dot + 1);
    free(outer);
    return dotted;
}

int json_unknown_field(const struct json *member, const char *const *known, struct error *err)
{
    if (refuse_dotted(member, known, err))
        return -1;
    const char *near = str_nearest(member->key, known);
    if (near)
        return json_error(member, err, "unknown field '%s'; did you mean '%s'?", member->key, near);
    char *list = list_of(known);
    json_error(member, err, "unknown field '%s'; known here: %s", member->key, list);
    free(list);
    return -1;
}

int json_expect_object(const struct json *at, const char *const *known, struct error *err)
{
    if (!cJSON_IsObject(at->value))
        return wrong_type(at, "an object", err);
    for (struct json e = json_first(at); known && e.value; e = json_next(&e))
        if (!is_known(e.key, known))
            return json_unknown_field(&e, known, err);
    return 0;
}

int json_expect_array(const struct json *at, struct error *err)
{
    return cJSON_IsArray(at->value) ? 0 : wrong_type(at, "an array", err);
}

static int out_of_range(const struct json *at, double min, double max, struct error *err)
{
    double x = at->value->valuedouble;
    bool below = min > -DBL_MAX, above = max < DBL_MAX;
    if (min == DBL_MIN)
        return above
                   ? json_error(at, err, "must be more than 0 and at most %.15g, is %.15g", max, x)
                   : json_error(at, err, "must be more than 0, is %.15g", x);
    if (below && above)
        return json_error(at, err, "must be between %.15g and %.15g, is %.15g", min, max, x);
    return json_error(
        at, err, below ? "must be at least %.15g, is %.15g" : "must be at most %.15g, is %.15g",
        below ? min : max, x);
}

int json_as_number(const struct json *at, double min, double max, double *out, struct error *err)
{
    if (!cJSON_IsNumber(at->value))
        return wrong_type(at, "a number", err);
    double x = at->value->valuedouble;
    if (x < min || x > max)
        return out_of_range(at, min, max, err);
    *out = x;
    return 0;
}

int json_as_quantity(const struct json *at, enum quantity q, double min, double max, double *out,
                     struct error *err)
{
    double x;
    if (q == QUANTITY_PLAIN || !cJSON_IsString(at->value))
        return json_as_number(at, min, max, out, err);
    if (!quantity_parse(at->value->valuestring, q, &x))
        return json_error(at, err, "must be %s: %s; is \"%s\"", quantity_name(q),
                          quantity_examples(q), at->value->valuestring);
    if (x < min || x > max)
        return json_error(at, err, "must be between %.15g and %.15g %s, is \"%s\"", min, max,
                          quantity_name(q), at->value->valuestring);
    *out = x;
    return 0;
}

int json_as_int(const struct json *at, int64_t min, int64_t max, int64_t *out, struct error *err)
{
    const double largest = 9007199254740991.0;           /* 2^53 - 1: 2^53 + 1 reads as 2^53 */
    if (!cJSON_IsNumber(at->value) || at->value->valuedouble != floor(at->value->valuedouble))
        return wrong_type(at, "an integer", err);
    double x = at->value->valuedouble;
    bool bounded = max < INT64_MAX;
    if (fabs(x) <= largest && (int64_t)x >= min && (int64_t)x <= max) {
        *out = (int64_t)x;
        return 0;
    }
    if (fabs(x) > largest && !bounded)
        return json_error(at, err, "must be an integer below 2^53 in size, is %.15g", x);
    if (bounded)
        return json_error(at, err, "must be between %" PRId64 " and %" PRId64 ", is %.15g", min,
                          max, x);
    return json_error(at, err, "must be at least %" PRId64 ", is %.15g", min, x);
}

int json_as_seed(const struct json *at, uint64_t *out, struct error *err)
{
    int64_t seed = 0;
    if (cJSON_IsString(at->value) && (!str_to_int64(at->value->valuestring, &seed) || seed < 0))
        return json_error(at, err, "must be an integer from 0 to 2^63 - 1, is \"%s\"",
                          at->value->valuestring);
    if (cJSON_IsNumber(at->value) && !(fabs(at->value->valuedouble) < 9007199254740992.0))
        return json_error(at, err,
                          "is %.17g, and a JSON number holds integers below 2^53 only; write it in "
                          "quotes, \"9007199254740993\"",
                          at->value->valuedouble);
    if (!cJSON_IsString(at->value) && json_as_int(at, 0, INT64_MAX, &seed, err))
        return -1;
    *out = (uint64_t)seed;
    return 0;
}

int json_as_string(const struct json *at, const char **out, struct error *err)
{
    if (!cJSON_IsString(at->value))
        return wrong_type(at, "a string", err);
    if (!*at->value->valuestring)
        return json_error(at, err, "must not be empty");
    *out = at->value->valuestring;
    return 0;
}

int json_as_bool(const struct json *at, bool *out, struct error *err)
{
    if (!cJSON_IsBool(at->value))
        return wrong_type(at, "true or false", err);
    *out = cJSON_IsTrue(at->value);
    return 0;
}

/* ---- members ---- */

int json_need_number(const struct json *at, const char *key, double min, double max, double *out,
                     struct error *err)
{
    struct json m = json_member(at, key);
    return json_as_number(&m, min, max, out, err);
}

int json_get_int(const struct json *at, const char *key, int64_t min, int64_t max, int64_t *out,
                 struct error *err)
{
    struct json m = json_member(at, key);
    return m.value ? json_as_int(&m, min, max, out, err) : 0;
}

int json_need_int(const struct json *at, const char *key, int64_t min, int64_t max, int64_t *out,
                  struct error *err)
{
    struct json m = json_member(at, key);
    return json_as_int(&m, min, max, out, err);
}

int json_get_string(const struct json *at, const char *key, const char **out, struct error *err)
{
    struct json m = json_member(at, key);
    return m.value ? json_as_string(&m, out, err) : 0;
}

int json_need_string(const struct json *at, const char *key, const char **out, struct error *err)
{
    struct json m = json_member(at, key);
    return json_as_string(&m, out, err);
}

int json_get_bool(const struct json *at, const char *key, bool *out, struct error *err)
{
    struct json m = json_member(at, key);
    return m.value ? json_as_bool(&m, out, err) : 0;
}

int json_as_choice(const struct json *at, const char *const *names, int *out, struct error *err)
{
    const char *text = NULL;
    if (json_as_string(at, &text, err))
        return -1;
    for (int i = 0; names[i]; i++) {
        if (str_equal(text, names[i])) {
            *out = i;
            return 0;
        }
    }
    char *list = list_of(names);
    const char *nearest = str_nearest(text, names);
    json_error(at, err, "must be one of %s, is \"%s\"%s%s%s", list, text,
               nearest ? "; did you mean '" : "", nearest ? nearest : "", nearest ? "'?" : "");
    free(list);
    return -1;
}

int json_get_choice(const struct json *at, const char *key, const char *const *names, int *out,
                    struct error *err)
{
    struct json m = json_member(at, key);
    return m.value ? json_as_choice(&m, names, out, err) : 0;
}
