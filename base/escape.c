#include "base/escape.h"

#include <assert.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

#define REPLACEMENT "\xEF\xBF\xBD"       /* U+FFFD */

/* ---- characters ---- */

size_t escape_character(const char *text, uint32_t *code)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    const unsigned char *c = (const unsigned char *)text;
    size_t n = c[0] < 0x80 ? 1 : c[0] >= 0xF0 && c[0] < 0xF8 ? 4 : c[0] >= 0xE0 && c[0] < 0xF0 ? 3 : c[0] >= 0xC0 && c[0] < 0xE0 ? 2 : 0;
    if (n == 0)
        return 0;
    *code = n == 1 ? c[0] : c[0] & (0xFFu >> (n + 1));
    for (size_t i = 1; i < n; i++) {
        if ((c[i] & 0xC0) != 0x80)
            return 0;
        *code = *code << 6 | (c[i] & 0x3F);
    }
    return *code >= least[n] && *code <= 0x10FFFF && (*code < 0xD800 || *code > 0xDFFF) ? n : 0;
}

/* Those of the hidden that turn the direction of the text around them. */
static bool turns(uint32_t code)
{
    return code == 0x061C || code == 0x200E || code == 0x200F || (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
}

bool escape_is_hidden(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || code == 0x2028 || code == 0x2029 || code == 0xFEFF ||
           (code >= 0xE0000 && code <= 0xE007F) || turns(code);
}

/* One UTF-16 unit, or for what is beyond them a pair, as \uXXXX. */
static void add_unit(struct str *out, uint32_t code)
{
    if (code < 0x10000)
        str_addf(out, "\\u%04" PRIx32, code);
    else
        str_addf(out, "\\u%04" PRIx32 "\\u%04" PRIx32, 0xD800 + ((code - 0x10000) >> 10), 0xDC00 + ((code - 0x10000) & 0x3FF));
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

/* ---- formats ---- */

enum { SPEC_MOST = 32 };

enum length { LENGTH_INT, LENGTH_LONG, LENGTH_LONG_LONG, LENGTH_SIZE, LENGTH_MAX };

static enum length length_of(const char *spec)
{
    if (strchr(spec, 'j'))
        return LENGTH_MAX;
    if (strchr(spec, 'z'))
        return LENGTH_SIZE;
    return strstr(spec, "ll") ? LENGTH_LONG_LONG : strchr(spec, 'l') ? LENGTH_LONG : LENGTH_INT;
}

struct arguments { va_list list; };

static intmax_t next_signed(struct arguments *a, enum length length)
{
    switch (length) {
    case LENGTH_MAX: return va_arg(a->list, intmax_t);
    case LENGTH_SIZE: return (intmax_t)va_arg(a->list, size_t);
    case LENGTH_LONG_LONG: return va_arg(a->list, long long);
    case LENGTH_LONG: return va_arg(a->list, long);
    case LENGTH_INT: break;
    }
    return va_arg(a->list, int);
}

static uintmax_t next_unsigned(struct arguments *a, enum length length)
{
    switch (length) {
    case LENGTH_MAX: return va_arg(a->list, uintmax_t);
    case LENGTH_SIZE: return va_arg(a->list, size_t);
    case LENGTH_LONG_LONG: return va_arg(a->list, unsigned long long);
    case LENGTH_LONG: return va_arg(a->list, unsigned long);
    case LENGTH_INT: break;
    }
    return va_arg(a->list, unsigned);
}

/* A conversion with its flags, width and precision: those are kept, lengths are made one. */
struct spec {
    char text[SPEC_MOST];                /* "%-*.*" */
    enum length length;
    char conversion;
    int n_stars;
};

/* Reads the one behind '%' and returns what is behind it. */
static const char *read_spec(const char *at, struct spec *s)
{
    size_t flags = strspn(at, "-+ #0123456789.*"), lengths = strspn(at + flags, "lzjh");
    char between[8] = "";
    assert(flags + 4 < SPEC_MOST && lengths < sizeof between);
    memcpy(between, at + flags, lengths);
    s->text[0] = '%';
    memcpy(s->text + 1, at, flags);
    s->text[flags + 1] = '\0';
    s->length = length_of(between);
    s->conversion = at[flags + lengths];
    s->n_stars = 0;
    for (size_t i = 0; i < flags; i++)
        s->n_stars += at[i] == '*';
    assert(s->conversion);
    return at + flags + lengths + 1;
}

/* Replaces each `*` by its argument, so that one call prints a value. */
static void fill_stars(struct spec *s, struct arguments *a)
{
    struct str filled = { 0 };
    for (const char *c = s->text; *c; c++) {
        if (*c == '*')
            str_addf(&filled, "%d", va_arg(a->list, int));
        else
            str_add_n(&filled, c, 1);
    }
    assert(filled.length < SPEC_MOST - 4);
    memcpy(s->text, filled.text, filled.length + 1);
    str_clear(&filled);
}

static void add_padding(struct str *out, size_t n)
{
    for (size_t i = 0; i < n; i++)
        str_add(out, " ");
}

/* Width and precision count characters of what is seen. */
static void add_string(struct str *out, const struct spec *s, const char *text)
{
    struct str seen = { 0 };
    const char *dot = strchr(s->text, '.'), *digits = s->text + strcspn(s->text, "123456789.");
    size_t width = (size_t)strtoul(digits, NULL, 10), most = dot ? (size_t)strtoul(dot + 1, NULL, 10) : SIZE_MAX;
    struct str cut = { 0 };
    str_add_n(&cut, text, dot ? strnlen(text, most) : strlen(text));
    escape_terminal(&seen, cut.text);
    size_t n = str_characters(seen.text ? seen.text : ""), room = width > n ? width - n : 0;
    bool left = strchr(s->text, '-') != NULL;
    add_padding(out, left ? 0 : room);
    str_add_n(out, seen.text, seen.length);
    add_padding(out, left ? room : 0);
    str_clear(&cut);
    str_clear(&seen);
}

/* The compiler has checked the arguments against the caller's format; the formats here are parts of it. */
static void add_number(struct str *out, const struct spec *s, struct arguments *a)
{
    char format[SPEC_MOST + 4], text[512];
    bool is_signed = s->conversion == 'd' || s->conversion == 'i';
    bool whole = is_signed || strchr("uxXo", s->conversion);
    snprintf(format, sizeof format, "%s%s%c", s->text, whole ? "j" : "", s->conversion);
    FORMAT_UNSEEN_BEGIN
    if (is_signed)
        snprintf(text, sizeof text, format, next_signed(a, s->length));
    else if (whole)
        snprintf(text, sizeof text, format, next_unsigned(a, s->length));
    else if (s->conversion == 'c')
        snprintf(text, sizeof text, format, va_arg(a->list, int));
    else
        snprintf(text, sizeof text, format, va_arg(a->list, double));
    FORMAT_UNSEEN_END
    if (s->conversion == 'c')
        escape_terminal(out, text);
    else
        str_add(out, text);
}

static void add_value(struct str *out, struct spec *s, struct arguments *a)
{
    fill_stars(s, a);
    if (s->conversion == 's')
        add_string(out, s, va_arg(a->list, const char *));
    else
        add_number(out, s, a);
}

void escape_addf(struct str *out, const char *format, ...)
{
    struct arguments a;
    va_start(a.list, format);
    while (*format) {
        size_t plain = strcspn(format, "%");
        str_add_n(out, format, plain);
        format += plain;
        if (format[0] == '%' && format[1] == '%') {
            str_add(out, "%");
            format += 2;
        } else if (*format) {
            struct spec s;
            format = read_spec(format + 1, &s);
            add_value(out, &s, &a);
        }
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
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=./:,@%";
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

/* ---- pictures and pages ---- */

/* Letters, digits, blanks and marks that mean nothing to gnuplot within a string. */
static bool is_plain_for_gnuplot(uint32_t code)
{
    bool letter = (code | 0x20) >= 'a' && (code | 0x20) <= 'z', digit = code >= '0' && code <= '9';
    return code >= 0x80 || letter || digit || strchr(" .,:;-+_/()=*<>|?!", (int)code);
}

void escape_gnuplot(struct str *out, const char *text)
{
    str_add(out, "\"");
    while (*text) {
        uint32_t code;
        size_t n = escape_character(text, &code);
        bool ends_section = str_starts(text, "]]>");
        if (ends_section)
            str_add(out, "\\135\\135 >");
        else if (n == 0 || code == 0xFFFE || code == 0xFFFF)
            str_add(out, REPLACEMENT);
        else if (escape_is_hidden(code))
            str_add(out, turns(code) ? "" : " ");
        else if (is_plain_for_gnuplot(code))
            str_add_n(out, text, n);
        else
            str_addf(out, "\\%03" PRIo32, code);
        text += ends_section ? 3 : n ? n : 1;
    }
    str_add(out, "\"");
}

/* Graphviz reads & as the beginning of an entity, also of those that stand for control characters. */
void escape_dot(struct str *out, const char *text, size_t most)
{
    for (size_t n = 0; *text; n++) {
        uint32_t code;
        size_t bytes = escape_character(text, &code);
        if (n == most) {
            str_add(out, "...");
            return;
        }
        if (bytes == 0 || code == 0xFFFE || code == 0xFFFF)
            str_add(out, REPLACEMENT);
        else if (escape_is_hidden(code))
            str_add(out, turns(code) ? "" : " ");
        else if (code == '&')
            str_add(out, "&amp;");
        else
            str_addf(out, code == '"' || code == '\\' ? "\\%.*s" : "%.*s", (int)bytes, text);
        text += bytes ? bytes : 1;
    }
}

static const char *markup(uint32_t code)
{
    switch (code) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\'': return "&#39;";
    default: return NULL;
    }
}

void escape_xml(struct str *out, const char *text)
{
    while (*text) {
        uint32_t code = 0;
        size_t n = escape_character(text, &code);
        const char *name = markup(code);
        if (n == 0 || (escape_is_hidden(code) && code != '\n' && code != '\t') || code == 0xFFFE || code == 0xFFFF)
            str_add(out, REPLACEMENT);
        else if (name)
            str_add(out, name);
        else
            str_add_n(out, text, n);
        text += n ? n : 1;
    }
}
