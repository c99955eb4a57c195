/* tests/support/pack.h - archives as tests need them, good and evil, through libarchive. */
#ifndef DAGCAST_TESTS_SUPPORT_PACK_H
#define DAGCAST_TESTS_SUPPORT_PACK_H

#include <stddef.h>

struct pack;
/* A zip, or a tar compressed as the name's ending says: .zip .tar .tgz .tar.gz .tar.bz2 .tar.zst
 * .tar.xz */
struct pack *pack_new(const char *path);
/* any name: also absolute, also ".." */
void pack_file(struct pack *p, const char *name, const void *bytes, size_t size);
/* symbolic */
void pack_link(struct pack *p, const char *name, const char *target);
void pack_zeros(struct pack *p, const char *name, size_t size);
/* a folder's files as prefix/... */
void pack_tree(struct pack *p, const char *folder, const char *prefix);
void pack_free(struct pack *p);          /* writes the end and closes */

#endif
