#include "traces/gunzip.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <zlib.h>

#include "base/xalloc.h"

enum { IN_BYTES = 1 << 16, OUT_BYTES = 1 << 16, FLAGS = 3, HEAD_BYTES = 10, RAW = -MAX_WBITS };
enum { HEADER_CRC = 0x02, EXTRA = 0x04, NAME = 0x08, COMMENT = 0x10, RESERVED = 0xe0 };

struct gunzip {
    FILE *file;                          /* or NULL: what `fill` brings is another's */
    gunzip_fill_fn fill;
    void *context;
    bool in_member, ended, failed, bad_checksum;
    z_stream state;
    uint32_t crc;                        /* of the member so far */
    uint8_t in[IN_BYTES], out[OUT_BYTES];
};

/* What is left of the input, moved to the front, and what comes behind it. */
static void fill(struct gunzip *g)
{
    size_t left = g->state.avail_in;
    if (left)
        memmove(g->in, g->state.next_in, left);
    for (size_t n = 1; left < IN_BYTES && n > 0; left += n)
        n = g->fill(g->context, g->in + left, IN_BYTES - left);
    g->state.next_in = g->in;
    g->state.avail_in = (unsigned)left;
}

/* EOF at the end. */
static int next_byte(struct gunzip *g)
{
    if (!g->state.avail_in)
        fill(g);
    if (!g->state.avail_in)
        return EOF;
    g->state.avail_in--;
    return *g->state.next_in++;
}

static bool skip(struct gunzip *g, int n)
{
    while (n > 0 && next_byte(g) != EOF)
        n--;
    return n == 0;
}

static bool skip_text(struct gunzip *g)
{
    int c;
    do
        c = next_byte(g);
    while (c > 0);
    return c == 0;
}

/* The fields behind the ten bytes of a header. zlib would refuse a wrong checksum of the header. */
static bool skip_fields(struct gunzip *g, int flags)
{
    if (flags & EXTRA) {
        int low = next_byte(g), high = next_byte(g);
        if (high == EOF)
            return false;
        skip(g, high << 8 | low);
    }
    return (!(flags & NAME) || skip_text(g)) && (!(flags & COMMENT) || skip_text(g)) &&
           (!(flags & HEADER_CRC) || skip(g, 2));
}

/* Does a member begin here? Else what follows is of no interest. */
static bool begin_member(struct gunzip *g)
{
    if (g->state.avail_in < HEAD_BYTES)
        fill(g);
    const uint8_t *head = g->state.next_in;
    if (g->state.avail_in < HEAD_BYTES || memcmp(head, "\x1f\x8b\x08", FLAGS) != 0 ||
        (head[FLAGS] & RESERVED))
        return false;
    int flags = head[FLAGS];
    if (!skip(g, HEAD_BYTES) || !skip_fields(g, flags))
        return false;
    inflateReset(&g->state);
    g->crc = (uint32_t)crc32(0, NULL, 0);
    g->in_member = true;
    return true;
}

static size_t fill_from_file(void *context, void *room, size_t size)
{
    return fread(room, 1, size, context);
}

struct gunzip *gunzip_new(gunzip_fill_fn fill_fn, void *context)
{
    struct gunzip *g = xcalloc(1, sizeof *g);
    g->fill = fill_fn;
    g->context = context;
    fill(g);
    if (inflateInit2(&g->state, RAW) == Z_OK && begin_member(g))
        return g;
    gunzip_close(g);
    return NULL;
}

struct gunzip *gunzip_open(const char *path)
{
    FILE *file = fopen(path, "rb");
    struct gunzip *g = file ? gunzip_new(fill_from_file, file) : NULL;
    if (g)
        g->file = file;
    else if (file)
        fclose(file);
    return g;
}

void gunzip_close(struct gunzip *g)
{
    if (!g)
        return;
    if (g->file)
        fclose(g->file);
    inflateEnd(&g->state);
    free(g);
}

bool gunzip_checksum_failed(const struct gunzip *g)
{
    return g && g->bad_checksum;
}

/* Four bytes, least first; false: the input ends. */
static bool read_number(struct gunzip *g, uint32_t *x)
{
    *x = 0;
    for (int i = 0; i < 4; i++) {
        int c = next_byte(g);
        if (c == EOF)
            return false;
        *x |= (uint32_t)c << 8 * i;
    }
    return true;
}

static void end_member(struct gunzip *g)
{
    uint32_t crc, length;
    g->in_member = false;
    g->failed = !read_number(g, &crc) || !read_number(g, &length);
    g->bad_checksum |= !g->failed && (crc != g->crc || length != (uint32_t)g->state.total_out);
}

/* More of the member into the rest of the block. */
static void inflate_some(struct gunzip *g)
{
    uint8_t *from = g->state.next_out;
    if (!g->state.avail_in)
        fill(g);
    bool at_end = !g->state.avail_in;
    int status = inflate(&g->state, Z_NO_FLUSH);
    size_t n = (size_t)(g->state.next_out - from);
    g->crc = (uint32_t)crc32(g->crc, from, (unsigned)n);
    if (status == Z_STREAM_END)
        end_member(g);
    else
        g->failed = (status != Z_OK && status != Z_BUF_ERROR) || (at_end && n == 0);
}

ptrdiff_t gunzip_read(struct gunzip *g, const void **block)
{
    *block = g->out;
    g->state.next_out = g->out;
    g->state.avail_out = OUT_BYTES;
    while (g->state.avail_out && !g->ended && !g->failed)
        if (g->in_member || begin_member(g))
            inflate_some(g);
        else
            g->ended = true;
    return g->failed ? -1 : OUT_BYTES - (ptrdiff_t)g->state.avail_out;
}

size_t gunzip_before_damage(const struct gunzip *g, const void **block)
{
    *block = g->out;
    return OUT_BYTES - g->state.avail_out;
}
