#include "tests/support/pack.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <stdlib.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"

struct pack { struct archive *archive; };

struct pack *pack_new(const char *path)
{
    struct pack *p = xcalloc(1, sizeof *p);
    p->archive = archive_write_new();
    if (str_ends(path, "gz"))
        archive_write_add_filter_gzip(p->archive);
    else if (str_ends(path, ".bz2"))
        archive_write_add_filter_bzip2(p->archive);
    else if (str_ends(path, ".zst"))
        archive_write_add_filter_zstd(p->archive);
    else if (str_ends(path, ".xz"))
        archive_write_add_filter_xz(p->archive);
    if (str_ends(path, ".zip"))
        archive_write_set_format_zip(p->archive);
    else
        archive_write_set_format_pax_restricted(p->archive);
    if (archive_write_open_filename(p->archive, path) != ARCHIVE_OK)
        abort();
    return p;
}

static void begin(struct pack *p, const char *name, size_t size, const char *target)
{
    struct archive_entry *entry = archive_entry_new();
    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (int64_t)size);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_filetype(entry, target ? AE_IFLNK : AE_IFREG);
    if (target)
        archive_entry_set_symlink(entry, target);
    if (archive_write_header(p->archive, entry) != ARCHIVE_OK)
        abort();
    archive_entry_free(entry);
}

void pack_file(struct pack *p, const char *name, const void *bytes, size_t size)
{
    begin(p, name, size, NULL);
    if (archive_write_data(p->archive, bytes, size) != (la_ssize_t)size)
        abort();
}

void pack_link(struct pack *p, const char *name, const char *target)
{
    begin(p, name, 0, target);
}

void pack_zeros(struct pack *p, const char *name, size_t size)
{
    static const char zeros[1 << 16];
    begin(p, name, size, NULL);
    for (size_t left = size, n; left; left -= n) {
        n = left < sizeof zeros ? left : sizeof zeros;
        archive_write_data(p->archive, zeros, n);
    }
}

void pack_tree(struct pack *p, const char *folder, const char *prefix)
{
    struct dirent *entry;
    DIR *dir = opendir(folder);
    while (dir && (entry = readdir(dir))) {
        if (str_equal(entry->d_name, ".") || str_equal(entry->d_name, ".."))
            continue;
        char *path = str_format("%s/%s", folder, entry->d_name),
             *name = str_format("%s/%s", prefix, entry->d_name);
        size_t size;
        char *bytes = file_load(path, (size_t)1 << 30, &size, NULL);
        if (bytes)
            pack_file(p, name, bytes, size);
        else
            pack_tree(p, path, name);
        free(bytes);
        free(path);
        free(name);
    }
    if (dir)
        closedir(dir);
}

void pack_free(struct pack *p)
{
    archive_write_close(p->archive);
    archive_write_free(p->archive);
    free(p);
}
