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

/* Of a text that has passed. Behind the string at `p`; behind blanks, if there are any; behind the
 * value at `p` and the blanks there, which is a ',' or a closing bracket. */
const char *json_scan_past_string(const char *p);
const char *json_scan_past_space(const char *p);
const char *json_scan_past_value(const char *p);

/* The line, from 1, of the value reached from the root by taking child way[0] of it, then child
 * way[1] of that, ...; in an object the line of the child's key. The text must have passed
 * json_scan_check() and hold such a child. */
size_t json_scan_line(const char *text, const size_t *way, size_t depth);

#endif
