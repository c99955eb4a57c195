#include "traces/archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "traces/gunzip.h"

enum { BLOCK_BYTES = 1 << 16, MAX_FOLDER_DEPTH = 32 };

const struct archive_limits archive_default_limits = {
    .free_bytes = (uint64_t)256 << 20, .max_ratio = 200, .max_bytes = (uint64_t)64 << 30, .max_files = 4000000,
};

struct walk {
    const char *path;
    const struct archive_visitor *visitor;
    const struct archive_limits *limits;
    struct archive_counts *counts;
    struct error *err;
    uint64_t bytes_in, bytes_out;
    bool stopped;                        /* beyond a limit: err is set */
};

bool archive_name_is_archive(const char *name)
{
    static const char *const endings[] = { ".tar", ".tgz", ".tar.gz", ".tbz", ".tbz2", ".tar.bz2", ".tar.xz", ".txz",
                                           ".tar.zst", ".tzst", ".zip", NULL };
    for (size_t i = 0; endings[i]; i++)
        if (str_ends(name, endings[i]))
            return true;
    return false;
}

/* Counts what came out of an archive; false when that is too much. */
static bool account(struct walk *w, size_t size)
{
    w->bytes_out += size;
    uint64_t allowed = w->limits->free_bytes + w->bytes_in * w->limits->max_ratio;
    if (allowed > w->limits->max_bytes)
        allowed = w->limits->max_bytes;
    if (w->bytes_out <= allowed)
        return true;
    if (!w->stopped)
        error_set(w->err, "%s: unpacks to more than %llu MiB from %llu KiB, which no session does", w->path,
                  (unsigned long long)(allowed >> 20), (unsigned long long)(w->bytes_in >> 10));
    w->stopped = true;
    return false;
}

static bool count_file(struct walk *w)
{
    if (++w->counts->files <= w->limits->max_files)
        return true;
    if (!w->stopped)
        error_set(w->err, "%s: holds more than %zu files", w->path, w->limits->max_files);
    w->stopped = true;
    return false;
}

static bool name_is_unsafe(const char *name)
{
    if (!name || name[0] == '/')
        return true;
    for (const char *part = name; part; part = strchr(part, '/')) {
        part += *part == '/';
        size_t n = strcspn(part, "/");
        if (n == 2 && !memcmp(part, "..", 2))
            return true;
    }
    return false;
}

static struct archive *reader_new(void)
{
    struct archive *a = archive_read_new();
    if (!a)
        abort();
    archive_read_support_filter_gzip(a);                  /* not filter_all: some filters run programs */
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_format_tar(a);
    archive_read_support_format_zip(a);
    return a;
}

/* The data of the entry in hand, to the visitor or (not wanted) only counted: skipping would decompress it uncounted. */
static int pass_data(struct walk *w, struct archive *a, bool wanted)
{
    const void *block;
    size_t size;
    int64_t offset;
    int status;
    while ((status = archive_read_data_block(a, &block, &size, &offset)) == ARCHIVE_OK || status == ARCHIVE_WARN) {
        if (!account(w, size))
            return -1;
        if (!wanted)
            continue;
        w->counts->bytes += size;
        w->visitor->data(w->visitor->context, block, size);
    }
    return status == ARCHIVE_EOF ? 0 : -1;
}

/* Feeds an archive inside an archive from the entry in hand of the outer one. */
struct nested { struct walk *walk; struct archive *outer; };

static la_ssize_t nested_read(struct archive *a, void *context, const void **block)
{
    struct nested *n = context;
    size_t size;
    int64_t offset;
    (void)a;
    for (;;) {
        int status = archive_read_data_block(n->outer, block, &size, &offset);
        if (status == ARCHIVE_EOF)
            return 0;
        if ((status != ARCHIVE_OK && status != ARCHIVE_WARN) || !account(n->walk, size))
            return -1;
        if (size)
            return (la_ssize_t)size;
    }
}

static void walk_entries(struct walk *w, struct archive *a, const char *prefix, int depth);

static void walk_nested(struct walk *w, struct archive *outer, const char *name, int depth)
{
    struct nested context = { w, outer };
    struct archive *inner = reader_new();
    w->counts->archives++;
    if (archive_read_open(inner, &context, NULL, nested_read, NULL) == ARCHIVE_OK)
        walk_entries(w, inner, name, depth);
    else
        w->counts->broken++;
    archive_read_free(inner);
}

/* false: the archive cannot be read on. */
static bool walk_entry(struct walk *w, struct archive *a, struct archive_entry *entry, const char *prefix, int depth)
{
    const char *name = archive_entry_pathname(entry);
    if (name_is_unsafe(name)) {
        w->counts->unsafe_names++;
        return pass_data(w, a, false) == 0;
    }
    if (archive_entry_symlink(entry) || archive_entry_hardlink(entry)) {
        w->counts->links++;
        return true;
    }
    if (archive_entry_filetype(entry) != AE_IFREG) {
        w->counts->special += archive_entry_filetype(entry) != AE_IFDIR;
        return true;
    }
    char *full = prefix ? str_format("%s/%s", prefix, name) : xstrdup(name);
    bool good = true;
    if (archive_name_is_archive(name) && depth < ARCHIVE_MAX_DEPTH) {
        walk_nested(w, a, full, depth + 1);
    } else {
        bool nested = archive_name_is_archive(name);
        w->counts->too_deep += nested;
        bool wanted = !nested && count_file(w) && w->visitor->begin(w->visitor->context, full);
        good = pass_data(w, a, wanted) == 0;
        if (wanted)
            w->visitor->end(w->visitor->context);
    }
    free(full);
    return good;
}

