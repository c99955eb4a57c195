#include "base/json_scan.h"

#include <assert.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/utf8.h"

struct scan {
    const char *text, *at, *end;
    struct error *err;
};

static size_t line_of(const char *text, const char *at)
{
    size_t line = 1;
    for (const char *p = text; (p = memchr(p, '\n', (size_t)(at - p))); p++)
        line++;
    return line;
}

/* In characters, from 1. */
static size_t column_of(const char *text, const char *at)
{
    size_t column = 1;
    for (; at > text && at[-1] != '\n'; at--)
        column += str_begins_character(at[-1]);
    return column;
}

static int refuse(const struct scan *s, const char *what)
{
    return error_set(s->err, "%zu:%zu: not JSON: %s", line_of(s->text, s->at),
                     column_of(s->text, s->at), what);
}

/* What the grammar allows and we do not. */
static int refuse_value(const struct scan *s, const char *what)
{
    return error_set(s->err, "%zu: %s", line_of(s->text, s->at), what);
}

/* "expected X, found Y" at the current place. */
static int expected(const struct scan *s, const char *what)
{
    size_t line = line_of(s->text, s->at), column = column_of(s->text, s->at);
    if (s->at == s->end)
        return error_set(s->err, "%zu:%zu: not JSON: expected %s, found the end of the text", line,
                         column, what);
    unsigned char c = (unsigned char)*s->at;
    return error_set(s->err,
                     c > ' ' && c < 0x7f ? "%zu:%zu: not JSON: expected %s, found '%c'"
                                         : "%zu:%zu: not JSON: expected %s, found the byte 0x%02x",
                     line, column, what, c);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static void skip_space(struct scan *s)
{
    while (s->at < s->end && is_space(*s->at))
        s->at++;
}

static bool next_is(const struct scan *s, char c)
{
    return s->at < s->end && *s->at == c;
}

static bool take(struct scan *s, char c)
{
    if (!next_is(s, c))
        return false;
    s->at++;
    return true;
}

/* Four hexadecimal digits behind "\u", the scan being on the first. -1: they are not. */
static long hex4(struct scan *s)
{
    long value = 0;
    for (int i = 0; i < 4; i++, s->at++) {
        static const char digits[] = "0123456789abcdef";
        char c = s->at < s->end ? *s->at : '\0';
        const char *digit = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
        if (!digit)
            return -1;
        value = value * 16 + (digit - digits);
    }
    return value;
}

static int check_escape(struct scan *s)
{
    if (s->at < s->end && *s->at && strchr("\"\\/bfnrt", *s->at)) {
        s->at++;
        return 0;
    }
    if (!take(s, 'u'))
        return refuse(s, "a string holds an escape that JSON does not know");
    long code = hex4(s);
    if (code < 0)
        return refuse(s, "\\u must be followed by four hexadecimal digits");
    if (code == 0)
        return refuse_value(s, "a string must not hold \\u0000");
    if (code >= 0xd800 && code <= 0xdbff) {
        long low = take(s, '\\') && take(s, 'u') ? hex4(s) : -1;
        if (low < 0xdc00 || low > 0xdfff)
            return refuse_value(s, "a string holds half a surrogate pair");
    } else if (code >= 0xdc00 && code <= 0xdfff) {
        return refuse_value(s, "a string holds half a surrogate pair");
    }
    return 0;
}

/* ASCII that stands for itself in a string. */
static bool is_plain(char c)
{
    unsigned char byte = (unsigned char)c;
    return byte >= ' ' && byte < 0x80 && byte != '"' && byte != '\\';
}

/* The same of eight bytes: each term sets the highest bit of some byte only if one of them is below
 * ' ', is '"', is '\\' or is not ASCII. */
static bool are_plain(uint64_t eight)
{
    const uint64_t ones = UINT64_C(0x0101010101010101), high = ones * 0x80;
    uint64_t quote = eight ^ ones * '"', backslash = eight ^ ones * '\\';
    uint64_t zero = ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash);
    return !((((eight - ones * ' ') & ~eight) | zero | eight) & high);
}

static void skip_plain(struct scan *s)
{
    const char *p = s->at;
    for (uint64_t eight; s->end - p >= (ptrdiff_t)sizeof eight; p += sizeof eight) {
        memcpy(&eight, p, sizeof eight);
        if (!are_plain(eight))
            break;
    }
    while (p < s->end && is_plain(*p))
        p++;
    s->at = p;
}

static int check_string(struct scan *s)
{
    if (!take(s, '"'))
        return expected(s, "a string");
    for (skip_plain(s); !take(s, '"'); skip_plain(s)) {
        if (s->at == s->end)
            return refuse(s, "a string does not end");
        if ((unsigned char)*s->at < ' ')
            return refuse(s, "a string holds an unescaped control character");
        if (take(s, '\\')) {
            if (check_escape(s))
                return -1;
            continue;
        }
        size_t length = utf8_length(s->at, (size_t)(s->end - s->at));
        if (length == 0)
            return refuse(s, "a string is not valid UTF-8");
        s->at += length;
    }
    return 0;
}

