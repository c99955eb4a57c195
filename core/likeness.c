#include "core/likeness.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* What RADICAL-Pilot puts behind a machine's name for another way to reach or start things on the same nodes. */
static const char *const ways[] = { "aprun", "ccmrun", "dplace", "dragon", "flux", "fork", "ibrun", "interactive", "jsrun", "lsf",
                                    "mpiexec", "mpirun", "orte", "ortelib", "prrte", "prte", "rsh", "slurm", "srun", "ssh", NULL };

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

bool launcher_equal(const char *a, const char *b)
{
    return !strcasecmp(a, b) || (is_prrte(a) && is_prrte(b));
}

/* Major and minor; texts that are no versions are equal if they are the same. */
static bool version_equal(const char *a, const char *b)
{
    int major_a, minor_a, major_b, minor_b;
    if (sscanf(a, "%d.%d", &major_a, &minor_a) != 2 || sscanf(b, "%d.%d", &major_b, &minor_b) != 2)
        return str_equal(a, b);
    return major_a == major_b && minor_a == minor_b;
}

unsigned likeness_compare(const struct likeness *a, const struct likeness *b)
{
    unsigned differences = 0;
    if (a->machine && b->machine && !machine_equal(a->machine, b->machine))
        differences |= DIFFERS_MACHINE;
    if (a->version && b->version && !version_equal(a->version, b->version))
        differences |= DIFFERS_VERSION;
    if (a->launcher && b->launcher && !launcher_equal(a->launcher, b->launcher))
        differences |= DIFFERS_LAUNCHER;
    if (a->generation >= 0 && b->generation >= 0 && a->generation != b->generation)
        differences |= DIFFERS_GENERATION;
    if (a->entk >= 0 && b->entk >= 0 && a->entk != b->entk)
        differences |= DIFFERS_ENTK;
    return differences;
}

void likeness_add_names(struct str *text, unsigned differences)
{
    static const char *const names[] = { "machine", "version", "launcher", "generation", "EnTK or not" };
    bool any = false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (!(differences & 1u << i))
            continue;
        str_addf(text, "%s%s", any ? ", " : "", names[i]);
        any = true;
    }
}
