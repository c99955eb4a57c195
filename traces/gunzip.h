/* traces/gunzip.h - a file that gzip packed, as the stream of bytes that went in, by Intel's ISA-L: a third of zlib's time.
 *
 * A fast way and no other result: what it does not take is left to libarchive, and what it makes of members that follow one another, of what
 * stands behind them, of wrong checksums (nothing) and of streams that end early or are damaged is what libarchive makes of them. A block
 * in which the stream ends early or is damaged is not given. */
#ifndef DAGCAST_TRACES_GUNZIP_H
#define DAGCAST_TRACES_GUNZIP_H

#include <stddef.h>

struct gunzip;
struct gunzip *gunzip_open(const char *path);            /* NULL: no gzip, it cannot be read, or built without ISA-L */
void gunzip_close(struct gunzip *g);                     /* NULL allowed */

/* The next block and its size; 0 at the end, -1 where the stream ends early or is damaged. Valid until the next call. */
ptrdiff_t gunzip_read(struct gunzip *g, const void **block);

#endif