static bool take_digits(struct scan *s)
{
    const char *first = s->at;
    while (s->at < s->end && is_digit(*s->at))
        s->at++;
    return s->at > first;
}

static int check_number(struct scan *s)
{
    const char *first = s->at;
    take(s, '-');
    if (take(s, '0')) {
        if (s->at < s->end && is_digit(*s->at))
            return refuse(s, "a number must not begin with 0");
    } else if (!take_digits(s)) {
        return expected(s, "a digit");
    }
    if (take(s, '.') && !take_digits(s))
        return expected(s, "a digit behind the decimal point");
    bool exponent = take(s, 'e') || take(s, 'E');
    if (exponent) {
        if (!take(s, '+'))
            take(s, '-');
        if (!take_digits(s))
            return expected(s, "a digit in the exponent");
    }
    size_t length = (size_t)(s->at - first);
    if (length > JSON_LONGEST_NUMBER)
        return error_set(s->err, "%zu: a number has %zu characters, at most %d are allowed",
                         line_of(s->text, s->at), length, JSON_LONGEST_NUMBER);
    if (!exponent)                       /* so few digits alone are finite */
        return 0;
    char copy[JSON_LONGEST_NUMBER + 1];
    memcpy(copy, first, length);
    copy[length] = '\0';
    if (!isfinite(strtod(copy, NULL)))
        return error_set(s->err, "%zu: the number %s is beyond the range of a double",
                         line_of(s->text, s->at), copy);
    return 0;
}

static int check_word(struct scan *s)
{
    static const char *const words[] = { "true", "false", "null" };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        if ((size_t)(s->end - s->at) >= length && memcmp(s->at, words[i], length) == 0) {
            s->at += length;
            return 0;
        }
    }
    return expected(s, "a value");
}

static int check_value(struct scan *s, int depth);

/* What is between the brackets: "key": value, ... or value, ... */
static int check_children(struct scan *s, char close, int depth)
{
    do {
        skip_space(s);
        if (close == '}') {
            if (check_string(s))
                return -1;
            skip_space(s);
            if (!take(s, ':'))
                return expected(s, "':'");
            skip_space(s);
        }
        if (check_value(s, depth))
            return -1;
        skip_space(s);
    } while (take(s, ','));
    return take(s, close) ? 0 : expected(s, close == '}' ? "',' or '}'" : "',' or ']'");
}

static int check_value(struct scan *s, int depth)
{
    if (next_is(s, '{') || next_is(s, '[')) {
        char close = *s->at++ == '{' ? '}' : ']';
        if (depth == JSON_DEEPEST)
            return error_set(s->err, "%zu: nested deeper than %d", line_of(s->text, s->at),
                             JSON_DEEPEST);
        skip_space(s);
        return take(s, close) ? 0 : check_children(s, close, depth + 1);
    }
    if (next_is(s, '"'))
        return check_string(s);
    if (next_is(s, '-') || (s->at < s->end && is_digit(*s->at)))
        return check_number(s);
    return check_word(s);
}

int json_scan_check(const char *text, size_t size, struct error *err)
{
    struct scan s = { .text = text, .at = text, .end = text + size, .err = err };
    skip_space(&s);
    if (check_value(&s, 0))
        return -1;
    skip_space(&s);
    return s.at == s.end ? 0 : expected(&s, "nothing more");
}

/* From here on the text is known to be valid. */

const char *json_scan_past_string(const char *p)
{
    for (p++; *p != '"'; p++)
        p += *p == '\\';
    return p + 1;
}

const char *json_scan_past_space(const char *p)
{
    while (is_space(*p))
        p++;
    return p;
}

const char *json_scan_past_value(const char *p)
{
    for (int open = 0; ; ) {
        if (*p == '"') {
            p = json_scan_past_string(p);
            continue;
        }
        if (open == 0 && (*p == ',' || *p == ']' || *p == '}'))
            return p;
        open += (*p == '[' || *p == '{') - (*p == ']' || *p == '}');
        assert(*p != '\0' && open >= 0);
        p++;
    }
}

size_t json_scan_line(const char *text, const size_t *way, size_t depth)
{
    const char *p = json_scan_past_space(text), *named = p;
    for (size_t k = 0; k < depth; k++) {
        bool object = *p == '{';
        assert(object || *p == '[');
        p = json_scan_past_space(p + 1);
        for (size_t i = 0; ; i++) {
            named = p;
            if (object)
                p = json_scan_past_space(json_scan_past_space(json_scan_past_string(p)) + 1);
            if (i == way[k])
                break;
            p = json_scan_past_space(json_scan_past_value(p) + 1);
        }
    }
    return line_of(text, named);
}
