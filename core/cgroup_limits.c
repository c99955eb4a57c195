#include "core/platform_this_machine_impl.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"

enum { MOST_BYTES = 1 << 16 };

/* The file's first two words as numbers; NAN for what is absent or no number ("max"). */
static void read_two(const char *folder, const char *name, double out[2])
{
    char *path = str_format("%s/%s", folder, name), word[2][32] = { "", "" }, *end;
    FILE *f = fopen(path, "r");
    if (f && fscanf(f, "%31s %31s", word[0], word[1]) < 1)
        word[0][0] = '\0';
    if (f)
        fclose(f);
    free(path);
    for (int i = 0; i < 2; i++) {
        out[i] = strtod(word[i], &end);
        if (end == word[i] || *end)
            out[i] = NAN;
    }
}

static void lower(double *limit, double value)
{
    if (value > 0 && value < *limit)     /* false for NAN; -1 is no limit */
        *limit = value;
}

/* Of one group: cpu.max and memory.max (version 2), the others version 1. */
static void read_group(const char *folder, struct cgroup_limits *out)
{
    double max[2], quota[2], period[2], memory[2];
    read_two(folder, "cpu.max", max);
    lower(&out->cpus, max[0] / max[1]);
    read_two(folder, "cpu.cfs_quota_us", quota);
    read_two(folder, "cpu.cfs_period_us", period);
    lower(&out->cpus, quota[0] / period[0]);
    read_two(folder, "memory.max", memory);
    lower(&out->memory_bytes, memory[0]);
    read_two(folder, "memory.limit_in_bytes", memory);
    lower(&out->memory_bytes, memory[0]);
}

/* "/a/b" below `root`, then "/a", then "". In a container the upper part of the path may not be
 * there: those files are absent. */
static void read_path(const char *root, const char *path, struct cgroup_limits *out)
{
    char *folder = str_format("%s%s", root, path);
    size_t least = strlen(root);
    for (;;) {
        read_group(folder, out);
        char *slash = strrchr(folder, '/');
        if (!slash || (size_t)(slash - folder) < least)
            break;
        *slash = '\0';
    }
    free(folder);
}

/* "4:memory:/path" (version 1) or "0::/path" (version 2). */
static void read_line(char *line, const char *mount, struct cgroup_limits *out)
{
    char *controllers = strchr(line, ':'),
         *path = controllers ? strchr(controllers + 1, ':') : NULL;
    if (!path)
        return;
    *path++ = '\0';
    controllers++;
    if (strcmp(path, "/") == 0)
        *path = '\0';
    char *root = *controllers ? str_format("%s/%s", mount, controllers) : xstrdup(mount);
    read_path(root, path, out);
    free(root);
    if (*controllers)
        return;
    char *unified = str_format("%s/unified", mount);
    read_path(unified, path, out);
    free(unified);
}

struct cgroup_limits cgroup_limits_read(const char *groups, const char *mount)
{
    struct cgroup_limits out = { INFINITY, INFINITY };
    size_t size;
    char *text = file_load(groups, MOST_BYTES, &size, NULL);
    for (char *line = text, *next; line && *line; line = next) {
        next = line + strcspn(line, "\n");
        if (*next)
            *next++ = '\0';
        read_line(line, mount, &out);
    }
    free(text);
    return out;
}
