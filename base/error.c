#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"

/* vsnprintf() of a part of a format, which the compiler checked where the caller wrote it whole. */
static int (*const print_part)(char *, size_t, const char *, va_list) = vsnprintf;

/* How many bytes the first `n` of the format become. */
static size_t length_of(const char *format, size_t n, va_list args)
{
    char *begin = xstrndup(format, n);
    va_list again;
    va_copy(again, args);
    int length = print_part(NULL, 0, begin, again);
    va_end(again);
    free(begin);
    return (size_t)length;
}

/* The next '%s', '%.40s' or '%.*s' without its quotes, and its end; NULL: none is left. */
static const char *quoted_text(const char *format, const char **end)
{
    for (const char *at = format; (at = strchr(at, '%')) != NULL; at++) {
        *end = at + 1 + strspn(at + 1, ".*0123456789");
        if (*(*end)++ == 's' && at > format && strchr("'\"", at[-1]) && **end == at[-1])
            return at;
    }
    return NULL;
}

/* The text with what stands in quotes shortened: where that is tells the length of the part of the
 * format before it. */
PRINTF_LIKE(1, 0)
static char *sentence(const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    char *whole = str_format_args(format, again);
    va_end(again);
    struct str out = { 0 };
    size_t from = 0;
    const char *end;
    for (const char *at = format; (at = quoted_text(at, &end)) != NULL; at = end) {
        size_t first = length_of(format, (size_t)(at - format), args);
        size_t last = length_of(format, (size_t)(end - format), args);
        char *quoted = xstrndup(whole + first, last - first);
        char *shown = str_shortened(quoted, ERROR_QUOTED_MOST);
        str_add_n(&out, whole + from, first - from);
        str_add(&out, shown);
        xfree(quoted, shown);
        from = last;
    }
    str_add(&out, whole + from);
    free(whole);
    return str_take(&out);
}

/* As many whole characters of `text` as there is room for. */
static void keep(struct error *err, const char *text)
{
    size_t n = strlen(text);
    if (n >= sizeof err->text)
        for (n = sizeof err->text - 1; n > 0 && !str_begins_character(text[n]);)
            n--;
    memcpy(err->text, text, n);
    err->text[n] = '\0';
}

int error_vset(struct error *err, const char *format, va_list args)
{
    if (!err)
        return -1;
    char *text = sentence(format, args);
    keep(err, text);
    free(text);
    return -1;
}

int error_set(struct error *err, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    error_vset(err, format, args);
    va_end(args);
    return -1;
}

int error_prefix(struct error *err, const char *format, ...)
{
    if (!err)
        return -1;
    va_list args;
    va_start(args, format);
    char *before = sentence(format, args), *text = str_format("%s%s", before, err->text);
    va_end(args);
    keep(err, text);
    xfree(before, text);
    return -1;
}
