#include "base/text_source.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "base/text_pack.h"
#include "base/xalloc.h"

struct text_source {
    /* in memory: all of it */
    const char *memory;
    char *own; /* the same, if it is freed here */
    size_t size;
    /* a file, and its time when it was opened */
    FILE *file;
    char *path;
    struct stat opened;
    bool read_once; /* to its end: from then on it must not change */
    /* a stream, and what it gave so far */
    struct text_stream stream;
    struct text_pack *held;
    uint64_t skipped;
    struct error failure;
    bool failed;
};

static struct text_source *source_new(void)
{
    return xcalloc(1, sizeof(struct text_source));
}

struct text_source *text_source_take(char *bytes, size_t size)
{
    struct text_source *s = text_source_borrow(bytes, size);
    s->own = bytes;
    return s;
}

struct text_source *text_source_borrow(const char *bytes, size_t size)
{
    struct text_source *s = source_new();
    s->memory = bytes ? bytes : "";
    s->size = size;
    return s;
}

char *text_source_release(struct text_source *s, size_t *size)
{
    char *own = s->skipped == 0 ? s->own : NULL;
    *size = own ? s->size : 0;
    if (own)
        s->own = NULL;
    return own;
}

struct text_source *text_source_of_stream(struct text_stream stream)
{
    struct text_source *s = source_new();
    s->stream = stream;
    s->held = text_pack_new();
    return s;
}

static void close_stream(struct text_source *s)
{
    if (s->stream.close)
        s->stream.close(s->stream.context);
    s->stream = (struct text_stream){ NULL, NULL, NULL };
}

void text_source_free(struct text_source *s)
{
    if (!s)
        return;
    close_stream(s);
    text_pack_free(s->held);
    if (s->file)
        fclose(s->file);
    xfree(s->own, s->path, s);
}

void text_source_skip(struct text_source *s, size_t bytes)
{
    s->skipped = bytes;
}

int text_source_check(const struct text_source *s, struct error *err)
{
    return s->failed ? error_set(err, "%s", s->failure.text) : 0;
}

/* ---- files ---- */

struct pipe {
    FILE *file;
    char *path;
    uint64_t given, limit;
};

static int too_large(const char *path, uint64_t limit, struct error *err)
{
    return error_set(err, "%s: is larger than the %llu bytes allowed", path,
                     (unsigned long long)limit);
}

static ptrdiff_t read_pipe(void *context, char *out, size_t room, struct error *err)
{
    struct pipe *p = context;
    size_t n = fread(out, 1, room, p->file);
    p->given += n;
    if (n == 0 && ferror(p->file))
        return error_set(err, "%s: cannot read: %s", p->path, strerror(errno));
    return p->given > p->limit ? too_large(p->path, p->limit, err) : (ptrdiff_t)n;
}

static void close_pipe(void *context)
{
    struct pipe *p = context;
    fclose(p->file);
    xfree(p->path, p);
}

struct text_source *text_source_open(const char *path, uint64_t limit, struct error *err)
{
    struct stat st;
    FILE *f = file_open(path, err);
    if (!f)
        return NULL;
    fcntl(fileno(f), F_SETFD, FD_CLOEXEC); /* may be open while programs are started */
    if (fstat(fileno(f), &st) != 0 || !(S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))) {
        struct pipe *p = xcalloc(1, sizeof *p);
        *p = (struct pipe){ .file = f, .path = xstrdup(path), .limit = limit };
        return text_source_of_stream((struct text_stream){ read_pipe, close_pipe, p });
    }
    if (S_ISREG(st.st_mode) && (uint64_t)st.st_size > limit) {
        fclose(f);
        too_large(path, limit, err);
        return NULL;
    }
    struct text_source *s = source_new();
    s->file = f;
    s->path = xstrdup(path);
    s->opened = st;
    return s;
}

/* Sizes of files below /proc say nothing, and their times are those of the look. */
static bool has_changed(const struct text_source *s)
{
    struct stat st;
    return s->read_once && s->opened.st_size > 0 && fstat(fileno(s->file), &st) == 0 &&
           (st.st_size != s->opened.st_size || st.st_mtim.tv_sec != s->opened.st_mtim.tv_sec ||
            st.st_mtim.tv_nsec != s->opened.st_mtim.tv_nsec);
}

