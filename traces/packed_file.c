#include "traces/packed_file.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

#include "base/file.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/xalloc.h"
#include "traces/archive.h"
#include "traces/gunzip.h"

static const size_t largest_file = (size_t)1 << 32;
static const char too_large[] = "unpacks to more than a record of a run does";

/* Either gunzip, which checks checksums, or libarchive for the others. */
struct stream {
    struct gunzip *gunzip;
    struct archive *archive;
    const char *damage;
    uint64_t given, most;
};

enum { MAGIC_BYTES = 6, PIECE_BYTES = 1 << 16 };
static const char *const endings[] = { ".gz", ".bz2", ".xz", ".zst" };

bool packed_file_is_packed(const char *path)
{
    char head[MAGIC_BYTES];
    struct stat st;
    return stat(path, &st) == 0 && S_ISREG(st.st_mode) &&
           archive_bytes_are_packed(head, file_start(path, head, sizeof head));
}

static struct archive *open_other(const char *path)
{
    struct archive_entry *entry;
    struct archive *a = archive_read_new();
    archive_read_support_filter_all(a);
    archive_read_support_format_raw(a);
    if (archive_read_open_filename(a, path, 1 << 16) == ARCHIVE_OK &&
        archive_read_next_header(a, &entry) == ARCHIVE_OK)
        return a;
    archive_read_free(a);
    return NULL;
}

/* false: the file is not packed. */
static bool open_stream(struct stream *s, const char *path)
{
    struct stat st;
    *s = (struct stream){ 0 };
    if (!packed_file_is_packed(path) || stat(path, &st))
        return false;
    uint64_t packed = (uint64_t)st.st_size,
             most = archive_default_limits.free_bytes + packed * archive_default_limits.max_ratio;
    s->most = most < largest_file ? most : largest_file;
    s->gunzip = gunzip_open(path);
    s->archive = s->gunzip ? NULL : open_other(path);
    if (!s->gunzip && !s->archive)
        s->damage = "its packed bytes are damaged from the start";
    return true;
}

static void close_stream(struct stream *s)
{
    gunzip_close(s->gunzip);
    if (s->archive)
        archive_read_free(s->archive);
}

/* The next block; 0 at the end, or at the damage. */
static size_t next_block(struct stream *s, const void **block)
{
    size_t size = 0;
    if (s->damage)
        return 0;
    if (s->gunzip) {
        ptrdiff_t n = gunzip_read(s->gunzip, block);
        if (n < 0)
            s->damage = "ends early, or its packed bytes are damaged";
        else if (n == 0 && gunzip_checksum_failed(s->gunzip))
            s->damage = "wrong checksum (gzip, CRC-32): its bytes are not those that were packed";
        size = n >= 0 ? (size_t)n : gunzip_before_damage(s->gunzip, block);
    } else {
        int64_t offset;
        int status = archive_read_data_block(s->archive, block, &size, &offset);
        if (status != ARCHIVE_OK && status != ARCHIVE_EOF)
            s->damage = "ends early, or its packed bytes are damaged";
        size = status == ARCHIVE_OK ? size : 0;
    }
    s->given += size;
    if (s->given > s->most)
        s->damage = too_large;
    return size;
}

char *packed_file_load(const char *path, size_t *size, struct error *err)
{
    struct stream s;
    const void *block;
    char *bytes = NULL;
    size_t room = 0, n = 0, got;
    if (!open_stream(&s, path)) {
        bytes = file_load(path, largest_file, size, err);
        *size = bytes ? utf8_from_marked(&bytes, *size) : 0;
        return bytes;
    }
    while ((got = next_block(&s, &block)) > 0 && s.damage != too_large) {
        xgrow(&bytes, &room, n + got + 1, 1);
        memcpy(bytes + n, block, got);
        n += got;
    }
    xgrow(&bytes, &room, n + 1, 1);
    bytes[n] = '\0';
    *size = utf8_from_marked(&bytes, n);
    if (s.damage && (n == 0 || s.damage == too_large)) {
        error_set(err, "%s: %s", path, s.damage);
        free(bytes);
        bytes = NULL;
    }
    close_stream(&s);
    return bytes;
}

/* ---- as JSON ---- */

struct unpacking {
    struct stream stream;
    char *path;
    const char *block;                   /* of it `left` bytes are to be handed on */
    size_t left;
};

