#include "validation/peers.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/calibrate.h"

#define NEVER UINT_MAX                   /* no peer, however few there are */

struct likeness session_likeness(const struct session *s)
{
    bool radical = s->generation != GENERATION_NONE;
    return (struct likeness){ .machine = s->resource, .version = s->version, .launcher = session_launcher(s),
                              .generation = (int)s->generation, .entk = radical ? s->has_entk : -1, .window = s->window };
}

static unsigned differences_of(const struct session *a, const struct session *b)
{
    struct likeness x = session_likeness(a), y = session_likeness(b);
    unsigned differences = likeness_compare(&x, &y);
    bool radical = a->generation != GENERATION_NONE, other_radical = b->generation != GENERATION_NONE;
    if ((differences & DIFFERS_ENTK) || radical != other_radical || a->executed != b->executed || !a->window != !b->window)
        return NEVER;
    bool one_unknown = session_is_plain(a) && !a->resource != !b->resource;
    return one_unknown ? differences | DIFFERS_MACHINE : differences;
}

/* The least of `differences` that is at least `from`, as far as `mask` goes; NEVER: there is none. */
static unsigned least(const unsigned *differences, size_t n, unsigned mask, unsigned kind, unsigned from)
{
    unsigned found = NEVER;
    for (size_t i = 0; i < n; i++) {
        unsigned masked = differences[i] & mask;
        bool may = differences[i] != NEVER && (kind == NEVER || (differences[i] & DIFFERS_IN_KIND) == kind);
        if (may && masked >= from && masked < found)
            found = masked;
    }
    return found;
}

/* Plain sessions: a tool's latencies are those of its settings, which are not recorded. So only those that differ least, and
 * of these the nearest in time. */
struct near { const struct session *session; double away_s; };

static int by_time(const void *a, const void *b)
{
    const struct near *x = a, *y = b;
    return (x->away_s > y->away_s) - (x->away_s < y->away_s);
}

static size_t nearest(const struct session *const *sessions, size_t n, size_t of, const unsigned *d, const struct session **out,
                      unsigned *differences)
{
    struct near *list = xcalloc(n, sizeof *list);
    size_t found = 0;
    *differences = least(d, n, NEVER, NEVER, 0);
    for (size_t i = 0; i < n && *differences != NEVER; i++)
        if (d[i] == *differences)
            list[found++] = (struct near){ sessions[i], fabs(sessions[i]->zero_epoch_s - sessions[of]->zero_epoch_s) };
    sort_items(list, found, sizeof *list, by_time);
    found = found < PEERS_NEAREST ? found : PEERS_NEAREST;
    for (size_t i = 0; i < found; i++)
        out[i] = list[i].session;
    free(list);
    return found;
}

size_t peers_find(const struct session *const *sessions, size_t n, size_t of, const struct session **out, unsigned *differences)
{
    unsigned *d = xcalloc(n, sizeof *d);
    for (size_t i = 0; i < n; i++)
        d[i] = i == of ? NEVER : differences_of(sessions[of], sessions[i]);
    if (session_is_plain(sessions[of])) {
        size_t found = nearest(sessions, n, of, d, out, differences);
        free(d);
        return found;
    }
    unsigned kind = least(d, n, DIFFERS_IN_KIND, NEVER, 0), most = 0;
    size_t count = 0, found = 0;
    while (kind != NEVER && count < CALIBRATE_FEWEST) {
        unsigned next = least(d, n, NEVER, kind, count ? most + 1 : 0);
        if (next == NEVER)
            break;
        most = next;
        for (size_t i = 0; i < n; i++)
            count += d[i] == most;
    }
    *differences = 0;
    for (size_t i = 0; i < n; i++) {
        if (!count || d[i] == NEVER || (d[i] & DIFFERS_IN_KIND) != kind || d[i] > most)
            continue;
        *differences |= d[i];
        out[found++] = sessions[i];
    }
    free(d);
    return found;
}
