#include "cli/levels.h"

#include "cli/choices.h"

int level_find(const char *name, enum information *level, struct error *err)
{
    int found = information_find(name);
    *level = INFORMATION_DESCRIPTION;
    if (found < 0 || found == INFORMATION_ARRIVALS)
        return choice_refuse("--level", name,
                             (const char *const[]){ "description", "requested", "measured", NULL },
                             err);
    *level = (enum information)found;
    return 0;
}
