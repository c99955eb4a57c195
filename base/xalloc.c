#define _DEFAULT_SOURCE                  /* madvise() */
#include "base/xalloc.h"

#include <assert.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

enum { MAPPED_ALONE = 1 << 22, HUGE_PAGE = 1 << 21 };    /* bytes */
enum { USER_ERROR = 2 };             /* the exit status: a file or an option asked for too much */

static void overflow(void)
{
    fputs("dagcast: more memory than can be counted\n", stderr);
    abort();
}

static void *checked(void *p)
{
    if (!p) {
        fputs("dagcast: out of memory: this needs more than the process may have; fewer tasks, "
              "nodes or replicas need less\n",
              stderr);
        _Exit(USER_ERROR);
    }
    return p;
}

/* Sizes that overflow are treated as what they are: more than there is. Empty blocks get one byte,
 * so that NULL means failure. */
static size_t bytes_of(size_t count, size_t size)
{
    if (size && count > PTRDIFF_MAX / size)
        overflow();
    size_t bytes = count * size;
    return bytes ? bytes : 1;
}

void *xmalloc(size_t size)
{
    return checked(malloc(bytes_of(size, 1)));
}

/* C asks for whole multiples of the alignment. */
void *xmalloc_aligned(size_t alignment, size_t size)
{
    size_t bytes = bytes_of(size, 1);
    return checked(aligned_alloc(alignment, (bytes + alignment - 1) / alignment * alignment));
}

void *xmalloc_large(size_t size)
{
    if (size < HUGE_PAGE)
        return xmalloc_aligned(XALLOC_LINE, size);
    void *p = xmalloc_aligned(HUGE_PAGE, size);
#ifdef MADV_HUGEPAGE
    madvise(p, size, MADV_HUGEPAGE);     /* advice: what becomes of it changes no result */
#endif
    return p;
}

void *xcalloc(size_t count, size_t size)
{
    return checked(calloc(1, bytes_of(count, size)));
}

void *xrealloc(void *p, size_t count, size_t size)
{
    return checked(realloc(p, bytes_of(count, size)));
}

char *xstrdup(const char *s)
{
    return xmemdup(s, strlen(s) + 1);
}

char *xstrndup(const char *s, size_t n)
{
    const char *end = memchr(s, '\0', n);
    size_t length = end ? (size_t)(end - s) : n;
    char *copy = xmalloc(length + 1);
    memcpy(copy, s, length);
    copy[length] = '\0';
    return copy;
}

void xfree_all(void *const *at, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(at[i]);
}

void *xmemdup(const void *p, size_t size)
{
    void *copy = xmalloc(size);
    if (size)
        memcpy(copy, p, size);
    return copy;
}

static size_t grown(size_t room, size_t need)
{
    size_t wanted = room < 8 ? 8 : room;
    while (wanted < need)
        wanted = wanted > SIZE_MAX / 2 ? need : wanted * 2;
    return wanted;
}

void xgrow(void *array, size_t *room, size_t need, size_t size)
{
    assert(size > 0);
    if (need <= *room)
        return;
    size_t wanted = grown(*room, need);
    /* read and written as bytes: *array may be a pointer to any type */
    void *elements;
    memcpy(&elements, array, sizeof elements);
    elements = xrealloc(elements, wanted, size);
    memcpy(array, &elements, sizeof elements);
    *room = wanted;
}

enum { LARGE = 1 << 25 };                /* the most that malloc() shares pages for */

static void *moved_to_line(void *elements, size_t used, size_t bytes)
{
    void *moved = xmalloc_aligned(XALLOC_LINE, bytes);
    if (used > 0)
        memcpy(moved, elements, used);
    free(elements);
    return moved;
}

/* A large block has pages of its own, which realloc() moves without a copy: it is never held twice,
 * and begins where in a line it did. Were it otherwise, it is moved once more. */
static void *grown_in_place(void *elements, size_t bytes)
{
    elements = xrealloc(elements, bytes, 1);
    return (uintptr_t)elements % XALLOC_LINE == 0 ? elements
                                                  : moved_to_line(elements, bytes, bytes);
}

void xgrow_lines(void *array, size_t *room, size_t need, size_t size)
{
    assert(size > 0);
    if (need <= *room)
        return;
    size_t wanted = grown(*room, need);
    void *elements;
    memcpy(&elements, array, sizeof elements);
    size_t used = *room * size, bytes = bytes_of(wanted, size);
    elements = used < LARGE ? moved_to_line(elements, used, bytes)
                            : grown_in_place(elements, bytes);
    memcpy(array, &elements, sizeof elements);
    *room = wanted;
}

void xalloc_return_large(void)
{
#ifdef __GLIBC__
    mallopt(M_MMAP_THRESHOLD, MAPPED_ALONE);    /* from now on it is fixed */
#endif
}
