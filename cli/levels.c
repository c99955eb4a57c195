#include "cli/levels.h"

int level_find(const char *name, enum information *level, struct error *err)
{
    int found = information_find(name);
    *level = INFORMATION_DESCRIPTION;
    if (found < 0 || found == INFORMATION_ARRIVALS)
        return error_set(err, "--level: must be description, requested or measured, is '%s'", name);
    *level = (enum information)found;
    return 0;
}
