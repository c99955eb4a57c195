#include "base/json_scan.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum {
    KEY_BYTES = 64,                      /* a longer key is on the way to no list */
    NUMBER_BYTES = JSON_LONGEST_NUMBER + 1,
    CHARACTER_BYTES = 4,
    WORD_BYTES = 5
};

struct scan {
    struct text_window *window;
    const char *text, *at, *end;         /* what of it is there, from `base` on */
    uint64_t base;
    bool ended;                          /* the text ends at `end` */
    struct error *err;
    struct json_parts *parts;            /* NULL: nothing is kept */
    const char *kept;                    /* what follows it is to be kept; NULL: nothing is */
    size_t way[JSON_WAY_MOST];
    int list_depth;                      /* of the elements of the list that is listed */
};

/* ---- the text, piece by piece ---- */

static uint64_t offset_of(const struct scan *s)
{
    return s->base + (uint64_t)(s->at - s->text);
}

/* Hands on what was passed since, before it leaves the window. */
static void keep(struct scan *s)
{
    if (s->kept)
        json_parts_keep(s->parts, s->kept, (size_t)(s->at - s->kept));
    if (s->kept)
        s->kept = s->at;
}

static void cut(struct scan *s)
{
    if (s->parts && json_parts_cut(s->parts, offset_of(s)))
        s->kept = NULL;
}

/* true: `need` bytes follow. */
static bool read_on(struct scan *s, size_t need)
{
    if (!s->ended) {
        size_t n;
        keep(s);
        cut(s);
        s->base = offset_of(s);
        s->text = s->at = text_window_at(s->window, s->base, need, &n);
        s->end = s->text + n;
        s->ended = s->window->at_end || n < need;
        s->kept = s->kept ? s->at : NULL;
    }
    return (size_t)(s->end - s->at) >= need;
}

/* The next bytes lie one behind the other, so many or all that are left. */
static void look_ahead(struct scan *s, size_t bytes)
{
    if ((size_t)(s->end - s->at) < bytes)
        read_on(s, bytes);
}

static bool more(struct scan *s)
{
    return s->at < s->end || read_on(s, 1);
}

/* ---- refusals ---- */

static struct text_place place_of(const struct scan *s)
{
    return text_source_place(s->window->source, offset_of(s));
}

static int refuse(const struct scan *s, const char *what)
{
    struct text_place at = place_of(s);
    return error_set(s->err, "%zu:%zu: not JSON: %s", at.line, at.column, what);
}

/* What the grammar allows and we do not. */
static int refuse_value(const struct scan *s, const char *what)
{
    return error_set(s->err, "%zu: %s", place_of(s).line, what);
}

/* "expected X, found Y" at the current place. */
static int expected(struct scan *s, const char *what)
{
    struct text_place at = place_of(s);
    if (!more(s))
        return error_set(s->err, "%zu:%zu: not JSON: expected %s, found the end of the text",
                         at.line, at.column, what);
    unsigned char c = (unsigned char)*s->at;
    return error_set(s->err,
                     c > ' ' && c < 0x7f ? "%zu:%zu: not JSON: expected %s, found '%c'"
                                         : "%zu:%zu: not JSON: expected %s, found the byte 0x%02x",
                     at.line, at.column, what, c);
}

/* ---- the grammar ---- */

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static void skip_space(struct scan *s)
{
    while (more(s) && is_space(*s->at))
        s->at++;
}

