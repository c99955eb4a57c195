#include "tests/support/scratch.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"

char *scratch_new(void)
{
    char *folder = xstrdup("/tmp/dagcast-test-XXXXXX");
    if (!mkdtemp(folder))
        abort();
    return folder;
}

static void remove_tree(const char *path)
{
    struct dirent *entry;
    DIR *folder = unlink(path) ? opendir(path) : NULL;   /* a link to a folder goes as a link */
    while (folder && (entry = readdir(folder))) {
        if (str_equal(entry->d_name, ".") || str_equal(entry->d_name, ".."))
            continue;
        char *inner = str_format("%s/%s", path, entry->d_name);
        remove_tree(inner);
        free(inner);
    }
    if (folder)
        closedir(folder);
    rmdir(path);
}

void scratch_free(char *folder)
{
    remove_tree(folder);
    free(folder);
}

char *scratch_file(const char *folder, const char *name, const void *bytes, size_t size)
{
    char *path = str_format("%s/%s", folder, name), *slash = strrchr(path, '/');
    *slash = '\0';
    int failed = file_make_dirs(path, NULL);
    *slash = '/';
    if (failed || file_save(path, bytes, size, NULL))
        abort();
    return path;
}
