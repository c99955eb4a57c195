/* traces/gunzip.h - a file that gzip packed, as the stream of bytes that went in, by Intel's ISA-L: a third of zlib's time.
 *
 * A fast way and no other result: what it does not take is left to libarchive. Members that follow one another, what stands behind
 * them and streams that end early are what libarchive makes of them. A wrong checksum changes nothing in
 * what is given; one can ask for it. The block in which a stream ends
 * early or is damaged is not given; ISA-L reads ahead, so that damage may cost some 64 KiB before it too. */
#ifndef DAGCAST_TRACES_GUNZIP_H
#define DAGCAST_TRACES_GUNZIP_H

#include <stdbool.h>
#include <stddef.h>

struct gunzip;
struct gunzip *gunzip_open(const char *path);            /* NULL: no gzip, it cannot be read, or built without ISA-L */
/* The same from bytes that `fill` brings: as many as it has, at most `size`; 0 at the end. */
typedef size_t (*gunzip_fill_fn)(void *context, void *room, size_t size);
struct gunzip *gunzip_new(gunzip_fill_fn fill, void *context);

void gunzip_close(struct gunzip *g);                     /* NULL allowed */

/* The next block and its size; 0 at the end, -1 where the stream ends early or is damaged. Valid until the next call. */
ptrdiff_t gunzip_read(struct gunzip *g, const void **block);
bool gunzip_checksum_failed(const struct gunzip *g);     /* of a member that was read to its end; NULL: false */

#endif
