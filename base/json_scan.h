/* base/json_scan.h - strict JSON (RFC 8259) as text: is it valid, and where is what.
 *
 * cJSON keeps no positions and lets much pass, so json_parse() checks the text here first, and asks
 * here for the line of a value once an error is to be made. Both are one pass over the text,
 * without memory of their own. */
#ifndef DAGCAST_BASE_JSON_SCAN_H
#define DAGCAST_BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum {
    JSON_DEEPEST = 200,                                  /* arrays and objects within each other */
    JSON_LONGEST_NUMBER = 60                             /* characters; cJSON reads at most 63 */
};

/* 0 if text[0, size) is one JSON value: else -1 and "LINE:COLUMN: not JSON: what is wrong", of what
 * JSON itself would allow "LINE: what is wrong". Refused besides what the grammar forbids: numbers
 * beyond a double's range or longer than JSON_LONGEST_NUMBER, invalid UTF-8, single surrogates,
 * \u0000 (a C string cannot hold it), nesting beyond JSON_DEEPEST. Duplicate keys are
 * json_parse()'s. Stack: JSON_DEEPEST small frames. */
int json_scan_check(const char *text, size_t size, struct error *err);

/* The root's member `key`, written without escapes, of a text that has passed: its value is
 * text[begin, end), its number among the members `ordinal`. False: there is none. */
struct json_span { size_t begin, end, ordinal; };
bool json_scan_member(const char *text, const char *key, struct json_span *out);
/* Where the first element of the list at `list`, of a text that has passed, begins; and the one
 * behind the element at `element`. NULL: there is none. */
const char *json_scan_first(const char *list);
const char *json_scan_next(const char *element);

/* The line, from 1, of the value reached from the root by taking child way[0] of it, then child
 * way[1] of that, ...; in an object the line of the child's key. The text must have passed
 * json_scan_check() and hold such a child. */
size_t json_scan_line(const char *text, const size_t *way, size_t depth);

#endif
