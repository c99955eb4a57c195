/* doc/doc_impl.h - the blocks of a doc, for its renderers. */
#ifndef DAGCAST_DOC_DOC_IMPL_H
#define DAGCAST_DOC_DOC_IMPL_H

#include <cjson/cJSON.h>

#include "doc/doc.h"

enum { DOC_DEEPEST = 32 };               /* objects and lists open at once */

enum block_kind {
    BLOCK_SECTION, BLOCK_SUBSECTION, BLOCK_SAY, BLOCK_FACT, BLOCK_TABLE, BLOCK_OPEN,
    BLOCK_OPEN_LIST, BLOCK_CLOSE, BLOCK_DATA, BLOCK_FIGURE, BLOCK_DETAILS, BLOCK_DETAILS_END,
    BLOCK_PICTURE, BLOCK_GANTT, BLOCK_EXPLORE, BLOCK_PAGE_ONLY,
};

/* A field without its getter: what a renderer needs. Owns its texts. */
struct column {
    char *key, *label;
    struct doc_format format;
    bool optional, main;
};

struct record { char *name; bool shown, main; };

struct doc_grid {                        /* a table's values */
    enum doc_layout layout;
    bool named;                          /* the JSON is an object of records */
    size_t n_columns, n_records, left_out;
    struct column *columns;
    struct record *records;
    /* record * n_columns + column, of the first records_held records; texts are owned */
    struct doc_value *cells;
    size_t records_held;
};

struct block {
    enum block_kind kind;
    enum doc_role role;                  /* of BLOCK_SAY */
    char *key;                           /* NULL: not in the JSON */
    char *text;                          /* title, words, caption, summary, name; NULL: none */
    char *figure, *note;                 /* of BLOCK_FIGURE */
    struct doc_grid *grid;               /* of BLOCK_TABLE; of BLOCK_FACT one cell */
    cJSON *data;                         /* of BLOCK_DATA and BLOCK_EXPLORE */
    char *plot_kind, *plot_table;        /* of BLOCK_PICTURE with `plot` */
    doc_plot_fn *plot;
    doc_draw_fn *draw;
    doc_write_fn *write;
    const void *what;
};

struct doc {
    char *command, *version, *title;
    const cJSON *stored;                 /* what it was loaded from; NULL: a new result */
    struct block *blocks;
    size_t n, room;
    size_t depth;                        /* of open objects and lists */
};

struct block *doc_add_block(struct doc *d, enum block_kind kind, const char *key, const char *text);

struct doc_grid *doc_grid_new(enum doc_layout layout, bool named, size_t columns, size_t records);
void doc_grid_free(struct doc_grid *g);
const struct doc_value *doc_grid_cell(const struct doc_grid *g, size_t record, size_t column);
/* Copies the value's text, or takes it if it is owned. */
void doc_grid_set(struct doc_grid *g, size_t record, size_t column, struct doc_value v);
/* People see it: it has a label and, if optional, a shown record has a value. */
bool doc_grid_shows(const struct doc_grid *g, size_t column);            /* O(records) */
bool *doc_grid_shown(const struct doc_grid *g);          /* the same of each column; free() it */
/* Some column and some record are for people. */
bool doc_grid_is_visible(const struct doc_grid *g);
/* As people read it. */
void doc_add_cell(struct str *out, const struct doc_grid *g, size_t record, size_t column);
/* All that people see, new: a row a record, or a column. `names`: those of the records stand before
 * their rows, too. */
struct table *doc_grid_texts(const struct doc_grid *g, bool names);

/* ---- layout.c: where in the JSON of a result a block is: the open objects and lists ---- */

struct way {                             /* zero-initialised: the root */
    struct str pointer;                  /* a JSON Pointer; NULL at first; the caller clears it */
    struct level {
        size_t length;
        size_t next;
        bool list;
    } open[DOC_DEEPEST];
    size_t depth;
};

/* Into the member `key`, or the next element of the open list, which is an object or a list. */
void way_enter(struct way *w, const char *key, bool list);
void way_leave(struct way *w);

/* The "page" of a stored result: its blocks, with JSON Pointers to values. */
cJSON *layout_of(const struct doc *d);

/* What a sentence is for: its name in stored results and its element in HTML. */
const char *role_name(enum doc_role role);
int role_find(const char *name); /* -1: unknown */
const char *role_begin(enum doc_role role); /* "<p class=\"answer\">" */
const char *role_end(enum doc_role role);

#endif
