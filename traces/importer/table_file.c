#define _DEFAULT_SOURCE /* madvise() */
#include "traces/importer/table_file.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "traces/importer/table_text.h"
#include "traces/packed_file.h"

enum { LEAST_BYTES = 1 << 22, PIECE_BYTES = 1 << 20, PAGE_BYTES = 1 << 12 };
static const size_t most_bytes = (size_t)1 << 32;

/* The next piece, behind what was read. The memory there is zero, so a NUL follows. */
static void read_piece(struct csv *c)
{
    struct table_file *t = (struct table_file *)c; /* its first member */
    size_t at = (size_t)(c->end - t->text), left = t->size - at;
    c->end += fread(c->end, 1, left < PIECE_BYTES ? left : PIECE_BYTES, t->stream);
}

/* Only of the heading line's piece is known whether the rest can be read like it. */
static bool is_separated(const char *text)
{
    const char *line = text + strspn(text, "\r\n");
    bool marked = strchr("\xEF\xFE\xFF", *text); /* or empty */
    return !marked && strchr(line, '\n') && table_text_separator(line);
}

/* false: it is to be read whole. */
static bool open_by_pieces(struct table_file *t, const char *path)
{
    struct stat st;
    if (stat(path, &st) || !S_ISREG(st.st_mode) || st.st_size < LEAST_BYTES ||
        (uintmax_t)st.st_size > most_bytes || packed_file_is_packed(path) ||
        !(t->stream = file_open(path, NULL)))
        return false;
    t->size = (size_t)st.st_size;
    t->text = xcalloc(t->size + 1, 1);
    csv_open(&t->csv, t->text, 0, '\0');
    read_piece(&t->csv);
    size_t n = (size_t)(t->csv.end - t->text);
    if (is_separated(t->text)) {
        csv_open(&t->csv, t->text, n, table_text_separator(t->text));
        t->csv.trims = true;
        t->csv.more = read_piece;
        return true;
    }
    fclose(t->stream);
    free(t->text);
    *t = (struct table_file){ 0 };
    return false;
}

int table_file_open(struct table_file *t, const char *path, struct error *err)
{
    *t = (struct table_file){ 0 };
    if (open_by_pieces(t, path))
        return 0;
    if (!(t->text = packed_file_load(path, &t->size, err)))
        return -1;
    table_text_open(&t->csv, &t->text, &t->size);
    return 0;
}

/* The first byte of a page, at p or behind it. */
static char *page_from(char *p)
{
    return p + (-(uintptr_t)p & (PAGE_BYTES - 1));
}

void table_file_pass(struct table_file *t)
{
    if (!t->stream || (t->kept && t->csv.at - t->kept < PIECE_BYTES))
        return;
    char *from = t->kept, *to = page_from(t->csv.at);
    t->kept = to;
    if (!from)
        return;
    t->kept = to -= PAGE_BYTES; /* of the last page more may be needed */
    madvise(from, (size_t)(to - from), MADV_DONTNEED);
}

int table_file_close(struct table_file *t, const char *path, struct error *err)
{
    bool failed = t->stream && ferror(t->stream);
    int status = failed ? error_set(err, "%s: cannot read: %s", path, strerror(errno)) : 0;
    if (t->stream)
        fclose(t->stream);
    csv_close(&t->csv);
    free(t->text);
    *t = (struct table_file){ 0 };
    return status;
}
