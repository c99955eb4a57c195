#include "core/likeness.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What RADICAL-Pilot puts behind a machine's name for another way to reach or start things on the
 * same nodes. */
static const char *const ways[] = { "aprun", "ccmrun",      "dplace", "dragon", "flux",    "fork",
                                    "ibrun", "interactive", "jsrun",  "lsf",    "mpiexec", "mpirun",
                                    "orte",  "ortelib",     "prrte",  "prte",   "rsh",     "slurm",
                                    "srun",  "ssh",         NULL };

static bool is_way(const char *text)
{
    for (size_t i = 0; ways[i]; i++)
        if (!strcasecmp(text, ways[i]))
            return true;
    return false;
}

/* Where the machine's own name begins, and how long it is. */
static const char *machine_name(const char *name, size_t *length)
{
    const char *dot = strrchr(name, '.'), *own = dot && dot[1] ? dot + 1 : name;
    const char *way = strrchr(own, '_');
    *length = way && way > own && is_way(way + 1) ? (size_t)(way - own) : strlen(own);
    return own;
}

typedef bool names_equal_fn(const char *a, const char *b);
/* of one name in a list; longer ones are compared as far as that */
enum { NAME_ROOM = 128 };

/* Copies the next of the names that `list` separates by commas; returns where the rest begins, NULL
 * at the end. */
static const char *next_name(const char *list, char name[NAME_ROOM])
{
    list += strspn(list, ", ");
    size_t length = strcspn(list, ",");
    if (!length)
        return NULL;
    snprintf(name, NAME_ROOM, "%.*s", (int)(length < NAME_ROOM ? length : NAME_ROOM - 1), list);
    return list + length;
}

static bool any_equal(const char *a, const char *b, names_equal_fn *equal)
{
    char x[NAME_ROOM], y[NAME_ROOM];
    for (const char *p = a; (p = next_name(p, x));)
        for (const char *q = b; (q = next_name(q, y));)
            if (equal(x, y))
                return true;
    return false;
}

bool machine_equal(const char *a, const char *b)
{
    size_t n_a, n_b;
    a = machine_name(a, &n_a);
    b = machine_name(b, &n_b);
    return n_a == n_b && !strncasecmp(a, b, n_a);
}

static bool is_prrte(const char *name)
{
    return !strcasecmp(name, "prrte") || !strcasecmp(name, "prte");
}

static bool launcher_equal(const char *a, const char *b)
{
    return !strcasecmp(a, b) || (is_prrte(a) && is_prrte(b));
}

/* 100 x major + minor, which orders the releases of RADICAL-Pilot; NAN: the text is no version. */
static double release_number(const char *version)
{
    int major, minor;
    return sscanf(version, "%d.%d", &major, &minor) == 2 ? 100.0 * major + minor : (double)NAN;
}

/* Texts that are no versions are equal if they are the same. */
static bool version_equal(const char *a, const char *b)
{
    double x = release_number(a), y = release_number(b);
    return isnan(x) || isnan(y) ? str_equal(a, b) : !(x < y) && !(y < x);
}

unsigned likeness_compare(const struct likeness *a, const struct likeness *b)
{
    unsigned differences = 0;
    if (a->window > 0 && b->window > 0 && a->window != b->window)
        differences |= DIFFERS_WINDOW;
    if (a->machine && b->machine && !any_equal(a->machine, b->machine, machine_equal))
        differences |= DIFFERS_MACHINE;
    if (a->version && b->version && !any_equal(a->version, b->version, version_equal))
        differences |= DIFFERS_VERSION;
    if (a->launcher && b->launcher && !any_equal(a->launcher, b->launcher, launcher_equal))
        differences |= DIFFERS_LAUNCHER;
    if (a->generation >= 0 && b->generation >= 0 && a->generation != b->generation)
        differences |= DIFFERS_GENERATION;
    if (a->entk >= 0 && b->entk >= 0 && a->entk != b->entk)
        differences |= DIFFERS_ENTK;
    return differences;
}

/* Releases between the closest two of both lists. */
static double releases_apart(const char *a, const char *b)
{
    char x[NAME_ROOM], y[NAME_ROOM];
    double least = NAN;
    for (const char *p = a; (p = next_name(p, x));)
        for (const char *q = b; (q = next_name(q, y));)
            /* fmin ignores a NAN */
            least = fmin(least, fabs(release_number(x) - release_number(y)));
    return isnan(least) ? 0 : least;
}

double likeness_newest(const struct likeness *a)
{
    char name[NAME_ROOM];
    double newest = -1;
    for (const char *p = a->version; p && (p = next_name(p, name));)
        newest = fmax(newest, release_number(name));         /* fmax ignores a NAN */
    return newest;
}

const char *likeness_generation(const struct likeness *a)
{
    static const struct generation { double before; const char *entk, *alone; } generations[] = {
        { 46, "EnTK 0.4", "RADICAL-Pilot before 0.46" },
        { 60, "EnTK 0.6", "RADICAL-Pilot 0.46 to 0.5x" },
        { 90, "EnTK 0.70", "RADICAL-Pilot 0.6x and 0.7x" },
        { 109, "EnTK 1.x", "RADICAL-Pilot 0.90 to 1.8" },
        { 120, "EnTK 1.9", "RADICAL-Pilot 1.9 to 1.1x" },
        { 130, "EnTK 1.2x", "RADICAL-Pilot 1.2x" },
        { 140, "EnTK 1.3x", "RADICAL-Pilot 1.3x" },
        { INFINITY, "EnTK since 1.40", "RADICAL-Pilot since 1.40" },
    };
    double release = a->version ? release_number(a->version) : (double)NAN;
    if (isnan(release))
        return NULL;
    const struct generation *g = generations;
    while (!(release < g->before))
        g++;
    return a->entk == 1 ? g->entk : g->alone;
}

double likeness_distance(const struct likeness *a, const struct likeness *b)
{
    unsigned differences = likeness_compare(a, b);
    double apart = differences & DIFFERS_VERSION
                       ? DISTANCE_RELEASE + releases_apart(a->version, b->version)
                       : 0;
    return apart + (differences & DIFFERS_MACHINE ? DISTANCE_MACHINE : 0) +
           (differences & DIFFERS_WINDOW ? DISTANCE_WINDOW : 0) +
           (differences & DIFFERS_LAUNCHER ? DISTANCE_LAUNCHER : 0) +
           (differences & DIFFERS_ENTK ? DISTANCE_ENTK : 0);
}

void likeness_add_names(struct str *text, unsigned differences)
{
    static const char *const names[] = { "tasks at once", "machine", "version", "launcher",
                                         "generation", "EnTK or not" };
    bool any = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!(differences & 1u << i))
            continue;
        str_addf(text, "%s%s", any ? ", " : "", names[i]);
        any = true;
    }
}
