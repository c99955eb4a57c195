/* Values of settings: read from JSON or from a text, compared, and written. */
#include "core/setting.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_print.h"
#include "base/quantity.h"
#include "base/xalloc.h"

static const double exact_integers = 9007199254740992.0;         /* 2^53 */

void setting_value_add(struct str *text, const struct setting_value *v)
{
    if (v->said && v->text)
        str_add(text, v->text);
    else if (v->said)
        str_add_double(text, v->number);
}

bool setting_value_equal(const struct setting_value *a, const struct setting_value *b)
{
    if (!a->said || !b->said)
        return a->said == b->said;
    return a->text || b->text ? str_equal(a->text, b->text) : a->number == b->number;
}

/* Why `name` names nothing in a registry: "no order is named 'larges'; did you mean 'largest'?"
 * NULL: it does; free() it. */
static char *setting_refuse_name(enum setting_id id, setting_names_fn *names, const char *name)
{
    const char *kind = setting_at(id)->name, **known = NULL;
    struct setting_name at;
    size_t room = 0, n = 0;
    for (; names(id, n, &at); n++) {
        if (str_equal(at.name, name)) {
            free(known);
            return NULL;
        }
        xgrow(&known, &room, n + 2, sizeof *known);
        known[n] = at.name;
        known[n + 1] = NULL;
    }
    const char *near = known ? str_nearest(name, known) : NULL;
    char *shown = str_shortened(name, ERROR_QUOTED_MOST);
    char *why = near ? str_format("no %s is named '%s'; did you mean '%s'?", kind, shown, near)
                     : str_format("no %s is named '%s'; 'dagcast list %ss' shows them", kind,
                                  shown, kind);
    xfree(shown, known);
    return why;
}

/* ---- from JSON ---- */

static int read_name(enum setting_id id, setting_names_fn *names, const struct json *at,
                     struct setting_value *out, struct error *err)
{
    if (json_as_string(at, &out->text, err))
        return -1;
    char *why = setting_at(id)->type == SETTING_NAME && names
                    ? setting_refuse_name(id, names, out->text)
                    : NULL;
    int status = why ? json_error(at, err, "%s", why) : 0;
    free(why);
    return status;
}

static int read_seconds(const struct setting *s, const struct json *at, double *seconds,
                        struct error *err)
{
    if (!cJSON_IsString(at->value))
        return json_as_number(at, s->min, s->max, seconds, err);
    if (!quantity_parse(at->value->valuestring, QUANTITY_SECONDS, seconds))
        return json_error(
            at, err, "invalid duration '%s'; expected seconds, or \"30m\", \"1.5h\", \"1:30:00\"",
            at->value->valuestring);
    if (*seconds < s->min || *seconds > s->max)
        return json_error(at, err, "must be from %g to %g s, is '%s'", s->min, s->max,
                          at->value->valuestring);
    return 0;
}

/* A seed that a double does not hold stays the text that the file has. */
static int read_seed(const struct json *at, struct setting_value *out, struct error *err)
{
    uint64_t seed;
    if (json_as_seed(at, &seed, err))
        return -1;
    out->number = (double)seed;
    out->text = out->number < exact_integers ? NULL : at->value->valuestring;
    return 0;
}

static int read_integer(const struct setting *s, const struct json *at, struct setting_value *out,
                        struct error *err)
{
    int64_t whole;
    if (json_as_int(at, (int64_t)s->min, (int64_t)s->max, &whole, err))
        return -1;
    out->number = (double)whole;
    return 0;
}

static const char *wrong_share(enum setting_id id, double x)
{
    return id == SETTING_GPUS && x >= 1 && x != floor(x)
               ? "must be a whole number, or a share below 1"
               : NULL;
}

static int read_number(enum setting_id id, const struct json *at, struct setting_value *out,
                       struct error *err)
{
    const struct setting *s = setting_at(id);
    if (json_as_number(at, s->min, s->max, &out->number, err))
        return -1;
    const char *wrong = wrong_share(id, out->number);
    return wrong ? json_error(at, err, "%s; is %g", wrong, out->number) : 0;
}