static ptrdiff_t read_unpacked(void *context, char *out, size_t room, struct error *err)
{
    struct unpacking *u = context;
    struct stream *s = &u->stream;
    const void *block = u->block;
    if (u->left == 0)
        u->left = next_block(s, &block);
    if (s->damage && (s->given == 0 || s->damage == too_large))
        return error_set(err, "%s: %s", u->path, s->damage);
    size_t n = u->left < room ? u->left : room;
    if (n > 0)
        memcpy(out, block, n);
    u->block = (const char *)block + n;
    u->left -= n;
    return (ptrdiff_t)n;
}

static void close_unpacked(void *context)
{
    struct unpacking *u = context;
    close_stream(&u->stream);
    xfree(u->path, u);
}

static struct text_source *open_source(const char *path, struct error *err)
{
    struct stream stream;
    if (!open_stream(&stream, path))
        return text_source_open(path, UINT32_MAX, err);
    struct unpacking *u = xcalloc(1, sizeof *u);
    *u = (struct unpacking){ .stream = stream, .path = xstrdup(path) };
    return text_source_of_stream((struct text_stream){ read_unpacked, close_unpacked, u });
}

/* UTF-16 becomes text in memory. Takes the source. */
static struct text_source *without_mark(struct text_source *source)
{
    char start[3], *text = NULL;
    size_t n = text_source_get(source, 0, start, sizeof start), size = 0, room = 0;
    if (n >= 3 && memcmp(start, "\xef\xbb\xbf", 3) == 0)
        text_source_skip(source, 3);
    if (n < 2 || (memcmp(start, "\xff\xfe", 2) != 0 && memcmp(start, "\xfe\xff", 2) != 0))
        return source;
    do {
        xgrow(&text, &room, size + PIECE_BYTES + 1, 1);
        n = text_source_get(source, size, text + size, PIECE_BYTES);
        size += n;
    } while (n > 0);
    if (text_source_check(source, NULL)) {
        free(text);
        return source;
    }
    text_source_free(source);
    text[size] = '\0';
    size = utf8_from_marked(&text, size);
    return text_source_take(text, size);
}

struct json_document *packed_file_load_json(const char *path, struct error *err)
{
    return packed_file_load_json_apart(path, NULL, err);
}

struct json_document *packed_file_load_json_apart(const char *path, const char *lists,
                                                  struct error *err)
{
    struct text_source *source = open_source(path, err);
    return source ? json_parse_source(without_mark(source), path, lists, err) : NULL;
}

size_t packed_file_head(const char *path, char *head, size_t room)
{
    struct stream s;
    const void *block;
    size_t n = 0, got;
    if (open_stream(&s, path))
        for (; n < room && (got = next_block(&s, &block)) > 0; n += got) {
            got = got < room - n ? got : room - n;
            memcpy(head + n, block, got);
        }
    close_stream(&s);
    n = n ? n : file_start(path, head, room);
    char *copy = xmalloc(n + 1);
    memcpy(copy, head, n);
    copy[n] = '\0';
    size_t plain = utf8_from_marked(&copy, n);
    plain = plain < room ? plain : room;
    memcpy(head, copy, plain);
    free(copy);
    return plain;
}

const char *packed_file_damage(const char *path, uint64_t *bytes)
{
    struct stream s;
    const void *block;
    if (open_stream(&s, path))
        while (next_block(&s, &block) > 0 && s.damage != too_large)
            ;
    close_stream(&s);
    *bytes = s.given;
    return s.damage;
}

char *packed_file_find(const char *path)
{
    for (size_t i = 0; !file_exists(path) && i < sizeof endings / sizeof *endings; i++) {
        char *packed = str_format("%s%s", path, endings[i]);
        if (file_exists(packed))
            return packed;
        free(packed);
    }
    return xstrdup(path);
}

char *packed_file_in(const char *folder, const char *name)
{
    size_t n = strlen(folder);
    while (n > 1 && folder[n - 1] == '/')
        n--;
    char *plain = str_format("%.*s/%s", (int)n, folder, name), *found = packed_file_find(plain);
    bool there = file_exists(found);
    free(plain);
    if (there)
        return found;
    free(found);
    return NULL;
}

bool packed_file_is_in(const char *folder, const char *name)
{
    char *found = packed_file_in(folder, name);
    bool there = found != NULL;
    free(found);
    return there;
}

size_t packed_file_name_length(const char *name)
{
    size_t n = strlen(name);
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++)
        if (str_ends(name, endings[i]) && n > strlen(endings[i]))
            return n - strlen(endings[i]);
    return n;
}
