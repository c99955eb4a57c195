#include "core/presets.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/sort.h"
#include "base/str.h"
#include "base/xalloc.h"

const char *preset_kind_name(enum preset_kind k)
{
    static const char *const names[PRESET_KINDS] = { "platforms", "middleware", "templates" };
    return names[k];
}

/* below each data folder: "platforms" "profiles" "examples/templates" */
static const char *preset_kind_folder(enum preset_kind k)
{
    static const char *const folders[PRESET_KINDS] = { "platforms", "profiles",
                                                       "examples/templates" };
    return folders[k];
}

static void add(struct presets *p, size_t *room, const char *name, size_t length)
{
    for (size_t i = 0; i < p->n; i++)
        if (strlen(p->names[i]) == length && strncmp(p->names[i], name, length) == 0)
            return;
    xgrow(&p->names, room, p->n + 1, sizeof *p->names);
    p->names[p->n++] = xstrndup(name, length);
}

static void add_folder(struct presets *p, size_t *room, const char *path)
{
    static const char extension[] = ".json";
    DIR *folder = opendir(path);
    if (!folder)
        return;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.' && str_ends(entry->d_name, extension))
            add(p, room, entry->d_name, strlen(entry->d_name) - strlen(extension));
    closedir(folder);
}

struct presets presets_find(enum preset_kind k, const char *const *data_dirs)
{
    static const char *const built_in[PRESET_KINDS] = { "this-machine", "ideal", NULL };
    struct presets p = { 0 };
    size_t room = 0;
    if (built_in[k])
        add(&p, &room, built_in[k], strlen(built_in[k]));
    size_t first = p.n;
    for (size_t i = 0; data_dirs[i]; i++) {
        char *path = str_format("%s/%s", data_dirs[i], preset_kind_folder(k));
        add_folder(&p, &room, path);
        free(path);
    }
    if (p.n > first)
        qsort(p.names + first, p.n - first, sizeof *p.names, sort_by_text);
    return p;
}

void presets_clear(struct presets *p)
{
    for (size_t i = 0; i < p->n; i++)
        free(p->names[i]);
    free(p->names);
    *p = (struct presets){ 0 };
}

char *preset_path(enum preset_kind k, const char *name, const char *const *data_dirs)
{
    char *file = str_format("%s/%s.json", preset_kind_folder(k), name),
         *path = file_find_data(data_dirs, file);
    free(file);
    return path;
}

bool presets_is_path(const char *name)
{
    return strchr(name, '/') || strstr(name, ".json");
}

int presets_check(enum preset_kind k, const char *option, const char *name,
                  const char *const *data_dirs, struct error *err)
{
    if (!name || presets_is_path(name))
        return 0;
    struct presets p = presets_find(k, data_dirs);
    bool known = false;
    for (size_t i = 0; i < p.n; i++)
        known = known || str_equal(p.names[i], name);
    const char **names = xcalloc(p.n + 1, sizeof *names);
    for (size_t i = 0; i < p.n; i++)
        names[i] = p.names[i];
    const char *near = str_nearest(name, names);
    if (!known && near)
        error_set(err, "%s: none is named '%s'; did you mean '%s'?", option, name, near);
    else if (!known)
        error_set(err,
                  "%s: none is named '%s'; 'dagcast list %s' shows the names; a file is given as "
                  "./%s or ends in .json",
                  option, name, preset_kind_name(k), name);
    free(names);
    presets_clear(&p);
    return known ? 0 : -1;
}
