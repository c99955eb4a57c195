/* base/schema.h - a file format as a table of fields: read, saved, copied, freed and documented.
 *
 * A format is a `struct schema`: one row a field, with its place in a C struct. Reading refuses
 * unknown keys (with the nearest known name), wrong types and numbers out of range, each with file,
 * line and path (base/json.h). Saving omits defaults. docs/formats.md's tables and the JSON Schema
 * for editors are printed from the same rows.
 *
 *     static const struct schema_field queue_fields[] = {
 *         { "name", &schema_text, SCHEMA_AT(struct queue_rule, name), .required = true,
 *           .help = "the queue's name" },
 *         { "max_walltime", &schema_number, SCHEMA_AT(struct queue_rule, max_walltime_s),
 *           .unit = QUANTITY_SECONDS, .min = 1, .max = 1e9, .required = true, .help = "..." },
 *     };
 *     static const struct schema queue = { "queue", SCHEMA_FIELDS(queue_fields),
 *                                          .size = sizeof(struct queue_rule) };
 *
 * An object is zeroed before it is read; after a failure it may be cleared and freed. */
#ifndef DAGCAST_BASE_SCHEMA_H
#define DAGCAST_BASE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/json.h"
#include "base/quantity.h"
#include "base/str.h"

struct schema;
struct schema_field;

struct number_list { double *at; size_t n; };            /* a member of its own; NAN: unknown */

/* What a field holds. `object` is the struct that has the member, not the member. */
struct schema_type {
    const char *words;                   /* for docs; NULL: made from the field */
    const char *json;                    /* its JSON Schema as text; NULL: made from the field */
    unsigned takes;                      /* sums of enum json_kind; else `words` are expected. 0:
                                            read() refuses the rest itself */
    /* NULL: the format's own code reads it. */
    int (*read)(const struct schema_field *f, const struct json *at, void *object,
                struct error *err);
    cJSON *(*save)(const struct schema_field *f, const void *object);    /* NULL: the default */
    void (*clear)(const struct schema_field *f, void *object);           /* NULL: owns nothing */
    /* Replaces what a bytewise copy shares with its original. NULL: owns nothing. */
    void (*copy)(const struct schema_field *f, void *object);
    /* Instead of `words` and `json`; adds to `definitions` what the result refers to. */
    cJSON *(*describe)(const struct schema_field *f, cJSON *definitions);
    const struct schema_type *like;      /* does what this one leaves NULL; or NULL */
};

extern const struct schema_type
    schema_number,                       /* double */
    schema_integer,                      /* int, int64_t, uint32_t or size_t */
    schema_bool,
    schema_seed,                         /* uint64_t; from 2^53 on as a text */
    schema_text,                         /* char *, not empty; with `choices`: one of them */
    schema_choice,                       /* enum: the first of `choices` is `min` */
    schema_object,                       /* a nested struct of schema `of` */
    schema_list,                         /* of objects: struct *, and how many at `count` */
    schema_integers,                     /* a list: int *, and how many at `count` */
    schema_texts,                        /* a list: char **, and how many at `count` */
    schema_numbers,                      /* a struct number_list; null for NAN */
    schema_ignored;                      /* anything; not read, not saved */

enum schema_storage {
    SCHEMA_OTHER, SCHEMA_DOUBLE, SCHEMA_INT, SCHEMA_UINT32, SCHEMA_INT64, SCHEMA_SIZE,
};

/* Many members, because a row holds all that is known of a field; most are left out. */
struct schema_field {
    const char *key;                     /* NULL: a row of `repeat` fields */
    const struct schema_type *type;
    size_t offset;
    enum schema_storage storage;
    size_t count;                        /* lists: offset of a size_t */
    double min, max;                     /* both ends allowed; both 0: no limits */
    double initial;                      /* default of numbers, booleans and choices */
    const char *otherwise;               /* default of texts; of others, in words for docs */
    enum quantity unit;
    const char *const *choices;          /* NULL-terminated */
    const struct schema *of;             /* of objects and lists; of others, for docs */
    bool required;
    const char *missing;                 /* sentence if a required field is absent, or NULL */
    bool always;                         /* saved even if it is the default */
    bool (*omit)(const void *object);    /* true: not saved. NULL: as `always` says */
    bool may_be_empty;                   /* texts of a list */
    const char *help;
    /* A row of many fields: `repeat` members that lie `stride` bytes apart. */
    size_t repeat, stride;
    const char *(*key_of)(int i);
    const char *(*help_of)(int i);       /* NULL: `help` */
};
/* `.offset` and `.storage` of a member. */
#define SCHEMA_AT(struct_type, member)                                                             \
    .offset = offsetof(struct_type, member),                                                       \
    .storage = _Generic(((struct_type *)0)->member, double: SCHEMA_DOUBLE, int: SCHEMA_INT,        \
                        unsigned: SCHEMA_UINT32, int64_t: SCHEMA_INT64, size_t: SCHEMA_SIZE,       \
                        default: SCHEMA_OTHER)

struct schema {
    const char *name;                    /* in the JSON Schema's definitions */
    const struct schema_field *fields;
    size_t n_fields;                     /* rows */
    size_t size;                         /* bytes of the struct */
    bool open;                           /* the object may have other members */
    /* "launch.cap" is the member `cap` of an object `launch` */
    bool dotted;
    const char *title;                   /* above its table in docs; NULL: it has no table */
    /* After all fields were read: what they are together. NULL: nothing more. */
    int (*check)(const struct json *at, void *object, struct error *err);
    /* A nested object is not saved if this holds (NULL: never), if `present` is false, if a
     * required member has no value (no text, or 0 where `min` is above it), or if none is to be
     * saved. */
    bool (*absent)(const void *object);
    size_t present;                      /* SCHEMA_PRESENT: a bool that reading sets; 0: none */
};
#define SCHEMA_PRESENT(type, member) .present = offsetof(type, member) + 1
#define SCHEMA_FIELDS(rows) .fields = (rows), .n_fields = sizeof(rows) / sizeof *(rows)

enum { SCHEMA_MOST_FIELDS = 64 };        /* of one schema, rows of many counted as such */

/* O(members x fields). Fields are read in the order of their rows, after all keys were looked at.
 */
int schema_read(const struct schema *s, const struct json *at, void *object, struct error *err);
void schema_defaults(const struct schema *s, void *object);
void schema_save(const struct schema *s, const void *object, cJSON *out);
void schema_clear(const struct schema *s, void *object);
void schema_copy(const struct schema *s, void *object);  /* of a bytewise copy: now owns its own */

/* Docs: the table of the schema, then those of the schemas below it. */
void schema_add_markdown(const struct schema *s, struct str *out);
void schema_add_value(const struct schema_field *f, struct str *out);   /* "seconds, 0 to 1e15" */
/* JSON Schema, draft 2020-12; of a nested schema a "$ref", its text in `definitions`. */
cJSON *schema_to_json_schema(const struct schema *s);
cJSON *schema_refer(const struct schema *s, cJSON *definitions);
/* For types of their own: `number`, or a text with a unit if the quantity has units. Takes
 * `number`. */
cJSON *schema_number_or_text(cJSON *number, enum quantity q);

#endif
