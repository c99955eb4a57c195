#include "base/json_print.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/str.h"

static void print_string(struct str *out, const char *text)
{
    str_add(out, "\"");
    escape_json(out, text);
    str_add(out, "\"");
}

static void new_line(struct str *out, int indent)
{
    str_addf(out, "\n%*s", indent, "");
}

static bool only_plain_values(const cJSON *container)
{
    for (const cJSON *e = container->child; e; e = e->next)
        if (cJSON_IsArray(e) || cJSON_IsObject(e))
            return false;
    return true;
}

static void print_value(struct str *out, const cJSON *value, int indent);

static void print_children(struct str *out, const cJSON *container, int indent)
{
    bool object = cJSON_IsObject(container);
    bool one_line = !container->child || (!object && only_plain_values(container));
    str_add(out, object ? "{" : "[");
    for (const cJSON *e = container->child; e; e = e->next) {
        if (!one_line)
            new_line(out, indent + 2);
        if (object) {
            print_string(out, e->string);
            str_add(out, ": ");
        }
        print_value(out, e, indent + 2);
        if (e->next)
            str_add(out, one_line ? ", " : ",");
    }
    if (!one_line)
        new_line(out, indent);
    str_add(out, object ? "}" : "]");
}

static void print_value(struct str *out, const cJSON *value, int indent)
{
    if (cJSON_IsArray(value) || cJSON_IsObject(value))
        print_children(out, value, indent);
    else if (cJSON_IsString(value))
        print_string(out, value->valuestring);
    else if (cJSON_IsRaw(value))
        str_add(out, value->valuestring);
    else if (cJSON_IsNumber(value) && isfinite(value->valuedouble))
        str_add_double(out, value->valuedouble);
    else if (cJSON_IsBool(value))
        str_add(out, cJSON_IsTrue(value) ? "true" : "false");
    else
        str_add(out, "null");
}

char *json_print(const cJSON *value)
{
    struct str out = { 0 };
    print_value(&out, value, 0);
    str_add(&out, "\n");
    return str_take(&out);
}

cJSON *json_whole(uint64_t x)
{
    if (x < UINT64_C(1) << 53)
        return cJSON_CreateNumber((double)x);
    char *digits = str_format("%" PRIu64, x);
    cJSON *string = cJSON_CreateString(digits);
    free(digits);
    return string;
}

static void print_compact(struct str *out, const cJSON *value)
{
    if (!cJSON_IsArray(value) && !cJSON_IsObject(value)) {
        print_value(out, value, 0);
        return;
    }
    bool object = cJSON_IsObject(value);
    str_add(out, object ? "{" : "[");
    for (const cJSON *e = value->child; e; e = e->next) {
        if (object) {
            print_string(out, e->string);
            str_add(out, ":");
        }
        print_compact(out, e);
        str_add(out, e->next ? "," : "");
    }
    str_add(out, object ? "}" : "]");
}

char *json_print_compact(const cJSON *value)
{
    struct str out = { 0 };
    print_compact(&out, value);
    return str_take(&out);
}
