#include "traces/archive_impl.h"

#include <archive_entry.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/gunzip.h"
#include "traces/packed_file.h"

const struct archive_limits archive_default_limits = {
    .free_bytes = (uint64_t)256 << 20, .max_ratio = 200, .max_bytes = (uint64_t)64 << 30,
    .max_files = 4000000,
};

bool archive_count_file(struct walk *w)
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

/* "a.prof.gz": by its name one file, packed, and no archive. */
static bool name_is_packed_file(const char *name)
{
    return name && !archive_name_is_archive(name) && packed_file_name_length(name) < strlen(name);
}

static struct archive *reader_new(const char *name)
{
    struct archive *a = archive_read_new();
    if (!a)
        abort();
    /* not filter_all: some filters run programs */
    archive_read_support_filter_gzip(a);
    archive_read_support_filter_bzip2(a);
    archive_read_support_filter_xz(a);
    archive_read_support_filter_zstd(a);
    archive_read_support_format_tar(a);
    archive_read_support_format_zip(a);
    if (name_is_packed_file(name))
        archive_read_support_format_raw(a);
    return a;
}

static la_ssize_t entry_block(struct archive *a, void *context, const void **block)
{
    (void)a;
    return (la_ssize_t)archive_entry_read(context, block);
}

static la_ssize_t gunzip_block(struct archive *a, void *context, const void **block)
{
    (void)a;
    return (la_ssize_t)gunzip_read(context, block);
}

/* A file that something packed without a tar around it (a log) is no archive, and not damaged.
 * EILSEQ: libarchive knows no such format. */
static bool is_packed_file(struct archive *a, const char *name, size_t entries)
{
    return !entries && name && !archive_name_is_archive(name) && archive_errno(a) == EILSEQ;
}

/* It cannot be opened, or read on after so many entries. */
static void note_failure(struct walk *w, struct archive *a, const char *name, size_t entries)
{
    if (!is_packed_file(a, name, entries))
        archive_note_damage(w, name, archive_error_string(a));
}

static void walk_entries(struct walk *w, struct archive *a, const char *prefix, int depth);

/* What follows a tar's end within its gzip: the checksum stands behind it. false: damaged. */
static bool drain(struct walk *w, struct gunzip *g)
{
    const void *block;
    ptrdiff_t n;
    while ((n = gunzip_read(g, &block)) > 0 && archive_account(w, (size_t)n))
        continue;
    return n >= 0;
}

/* `opened`: what libarchive said of it. Frees the reader. */
static void walk_reader(struct walk *w, struct archive *a, int opened, const char *name, int depth)
{
    if (opened == ARCHIVE_OK)
        walk_entries(w, a, name, depth);
    else
        note_failure(w, a, name, 0);
    archive_read_free(a);
}

static void walk_gunzip(struct walk *w, struct gunzip *g, const char *name, int depth)
{
    struct archive *a = reader_new(name);
    size_t broken = w->counts->broken;
    walk_reader(w, a, archive_read_open(a, g, NULL, gunzip_block, NULL), name, depth);
    if (w->counts->broken == broken && !w->stopped) {
        w->counts->checked = depth == 0;
        if (!drain(w, g))
            archive_note_damage(w, name, NULL);
        else if (gunzip_checksum_failed(g))
            archive_note_damage(
                w, name, "wrong checksum (gzip, CRC-32): its bytes are not those that were packed");
    }
    gunzip_close(g);
}

static void walk_nested(struct walk *w, struct archive_entry_data *d, const char *name, int depth)
{
    struct archive_entry_filler filler = { .data = d };
    struct gunzip *g =
        memcmp(d->head, "\x1f\x8b", 2) ? NULL : gunzip_new(archive_entry_fill, &filler);
    w->counts->archives++;
    if (g) {
        walk_gunzip(w, g, name, depth);
        return;
    }
    struct archive *inner = reader_new(name);
    walk_reader(w, inner, archive_read_open(inner, d, NULL, entry_block, NULL), name, depth);
}

