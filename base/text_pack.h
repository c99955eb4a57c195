/* base/text_pack.h - a text that grows at its end and is held packed, in blocks that are unpacked
 * when they are asked for.
 *
 * JSON, which repeats its keys, takes a tenth of its bytes. Each block is packed alone, by zlib at
 * its fastest.
 */
#ifndef DAGCAST_BASE_TEXT_PACK_H
#define DAGCAST_BASE_TEXT_PACK_H

#include <stddef.h>
#include <stdint.h>

enum { TEXT_PACK_BLOCK = 1 << 16 };      /* bytes of text; places in a block fit 16 bits */

struct text_pack;
struct text_pack *text_pack_new(void);
void text_pack_free(struct text_pack *p);                /* NULL allowed */
uint64_t text_pack_size(const struct text_pack *p);      /* bytes of text */
/* Where the next bytes go, *room > 0 of them at most; text_pack_add() says how many came. */
char *text_pack_room(struct text_pack *p, size_t *room);
void text_pack_add(struct text_pack *p, size_t n);
/* Copies the bytes from `offset` on; returns how many, less than `room` at the end only. */
size_t text_pack_get(struct text_pack *p, uint64_t offset, char *out, size_t room);
/* Bytes of memory that the packed blocks take. */
size_t text_pack_held(const struct text_pack *p);

#endif
