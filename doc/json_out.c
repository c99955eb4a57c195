#include "doc/json_out.h"

#include <math.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "base/escape.h"
#include "doc/html_text.h"

/* As str_add_n(), inlined while there is room: most pieces have a few bytes. */
static inline void put(struct json_out *o, const char *bytes, size_t n)
{
    struct str *s = o->text;
    if (s->length + n >= s->room) {
        str_add_n(s, bytes, n);
        return;
    }
    memcpy(s->text + s->length, bytes, n);
    s->length += n;
    s->text[s->length] = '\0';
}

/* Nothing to escape, as in nearly all texts. */
static bool is_plain(const char *text, size_t *n)
{
    const char *c = text;
    while (*c >= ' ' && *c < '\x7f' && *c != '"' && *c != '\\' && *c != '<' && *c != '>' &&
           *c != '&')
        c++;
    *n = (size_t)(c - text);
    return !*c;
}

static void add_string(struct json_out *o, const char *text)
{
    size_t n;
    if (is_plain(text, &n)) {
        put(o, "\"", 1);
        put(o, text, n);
        put(o, "\"", 1);
        return;
    }
    if (o->in_page) {
        cJSON *value = cJSON_CreateString(text);
        html_add_json(o->text, value);
        cJSON_Delete(value);
        return;
    }
    put(o, "\"", 1);
    escape_json(o->text, text);
    put(o, "\"", 1);
}

static void begin(struct json_out *o, const char *key)
{
    if (o->begun)
        put(o, ",", 1);
    o->begun = true;
    if (!key)
        return;
    add_string(o, key);
    put(o, ":", 1);
}

void json_out_open(struct json_out *o, const char *key, char bracket)
{
    begin(o, key);
    put(o, &bracket, 1);
    o->begun = false;
}

void json_out_close(struct json_out *o, char bracket)
{
    put(o, &bracket, 1);
    o->begun = true;
}

void json_out_whole(struct json_out *o, const char *key, int64_t x)
{
    char digits[24], *first = digits + sizeof digits;
    uint64_t rest = x < 0 ? -(uint64_t)x : (uint64_t)x;
    begin(o, key);
    do
        *--first = (char)('0' + rest % 10);
    while ((rest /= 10) > 0);
    if (x < 0)
        *--first = '-';
    put(o, first, (size_t)(digits + sizeof digits - first));
}

void json_out_number(struct json_out *o, const char *key, double x)
{
    char digits[32] = "null";
    begin(o, key);
    int n = isfinite(x) ? snprintf(digits, sizeof digits, "%.9g", x) : (int)strlen(digits);
    put(o, digits, (size_t)n);
}

void json_out_flag(struct json_out *o, const char *key, bool x)
{
    begin(o, key);
    put(o, x ? "true" : "false", x ? 4 : 5);
}

void json_out_text(struct json_out *o, const char *key, const char *text)
{
    begin(o, key);
    add_string(o, text);
}

void json_out_line(struct json_out *o)
{
    put(o, o->begun ? ",\n" : "\n", o->begun ? 2 : 1);
    o->begun = false;
}

void json_out_flush(struct json_out *o, FILE *stream)
{
    fwrite(o->text->text ? o->text->text : "", 1, o->text->length, stream);
    o->text->length = 0;
}
