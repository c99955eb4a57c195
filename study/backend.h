/* study/backend.h - where the points of a sweep are computed: here, on threads, on machines.
 *
 * Points are handed out one by one, to the next free worker; the result does not depend on which
 * computed it. Adding one: a file in study/backend/ and a row in backend.c. */
#ifndef DAGCAST_STUDY_BACKEND_H
#define DAGCAST_STUDY_BACKEND_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "study/result.h"

struct backend_work {
    /* points to compute; on ranks other than 0 they come from rank 0 */
    size_t n;
    const size_t *points;
    int threads;                         /* of this process, >= 1 */
    const atomic_bool *stop;             /* the caller sets it: hand out no more; NULL allowed */
    void *context;                       /* of the two below */
    /* Called by any thread, several at a time: a new result, NULL: stopped before it was complete.
     * `threads`: how many it may use. */
    struct result *(*compute)(void *context, size_t point, int threads);
    /* Called by one thread at a time, on rank 0: keeps the result, which stays the caller's. -1:
     * hand out no more. */
    int (*keep)(void *context, const struct result *r, struct error *err);
    /* Around keep() of many results: they are kept together, once it was called with false. -1:
     * hand out no more. */
    int (*together)(void *context, bool begins, struct error *err);
};

struct backend_ops {
    const char *name, *summary;
    bool (*available)(void);             /* NULL: always */
    int (*begin)(struct error *err);     /* joins the other processes; NULL: there are none */
    int (*rank)(void);                   /* of this process, between begin and end; NULL: 0 */
    /* All processes call it, and all get -1 if one of them failed or sees another study; on rank 0
     * the sentence says which. NULL: alone. */
    int (*agree)(int status, uint64_t study_hash, struct error *err);
    int (*run)(const struct backend_work *w, struct error *err);         /* -1: what keep() said */
    void (*end)(void);                   /* NULL: nothing to end */
};
/* NULL: none of that name */
const struct backend_ops *backend_find(const char *name);
const struct backend_ops *backend_at(size_t i);                          /* NULL past the end */

#endif
