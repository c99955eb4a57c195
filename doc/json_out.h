/* doc/json_out.h - JSON written as it goes, for what is too much for a tree.
 *
 *     struct json_out o = { .text = &text };
 *     json_out_open(&o, NULL, '{');
 *     json_out_whole(&o, "n", 3);
 *     json_out_close(&o, '}');                                  {"n":3}
 *
 * `key` NULL: an element of a list. Commas, quotes and escapes are the writer's. */
#ifndef DAGCAST_DOC_JSON_OUT_H
#define DAGCAST_DOC_JSON_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/str.h"

struct json_out {
    struct str *text;
    bool in_page;                        /* texts as html_add_json() writes them */
    bool begun;                          /* private: a comma comes before the next value */
};
void json_out_open(struct json_out *o, const char *key, char bracket);   /* '{' or '[' */
void json_out_close(struct json_out *o, char bracket);                   /* '}' or ']' */
void json_out_whole(struct json_out *o, const char *key, int64_t x);
/* Nine significant digits; null if it is not finite. */
void json_out_number(struct json_out *o, const char *key, double x);
void json_out_flag(struct json_out *o, const char *key, bool x);
void json_out_text(struct json_out *o, const char *key, const char *text);
void json_out_line(struct json_out *o);                  /* the next value begins a line */

/* Writes what was collected to the stream, and forgets it. */
void json_out_flush(struct json_out *o, FILE *stream);

#endif
