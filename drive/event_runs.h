/* drive/event_runs.h - lists of the subjects of events that lie in the queue as one entry, the
 * first pushed first. A link is 8 bytes, in rooms that are used again. */
#ifndef DAGCAST_DRIVE_EVENT_RUNS_H
#define DAGCAST_DRIVE_EVENT_RUNS_H

#include <stddef.h>
#include <stdint.h>

#include "base/xalloc.h"

#define EVENT_RUNS_NONE UINT32_MAX

struct event_link { uint32_t subject, next; };
struct event_runs {
    struct event_link *at;
    size_t n, room;
    uint32_t unused;                     /* the first of a list of them */
};

static inline void event_runs_reset(struct event_runs *r)
{
    r->n = 0;
    r->unused = EVENT_RUNS_NONE;
}

/* A list of one: its link. */
static inline uint32_t event_runs_begin(struct event_runs *r, uint32_t subject)
{
    uint32_t link = r->unused;
    if (link != EVENT_RUNS_NONE) {
        r->unused = r->at[link].next;
    } else {
        if (r->n == r->room)
            xgrow(&r->at, &r->room, r->n + 1, sizeof *r->at);
        link = (uint32_t)r->n++;
    }
    r->at[link] = (struct event_link){ subject, EVENT_RUNS_NONE };
    return link;
}

/* Behind the last link of a list; the last now. */
static inline uint32_t event_runs_append(struct event_runs *r, uint32_t last, uint32_t subject)
{
    uint32_t link = event_runs_begin(r, subject);
    r->at[last].next = link;
    return link;
}

/* The subject of the first link, which is used again, and the link behind it or EVENT_RUNS_NONE. */
static inline struct event_link event_runs_take(struct event_runs *r, uint32_t first)
{
    struct event_link taken = r->at[first];
    r->at[first].next = r->unused;
    r->unused = first;
    return taken;
}

#endif
