/* base/json_scan_impl.h - a scan in progress, for base/json_scan*.c: where it is in the text, and
 * what its tokens have in common. */
#ifndef DAGCAST_BASE_JSON_SCAN_IMPL_H
#define DAGCAST_BASE_JSON_SCAN_IMPL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json_scan.h"

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

/* Goes on in the text: true if `need` bytes follow. What was passed may have left the window. */
bool json_scan_on(struct scan *s, size_t need);

struct text_place json_scan_place(const struct scan *s);
/* -1 and the sentence: not JSON at the current place; what the grammar allows and we do not;
 * "expected X, found Y". */
int json_scan_refuse(const struct scan *s, const char *what);
int json_scan_refuse_value(const struct scan *s, const char *what);
int json_scan_expected(struct scan *s, const char *what);

/* Tokens, behind which the scan is then; -1: they are none. */
int json_scan_string(struct scan *s);
int json_scan_number(struct scan *s);
int json_scan_word(struct scan *s);

static inline uint64_t offset_of(const struct scan *s)
{
    return s->base + (uint64_t)(s->at - s->text);
}

/* The next bytes lie one behind the other, so many or all that are left. */
static inline void look_ahead(struct scan *s, size_t bytes)
{
    if ((size_t)(s->end - s->at) < bytes)
        json_scan_on(s, bytes);
}

static inline bool more(struct scan *s)
{
    return s->at < s->end || json_scan_on(s, 1);
}

static inline bool is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

static inline void skip_space(struct scan *s)
{
    while (more(s) && is_space(*s->at))
        s->at++;
}

static inline bool next_is(struct scan *s, char c)
{
    return more(s) && *s->at == c;
}

static inline bool take(struct scan *s, char c)
{
    if (!next_is(s, c))
        return false;
    s->at++;
    return true;
}

#endif
