#include "validation/peers.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/sort.h"
#include "base/xalloc.h"

struct likeness session_likeness(const struct session *s)
{
    bool radical = s->generation != GENERATION_NONE;
    return (struct likeness){ .machine = s->resource,
                              .version = s->version,
                              .launcher = session_launcher(s),
                              .generation = (int)s->generation,
                              .entk = radical ? s->has_entk : -1,
                              .window = s->window };
}

const char *leave_out_name(enum leave_out l)
{
    static const char *const names[LEAVE_OUTS] = { "session", "generation", "machine" };
    return names[l];
}

static bool is_left_out(const struct likeness *of, const struct likeness *other,
                        enum leave_out leave_out)
{
    const char *generation = likeness_generation(of);
    return (leave_out == LEAVE_OUT_GENERATION && generation &&
            str_equal(generation, likeness_generation(other))) ||
           (leave_out == LEAVE_OUT_MACHINE && of->machine && other->machine &&
            machine_equal(of->machine, other->machine));
}

/* from the session that is predicted; INFINITY: no peer */
struct other { double distance; unsigned differences; };

static struct other other_of(const struct session *of, const struct session *s,
                             enum leave_out leave_out)
{
    struct likeness x = session_likeness(of), y = session_likeness(s);
    unsigned differences = likeness_compare(&x, &y);
    bool radical = of->generation != GENERATION_NONE,
         other_radical = s->generation != GENERATION_NONE;
    bool never = of == s || (differences & DIFFERS_ENTK) || radical != other_radical ||
                 of->executed != s->executed || !of->window != !s->window ||
                 is_left_out(&x, &y, leave_out);
    if (session_is_plain(of) && !of->resource != !s->resource)
        differences |= DIFFERS_MACHINE;
    return (struct other){ never ? (double)INFINITY : likeness_distance(&x, &y), differences };
}

/* The closest session of this kind, of any if `kind` is NULL; SIZE_MAX: there is none. */
static size_t closest_of(const struct other *others, size_t n, const unsigned *kind)
{
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        bool may = !isinf(others[i].distance) &&
                   (!kind || (others[i].differences & DIFFERS_IN_KIND) == *kind);
        if (may && (found == SIZE_MAX || others[i].distance < others[found].distance))
            found = i;
    }
    return found;
}

/* Plain sessions: a tool's latencies are those of its settings, which are not recorded. So only
 * those that differ least, and of these the nearest in time. */
struct near { const struct session *session; double away_s; };

SORT_BY(by_time, struct near, away_s)

static size_t nearest(const struct session *const *sessions, size_t n, size_t of,
                      const struct other *others, const struct session **out, unsigned *differences)
{
    struct near *list = xcalloc(n, sizeof *list);
    size_t found = 0, least = SIZE_MAX;
    for (size_t i = 0; i < n; i++)
        if (!isinf(others[i].distance) &&
            (least == SIZE_MAX || others[i].differences < others[least].differences))
            least = i;
    for (size_t i = 0; least != SIZE_MAX && i < n; i++)
        if (!isinf(others[i].distance) && others[i].differences == others[least].differences)
            list[found++] = (struct near){ sessions[i], fabs(sessions[i]->zero_epoch_s -
                                                             sessions[of]->zero_epoch_s) };
    *differences = least != SIZE_MAX ? others[least].differences : 0;
    sort_items(list, found, sizeof *list, by_time);
    found = found < PEERS_NEAREST ? found : PEERS_NEAREST;
    for (size_t i = 0; i < found; i++)
        out[i] = list[i].session;
    free(list);
    return found;
}

static size_t closest_and_nearby(const struct session *const *sessions, size_t n,
                                 const struct other *others, const struct session **out,
                                 unsigned *differences)
{
    unsigned kind = 0;
    size_t found = 0, closest = closest_of(others, n, &kind);
    if (closest == SIZE_MAX)
        closest = closest_of(others, n, NULL);
    *differences = 0;
    for (size_t i = 0; closest != SIZE_MAX && i < n; i++) {
        kind = others[closest].differences & DIFFERS_IN_KIND;
        if (others[i].distance > others[closest].distance + PEERS_REACH ||
            (others[i].differences & DIFFERS_IN_KIND) != kind)
            continue;
        *differences |= others[i].differences;
        out[found++] = sessions[i];
    }
    return found;
}

size_t peers_find(const struct session *const *sessions, size_t n, size_t of,
                  enum leave_out leave_out, const struct session **out, unsigned *differences)
{
    struct other *others = xcalloc(n, sizeof *others);
    for (size_t i = 0; i < n; i++)
        others[i] = other_of(sessions[of], sessions[i], leave_out);
    size_t found = session_is_plain(sessions[of])
                       ? nearest(sessions, n, of, others, out, differences)
                       : closest_and_nearby(sessions, n, others, out, differences);
    free(others);
    return found;
}
