/* The bytes of one entry of an archive, of which the first are looked at before it is known what it
 * is. */
#include <stdio.h>
#include <string.h>

#include "base/str.h"
#include "traces/archive.h"
#include "traces/archive_impl.h"

bool archive_account(struct walk *w, size_t size)
{
    w->bytes_out += size;
    uint64_t allowed = w->limits->free_bytes + w->bytes_in * w->limits->max_ratio;
    if (allowed > w->limits->max_bytes)
        allowed = w->limits->max_bytes;
    if (w->bytes_out <= allowed)
        return true;
    if (!w->stopped)
        error_set(w->err, "%s: unpacks to more than %llu MiB from %llu KiB, which no session does",
                  w->path, (unsigned long long)(allowed >> 20),
                  (unsigned long long)(w->bytes_in >> 10));
    w->stopped = true;
    return false;
}

void archive_note_damage(struct walk *w, const char *name, const char *why)
{
    struct archive_counts *c = w->counts;
    if (c->broken++ > 0)
        return;
    why = why && *why ? why : "ends early, or its packed bytes are damaged";
    snprintf(c->damage, sizeof c->damage, "%s%s%s", name ? name : "", name ? ": " : "", why);
    c->files_before_damage = c->files;
    c->bytes_before_damage = c->bytes;
}

/* The next block; 0 at the end, -1 where it cannot be read on. */
static ptrdiff_t next_block(struct archive_entry_data *d, const void **block)
{
    size_t size;
    int64_t offset;
    int status;
    while ((status = archive_read_data_block(d->archive, block, &size, &offset)) == ARCHIVE_OK ||
           status == ARCHIVE_WARN) {
        if (!archive_account(d->walk, size)) {
            d->failed = true;
            return -1;
        }
        if (status == ARCHIVE_WARN) /* zip: a wrong checksum or size of this file */
            archive_note_damage(d->walk, d->name, archive_error_string(d->archive));
        if (size)
            return (ptrdiff_t)size;
    }
    d->failed = status != ARCHIVE_EOF;
    return d->failed ? -1 : 0;
}

void archive_entry_look(struct archive_entry_data *d)
{
    const void *block;
    ptrdiff_t size;
    while (d->n_head < sizeof d->head && (size = next_block(d, &block)) > 0) {
        size_t n =
            (size_t)size < sizeof d->head - d->n_head ? (size_t)size : sizeof d->head - d->n_head;
        memcpy(d->head + d->n_head, block, n);
        d->n_head += n;
        d->rest = (const char *)block + n;
        d->n_rest = (size_t)size - n;
    }
}

ptrdiff_t archive_entry_read(struct archive_entry_data *d, const void **block)
{
    size_t n = d->n_head - d->head_given, n_rest = d->n_rest;
    if (n) {
        *block = d->head + d->head_given;
        d->head_given = d->n_head;
        return (ptrdiff_t)n;
    }
    if (n_rest) {
        *block = d->rest;
        d->n_rest = 0;
        return (ptrdiff_t)n_rest;
    }
    return d->failed ? -1 : d->n_head < sizeof d->head ? 0 : next_block(d, block);
}

/* To the visitor or (not wanted) only counted: skipping would decompress it uncounted. */
bool archive_entry_pass(struct walk *w, struct archive_entry_data *d, bool wanted)
{
    const void *block;
    ptrdiff_t size;
    while ((size = archive_entry_read(d, &block)) > 0) {
        if (!wanted)
            continue;
        w->counts->bytes += (uint64_t)size;
        w->visitor->data(w->visitor->context, block, (size_t)size);
    }
    return size == 0;
}

size_t archive_entry_fill(void *context, void *room, size_t size)
{
    struct archive_entry_filler *f = context;
    const void *block;
    ptrdiff_t n = 0;
    if (!f->left && (n = archive_entry_read(f->data, &block)) > 0) {
        f->at = block;
        f->left = (size_t)n;
    }
    size = f->left < size ? f->left : size;
    if (size)
        memcpy(room, f->at, size);
    f->at += size;
    f->left -= size;
    return size;
}

/* ---- which bytes are an archive ---- */

enum { TAR_CHECKSUM = 148, TAR_CHECKSUM_BYTES = 8 };

size_t archive_name_length(const char *name)
{
    static const char *const endings[] = { ".tar", ".tgz", ".tar.gz", ".tbz", ".tbz2", ".tar.bz2",
                                           ".tar.xz", ".txz",
                                           ".tar.zst", ".tzst", ".zip", NULL };
    for (size_t i = 0; endings[i]; i++)
        if (str_ends(name, endings[i]))
            return strlen(name) - strlen(endings[i]);
    return strlen(name);
}

bool archive_name_is_archive(const char *name)
{
    return name[archive_name_length(name)] != '\0';
}

/* A tar has no magic number in its oldest form: each header's bytes sum to an octal number in it,
 * the number itself read as blanks. */
static bool is_tar_header(const unsigned char *head)
{
    unsigned long sum = 0, stated = 0;
    const unsigned char *c = head + TAR_CHECKSUM, *end = c + TAR_CHECKSUM_BYTES;
    for (size_t i = 0; i < ARCHIVE_HEAD_BYTES; i++)
        sum += i >= TAR_CHECKSUM && i < TAR_CHECKSUM + TAR_CHECKSUM_BYTES ? ' ' : head[i];
    while (c < end && *c == ' ')
        c++;
    for (; c < end && *c >= '0' && *c <= '7'; c++)
        stated = stated * 8 + (*c - '0');
    return head[0] && stated == sum;
}

bool archive_bytes_are_packed(const void *bytes, size_t n)
{
    static const struct { const char *bytes; size_t n; } magic[] = {
        { "\x1f\x8b\x08", 3 }, { "BZh", 3 }, { "\xfd" "7zXZ\0", 6 }, { "\x28\xb5\x2f\xfd", 4 },
    };
    for (size_t i = 0; i < sizeof magic / sizeof *magic; i++)
        if (n >= magic[i].n && !memcmp(bytes, magic[i].bytes, magic[i].n))
            return true;
    return false;
}

bool archive_bytes_are_archive(const void *bytes, size_t n)
{
    bool zip = n >= 4 && (!memcmp(bytes, "PK\x03\x04", 4) || !memcmp(bytes, "PK\x05\x06", 4));
    return zip || archive_bytes_are_packed(bytes, n) ||
           (n >= ARCHIVE_HEAD_BYTES && is_tar_header(bytes));
}
