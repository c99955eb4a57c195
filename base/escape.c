#include "base/escape.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape_impl.h"
#include "base/utf8.h"
#include "base/xalloc.h"

/* ---- characters ---- */

size_t escape_character(const char *text, uint32_t *code)
{
    size_t n = utf8_length(text, 4);
    *code = n == 1 ? (unsigned char)text[0] : (unsigned char)text[0] & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++)
        *code = *code << 6 | (text[i] & 0x3F);
    return n;
}

bool escape_turns(uint32_t code)
{
    return code == 0x061C || code == 0x200E || code == 0x200F ||
           (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

bool escape_is_hidden(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 ||
           code == 0xFEFF || (code >= 0xE0000 && code <= 0xE007F) || escape_turns(code);
}

/* One UTF-16 unit, or for what is beyond them a pair, as \uXXXX. */
static void add_unit(struct str *out, uint32_t code)
{
    if (code < 0x10000)
        str_addf(out, "\\u%04" PRIx32, code);
    else
        str_addf(out, "\\u%04" PRIx32 "\\u%04" PRIx32, 0xD800 + ((code - 0x10000) >> 10),
                 0xDC00 + ((code - 0x10000) & 0x3FF));
}

/* ---- terminals ---- */

static void add_visible(struct str *out, uint32_t code)
{
    switch (code) {
    case '\n': str_add(out, "\\n"); return;
    case '\t': str_add(out, "\\t"); return;
    case '\r': str_add(out, "\\r"); return;
    default: add_unit(out, code); return;
    }
}

static void add_terminal(struct str *out, const char *text, bool lines)
{
    while (*text) {
        size_t plain = 0;
        while ((unsigned char)text[plain] >= ' ' && (unsigned char)text[plain] < 0x7F)
            plain++;
        str_add_n(out, text, plain);
        text += plain;
        if (!*text)
            return;
        uint32_t code;
        size_t n = escape_character(text, &code);
        if (n == 0)
            str_addf(out, "\\x%02x", (unsigned char)*text);
        else if (escape_is_hidden(code) && !(lines && (code == '\n' || code == '\t')))
            add_visible(out, code);
        else
            str_add_n(out, text, n);
        text += n ? n : 1;
    }
}

void escape_terminal(struct str *out, const char *text)
{
    add_terminal(out, text, false);
}

void escape_terminal_lines(struct str *out, const char *text)
{
    add_terminal(out, text, true);
}

/* At most so many bytes of `text`. */
static void add_cut(struct str *out, const char *text, size_t most)
{
    char *cut = xstrndup(text, strnlen(text, most));
    escape_terminal(out, cut);
    free(cut);
}

struct arguments { va_list list; };

/* The value of the conversion behind a '%'; returns what is behind that. */
static const char *add_value(struct str *out, const char *at, struct arguments *a)
{
    size_t most = SIZE_MAX;
    if (at[0] == '.' && at[1] == '*') {
        most = (size_t)va_arg(a->list, int);
        at += 2;
    } else if (*at == '.') {
        char *end;
        most = strtoul(at + 1, &end, 10);
        at = end;
    }
    if (*at == 's') {
        add_cut(out, va_arg(a->list, const char *), most);
    } else if (*at == 'd') {
        str_addf(out, "%d", va_arg(a->list, int));
    } else if (*at == '%') {
        str_add(out, "%");
    } else {
        assert(at[0] == 'z' && at[1] == 'u');
        str_addf(out, "%zu", va_arg(a->list, size_t));
        at++;
    }
    return at + 1;
}

void escape_addf(struct str *out, const char *format, ...)
{
    struct arguments a;
    va_start(a.list, format);
    while (*format) {
        size_t plain = strcspn(format, "%");
        str_add_n(out, format, plain);
        format += plain;
        if (*format)
            format = add_value(out, format + 1, &a);
    }
    va_end(a.list);
}

/* ---- programs ---- */

void escape_json(struct str *out, const char *text)
{
    while (*text) {
        uint32_t code;
        size_t n = escape_character(text, &code);
        if (n == 0)
            str_addf(out, "\\\\x%02x", (unsigned char)*text);
        else if (code == '"' || code == '\\')
            str_addf(out, "\\%c", *text);
        else if (code == '\n' || code == '\t')
            str_add(out, code == '\n' ? "\\n" : "\\t");
        else if (escape_is_hidden(code))
            add_unit(out, code);
        else
            str_add_n(out, text, n);
        text += n ? n : 1;
    }
}

static bool begins_formula(const char *text)
{
    double x;
    return *text && strchr("=+-@\t\r", *text) && !str_to_double(text, &x);
}

void escape_csv(struct str *out, const char *text)
{
    bool guarded = begins_formula(text + strspn(text, "'"));
    if (!strpbrk(text, ",\"\r\n")) {
        str_add(out, guarded ? "'" : "");
        str_add(out, text);
        return;
    }
    str_add(out, guarded ? "\"'" : "\"");
    for (; *text; text++)
        str_add_n(out, *text == '"' ? "\"\"" : text, *text == '"' ? 2 : 1);
    str_add(out, "\"");
}

const char *escape_csv_undo(const char *field)
{
    return *field == '\'' && begins_formula(field + strspn(field, "'")) ? field + 1 : field;
}

static bool has_hidden(const char *text)
{
    for (uint32_t code; *text;) {
        size_t n = escape_character(text, &code);
        if (n == 0 || escape_is_hidden(code))
            return true;
        text += n;
    }
    return false;
}

static void add_shell_byte(struct str *out, char c)
{
    if ((unsigned char)c < ' ' || (unsigned char)c >= 0x7F)
        str_addf(out, "\\%03o", (unsigned char)c);
    else
        str_addf(out, c == '\'' || c == '\\' ? "\\%c" : "%c", c);
}

void escape_shell(struct str *out, const char *text)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=./:,@%";
    if (*text && !text[strspn(text, plain)]) {
        str_add(out, text);
        return;
    }
    bool hidden = has_hidden(text);
    str_add(out, hidden ? "$'" : "'");
    for (; *text; text++) {
        if (hidden)
            add_shell_byte(out, *text);
        else
            str_add_n(out, *text == '\'' ? "'\\''" : text, *text == '\'' ? 4 : 1);
    }
    str_add(out, "'");
}