static bool next_is(struct scan *s, char c)
{
    return more(s) && *s->at == c;
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
        if (!more(s))
            return refuse(s, "a string does not end");
        if ((unsigned char)*s->at < ' ')
            return refuse(s, "a string holds an unescaped control character");
        if (take(s, '\\')) {
            if (check_escape(s))
                return -1;
            continue;
        }
        look_ahead(s, CHARACTER_BYTES);
        size_t length = utf8_length(s->at, (size_t)(s->end - s->at));
        if (length == 0)
            return refuse(s, "a string is not valid UTF-8");
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

/* Finite? `digits`: so many are only there where they are of one piece (see check_number()). */
static int check_exponent(const struct scan *s, const char *digits, size_t length)
{
    char copy[JSON_LONGEST_NUMBER + 1];
    memcpy(copy, digits, length);
    copy[length] = '\0';
    return isfinite(strtod(copy, NULL))
               ? 0
               : error_set(s->err, "%zu: the number %s is beyond the range of a double",
                           place_of(s).line, copy);
}

static int check_number(struct scan *s)
{
    look_ahead(s, NUMBER_BYTES);         /* so that one short enough is not moved */
    uint64_t from = offset_of(s);
    take(s, '-');
    if (take(s, '0')) {
        if (more(s) && is_digit(*s->at))
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
    size_t length = (size_t)(offset_of(s) - from);
    if (length > JSON_LONGEST_NUMBER)
        return error_set(s->err, "%zu: a number has %zu characters, at most %d are allowed",
                         place_of(s).line, length, JSON_LONGEST_NUMBER);
    /* so few digits alone are finite */
    return exponent ? check_exponent(s, s->at - length, length) : 0;
}

static int check_word(struct scan *s)
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
    return expected(s, "a value");
}

/* What the key at hand leaves of the names of lists; as written, without its escapes. */
static struct json_paths paths_behind_key(struct scan *s, const struct json_paths *of)
{
    look_ahead(s, KEY_BYTES);
    size_t n = (size_t)(s->end - s->at);
    n = n < KEY_BYTES ? n : KEY_BYTES;
    const char *end = n > 1 && *s->at == '"' ? memchr(s->at + 1, '"', n - 1) : NULL;
    return end ? json_paths_behind(of, s->at + 1, (size_t)(end - s->at - 1))
               : (struct json_paths){ { NULL } };
}

static int check_value(struct scan *s, int depth, const struct json_paths *of);

static int check_key(struct scan *s)
{
    if (check_string(s))
        return -1;
    skip_space(s);
    if (!take(s, ':'))
        return expected(s, "':'");
    skip_space(s);
    return 0;
}

/* What is between the brackets: "key": value, ... or value, ... `of`: names of lists that lead into
 * this object; NULL: none. */
static int check_children(struct scan *s, char close, int depth, const struct json_paths *of)
{
    size_t index = 0;
    do {
        struct json_paths behind;
        skip_space(s);
        if (of) {
            behind = paths_behind_key(s, of);
            s->way[depth - 1] = index++;
        } else if (s->list_depth == depth) {
            json_parts_element(s->parts, offset_of(s));
        }
        if (close == '}' && check_key(s))
            return -1;
        if (check_value(s, depth, of ? &behind : NULL))
            return -1;
        skip_space(s);
    } while (take(s, ','));
    return next_is(s, close) ? 0 : expected(s, close == '}' ? "',' or '}'" : "',' or ']'");
}

/* A list that may become long, behind its bracket. */
static int check_list(struct scan *s, int depth)
{
    keep(s);
    json_parts_open(s->parts, offset_of(s), s->way, (size_t)depth - 1);
    s->list_depth = depth;
    int status = check_children(s, ']', depth, NULL);
    s->list_depth = 0;
    if (status)
        return -1;
    cut(s);
    json_parts_close(s->parts, offset_of(s));
    s->kept = s->kept ? s->kept : s->at;
    return 0;
}

/* A list or an object at its bracket. */
static int check_container(struct scan *s, int depth, const struct json_paths *of)
{
    char close = *s->at++ == '{' ? '}' : ']';
    if (depth == JSON_DEEPEST)
        return error_set(s->err, "%zu: nested deeper than %d", place_of(s).line, JSON_DEEPEST);
    const struct json_parts *parts = s->parts;
    bool on_way = of && depth < JSON_WAY_MOST,
         list = on_way && close == ']' && json_paths_any(of, true) &&
                parts->n_apart < JSON_MOST_APART;
    skip_space(s);
    if (take(s, close))
        return 0;
    int status = list ? check_list(s, depth + 1)
                      : check_children(s, close, depth + 1,
                                       on_way && close == '}' && json_paths_any(of, false) ? of
                                                                                           : NULL);
    s->at += status == 0;
    return status;
}

static int check_value(struct scan *s, int depth, const struct json_paths *of)
{
    if (!more(s))
        return expected(s, "a value");
    switch (*s->at) {
    case '{':
    case '[': return check_container(s, depth, of);
    case '"': return check_string(s);
    case '-': return check_number(s);
    default: return is_digit(*s->at) ? check_number(s) : check_word(s);
    }
}

int json_scan(struct text_window *window, struct json_parts *parts, struct error *err)
{
    struct scan s = { .window = window, .text = "", .err = err, .parts = parts };
    s.at = s.end = s.text;
    read_on(&s, 1);
    s.kept = parts ? s.at : NULL;
    skip_space(&s);
    if (check_value(&s, 0, parts && next_is(&s, '{') ? &parts->lists : NULL))
        return -1;
    skip_space(&s);
    if (more(&s))
        return expected(&s, "nothing more");
    if (parts && s.base == 0 && s.kept == s.text)
        parts->all = true;
    else
        keep(&s);
    return 0;
}

int json_scan_check(const char *text, size_t size, struct error *err)
{
    struct text_window window = { .source = text_source_borrow(text, size) };
    int status = json_scan(&window, NULL, err);
    text_source_free(window.source);
    return status;
}
