#include "base/text_pack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/xalloc.h"

struct packed {
    uint8_t *bytes;
    size_t size;
};

struct text_pack {
    struct packed *blocks;
    size_t n, room, held;
    size_t n_open;
    size_t unpacked; /* the block in `plain`; SIZE_MAX: none */
    /* the last block, which is not full; a block unpacked */
    uint8_t open[TEXT_PACK_BLOCK], plain[TEXT_PACK_BLOCK];
    uint8_t scratch[TEXT_PACK_BLOCK + TEXT_PACK_BLOCK / 8]; /* compressBound() is less */
};

struct text_pack *text_pack_new(void)
{
    struct text_pack *p = xcalloc(1, sizeof *p);
    p->unpacked = SIZE_MAX;
    return p;
}

void text_pack_free(struct text_pack *p)
{
    if (!p)
        return;
    for (size_t i = 0; i < p->n; i++)
        free(p->blocks[i].bytes);
    xfree(p->blocks, p);
}

uint64_t text_pack_size(const struct text_pack *p)
{
    return (uint64_t)p->n * TEXT_PACK_BLOCK + p->n_open;
}

size_t text_pack_held(const struct text_pack *p)
{
    return p->held;
}

static size_t pack(const uint8_t *in, size_t n, uint8_t *out, size_t room)
{
    uLongf size = room;
    int status = compress2(out, &size, in, n, Z_BEST_SPEED);
    if (status != Z_OK)
        abort();                         /* no memory, as in xalloc.h */
    return size;
}

static void unpack(const struct packed *block, uint8_t *plain)
{
    uLongf size = TEXT_PACK_BLOCK;
    int status = uncompress(plain, &size, block->bytes, block->size);
    if (status != Z_OK || size != TEXT_PACK_BLOCK)
        abort();
}

char *text_pack_room(struct text_pack *p, size_t *room)
{
    *room = TEXT_PACK_BLOCK - p->n_open;
    return (char *)p->open + p->n_open;
}

void text_pack_add(struct text_pack *p, size_t n)
{
    p->n_open += n;
    assert(p->n_open <= TEXT_PACK_BLOCK);
    if (p->n_open < TEXT_PACK_BLOCK)
        return;
    size_t size = pack(p->open, TEXT_PACK_BLOCK, p->scratch, sizeof p->scratch);
    xgrow(&p->blocks, &p->room, p->n + 1, sizeof *p->blocks);
    p->blocks[p->n++] = (struct packed){ xmemdup(p->scratch, size), size };
    p->held += size;
    p->n_open = 0;
}

/* The block's bytes; *n of them. */
static const uint8_t *block_at(struct text_pack *p, size_t block, size_t *n)
{
    *n = block < p->n ? TEXT_PACK_BLOCK : block == p->n ? p->n_open : 0;
    if (block >= p->n)
        return p->open;
    if (p->unpacked != block)
        unpack(&p->blocks[block], p->plain);
    p->unpacked = block;
    return p->plain;
}

size_t text_pack_get(struct text_pack *p, uint64_t offset, char *out, size_t room)
{
    size_t copied = 0;
    while (copied < room && offset < text_pack_size(p)) {
        size_t n, from = (size_t)(offset % TEXT_PACK_BLOCK);
        const uint8_t *bytes = block_at(p, (size_t)(offset / TEXT_PACK_BLOCK), &n);
        n = n - from < room - copied ? n - from : room - copied;
        memcpy(out + copied, bytes + from, n);
        copied += n;
        offset += n;
    }
    return copied;
}
