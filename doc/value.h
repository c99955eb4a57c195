/* doc/value.h - a value of a result and how people read it: number, range or text, with unit. */
#ifndef DAGCAST_DOC_VALUE_H
#define DAGCAST_DOC_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "base/str.h"

/* How a value reads. JSON holds the plain number: seconds, a share from 0 to 1, a count. */
enum doc_unit {
    DOC_TEXT,                            /* as it is, left-aligned */
    DOC_FLAG,                            /* "yes", "no"; a bool in JSON */
    DOC_NUMBER,                          /* four significant digits, unless decimals are given */
    DOC_EXACT,                           /* the shortest text that reads back the same */
    DOC_COUNT,                           /* no decimals */
    DOC_SECONDS,                         /* "1660.1 s" */
    DOC_LONG_SECONDS,                    /* "1660.1 s (27 min 40 s)" */
    DOC_CLOCK,                           /* "0:27:41", rounded up to the second */
    DOC_SHARE,                           /* 0.684 reads "68.4 %" */
    DOC_HOURS,                           /* "7.38 h" */
};
enum { DOC_UNITS = DOC_HOURS + 1, DOC_WHOLE = -1 };

struct doc_format {
    enum doc_unit unit;
    int decimals;                        /* 0: the unit's usual number; DOC_WHOLE: none */
    bool sign;                           /* "+0.7": differences */
};

struct doc_value {
    size_t n;                            /* numbers: 0 none, 1, 2 a range, 3 "a / b / c" */
    double x[3];
    char *text;                          /* instead of numbers; NULL: none */
    bool owned;                          /* the receiver of the value frees `text` */
};

/* A number that is not finite, or a text that is NULL, gives no value. */
struct doc_value doc_none(void);
struct doc_value doc_number(double x);
struct doc_value doc_flag(bool x);
struct doc_value doc_range(double low, double high);
struct doc_value doc_triple(double a, double b, double c);
struct doc_value doc_text(const char *text);             /* borrowed */
struct doc_value doc_take(char *text);                   /* owned */
struct doc_value doc_words(struct str *words);           /* takes the text and clears `words` */
bool doc_value_is_none(const struct doc_value *v);

const char *doc_unit_name(enum doc_unit unit);           /* "seconds": as stored results name it */
int doc_unit_find(const char *name);                     /* -1: unknown */
const char *doc_unit_heading(enum doc_unit unit);        /* "s", "%"; "": the value needs none */
bool doc_unit_is_left(enum doc_unit unit);               /* words: left-aligned */

/* For people. `in_column`: the column's heading has the unit. No value adds "-". */
void doc_value_add(struct str *out, const struct doc_value *v, struct doc_format f, bool in_column);

/* For programs: number, [low, high], text, bool, null; and back, borrowing the JSON's text. */
cJSON *doc_value_json(const struct doc_value *v, enum doc_unit unit);
struct doc_value doc_value_of_json(const cJSON *json);

#endif