static void walk_entries(struct walk *w, struct archive *a, const char *prefix, int depth)
{
    struct archive_entry *entry;
    int status = ARCHIVE_OK;
    bool good = true;
    while (good && !w->stopped) {
        status = archive_read_next_header(a, &entry);
        if (status == ARCHIVE_RETRY)
            continue;
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
            break;
        good = walk_entry(w, a, entry, prefix, depth);
    }
    w->counts->broken += !w->stopped && (!good || status != ARCHIVE_EOF);
}

static la_ssize_t gunzip_block(struct archive *a, void *context, const void **block)
{
    (void)a;
    return (la_ssize_t)gunzip_read(context, block);
}

static void walk_archive_file(struct walk *w, const char *path, const char *name, int depth)
{
    struct archive *a = reader_new();
    struct gunzip *g = gunzip_open(path);
    int status = g ? archive_read_open(a, g, NULL, gunzip_block, NULL) : archive_read_open_filename(a, path, BLOCK_BYTES);
    if (status == ARCHIVE_OK)
        walk_entries(w, a, name, depth);
    else
        w->counts->broken++;
    archive_read_free(a);
    gunzip_close(g);
}

static void walk_plain_file(struct walk *w, const char *path, const char *name)
{
    if (!count_file(w) || !w->visitor->begin(w->visitor->context, name))
        return;
    FILE *f = fopen(path, "rb");
    char *block = xmalloc(BLOCK_BYTES);
    size_t n;
    while (f && (n = fread(block, 1, BLOCK_BYTES, f)) > 0) {
        w->counts->bytes += n;
        w->visitor->data(w->visitor->context, block, n);
    }
    w->counts->broken += !f || ferror(f);
    if (f)
        fclose(f);
    free(block);
    w->visitor->end(w->visitor->context);
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The names in a folder, sorted; NULL if it cannot be read. */
static char **folder_names(const char *path, size_t *n)
{
    DIR *folder = opendir(path);
    char **names = NULL;
    size_t room = 0;
    struct dirent *entry;
    *n = 0;
    while (folder && (entry = readdir(folder))) {
        if (str_equal(entry->d_name, ".") || str_equal(entry->d_name, ".."))
            continue;
        xgrow(&names, &room, *n + 1, sizeof *names);
        names[(*n)++] = xstrdup(entry->d_name);
    }
    if (folder)
        closedir(folder);
    if (*n)
        qsort(names, *n, sizeof *names, compare_names);
    return names;
}

static void walk_folder(struct walk *w, const char *path, const char *prefix, int depth);

static void walk_folder_entry(struct walk *w, const char *path, const char *name, int depth)
{
    struct stat st;
    if (lstat(path, &st))
        w->counts->broken++;
    else if (S_ISLNK(st.st_mode))
        w->counts->links++;
    else if (S_ISDIR(st.st_mode))
        walk_folder(w, path, name, depth + 1);
    else if (!S_ISREG(st.st_mode))
        w->counts->special++;
    else if (archive_name_is_archive(name)) {
        w->bytes_in += (uint64_t)st.st_size;
        w->counts->archives++;
        walk_archive_file(w, path, name, 1);
    } else {
        walk_plain_file(w, path, name);
    }
}

static void walk_folder(struct walk *w, const char *path, const char *prefix, int depth)
{
    if (depth > MAX_FOLDER_DEPTH) {
        w->counts->too_deep++;
        return;
    }
    size_t n;
    char **names = folder_names(path, &n);
    for (size_t i = 0; i < n; i++) {
        char *inner = str_format("%s/%s", path, names[i]);
        char *name = prefix ? str_format("%s/%s", prefix, names[i]) : xstrdup(names[i]);
        if (!w->stopped)
            walk_folder_entry(w, inner, name, depth);
        free(inner);
        free(name);
        free(names[i]);
    }
    free(names);
}

int archive_walk(const char *path, const struct archive_visitor *visitor, const struct archive_limits *limits,
                 struct archive_counts *counts, struct error *err)
{
    struct stat st;
    *counts = (struct archive_counts){ 0 };
    if (stat(path, &st))
        return error_set(err, "%s: %s", path, strerror(errno));
    struct walk w = { .path = path, .visitor = visitor, .limits = limits ? limits : &archive_default_limits,
                      .counts = counts, .err = err };
    if (S_ISDIR(st.st_mode)) {
        walk_folder(&w, path, NULL, 0);
    } else if (S_ISREG(st.st_mode)) {
        w.bytes_in = (uint64_t)st.st_size;
        walk_archive_file(&w, path, NULL, 0);
    } else {
        return error_set(err, "%s: is neither a folder nor a file", path);
    }
    if (w.stopped)
        return -1;
    if (counts->broken && !counts->files && !counts->archives)
        return error_set(err, "%s: is no archive that can be read (.tgz, .tar.gz, .tar.bz2, .tar.xz, .tar.zst, .tar, .zip)", path);
    return 0;
}
