#include "core/extrapolation.h"

#include "base/escape.h"

static void add_reason(struct str *text, size_t before, const char *what, const char *ours,
                       const char *theirs)
{
    escape_addf(text, "%s%s %.60s, the profile's is %.60s", text->length > before ? "; " : "", what,
                ours, theirs);
}

static bool exceeds(size_t ours, size_t theirs)
{
    return theirs > 0 && ours / EXTRAPOLATION_SCALE >= theirs;
}

static bool is_larger(const struct scenario *s)
{
    return exceeds(s->platform->n_nodes, s->middleware->n_nodes_seen) ||
           exceeds(s->workflow->n_tasks, s->middleware->n_tasks_seen);
}

static void add_scale(struct str *text, size_t before, size_t ours, size_t theirs, const char *what)
{
    if (exceeds(ours, theirs))
        str_addf(text, "%s%zu %s, the profile saw %zu", text->length > before ? "; " : "", ours,
                 what, theirs);
}

static unsigned differences_of(const struct scenario *s, struct likeness *ours,
                               struct likeness *theirs)
{
    bool measured = s->run.machine || s->run.version || s->run.launcher;
    *ours = (struct likeness){ .machine = s->run.machine ? s->run.machine : s->platform->name,
                               .version = s->run.version,
                               .launcher = s->run.launcher,
                               .generation = -1,
                               .entk = measured ? s->run.entk : -1,
                               .window = s->run.window };
    *theirs = middleware_likeness(s->middleware);
    return likeness_compare(ours, theirs);
}

bool extrapolation_add_reasons(struct str *text, const struct scenario *s)
{
    struct likeness ours, theirs;
    unsigned differences = differences_of(s, &ours, &theirs);
    size_t before = text->length;
    if (differences & DIFFERS_MACHINE)
        add_reason(text, before, "platform", ours.machine, theirs.machine);
    if (differences & DIFFERS_WINDOW)
        str_addf(text, "%s%d tasks at once, the profile saw %d", text->length > before ? "; " : "",
                 ours.window, theirs.window);
    if (differences & DIFFERS_LAUNCHER)
        add_reason(text, before, "launcher", ours.launcher, theirs.launcher);
    if (differences & DIFFERS_VERSION)
        add_reason(text, before,
                   str_equal(s->middleware->scheduler, "radical") ? "RADICAL-Pilot" : "version",
                   ours.version, theirs.version);
    if (differences & DIFFERS_ENTK)
        add_reason(text, before, "client", ours.entk ? "EnTK" : "RADICAL-Pilot alone",
                   theirs.entk ? "EnTK" : "RADICAL-Pilot alone");
    add_scale(text, before, s->platform->n_nodes, s->middleware->n_nodes_seen, "nodes");
    add_scale(text, before, s->workflow->n_tasks, s->middleware->n_tasks_seen, "tasks");
    return text->length > before;
}

static bool has_spread(const struct middleware *m)
{
    bool has = m->n_sessions > 0;
    for (int p = 0; p < STATION_PARAMETERS; p++)
        has = has || m->estimate[p].known || m->between_sd[p] > 0;
    return has;
}

enum transfer extrapolation_transfer(const struct scenario *s)
{
    struct str reasons = { 0 };
    struct likeness ours, theirs;
    bool beyond = has_spread(s->middleware) && extrapolation_add_reasons(&reasons, s);
    str_clear(&reasons);
    if (!beyond)
        return TRANSFER_KIND;
    unsigned differences = differences_of(s, &ours, &theirs);
    bool generation = differences & DIFFERS_VERSION &&
                      !str_equal(likeness_generation(&ours), likeness_generation(&theirs));
    if (differences & DIFFERS_ENTK || (generation && differences & DIFFERS_LAUNCHER))
        return TRANSFER_FARTHEST;
    return generation                         ? TRANSFER_GENERATION
           : differences & DIFFERS_LAUNCHER ? TRANSFER_LAUNCHER
           : is_larger(s)                     ? TRANSFER_SCALE
                                              : TRANSFER_NEAR;
}

/* "stations are taken to differ as those of another machine were measured to"; nothing within a
 * kind. */
static void extrapolation_add_widening(struct str *text, enum transfer t)
{
    if (t != TRANSFER_KIND)
        str_addf(text, "stations are taken to differ as those of another %s were measured to",
                 transfer_name(t));
}

bool extrapolation_add(struct str *text, const struct scenario *s)
{
    if (!extrapolation_add_reasons(text, s))
        return false;
    enum transfer t = extrapolation_transfer(s);
    str_add(text, t == TRANSFER_KIND ? "; the profile has no spread between sessions to widen"
                                     : "; the interval is widened: ");
    extrapolation_add_widening(text, t);
    return true;
}
