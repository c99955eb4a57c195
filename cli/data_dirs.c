#include "cli/data_dirs.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"
#include "base/xalloc.h"

char *data_dirs_program_folder(void)
{
    char path[PATH_MAX];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    if (n <= 0)
        return NULL;
    path[n] = '\0';
    char *slash = strrchr(path, '/');
    return slash ? xstrndup(path, (size_t)(slash - path)) : NULL;
}

static void add(struct data_dirs *d, size_t *n, char *folder)
{
    d->owned[*n] = folder;
    d->at[(*n)++] = folder;
}

void data_dirs_init(struct data_dirs *d)
{
    *d = (struct data_dirs){ 0 };
    size_t n = 0;
    const char *said = getenv("DAGCAST_DATA");
    if (said && *said)
        add(d, &n, xstrdup(said));
    char *program = data_dirs_program_folder();
    char *slash = program ? strrchr(program, '/') : NULL;
    if (slash)
        add(d, &n, str_format("%.*s/share/dagcast", (int)(slash - program), program));
    free(program);
    add(d, &n, xstrdup(DAGCAST_SOURCE "/core"));
    add(d, &n, xstrdup(DAGCAST_SOURCE "/traces"));
    add(d, &n, xstrdup(DAGCAST_SOURCE));
}

void data_dirs_clear(struct data_dirs *d)
{
    for (size_t i = 0; i < DATA_DIRS_MAX; i++)
        free(d->owned[i]);
    *d = (struct data_dirs){ 0 };
}