static void fail(struct text_source *s, const char *what, const char *why)
{
    s->failed = true;
    error_set(&s->failure, "%s: %s%s", s->path, what, why);
}

static size_t read_file(struct text_source *s, uint64_t offset, char *out, size_t room)
{
    size_t n = 0;
    ssize_t got = 1;
    if (has_changed(s)) {
        fail(s, "was changed while it was read; give it again once it is complete", "");
        return 0;
    }
    while (n < room && got != 0) {
        got = pread(fileno(s->file), out + n, room - n, (off_t)(offset + n));
        if (got < 0 && errno != EINTR) {
            fail(s, "cannot read: ", strerror(errno));
            return n;
        }
        n += got > 0 ? (size_t)got : 0;
    }
    s->read_once |= n < room;
    return n;
}

/* ---- streams ---- */

static void read_stream(struct text_source *s, uint64_t until)
{
    struct error why;
    while (s->stream.read && text_pack_size(s->held) < until) {
        size_t room;
        char *out = text_pack_room(s->held, &room);
        ptrdiff_t n = s->stream.read(s->stream.context, out, room, &why);
        if (n < 0) {
            s->failed = true;
            s->failure = why;
        }
        if (n <= 0)
            close_stream(s);
        else
            text_pack_add(s->held, (size_t)n);
    }
}

/* ---- reading ---- */

static size_t least(uint64_t a, uint64_t b)
{
    return (size_t)(a < b ? a : b);
}

size_t text_source_get(struct text_source *s, uint64_t offset, char *out, size_t room)
{
    offset += s->skipped;
    if (s->failed)
        return 0;
    if (s->file)
        return read_file(s, offset, out, room);
    if (s->held) {
        read_stream(s, offset + room);
        return text_pack_get(s->held, offset, out, room);
    }
    size_t n = offset < s->size ? least(s->size - offset, room) : 0;
    memcpy(out, s->memory + least(offset, s->size), n);
    return n;
}

const char *text_window_at(struct text_window *w, uint64_t offset, size_t need, size_t *n)
{
    const struct text_source *s = w->source;
    if (s->memory) {
        uint64_t from = offset + s->skipped;
        *n = from < s->size ? (size_t)(s->size - from) : 0;
        w->at_end = true;
        return s->memory + least(from, s->size);
    }
    size_t past = offset >= w->begin ? least(offset - w->begin, w->n) : w->n;
    bool inside = offset >= w->begin && offset - w->begin <= w->n;
    if (!inside || (w->n - past < need && !w->at_end)) {
        size_t bytes = w->window_bytes ? w->window_bytes : TEXT_WINDOW_BYTES;
        size_t kept = inside ? w->n - past : 0;
        xgrow(&w->bytes, &w->room, need > bytes ? need : bytes, 1);
        memmove(w->bytes, w->bytes + past, kept);
        size_t ask = (need > bytes ? need : bytes) - kept;
        size_t got = text_source_get(w->source, offset + kept, w->bytes + kept, ask);
        w->begin = offset;
        w->n = kept + got;
        w->at_end = got < ask;
        past = 0;
    }
    *n = w->n - past;
    return w->bytes + past;
}

void text_window_clear(struct text_window *w)
{
    free(w->bytes);
    *w = (struct text_window){ .source = NULL };
}

/* ---- places ---- */

enum { PIECE = 1 << 14 };

struct text_place text_source_place(struct text_source *s, uint64_t offset)
{
    struct text_place at = { 1, 1 };
    char piece[PIECE];
    size_t n;
    for (uint64_t from = 0; (n = text_source_get(s, from, piece, least(PIECE, offset - from))) > 0;
         from += n)
        for (size_t i = 0; i < n; i++) {
            at.column = piece[i] == '\n' ? 1 : at.column + str_begins_character(piece[i]);
            at.line += piece[i] == '\n';
        }
    return at;
}

size_t text_source_lines(struct text_source *s, uint64_t from, uint64_t to)
{
    char piece[PIECE];
    size_t lines = 0, n;
    for (; (n = text_source_get(s, from, piece, least(PIECE, to - from))) > 0; from += n)
        for (const char *p = piece; (p = memchr(p, '\n', (size_t)(piece + n - p))); p++)
            lines++;
    return lines;
}
