#include "cli/installed_file.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"

void installed_files_take(struct installed_files *f, const struct command *c, char **argv,
                          const struct operands *operands, const char *const *data_dirs)
{
    size_t n = operands->n - (c->last_is_output && operands->n > 0);
    for (size_t i = (size_t)c->first_file; i < n; i++) {
        const char *name = operands->at[i];
        char *found = str_starts(name, "examples/") && access(name, F_OK) != 0
                          ? file_find_data(data_dirs, name)
                          : NULL;
        if (!found)
            continue;
        xgrow(&f->at, &f->room, f->n + 1, sizeof *f->at);
        f->at[f->n++] = found;
        argv[operands->at - argv + (ptrdiff_t)i] = found;
    }
}

void installed_files_clear(struct installed_files *f)
{
    for (size_t i = 0; i < f->n; i++)
        free(f->at[i]);
    free(f->at);
    *f = (struct installed_files){ 0 };
}
