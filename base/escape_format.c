#include "base/escape.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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
    size_t width = (size_t)strtoul(digits, NULL, 10),
           most = dot ? (size_t)strtoul(dot + 1, NULL, 10) : SIZE_MAX;
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

/* The compiler has checked the arguments against the caller's format; the formats here are parts of
 * it. */
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
