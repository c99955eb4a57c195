/* Strings, numbers and words of JSON. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/json_scan_impl.h"
#include "base/utf8.h"

enum { NUMBER_BYTES = JSON_LONGEST_NUMBER + 1, CHARACTER_BYTES = 4, WORD_BYTES = 5 };

/* Four hexadecimal digits behind "\u", the scan being on the first. -1: they are not. */
static long hex4(struct scan *s)
{
    long value = 0;
    for (int i = 0; i < 4; i++, s->at++) {
        static const char digits[] = "0123456789abcdef";
        char c = more(s) ? *s->at : '\0';
        const char *digit = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
        if (!digit)
            return -1;
        value = value * 16 + (digit - digits);
    }
    return value;
}

static int check_escape(struct scan *s)
{
    if (more(s) && *s->at && strchr("\"\\/bfnrt", *s->at)) {
        s->at++;
        return 0;
    }
    if (!take(s, 'u'))
        return json_scan_refuse(s, "a string holds an escape that JSON does not know");
    long code = hex4(s);
    if (code < 0)
        return json_scan_refuse(s, "\\u must be followed by four hexadecimal digits");
    if (code == 0)
        return json_scan_refuse_value(s, "a string must not hold \\u0000");
    if (code >= 0xd800 && code <= 0xdbff) {
        long low = take(s, '\\') && take(s, 'u') ? hex4(s) : -1;
        if (low < 0xdc00 || low > 0xdfff)
            return json_scan_refuse_value(s, "a string holds half a surrogate pair");
    } else if (code >= 0xdc00 && code <= 0xdfff) {
        return json_scan_refuse_value(s, "a string holds half a surrogate pair");
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

int json_scan_string(struct scan *s)
{
    if (!take(s, '"'))
        return json_scan_expected(s, "a string");
    for (skip_plain(s); !take(s, '"'); skip_plain(s)) {
        if (!more(s))
            return json_scan_refuse(s, "a string does not end");
        if ((unsigned char)*s->at < ' ')
            return json_scan_refuse(s, "a string holds an unescaped control character");
        if (take(s, '\\')) {
            if (check_escape(s))
                return -1;
            continue;
        }
        look_ahead(s, CHARACTER_BYTES);
        size_t length = utf8_length(s->at, (size_t)(s->end - s->at));
        if (length == 0)
            return json_scan_refuse(s, "a string is not valid UTF-8");
        s->at += length;
    }
    return 0;
}

static bool take_digits(struct scan *s)
{
    bool any = false;
    for (; more(s) && is_digit(*s->at); s->at++)
        any = true;
    return any;
}

/* Finite? `digits`: so many are only there where they are of one piece (see json_scan_number()). */
static int check_exponent(const struct scan *s, const char *digits, size_t length)
{
    char copy[JSON_LONGEST_NUMBER + 1];
    memcpy(copy, digits, length);
    copy[length] = '\0';
    return isfinite(strtod(copy, NULL))
               ? 0
               : error_set(s->err, "%zu: the number %s is beyond the range of a double",
                           json_scan_place(s).line, copy);
}

int json_scan_number(struct scan *s)
{
    look_ahead(s, NUMBER_BYTES); /* so that one short enough is not moved */
    uint64_t from = offset_of(s);
    take(s, '-');
    if (take(s, '0')) {
        if (more(s) && is_digit(*s->at))
            return json_scan_refuse(s, "a number must not begin with 0");
    } else if (!take_digits(s)) {
        return json_scan_expected(s, "a digit");
    }
    if (take(s, '.') && !take_digits(s))
        return json_scan_expected(s, "a digit behind the decimal point");
    bool exponent = take(s, 'e') || take(s, 'E');
    if (exponent) {
        if (!take(s, '+'))
            take(s, '-');
        if (!take_digits(s))
            return json_scan_expected(s, "a digit in the exponent");
    }
    size_t length = (size_t)(offset_of(s) - from);
    if (length > JSON_LONGEST_NUMBER)
        return error_set(s->err, "%zu: a number has %zu characters, at most %d are allowed",
                         json_scan_place(s).line, length, JSON_LONGEST_NUMBER);
    /* so few digits alone are finite */
    return exponent ? check_exponent(s, s->at - length, length) : 0;
}

int json_scan_word(struct scan *s)
{
    static const char *const words[] = { "true", "false", "null" };
    look_ahead(s, WORD_BYTES);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t length = strlen(words[i]);
        if ((size_t)(s->end - s->at) >= length && memcmp(s->at, words[i], length) == 0) {
            s->at += length;
            return 0;
        }
    }
    return json_scan_expected(s, "a value");
}
