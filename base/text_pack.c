#include "base/text_pack.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

/* A packed block is a row of steps: a byte with two counts of four bits, of literal bytes and of
 * bytes of a match beyond MATCH_LEAST; of a count of 15 more follows, in bytes of up to 255, of
 * which the last is less; the literal bytes; how far back the match begins, in two bytes, the low
 * one first. The last step has no match. */
enum {
    MATCH_LEAST = 4,
    COUNT_MOST = 15,
    HASH_BITS = 13,
    SLACK = 16, /* matches are copied eight bytes at a time */
    PATIENCE_BITS = 6 /* after so many bytes without a match it looks at fewer */
};

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
    uint8_t open[TEXT_PACK_BLOCK], plain[TEXT_PACK_BLOCK + SLACK];
    uint8_t scratch[TEXT_PACK_BLOCK + TEXT_PACK_BLOCK / 255 + SLACK];
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

/* ---- packing ---- */

static uint32_t four_at(const uint8_t *p)
{
    uint32_t four;
    memcpy(&four, p, sizeof four);
    return four;
}

/* How many bytes from `b` to `end` are as those from `a` on. */
static size_t common(const uint8_t *a, const uint8_t *b, const uint8_t *end)
{
    const uint8_t *from = b;
    while (end - b >= 8 && memcmp(a, b, 8) == 0) {
        a += 8;
        b += 8;
    }
    for (; b < end && *a == *b; a++)
        b++;
    return (size_t)(b - from);
}

static uint8_t *put_rest(uint8_t *out, size_t count)
{
    if (count < COUNT_MOST)
        return out;
    for (count -= COUNT_MOST; count >= 255; count -= 255)
        *out++ = 255;
    *out++ = (uint8_t)count;
    return out;
}

static size_t at_most(size_t count)
{
    return count < COUNT_MOST ? count : COUNT_MOST;
}

/* match 0: the last step */
static uint8_t *put_step(uint8_t *out, const uint8_t *literal, size_t n, size_t back, size_t match)
{
    size_t more = match ? match - MATCH_LEAST : 0;
    *out++ = (uint8_t)(at_most(n) << 4 | at_most(more));
    out = put_rest(out, n);
    memcpy(out, literal, n);
    out += n;
    if (!match)
        return out;
    *out++ = (uint8_t)(back & 0xff);
    *out++ = (uint8_t)(back >> 8);
    return put_rest(out, more);
}

static size_t pack(const uint8_t *in, size_t n, uint8_t *out)
{
    uint16_t last[1 << HASH_BITS] = { 0 }; /* where each hash was seen; 0 is checked as any */
    uint8_t *begin = out;
    size_t at = 0, literal = 0;
    while (at + MATCH_LEAST <= n) {
        uint32_t four = four_at(in + at), slot = four * UINT32_C(2654435761) >> (32 - HASH_BITS);
        size_t seen = last[slot];
        last[slot] = (uint16_t)at;
        if (seen >= at || four_at(in + seen) != four) {
            at += 1 + ((at - literal) >> PATIENCE_BITS);
            continue;
        }
        size_t match = MATCH_LEAST + common(in + seen + MATCH_LEAST, in + at + MATCH_LEAST, in + n);
        out = put_step(out, in + literal, at - literal, at - seen, match);
        at += match;
        literal = at;
    }
    return (size_t)(put_step(out, in + literal, n - literal, 0, 0) - begin);
}

/* ---- unpacking ---- */

static size_t take_count(const uint8_t **in, size_t count)
{
    if (count == COUNT_MOST)
        do
            count += **in;
        while (*(*in)++ == 255);
    return count;
}

static void copy_match(uint8_t *out, size_t back, size_t n)
{
    if (back >= 8)
        for (size_t i = 0; i < n; i += 8)
            memcpy(out + i, out + i - back, 8);
    else
        for (size_t i = 0; i < n; i++)
            out[i] = out[i - back];
}

static void unpack(const struct packed *block, uint8_t *plain)
{
    const uint8_t *in = block->bytes, *end = in + block->size;
    uint8_t *out = plain, *most = plain + TEXT_PACK_BLOCK;
    while (in < end) {
        unsigned counts = *in++;
        size_t n = take_count(&in, counts >> 4);
        assert(n <= (size_t)(most - out));
        memcpy(out, in, n);
        out += n;
        in += n;
        if (in == end)
            break;
        size_t back = (size_t)in[0] | (size_t)in[1] << 8;
        in += 2;
        size_t match = MATCH_LEAST + take_count(&in, counts & COUNT_MOST);
        assert(back > 0 && back <= (size_t)(out - plain) && match <= (size_t)(most - out));
        copy_match(out, back, match);
        out += match;
    }
    assert(out == most);
}

/* ---- the text ---- */

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
    size_t size = pack(p->open, TEXT_PACK_BLOCK, p->scratch);
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