int setting_read(enum setting_id id, setting_names_fn *names, const struct json *at,
                 struct setting_value *out, struct error *err)
{
    const struct setting *s = setting_at(id);
    *out = (struct setting_value){ .said = true };
    switch (s->type) {
    case SETTING_SOURCE:
    case SETTING_NAME:
    case SETTING_TEXT: return read_name(id, names, at, out, err);
    case SETTING_INTEGER: return read_integer(s, at, out, err);
    case SETTING_SECONDS: return read_seconds(s, at, &out->number, err);
    case SETTING_SEED_NUMBER: return read_seed(at, out, err);
    case SETTING_SWITCH:
    case SETTING_NUMBER: break;
    }
    return read_number(id, at, out, err);
}

/* ---- from a text ---- */

static int refuse_range(double min, double max, const char *text, struct error *err)
{
    if (isinf(max))
        return error_set(err, "must be at least %g, is '%s'", min, text);
    return error_set(err, "must be from %.10g to %.10g, is '%s'", min, max, text);
}

static int parse_integer(double min, double max, const char *text, double *out, struct error *err)
{
    int64_t whole;
    bool unlimited = min == 0 && max == 0;
    if (str_to_int64(text, &whole)) {
        *out = (double)whole;
        return 0;
    }
    bool beyond =
        str_to_double(text, out) && *out == floor(*out) && !text[strspn(text, "+-0123456789")];
    if (beyond && !unlimited)
        return refuse_range(min, max, text, err);
    return error_set(err, "must be a whole number, is '%s'", text);
}

int setting_parse_number(enum setting_type type, double min, double max, const char *text,
                         double *out, struct error *err)
{
    bool unlimited = min == 0 && max == 0;
    if (type == SETTING_INTEGER && parse_integer(min, max, text, out, err))
        return -1;
    if (type == SETTING_NUMBER && !str_to_double(text, out))
        return error_set(err, "must be a number, is '%s'", text);
    if (type == SETTING_SECONDS && !quantity_parse(text, QUANTITY_SECONDS, out))
        return error_set(err, "must be a duration such as 90, 30m, 1.5h or 1:30:00, is '%s'",
                         text);
    return unlimited || (*out >= min && *out <= max) ? 0 : refuse_range(min, max, text, err);
}

static int parse_seed(const char *text, struct setting_value *out, struct error *err)
{
    int64_t seed;
    double x;
    if (!str_to_int64(text, &seed) &&
        !(str_to_double(text, &x) && !text[strspn(text, "+-0123456789")]))
        return error_set(err, "must be a whole number, is '%s'", text);
    if (!str_to_int64(text, &seed) || seed < 0)
        return error_set(err, "must be from 0 to 2^63 - 1, is '%s'", text);
    out->number = (double)seed;
    out->text = out->number < exact_integers ? NULL : text;
    return 0;
}

static int parse_text(enum setting_id id, setting_names_fn *names, const char *text,
                      struct setting_value *out, struct error *err)
{
    if (!*text)
        return error_set(err, "needs %s, is empty", setting_at(id)->argument);
    char *why =
        setting_at(id)->type == SETTING_NAME && names ? setting_refuse_name(id, names, text) : NULL;
    int status = why ? error_set(err, "%s", why) : 0;
    out->text = text;
    free(why);
    return status;
}

int setting_parse(enum setting_id id, setting_names_fn *names, const char *text,
                  struct setting_value *out, struct error *err)
{
    const struct setting *s = setting_at(id);
    *out = (struct setting_value){ .said = true };
    switch (s->type) {
    case SETTING_SOURCE:
    case SETTING_NAME:
    case SETTING_TEXT: return parse_text(id, names, text, out, err);
    case SETTING_SEED_NUMBER: return parse_seed(text, out, err);
    case SETTING_INTEGER:
    case SETTING_NUMBER:
    case SETTING_SWITCH:
    case SETTING_SECONDS: break;
    }
    if (setting_parse_number(s->type, s->min, s->max, text, &out->number, err))
        return -1;
    const char *wrong = wrong_share(id, out->number);
    return wrong ? error_set(err, "%s; is '%s'", wrong, text) : 0;
}

cJSON *setting_value_to_json(const struct setting_value *v, enum setting_id id)
{
    int64_t seed;
    if (setting_at(id)->type == SETTING_SEED_NUMBER && v->text && str_to_int64(v->text, &seed))
        return json_whole((uint64_t)seed);
    return v->text ? cJSON_CreateString(v->text) : cJSON_CreateNumber(v->number);
}