/* false: the archive cannot be read on. */
static bool walk_file_entry(struct walk *w, struct archive *a, const char *name, int depth)
{
    struct archive_entry_data d = { .walk = w, .archive = a, .name = name };
    archive_entry_look(&d);
    bool nested =
        archive_bytes_are_archive(d.head, d.n_head) || (archive_name_is_archive(name) && d.n_head);
    if (nested && depth < ARCHIVE_MAX_DEPTH) {
        size_t broken = w->counts->broken;
        walk_nested(w, &d, name, depth + 1);
        if (!d.failed || w->counts->broken == broken)
            archive_entry_pass(w, &d, false);
        return !d.failed;
    }
    w->counts->too_deep += nested;
    bool wanted = !nested && archive_count_file(w) && w->visitor->begin(w->visitor->context, name);
    bool good = archive_entry_pass(w, &d, wanted);
    if (wanted)
        w->visitor->end(w->visitor->context);
    return good;
}

/* false: the archive cannot be read on. */
static bool walk_entry(struct walk *w, struct archive *a, struct archive_entry *entry,
                       const char *prefix, int depth)
{
    const char *name = archive_entry_pathname(entry);
    if (name_is_unsafe(name)) {
        struct archive_entry_data d = { .walk = w, .archive = a, .name = name };
        w->counts->unsafe_names++;
        archive_entry_look(&d);
        return archive_entry_pass(w, &d, false);
    }
    if (archive_entry_symlink(entry) || archive_entry_hardlink(entry)) {
        w->counts->links++;
        return true;
    }
    if (archive_entry_filetype(entry) != AE_IFREG) {
        w->counts->special += archive_entry_filetype(entry) != AE_IFDIR;
        return true;
    }
    bool packed = archive_format(a) == ARCHIVE_FORMAT_RAW;
    char *full = packed   ? xstrndup(prefix, packed_file_name_length(prefix))
                 : prefix ? str_format("%s/%s", prefix, name)
                          : xstrdup(name);
    bool good = walk_file_entry(w, a, full, depth);
    free(full);
    return good;
}

static void walk_entries(struct walk *w, struct archive *a, const char *prefix, int depth)
{
    struct archive_entry *entry;
    int status = ARCHIVE_OK;
    size_t entries = 0;
    bool good = true;
    while (good && !w->stopped) {
        status = archive_read_next_header(a, &entry);
        if (status == ARCHIVE_RETRY)
            continue;
        if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
            break;
        entries++;
        good = walk_entry(w, a, entry, prefix, depth);
    }
    if (!w->stopped && (!good || status != ARCHIVE_EOF))
        note_failure(w, a, prefix, entries);
}

void archive_walk_file(struct walk *w, const char *path, const char *name, int depth)
{
    struct gunzip *g = gunzip_open(path);
    if (g) {
        walk_gunzip(w, g, name, depth);
        return;
    }
    struct archive *a = reader_new(name);
    walk_reader(w, a, archive_read_open_filename(a, path, ARCHIVE_BLOCK_BYTES), name, depth);
}

int archive_walk(const char *path, const struct archive_visitor *visitor,
                 const struct archive_limits *limits, struct archive_counts *counts,
                 struct error *err)
{
    struct stat st;
    *counts = (struct archive_counts){ 0 };
    if (stat(path, &st))
        return error_set(err, "%s: %s", path, strerror(errno));
    struct walk w = { .path = path, .visitor = visitor,
                      .limits = limits ? limits : &archive_default_limits,
                      .counts = counts, .err = err };
    if (S_ISDIR(st.st_mode)) {
        archive_walk_folder(&w, path, NULL, 0);
    } else if (S_ISREG(st.st_mode)) {
        w.bytes_in = (uint64_t)st.st_size;
        archive_walk_file(&w, path, NULL, 0);
    } else {
        return error_set(err, "%s: is neither a folder nor a file", path);
    }
    if (w.stopped)
        return -1;
    if (counts->broken && !counts->files && !counts->archives)
        return error_set(err,
                         "%s: expected an archive (tar, plain or packed by gzip, bzip2, "
                         "xz or zstd; zip): %s",
                         path, counts->damage);
    return 0;
}
