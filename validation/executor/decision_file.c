#include "validation/executor/decision_file.h"

#include <stdlib.h>

#include "base/xalloc.h"

static const char *const keys[] = { "continue", "tasks", "cancel", NULL };

static int read_counts(const struct json *at, const struct workflow *described,
                       struct decision_said *out, struct error *err)
{
    struct json tasks = json_member(at, "tasks");
    if (!tasks.value)
        return 0;
    if (json_expect_object(&tasks, NULL, err) != 0)
        return -1;
    out->counts = xcalloc(json_count(&tasks) + 1, sizeof *out->counts);
    for (struct json e = json_first(&tasks); e.value; e = json_next(&e)) {
        int64_t n;
        int set = workflow_find_set(described, e.key);
        if (json_as_int(&e, 0, 1000000, &n, err) != 0)
            return -1;
        if (set < 0 || !described->sets[set].decided ||
            described->sets[set].decided->count == COUNT_WRITTEN)
            return json_error(&e, err,
                              "'%s' is not a task set whose number of tasks is decided at run time",
                              e.key);
        out->counts[out->n_counts++] = (struct said_count){ xstrdup(e.key), n };
    }
    return 0;
}

static int read_cancels(const struct json *at, const struct workflow *described,
                        struct decision_said *out, struct error *err)
{
    struct json names = json_member(at, "cancel");
    if (!names.value)
        return 0;
    if (json_expect_array(&names, err) != 0)
        return -1;
    out->cancels_said = true;
    out->cancels = xcalloc(json_count(&names) + 1, sizeof *out->cancels);
    for (struct json e = json_first(&names); e.value; e = json_next(&e)) {
        const char *name;
        if (json_as_string(&e, &name, err) != 0)
            return -1;
        int set = workflow_find_set(described, name);
        if (set < 0)
            return json_error(&e, err, "'%s' is not a task set of the workflow", name);
        if (workflow_campaign_of(described, set) >= 0)
            return json_error(
                &e, err, "task set '%s' is of a campaign, whose tasks cannot be cancelled", name);
        out->cancels[out->n_cancels++] = xstrdup(name);
    }
    return 0;
}

int decision_read(const struct json_document *doc, const struct workflow *described,
                  struct decision_said *out, struct error *err)
{
    bool goes_on = true;
    struct json at = json_root(doc);
    *out = (struct decision_said){ .goes_on = -1 };
    if (json_expect_object(&at, keys, err) || json_get_bool(&at, "continue", &goes_on, err) ||
        read_counts(&at, described, out, err) || read_cancels(&at, described, out, err)) {
        decision_said_clear(out);
        return -1;
    }
    if (json_has(&at, "continue"))
        out->goes_on = goes_on;
    return 0;
}
