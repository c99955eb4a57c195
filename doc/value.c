#include "doc/value.h"

#include <math.h>

static const struct unit {
    const char *name, *heading, *suffix;
    double scale;
    int decimals;
} units[DOC_UNITS] = {
    [DOC_TEXT] = { "text", "", "", 1, 0 },
    [DOC_FLAG] = { "flag", "", "", 1, 0 },
    [DOC_NUMBER] = { "number", "", "", 1, 0 },
    [DOC_EXACT] = { "exact", "", "", 1, 0 },
    [DOC_COUNT] = { "count", "", "", 1, 0 },
    [DOC_SECONDS] = { "seconds", "s", " s", 1, 1 },
    [DOC_LONG_SECONDS] = { "long_seconds", "s", " s", 1, 1 },
    [DOC_CLOCK] = { "clock", "", "", 1, 0 },
    [DOC_SHARE] = { "share", "%", " %", 100, 1 },
    [DOC_HOURS] = { "hours", "h", " h", 1, 2 },
};

struct doc_value doc_none(void)
{
    return (struct doc_value){ 0 };
}

struct doc_value doc_number(double x)
{
    return (struct doc_value){ .n = isfinite(x), .x = { x } };
}

struct doc_value doc_flag(bool x)
{
    return doc_number(x);
}

struct doc_value doc_range(double low, double high)
{
    return (struct doc_value){ .n = isfinite(low) && isfinite(high) ? 2 : 0, .x = { low, high } };
}

struct doc_value doc_triple(double a, double b, double c)
{
    return (struct doc_value){ .n = isfinite(a) && isfinite(b) && isfinite(c) ? 3 : 0,
                               .x = { a, b, c } };
}

struct doc_value doc_text(const char *text)
{
    return (struct doc_value){ .text = (char *)(size_t)text };
}

struct doc_value doc_take(char *text)
{
    return (struct doc_value){ .text = text, .owned = true };
}

struct doc_value doc_words(struct str *words)
{
    if (words->length > 0)
        return doc_take(str_take(words));
    str_clear(words);
    return doc_none();
}

bool doc_value_is_none(const struct doc_value *v)
{
    return v->n == 0 && !v->text;
}

const char *doc_unit_name(enum doc_unit unit)
{
    return units[unit].name;
}

int doc_unit_find(const char *name)
{
    for (int u = 0; u < DOC_UNITS; u++)
        if (str_equal(units[u].name, name))
            return u;
    return -1;
}

const char *doc_unit_heading(enum doc_unit unit)
{
    return units[unit].heading;
}

bool doc_unit_is_left(enum doc_unit unit)
{
    return unit == DOC_TEXT || unit == DOC_FLAG;
}

/* ---- for people ---- */

/* "0.0", never "-0.0". */
static void add_fixed(struct str *out, double x, int decimals, bool sign)
{
    double half = 0.5 * pow(10, -decimals);
    if (x < 0 && x > -half)
        x = 0;
    str_addf(out, sign ? "%+.*f" : "%.*f", decimals, x);
}

static void add_number(struct str *out, double x, struct doc_format f)
{
    const struct unit *u = &units[f.unit];
    int decimals = f.decimals > 0 ? f.decimals : f.decimals == DOC_WHOLE ? 0 : u->decimals;
    if (f.unit == DOC_FLAG)
        str_add(out, x != 0 ? "yes" : "no");
    else if (f.unit == DOC_CLOCK)
        str_add_clock(out, x);
    else if (f.unit == DOC_EXACT)
        str_add_double(out, x);
    else if (f.unit == DOC_NUMBER && f.decimals == 0)
        str_addf(out, f.sign ? "%+.4g" : "%.4g", x == 0 ? 0.0 : x);
    else
        add_fixed(out, x * u->scale, decimals, f.sign);
}

static void add_long(struct str *out, double seconds)
{
    long whole = lround(seconds);
    if (seconds >= 3600)
        str_addf(out, " (%ld h %02ld min)", whole / 3600, whole % 3600 / 60);
    else if (seconds >= 60)
        str_addf(out, " (%ld min %02ld s)", whole / 60, whole % 60);
}

void doc_value_add(struct str *out, const struct doc_value *v, struct doc_format f, bool in_column)
{
    if (doc_value_is_none(v)) {
        str_add(out, "-");
        return;
    }
    if (v->text) {
        str_add(out, *v->text ? v->text : "-");
        return;
    }
    for (size_t i = 0; i < v->n; i++) {
        str_add(out, i == 0 ? "" : v->n == 2 ? " .. " : " / ");
        add_number(out, v->x[i], f);
    }
    str_add(out, in_column ? "" : units[f.unit].suffix);
    if (f.unit == DOC_LONG_SECONDS && !in_column)
        add_long(out, v->x[0]);
}

/* ---- for programs ---- */

cJSON *doc_value_json(const struct doc_value *v, enum doc_unit unit)
{
    if (v->text)
        return cJSON_CreateString(v->text);
    if (v->n == 0)
        return cJSON_CreateNull();
    if (unit == DOC_FLAG)
        return cJSON_CreateBool(v->x[0] != 0);
    return v->n == 1 ? cJSON_CreateNumber(v->x[0]) : cJSON_CreateDoubleArray(v->x, (int)v->n);
}

struct doc_value doc_value_of_json(const cJSON *json)
{
    struct doc_value v = { 0 };
    const cJSON *item;
    if (cJSON_IsString(json))
        return doc_text(json->valuestring);
    if (cJSON_IsBool(json))
        return doc_flag(cJSON_IsTrue(json));
    if (cJSON_IsNumber(json))
        return doc_number(json->valuedouble);
    cJSON_ArrayForEach(item, json)
    {
        if (!cJSON_IsNumber(item) || v.n == 3)
            return doc_none();
        v.x[v.n++] = item->valuedouble;
    }
    return v;
}
