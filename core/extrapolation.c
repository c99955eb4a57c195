#include "core/extrapolation.h"

#include "base/escape.h"

static void add_reason(struct str *text, size_t before, const char *what, const char *ours, const char *theirs)
{
    escape_addf(text, "%s%s %.60s, the profile's is %.60s", text->length > before ? "; " : "", what, ours, theirs);
}

static void add_scale(struct str *text, size_t before, size_t ours, size_t theirs, const char *what)
{
    if (theirs > 0 && ours / EXTRAPOLATION_SCALE >= theirs)
        str_addf(text, "%s%zu %s, the profile saw %zu", text->length > before ? "; " : "", ours, what, theirs);
}

bool extrapolation_add_reasons(struct str *text, const struct scenario *s)
{
    const struct middleware *m = s->middleware;
    const char *machine = s->run.machine ? s->run.machine : s->platform->name;
    bool measured = s->run.machine || s->run.version || s->run.launcher;
    const struct likeness ours = { machine, s->run.version, s->run.launcher, -1, measured ? s->run.entk : -1, 0 },
                          theirs = middleware_likeness(m);
    unsigned differences = likeness_compare(&ours, &theirs);
    size_t before = text->length;
    if (differences & DIFFERS_MACHINE)
        add_reason(text, before, "platform", machine, m->platform_seen);
    if (s->run.window > 0 && m->window_seen > 0 && m->window_seen != s->run.window)
        str_addf(text, "%s%d tasks at once, the profile saw %d", text->length > before ? "; " : "", s->run.window, m->window_seen);
    if (differences & DIFFERS_LAUNCHER)
        add_reason(text, before, "launcher", s->run.launcher, m->launcher_seen);
    if (differences & DIFFERS_VERSION)
        add_reason(text, before, str_equal(m->scheduler, "radical") ? "RADICAL-Pilot" : "version", s->run.version, theirs.version);
    if (differences & DIFFERS_ENTK)
        add_reason(text, before, "client", ours.entk ? "EnTK" : "RADICAL-Pilot alone", theirs.entk ? "EnTK" : "RADICAL-Pilot alone");
    add_scale(text, before, s->platform->n_nodes, m->n_nodes_seen, "nodes");
    add_scale(text, before, s->workflow->n_tasks, m->n_tasks_seen, "tasks");
    return text->length > before;
}

static bool has_spread(const struct middleware *m)
{
    bool has = m->n_sessions > 0;
    for (int p = 0; p < STATION_PARAMETERS; p++)
        has = has || m->estimate[p].known || m->between_sd[p] > 0;
    return has;
}

double extrapolation_spread(const struct scenario *s)
{
    struct str reasons = { 0 };
    bool beyond = has_spread(s->middleware) && extrapolation_add_reasons(&reasons, s);
    str_clear(&reasons);
    return beyond ? EXTRAPOLATION_SPREAD : 1;
}

bool extrapolation_add(struct str *text, const struct scenario *s)
{
    if (!extrapolation_add_reasons(text, s))
        return false;
    double spread = extrapolation_spread(s);
    if (spread > 1)
        str_addf(text, "; the interval is widened: the spread between sessions is taken %g times as wide", spread);
    else
        str_add(text, "; the profile has no spread between sessions to widen");
    return true;
}
