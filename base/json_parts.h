/* base/json_parts.h - what stays of a JSON text while it is scanned: the places of the elements of
 * long lists, and the text of the rest.
 *
 * A list is named by the keys on the way to it, "workflow.tasks". One of JSON_LONG_LIST bytes and
 * more is set apart: the rest has "[]" in its place. For base/json*.c. */
#ifndef DAGCAST_BASE_JSON_PARTS_H
#define DAGCAST_BASE_JSON_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

enum {
    JSON_MOST_APART = 16,                /* names of lists, and lists set apart */
    JSON_WAY_MOST = 8,                   /* keys on the way to a list */
    JSON_LONG_LIST = 1 << 16,            /* bytes */
    JSON_SIZE_BYTES = 10                 /* most of an element's size, as it is kept */
};

struct json_apart {
    const cJSON *list;                   /* an empty one in the tree */
    size_t way[JSON_WAY_MOST], depth;    /* to it: each value's number in its object */
    size_t rest_at;                      /* where it was cut from the rest */
    uint64_t begin, end;                 /* of its text, without the brackets */
    size_t n;                            /* elements */
    /* from `begin` to the first element, from each to the next, from the last to `end`: each in
     * groups of seven bits, the low ones first, the top bit set but in the last. An element's own
     * number would take twice to four times as much. */
    uint8_t *sizes;
    size_t n_sizes, room;
    uint64_t last;                       /* while it is scanned: where the last element begins */
};

/* What a way of keys leaves of each list's name: "tasks" of "workflow.tasks" behind "workflow"; "":
 * it is the list; NULL: it is not on that way. */
struct json_paths { const char *left[JSON_MOST_APART]; };
struct json_paths json_paths_of(const char *lists);
struct json_paths json_paths_behind(const struct json_paths *of, const char *key, size_t length);
/* Does any lead further, or (here) end here? */
bool json_paths_any(const struct json_paths *p, bool here);

struct json_parts {
    struct json_paths lists;
    char *rest;                          /* of `rest_size` bytes; not ended by a NUL */
    size_t rest_size, rest_room;
    bool all;                            /* nothing was set apart, and nothing is in `rest`: the
                                          * window holds it all */
    size_t n_apart;
    struct json_apart apart[JSON_MOST_APART];
    /* The list that is scanned may become long: it is apart[n_apart] until then. */
    bool listed, cut;                    /* is there such a list; its text is not kept any longer */
};

void json_parts_clear(struct json_parts *p);
void json_parts_keep(struct json_parts *p, const char *bytes, size_t n);

/* A list begins, behind its bracket at `offset`; all before it was kept. */
void json_parts_open(struct json_parts *p, uint64_t offset, const size_t *way, size_t depth);
void json_parts_element(struct json_parts *p, uint64_t offset);
/* The scan is at `offset`, and what precedes it was kept: true if the list has just become long, so
 * that its text was dropped from the rest and no more should be kept. */
bool json_parts_cut(struct json_parts *p, uint64_t offset);
/* The list's bracket is at `offset`. */
void json_parts_close(struct json_parts *p, uint64_t offset);

/* The next of an apart list's sizes; *at begins at 0. */
uint64_t json_apart_size(const struct json_apart *list, size_t *at);

#endif
