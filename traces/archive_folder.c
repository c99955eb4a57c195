/* Folders, file by file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/archive_impl.h"

enum { MAX_FOLDER_DEPTH = 32 };

static void walk_plain_file(struct walk *w, const char *path, const char *name)
{
    if (!archive_count_file(w) || !w->visitor->begin(w->visitor->context, name))
        return;
    FILE *f = fopen(path, "rb");
    char *block = xmalloc(ARCHIVE_BLOCK_BYTES);
    size_t n;
    while (f && (n = fread(block, 1, ARCHIVE_BLOCK_BYTES, f)) > 0) {
        w->counts->bytes += n;
        w->visitor->data(w->visitor->context, block, n);
    }
    if (!f || ferror(f))
        archive_note_damage(w, name, strerror(errno));
    if (f)
        fclose(f);
    free(block);
    w->visitor->end(w->visitor->context);
}

static bool file_is_archive(const char *path)
{
    char head[ARCHIVE_HEAD_BYTES];
    size_t n = file_start(path, head, sizeof head);
    return n && (archive_name_is_archive(path) || archive_bytes_are_archive(head, n));
}

static void walk_folder_entry(struct walk *w, const char *path, const char *name, int depth)
{
    struct stat st;
    if (lstat(path, &st))
        archive_note_damage(w, name, strerror(errno));
    else if (S_ISLNK(st.st_mode))
        w->counts->links++;
    else if (S_ISDIR(st.st_mode))
        archive_walk_folder(w, path, name, depth + 1);
    else if (!S_ISREG(st.st_mode))
        w->counts->special++;
    else if (file_is_archive(path)) {
        w->bytes_in += (uint64_t)st.st_size;
        w->counts->archives++;
        archive_walk_file(w, path, name, 1);
    } else {
        walk_plain_file(w, path, name);
    }
}

void archive_walk_folder(struct walk *w, const char *path, const char *prefix, int depth)
{
    if (depth > MAX_FOLDER_DEPTH) {
        w->counts->too_deep++;
        return;
    }
    size_t n;
    char **names = file_names_in(path, &n);
    for (size_t i = 0; i < n; i++) {
        char *inner = str_format("%s/%s", path, names[i]);
        char *name = prefix ? str_format("%s/%s", prefix, names[i]) : xstrdup(names[i]);
        if (!w->stopped)
            walk_folder_entry(w, inner, name, depth);
        xfree(inner, name, names[i]);
    }
    free(names);
}
