#include "cli/makespans.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "plots/series.h"

static char *title_of(const struct makespans *m)
{
    const struct scenario *s = &m->set->scenario;
    return str_format("%s: %s on %s (%zu node%s), %s, %zu replicas, seed %llu",
                      s->walltime_s > 0 ? "Session" : "Makespan", s->workflow->name,
                      s->platform->name, s->platform->n_nodes, s->platform->n_nodes == 1 ? "" : "s",
                      s->middleware->name, m->set->replicas, (unsigned long long)s->seed);
}

static double *times_of(const struct replicas *r, bool sessions)
{
    double *times = xcalloc(r->n + 1, sizeof *times);
    for (size_t i = 0; i < r->n; i++)
        times[i] = sessions ? r->at[i].session_s : r->at[i].makespan_s;
    return times;
}

int makespans_draw(const struct makespans *m, const char *title, const char *path,
                   struct error *err)
{
    double walltime_s = m->set->scenario.walltime_s, *times[MODES] = { NULL };
    struct series series[MODES];
    char *own = title ? xstrdup(title) : title_of(m);
    for (size_t i = 0; i < m->n; i++) {
        times[i] = times_of(m->runs[i], walltime_s > 0);
        series[i] = (struct series){ .name = mode_name(m->mode[i]), .n = m->runs[i]->n,
                                     .x = times[i] };
    }
    const struct series_picture p = {
        .title = own,
        .x_name = walltime_s > 0 ? "session: start, makespan and drain [s]; red: the walltime"
                                 : "makespan [s]",
        .y_name = "share of replicas [0 to 1]", .series = series, .n_series = m->n,
    };
    int status = plot_distribution(&p, walltime_s > 0 ? walltime_s : NAN, path, err);
    for (size_t i = 0; i < m->n; i++)
        free(times[i]);
    free(own);
    return status;
}
