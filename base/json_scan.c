#include "base/json_scan_impl.h"

#include <string.h>

enum { KEY_BYTES = 64 }; /* a longer key is on the way to no list */

/* ---- the text, piece by piece ---- */

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

bool json_scan_on(struct scan *s, size_t need)
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

/* ---- refusals ---- */

struct text_place json_scan_place(const struct scan *s)
{
    return text_source_place(s->window->source, offset_of(s));
}

int json_scan_refuse(const struct scan *s, const char *what)
{
    struct text_place at = json_scan_place(s);
    return error_set(s->err, "%zu:%zu: not JSON: %s", at.line, at.column, what);
}

/* What the grammar allows and we do not. */
int json_scan_refuse_value(const struct scan *s, const char *what)
{
    return error_set(s->err, "%zu: %s", json_scan_place(s).line, what);
}

/* "expected X, found Y" at the current place. */
int json_scan_expected(struct scan *s, const char *what)
{
    struct text_place at = json_scan_place(s);
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
    if (json_scan_string(s))
        return -1;
    skip_space(s);
    if (!take(s, ':'))
        return json_scan_expected(s, "':'");
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
    return next_is(s, close) ? 0
                             : json_scan_expected(s, close == '}' ? "',' or '}'" : "',' or ']'");
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
        return error_set(s->err, "%zu: nested deeper than %d", json_scan_place(s).line,
                         JSON_DEEPEST);
    const struct json_parts *parts = s->parts;
    bool on_way = of && depth < JSON_WAY_MOST, list = on_way && close == ']' &&
                                                      json_paths_any(of, true) &&
                                                      parts->n_apart < JSON_MOST_APART;
    skip_space(s);
    if (take(s, close))
        return 0;
    int status =
        list ? check_list(s, depth + 1)
             : check_children(s, close, depth + 1,
                              on_way && close == '}' && json_paths_any(of, false) ? of : NULL);
    s->at += status == 0;
    return status;
}

static int check_value(struct scan *s, int depth, const struct json_paths *of)
{
    if (!more(s))
        return json_scan_expected(s, "a value");
    switch (*s->at) {
    case '{':
    case '[':
        return check_container(s, depth, of);
    case '"':
        return json_scan_string(s);
    case '-':
        return json_scan_number(s);
    default:
        return is_digit(*s->at) ? json_scan_number(s) : json_scan_word(s);
    }
}

int json_scan(struct text_window *window, struct json_parts *parts, struct error *err)
{
    struct scan s = { .window = window, .text = "", .err = err, .parts = parts };
    s.at = s.end = s.text;
    json_scan_on(&s, 1);
    s.kept = parts ? s.at : NULL;
    skip_space(&s);
    if (check_value(&s, 0, parts && next_is(&s, '{') ? &parts->lists : NULL))
        return -1;
    skip_space(&s);
    if (more(&s))
        return json_scan_expected(&s, "nothing more");
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
