/* base/json.h - JSON in, with errors that name file, line and path; on top of cJSON.
 *
 * cJSON accepts what a description must not hold: json_load() refuses duplicate keys, numbers that
 * are not finite or not JSON, bad UTF-8, text after the end, and nesting deeper than 200 (all in
 * base/json_scan.h but the keys). A `struct json` is a place in a document: a value and the way to
 * it. It lives on the caller's stack, costs nothing, and every getter's error starts "FILE:LINE:
 * task_sets[2].duration.mean: ...", the line where it is known. */
#ifndef DAGCAST_BASE_JSON_H
#define DAGCAST_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/json_print.h"
#include "base/quantity.h"
#include "base/text_source.h"

struct json_document;                                    /* the text, its name and the tree */
/* at most 4 GiB */
struct json_document *json_load(const char *path, struct error *err);
/* What opens a file: json_load(), or a function that also reads packed files and workflows in
 * formats which core does not know. */
typedef struct json_document *document_fn(const char *path, struct error *err);
struct json_document *json_parse(const char *text, size_t size, const char *name,
                                 struct error *err);
/* The same, but of the lists at these places ("task_sets workflow.tasks": at most 16, with blanks
 * between; members of members of the root), no long one's elements are a tree until it is walked,
 * by json_walk_at() alone, and then one at a time: json_first() must not be asked. An element's
 * duplicate keys are refused when it is walked. */
struct json_document *json_load_apart(const char *path, const char *lists, struct error *err);
struct json_document *json_parse_apart_list(const char *text, size_t size, const char *name,
                                            const char *lists, struct error *err);
/* The same of any source of a text (base/text_source.h), which it takes: a file or what a stream
 * gives is not held as text, but for one element. An error of reading begins with the file's name.
 * `lists` may be NULL. */
struct json_document *json_parse_source(struct text_source *source, const char *name,
                                        const char *lists, struct error *err);
/* The same of files that others wrote: a text that cannot be held is replaced (base/json_mend.h),
 * and *replaced grows by how many. */
struct json_document *json_parse_mended(const char *text, size_t size, const char *name,
                                        size_t *replaced, struct error *err);
void json_free(struct json_document *doc);
/* the path, or the name given */
const char *json_name(const struct json_document *doc);

/* For main(), before it starts threads and before cJSON allocates: from here on a document's tree
 * is in a few large blocks (base/arena.h) that are freed as one. These are cJSON's hooks, which a
 * program has once: a library leaves them alone, and all works without. */
void json_use_arenas(void);

struct json {
    const struct json_document *document;
    const cJSON *value;                                  /* NULL: the place is absent */
    const struct json *parent;                           /* NULL at the root; must outlive this */
    const char *key;                                     /* in an object, else NULL */
    size_t index;                                        /* in an array */
};
struct json_apart;
struct json_walk {                                       /* private, but for json_walk() */
    const struct json *list;
    const struct json_apart *apart;
    struct json at;
    size_t index;
    struct text_window window;
    uint64_t begin;                      /* of element `index` of a list set apart */
    size_t n_sizes;                      /* passed; 0: it was not begun */
    struct arena tree;
    cJSON *held;
};
struct json json_root(const struct json_document *doc);
/* .value NULL if absent, or `at` is no object */
struct json json_member(const struct json *at, const char *key);
bool json_has(const struct json *at, const char *key);

/* Walks an array or an object in linear time:
 *     for (struct json e = json_first(&list); e.value; e = json_next(&e)) ...
 * (object members carry .key) */
struct json json_first(const struct json *container);
struct json json_next(const struct json *element);
size_t json_count(const struct json *container);

/* Walks any list forwards, an element set apart as a tree of its own until the next is asked for:
 *     struct json_walk w = json_walk(&list);
 *     for (size_t i = 0; (status = json_walk_at(&w, i, &e, err)) > 0; i++) ...
 *     json_walk_end(&w);
 * json_walk_at(): 1; 0: there are not so many elements; -1: see above. i never goes back. */
struct json_walk json_walk(const struct json *list);
int json_walk_at(struct json_walk *w, size_t i, struct json *out, struct error *err);
void json_walk_end(struct json_walk *w);
size_t json_walk_count(const struct json *list);

/* -1 and "FILE:LINE: PATH: <your text>" */
int json_error(const struct json *at, struct error *err, const char *format, ...) PRINTF_LIKE(3, 4);

enum json_kind { JSON_NUMBER = 1, JSON_TEXT = 2, JSON_ARRAY = 4, JSON_OBJECT = 8, JSON_OTHER = 16 };
enum json_kind json_kind_of(const struct json *at);
/* "must be WORDS, is true": without the backticks of words that docs show. Returns -1. */
int json_refuse_kind(const struct json *at, const char *words, struct error *err);

/* Types. Each says what was found when it is something else. `known` of json_expect_object is
 * NULL-terminated: any other key is refused, with the nearest known name; NULL: all are allowed.
 * Comments are always allowed: keys that begin with "_", "comment", and "$schema", by which a file
 * tells an editor its format. */
int json_expect_object(const struct json *at, const char *const *known, struct error *err);
int json_expect_array(const struct json *at, struct error *err);
bool json_is_comment(const char *key);
/* -1 */
int json_unknown_field(const struct json *member, const char *const *known, struct error *err);

/* Values at a place (`at` itself). A bound of +-INFINITY is none; a `min` of DBL_MIN asks for more
 * than 0. Integers of 2^53 and beyond are refused: a JSON number cannot be trusted to hold them. */
/* min <= x <= max */
int json_as_number(const struct json *at, double min, double max, double *out, struct error *err);
/* The same of an amount with a unit: a number, or a text such as "10m" or "4 GiB"
 * (base/quantity.h). */
int json_as_quantity(const struct json *at, enum quantity q, double min, double max, double *out,
                     struct error *err);
/* an integer */
int json_as_int(const struct json *at, int64_t min, int64_t max, int64_t *out, struct error *err);
/* not empty */
int json_as_string(const struct json *at, const char **out, struct error *err);
int json_as_bool(const struct json *at, bool *out, struct error *err);
/* A string that is one of `names` (NULL-terminated): its index; else an error that lists them. */
int json_as_choice(const struct json *at, const char *const *names, int *out, struct error *err);

/* Members of the object `at`. `json_get_*`: absent leaves *out as it is (so set the default first)
 * and returns 0; `json_need_*`: absent is an error. A JSON null is an error, not absence. */
int json_need_number(const struct json *at, const char *key, double min, double max, double *out,
                     struct error *err);
int json_get_int(const struct json *at, const char *key, int64_t min, int64_t max, int64_t *out,
                 struct error *err);
int json_need_int(const struct json *at, const char *key, int64_t min, int64_t max, int64_t *out,
                  struct error *err);
int json_get_string(const struct json *at, const char *key, const char **out, struct error *err);
int json_need_string(const struct json *at, const char *key, const char **out, struct error *err);
int json_get_bool(const struct json *at, const char *key, bool *out, struct error *err);

/* A seed, 0 .. 2^63 - 1: an integer of at most 2^53 - 1, as a JSON number holds it exactly, or any
 * as a string of digits. */
int json_as_seed(const struct json *at, uint64_t *out, struct error *err);

int json_get_choice(const struct json *at, const char *key, const char *const *names, int *out,
                    struct error *err);

/* Output: build a tree with cJSON's own functions, then json_print() (base/json_print.h). */

#endif
