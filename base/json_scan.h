/* base/json_scan.h - strict JSON (RFC 8259) as text: is it valid, and where are its long lists.
 *
 * cJSON lets much pass, so a document's text is checked here first. One pass over the text through
 * a window (base/text_source.h). */
#ifndef DAGCAST_BASE_JSON_SCAN_H
#define DAGCAST_BASE_JSON_SCAN_H

#include <stddef.h>

#include "base/error.h"
#include "base/json_parts.h"
#include "base/text_source.h"

enum {
    JSON_DEEPEST = 200,                                  /* arrays and objects within each other */
    JSON_LONGEST_NUMBER = 60                             /* characters; cJSON reads at most 63 */
};

/* 0 if the text is one JSON value: else -1 and "LINE:COLUMN: not JSON: what is wrong", of what JSON
 * itself would allow "LINE: what is wrong". Refused besides what the grammar forbids: numbers
 * beyond a double's range or longer than JSON_LONGEST_NUMBER, invalid UTF-8, single surrogates,
 * \u0000 (a C string cannot hold it), nesting beyond JSON_DEEPEST. Duplicate keys are
 * json_parse()'s. `parts` (its lists set; NULL: only check) keeps the lists' places and the rest of
 * the text. Stack: JSON_DEEPEST small frames. A source that fails seems to end: ask it
 * (text_source_check()). */
int json_scan(struct text_window *window, struct json_parts *parts, struct error *err);

/* The same check of text[0, size). */
int json_scan_check(const char *text, size_t size, struct error *err);

#endif
