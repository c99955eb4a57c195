#include "validation/executor/environment.h"

#include <stdbool.h>
#include <string.h>

#include "base/xalloc.h"

static size_t count(char *const *texts)
{
    size_t n = 0;
    while (texts[n])
        n++;
    return n;
}

static bool same_name(const char *a, const char *b)
{
    size_t n = strcspn(a, "=");
    return n == strcspn(b, "=") && strncmp(a, b, n) == 0;
}

static bool is_changed(const char *variable, char *const *changes)
{
    for (; *changes; changes++)
        if (same_name(variable, *changes))
            return true;
    return false;
}

char **environment_merge(char *const *base, char *const *changes)
{
    char **merged = xcalloc(count(base) + count(changes) + 1, sizeof *merged);
    size_t n = 0;
    for (; *base; base++)
        if (!is_changed(*base, changes))
            merged[n++] = *base;
    for (; *changes; changes++)
        merged[n++] = *changes;
    return merged;
}
