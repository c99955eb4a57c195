/* traces/gunzip.h - a gzip file as the stream of bytes that were packed, by zlib; with its
 * checksums.
 *
 * libarchive reads the same bytes and checks no checksum. Members that follow one another, bytes
 * behind them and streams that end early give what libarchive gives. A wrong checksum changes no
 * byte: gunzip_checksum_failed() tells. */
#ifndef DAGCAST_TRACES_GUNZIP_H
#define DAGCAST_TRACES_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>

struct gunzip;
struct gunzip *gunzip_open(const char *path);            /* NULL: no gzip, or it cannot be read */
/* The same from bytes that `fill` brings: as many as it has, at most `size`; 0 at the end. */
typedef size_t (*gunzip_fill_fn)(void *context, void *room, size_t size);
struct gunzip *gunzip_new(gunzip_fill_fn fill, void *context);

void gunzip_close(struct gunzip *g);                     /* NULL allowed */

/* The next block and its size; 0 at the end, -1 where the stream ends early or is damaged. Valid
 * until the next call. */
ptrdiff_t gunzip_read(struct gunzip *g, const void **block);
/* After -1: the block of which that was said, as far as it was unpacked, and its size. libarchive
 * keeps it to itself. */
size_t gunzip_before_damage(const struct gunzip *g, const void **block);
/* of a member that was read to its end; NULL: false */
bool gunzip_checksum_failed(const struct gunzip *g);

#endif
