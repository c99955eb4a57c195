/* base/xalloc.h - memory that cannot fail: out of memory ends the program with a sentence and
 * status 2. A size that overflows is a bug and aborts. */
#ifndef DAGCAST_BASE_XALLOC_H
#define DAGCAST_BASE_XALLOC_H

#include <stddef.h>

void *xmalloc(size_t size);                              /* size 0 gives a pointer to free() */
void *xmalloc_aligned(size_t alignment, size_t size);    /* alignment: a power of two */
/* From the start of a cache line; from 2 MiB on in huge pages, where the kernel has them: one fault
 * of the processor for each 2 MiB used and not for each 4 KiB */
void *xmalloc_large(size_t size);
/* zeroed; count * size is checked for overflow */
void *xcalloc(size_t count, size_t size);
void *xrealloc(void *p, size_t count, size_t size);      /* to count * size bytes, checked */
char *xstrdup(const char *s);                            /* s not NULL */
char *xstrndup(const char *s, size_t n);
void *xmemdup(const void *p, size_t size);

/* free() of each: xfree(t->names, t->times, t). */
#define xfree(...)                                                                                 \
    xfree_all((void *const[]){ __VA_ARGS__ }, sizeof(void *[]){ __VA_ARGS__ } / sizeof(void *))
void xfree_all(void *const *at, size_t n);

/* For main(), before it allocates: each block of 4 MiB and more is mapped alone, and goes back to
 * the system when it is freed. Without this, glibc puts those after the first free() of one into
 * its heap, among small ones that last. */
void xalloc_return_large(void);

/* For arrays that grow: makes room for at least `need` elements of `size` bytes in *array, doubling
 * *room as it must. `array` is the address of a pointer to any object type: `xgrow(&v, &room, n +
 * 1, sizeof *v)`. */
void xgrow(void *array, size_t *room, size_t need, size_t size);
/* The same at the beginning of a cache line, of XALLOC_LINE bytes: for elements that should lie in
 * as few lines as they can. */
enum { XALLOC_LINE = 64 };
void xgrow_lines(void *array, size_t *room, size_t need, size_t size);

#endif
