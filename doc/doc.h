/* doc/doc.h - what a command found out: built once, rendered as text, CSV, JSON and HTML
 * (doc/render.h).
 *
 * A doc is a list of blocks in reading order: sections, facts, tables, sentences, pictures. A block
 * with a `key` is a member of the JSON; one without is for people only. A field without a `label`
 * is for programs only. The doc copies all it is given, except what pictures draw: that must live
 * until the doc is rendered. */
#ifndef DAGCAST_DOC_DOC_H
#define DAGCAST_DOC_DOC_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "base/compiler.h"
#include "base/error.h"
#include "base/str.h"
#include "base/table.h"
#include "doc/value.h"

struct doc;
/* ("compare", "0.1.0"): the first two members of the JSON. */
struct doc *doc_new(const char *command, const char *version);
void doc_free(struct doc *d);

/* the page's, e.g. "ddmd on summit" */
void doc_title(struct doc *d, const char *format, ...) PRINTF_LIKE(2, 3);
/* bold in text; <h2> with a contents entry */
void doc_section(struct doc *d, const char *title);
void doc_subsection(struct doc *d, const char *title);

/* ---- sentences ---- */

enum doc_role {
    DOC_PLAIN,                           /* a paragraph */
    DOC_LEAD,                            /* the question; HTML only */
    DOC_ANSWER,                          /* the headline result */
    DOC_WARNING,                         /* what limits how far the result can be trusted */
    DOC_NOTE,                            /* small print: what the figures are */
    DOC_LINES,                           /* never wrapped: commands, a batch script */
};
/* `key` NULL: not in the JSON; "notes[]", at the top level: one more of the array "notes". `words`
 * NULL or "": null in the JSON (of an array: nothing), nothing for people. */
void doc_say(struct doc *d, enum doc_role role, const char *key, const char *words);
void doc_sayf(struct doc *d, enum doc_role role, const char *key, const char *format, ...)
    PRINTF_LIKE(4, 5);
/* Words that were collected: without blanks at the end; clears them. */
void doc_say_str(struct doc *d, enum doc_role role, const char *key, struct str *words);

/* ---- facts ---- */

/* A line "label  value"; a run of facts is aligned. `key` "a/b": member b of the object a. */
void doc_fact(struct doc *d, const char *key, const char *label, enum doc_unit unit,
              struct doc_value value);
void doc_factf(struct doc *d, const char *key, const char *label, const char *format, ...)
    PRINTF_LIKE(4, 5);

/* ---- tables ---- */

struct doc_field;
struct doc_record {                      /* what a getter sees */
    const void *item;                    /* items + index * size; NULL if the table has no items */
    size_t index;
    const void *context;
    /* the one asked for; NULL: the record's name, shown, main */
    const struct doc_field *field;
};

/* Where a field's value lies in an item, if it has no getter; set by DOC_MEMBER. */
enum doc_source {
    DOC_GET, DOC_DOUBLE, DOC_INT, DOC_UINT32, DOC_SIZE, DOC_BOOL, DOC_STRING, DOC_INTERVAL,
    DOC_TRIPLE,
};

struct doc_field {
    /* "makespan/mean": nested members. "low|high" at the end: a member a number of the value.
     * "order?/best": `order` is null if none of its members has a value; for programs only.
     * NULL: for people only. */
    const char *key;
    const char *label;                   /* NULL: for programs only */
    struct doc_format format;
    bool optional;                       /* hidden from people if no record has a value */
    bool main;                           /* as a row of a page (DOC_COLUMNS, facts) it stands out */
    enum doc_source source;
    size_t offset;                       /* with a getter: the getter's own, e.g. which column */
    /* where a pointer to the struct of that member lies, plus 1 */
    size_t via;
    struct doc_value (*get)(const struct doc_record *r);
    /* false: no value, whatever the source. NULL: always */
    bool (*when)(const struct doc_record *r);
};
#define DOC_FIELDS_END { .key = NULL, .label = NULL }

/* A getter, and a test (`when`, `shown`, `main`), of record `r`: a declaration, then the value.
 * DOC_GETTER(status, const struct station *s = r->item, doc_text(status_name(s->status))) */
#define DOC_GETTER(name, declaration, ...)                                                         \
    static struct doc_value name(const struct doc_record *r)                                       \
    {                                                                                              \
        declaration;                                                                               \
        return __VA_ARGS__;                                                                        \
    }
#define DOC_TEST(name, declaration, ...)                                                           \
    static bool name(const struct doc_record *r)                                                   \
    {                                                                                              \
        declaration;                                                                               \
        return __VA_ARGS__;                                                                        \
    }

