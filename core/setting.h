/* core/setting.h - what can be said of a scenario: one table, a row a setting.
 *
 * A row says how a setting is called, what values it takes, and how a value is applied to a
 * scenario. Command-line options, keys of a scenario file, axes of a study,
 * `replay --change` and the what-ifs of `explain` are views of these rows: a row's `views` says
 * which. To add a setting, add a row to core/setting_rows.h. Rows are applied in the order of the
 * table, which so decides what comes first: nodes after the platform, a factor
 * after the count that it multiplies. */
#ifndef DAGCAST_CORE_SETTING_H
#define DAGCAST_CORE_SETTING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/json.h"
#include "base/str.h"

#define ROW(id, ...) SETTING_##id,
enum setting_id {
#include "core/setting_rows.h"
    SETTINGS
};
#undef ROW

enum setting_type {
    SETTING_SOURCE,                      /* a name or a path of something to open */
    SETTING_NAME,                        /* of one of the registries of `dagcast list` */
    SETTING_TEXT,
    SETTING_INTEGER, SETTING_NUMBER,
    SETTING_SECONDS,                     /* a number, or "30m" */
    SETTING_SEED_NUMBER,                 /* 0 .. 2^63 - 1; in JSON from 2^53 on a string */
    SETTING_SWITCH                       /* takes no value */
};

enum setting_of {
    SETTING_OF_SCENARIO,
    /* "cores": of every task set; "cores.training": of one, which overrides it */
    SETTING_OF_SETS,
    /* "flow_rate": of every flow, or service; "flow_rate.scratch": of one */
    SETTING_OF_FLOWS,
    SETTING_OF_STATION                   /* "station.launch.service": always of one */
};

enum setting_view {                      /* sums of these */
    SETTING_KEY = 1,                     /* of a scenario file */
    SETTING_AXIS = 2,                    /* of a study */
    SETTING_CHANGE = 4,                  /* replay --change */
    SETTING_WHAT_IF = 8                  /* explain */
};

enum setting_heading { /* of --help, where commands that take the option list it */
                       SETTING_NO_OPTION,
                       SETTING_WHERE,
                       SETTING_HOW,
                       SETTING_POLICY,
                       SETTING_RUN,
                       SETTING_QUEUE,
                       SETTING_REPLICA
};

struct setting_value {                   /* zeroed: not said */
    bool said;
    /* of texts and large seeds; lives as long as what was read */
    const char *text;
    double number;                       /* of others */
};
/* as it was said; nothing when it was not */
void setting_value_add(struct str *text, const struct setting_value *v);
bool setting_value_equal(const struct setting_value *a, const struct setting_value *b);

struct setting_change {                  /* a setting with its value */
    enum setting_id id;
    /* label of a task set, name of a station; NULL: every set */
    const char *part;
    struct setting_value value;
};

struct variant;
struct scenario;
struct task_set;

/* Where a plain value lies: in a struct variant, a struct task_set (of sets), or the scheduler's
 * options. */
struct setting_member {
    enum {
        SETTING_NO_MEMBER,
        SETTING_MEMBER_INT,
        SETTING_MEMBER_INT64,
        SETTING_MEMBER_SIZE,
        SETTING_MEMBER_DOUBLE,
        SETTING_MEMBER_TEXT,
        SETTING_MEMBER_POLICY
    } kind;
    size_t offset;
};

typedef int setting_apply_fn(struct variant *v, const struct setting_change *c, struct error *err);
typedef int setting_apply_set_fn(struct task_set *set, double x, struct error *err);
typedef bool setting_concerns_fn(const struct scenario *s);

struct setting {
    const char *name;                    /* "nodes", of --nodes, {"nodes": 4} and nodes=4 */
    char letter;                         /* -n; 0: none */
    const char *argument, *help;         /* "N", and a sentence without a full stop */
    enum setting_type type;
    enum setting_of of;
    unsigned views;
    enum setting_heading heading;
    double min, max;                     /* of numbers */
    struct setting_member member;        /* what the functions do that a row does not have */
    /* -1: the scenario cannot be so. */
    setting_apply_fn *apply;
    setting_apply_set_fn *apply_to_set;
    /* Of what-ifs: false if the scenario has nothing of the kind. NULL: never. */
    setting_concerns_fn *concerns;
    const char *option;                  /* "queue-wait", of --queue-wait; NULL: the name */
};
const struct setting *setting_at(enum setting_id id);

/* Applies one row; of sets, to those with the label `c->part`, or to all. */
int setting_apply(struct variant *v, const struct setting_change *c, struct error *err);
int setting_apply_to_set(enum setting_id id, struct task_set *set, double x, struct error *err);

/* Names that a SETTING_NAME takes: number i, false past the end. The registries of policies lie
 * above this folder: scheduling/names.h. */
struct setting_name { const char *name, *summary; };
typedef bool setting_names_fn(enum setting_id id, size_t i, struct setting_name *out);

/* The setting with these views that a key names: "cores", "cores.training". `part` points into the
 * key. -1, and the nearest name. */
int setting_find(const char *key, unsigned views, struct setting_change *out, struct error *err);

/* A value from JSON, or from a text as on a command line. -1: of another type, out of range, or the
 * name of nothing. */
int setting_read(enum setting_id id, setting_names_fn *names, const struct json *at,
                 struct setting_value *out, struct error *err);
int setting_parse(enum setting_id id, setting_names_fn *names, const char *text,
                  struct setting_value *out, struct error *err);
/* The same as a JSON value that setting_read() reads back. */
cJSON *setting_value_to_json(const struct setting_value *v, enum setting_id id);

/* A text to a number of `type` (INTEGER, NUMBER or SECONDS) in a range; both bounds 0: any. "must
 * be from 1 to 64, is '65'". */
int setting_parse_number(enum setting_type type, double min, double max, const char *text,
                         double *out, struct error *err);

#endif
