#include "traces/gunzip.h"

#ifdef DAGCAST_ISAL

#include <isa-l/igzip_lib.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { IN_BYTES = 1 << 16, OUT_BYTES = 1 << 16, FLAGS = 3, HEAD_BYTES = 10 };
enum { HEADER_CRC = 0x02, EXTRA = 0x04, NAME = 0x08, COMMENT = 0x10, RESERVED = 0xe0 };

struct gunzip {
    FILE *file;                          /* or NULL: what `fill` brings is another's */
    gunzip_fill_fn fill;
    void *context;
    bool in_member, ended, failed, bad_checksum;
    struct inflate_state state;
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
    g->state.avail_in = (uint32_t)left;
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

/* What a header has behind its ten bytes. Not left to ISA-L: it refuses a wrong checksum of the header, and some that are long. */
static bool skip_fields(struct gunzip *g, int flags)
{
    if (flags & EXTRA) {
        int low = next_byte(g), high = next_byte(g);
        if (high == EOF)
            return false;
        skip(g, high << 8 | low);
    }
    return (!(flags & NAME) || skip_text(g)) && (!(flags & COMMENT) || skip_text(g)) && (!(flags & HEADER_CRC) || skip(g, 2));
}

/* Does a member begin here? Else what follows is of no interest. */
static bool begin_member(struct gunzip *g)
{
    if (g->state.avail_in < HEAD_BYTES)
        fill(g);
    const uint8_t *head = g->state.next_in;
    if (g->state.avail_in < HEAD_BYTES || memcmp(head, "\x1f\x8b\x08", FLAGS) != 0 || (head[FLAGS] & RESERVED))
        return false;
    int flags = head[FLAGS];
    if (!skip(g, HEAD_BYTES) || !skip_fields(g, flags))
        return false;
    isal_inflate_reset(&g->state);
    g->state.crc_flag = ISAL_GZIP_NO_HDR_VER;
    g->in_member = true;
    return true;
}

static size_t fill_from_file(void *context, void *room, size_t size)
{
    return fread(room, 1, size, context);
}

struct gunzip *gunzip_new(gunzip_fill_fn fill_fn, void *context)
{
    struct gunzip *g = xmalloc(sizeof *g);
    g->file = NULL;
    g->fill = fill_fn;
    g->context = context;
    g->ended = g->failed = g->bad_checksum = false;
    isal_inflate_init(&g->state);
    fill(g);
    if (begin_member(g))
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
    free(g);
}

bool gunzip_checksum_failed(const struct gunzip *g)
{
    return g && g->bad_checksum;
}

/* More of the member into what is left of the block. */
static void inflate_some(struct gunzip *g)
{
    uint32_t room = g->state.avail_out;
    if (!g->state.avail_in)
        fill(g);
    bool at_end = !g->state.avail_in;
    int status = isal_inflate(&g->state);
    if (g->state.block_state == ISAL_BLOCK_FINISH) {     /* also if the checksum is wrong */
        g->in_member = false;
        g->bad_checksum |= status == ISAL_INCORRECT_CHECKSUM;
    } else {
        g->failed = status != ISAL_DECOMP_OK || (at_end && g->state.avail_out == room);
    }
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

#else

struct gunzip *gunzip_open(const char *path)
{
    (void)path;
    return NULL;
}

struct gunzip *gunzip_new(gunzip_fill_fn fill, void *context)
{
    (void)fill;
    (void)context;
    return NULL;
}

bool gunzip_checksum_failed(const struct gunzip *g)
{
    (void)g;
    return false;
}

void gunzip_close(struct gunzip *g)
{
    (void)g;
}

ptrdiff_t gunzip_read(struct gunzip *g, const void **block)
{
    (void)g;
    (void)block;
    return 0;
}

#endif