/* `.source` and `.offset` of a member: DOC_MEMBER(struct summary, makespan.mean). */
#define DOC_MEMBER(type, member)                                                                   \
    .offset = offsetof(type, member),                                                              \
    .source = _Generic(((type *)0)->member, double: DOC_DOUBLE, int: DOC_INT, size_t: DOC_SIZE,    \
                       unsigned: DOC_UINT32, bool: DOC_BOOL, char *: DOC_STRING,                   \
                       const char *: DOC_STRING)
/* The same of a struct of two doubles, low and high. */
#define DOC_MEMBER_INTERVAL(type, member) .offset = offsetof(type, member), .source = DOC_INTERVAL
/* Three doubles one after the other, from `member` on; no value if one is unknown. */
#define DOC_MEMBER_TRIPLE(type, member) .offset = offsetof(type, member), .source = DOC_TRIPLE
/* A field of a member: key, label (each may be NULL), unit. */
#define DOC_COLUMN(key_, label_, unit_, type, member)                                              \
    .key = (key_), .label = (label_), .format = { .unit = (unit_) }, DOC_MEMBER(type, member)
/* A member of the struct that a pointer of the item points to; NULL: no value. */
#define DOC_MEMBER_OF(type, pointer, target, member)                                               \
    .via = offsetof(type, pointer) + 1, DOC_MEMBER(target, member)

enum doc_layout {
    DOC_ROWS,                            /* a record is a row */
    DOC_COLUMNS,                         /* a record is a column: few records, many fields */
};

struct doc_table {
    const char *key;                     /* NULL: for people only */
    const char *title;                   /* NULL: none */
    enum doc_layout layout;
    const struct doc_field *fields;      /* ended by DOC_FIELDS_END */
    const void *items;                   /* n items of `size` bytes, or NULL */
    size_t n, size;
    const void *context;
    /* A record's name, the heading of its column; the JSON is then an object of records.
     * NULL: it is an array. */
    const char *(*name)(const struct doc_record *r);
    bool (*shown)(const struct doc_record *r);           /* to people; NULL: all */
    bool (*main)(const struct doc_record *r);            /* stands out in HTML; NULL: none */
    size_t most;                         /* records shown to people; 0: all; the rest is counted */
};
/* `.items`, `.n` and `.size` of n items of an array. */
#define DOC_ITEMS(array, count) .items = (array), .n = (count), .size = sizeof *(array)
/* A second table of one key adds its fields to the records of the first: the same, in the same
 * order. */
void doc_table(struct doc *d, const struct doc_table *t);

/* A table of base/table.h: its columns' names are keys and labels. `key`, `title`: as above. */
void doc_add_table(struct doc *d, const char *key, const char *title, const struct table *t);

/* What a field is of an item. */
struct doc_value doc_field_value(const struct doc_field *f, const void *item);

/* A record's fields as facts, members of the open object. */
void doc_facts(struct doc *d, const struct doc_field *fields, const void *item,
               const void *context);

/* ---- structure of the JSON ---- */

/* What follows, up to doc_close(), are members of the object `key`; NULL within a list. What is
 * opened again goes on: a list, or a table's records, from its first element. */
void doc_open(struct doc *d, const char *key);
void doc_open_list(struct doc *d, const char *key);
void doc_close(struct doc *d);
void doc_data(struct doc *d, const char *key, cJSON *value);     /* programs only; takes `value` */

/* ---- HTML only ---- */

/* A large figure with its name and a note (NULL: none); a run of them is shown side by side. */
void doc_figure(struct doc *d, const char *name, const char *figure, const char *note);
void doc_details(struct doc *d, const char *summary);    /* up to doc_details_end(): on demand */
void doc_details_end(struct doc *d);
/* all that follows is left out of the text */
void doc_page_only(struct doc *d);

/* Drawn when the HTML is rendered: `draw` writes an SVG file. If it fails, a note says why. */
typedef int doc_draw_fn(const void *what, const char *path, struct error *err);
void doc_picture(struct doc *d, const char *caption, doc_draw_fn *draw, const void *what);
/* The same of a table of the doc, so that a stored result has the picture too: `draw` gets the
 * doc's JSON, the name of a kind of picture, and the path of its table, "explanation/parts". */
struct doc_plot { const char *kind, *table; };
typedef int doc_plot_fn(const cJSON *result, const struct doc_plot *plot, const char *path,
                        struct error *err);
void doc_plot(struct doc *d, const char *caption, doc_plot_fn *draw, const struct doc_plot *plot);
/* An interactive Gantt chart: `write` adds the JSON that doc/html/gantt.js reads. */
typedef void doc_write_fn(const void *what, struct str *out);
void doc_gantt(struct doc *d, doc_write_fn *write, const void *what);
/* Sliders over precomputed results: the JSON that doc/html/explore.js reads; takes `data`. */
void doc_explore(struct doc *d, cJSON *data);

#endif
