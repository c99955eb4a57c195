#include "tests/support/imported.h"

#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"

struct session *imported_or(const char *folder, const char *name, const char *text,
                            struct error *err)
{
    char *path = scratch_file(folder, name, text, strlen(text));
    struct session *s = importer_load(path, NULL, err);
    free(path);
    return s;
}

struct session *imported(const char *folder, const char *name, const char *text)
{
    struct error err = { "" };
    struct session *s = imported_or(folder, name, text, &err);
    if (!s)
        CU_FAIL_FATAL(err.text);
    return s;
}

size_t noted(const struct session *s, const char *why)
{
    for (size_t i = 0; i < s->notes.n; i++)
        if (strstr(s->notes.at[i].why, why))
            return s->notes.at[i].count;
    return 0;
}

const struct task_set *set_named(const struct session *s, const char *name)
{
    int k = workflow_find_set(s->workflow, name);
    if (k < 0)
        CU_FAIL_FATAL(name);
    return &s->workflow->sets[k];
}

const struct demand *demand_named(const struct session *s, const char *name)
{
    return &set_named(s, name)->traits->demand;
}

size_t noted_count(const struct session *s, const char *what, const char *why)
{
    for (size_t i = 0; i < s->notes.n; i++)
        if (str_equal(s->notes.at[i].what, what) && strstr(s->notes.at[i].why, why))
            return s->notes.at[i].count;
    return 0;
}

double duration_in(const struct task_set *set, uint32_t task)
{
    return set->durations ? set->durations[task] : dist_mean(set->duration);
}
