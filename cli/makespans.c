#include "cli/makespans.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "plots/series.h"

static const struct schema_field line_fields[] = {
    { "name", &schema_text, SCHEMA_AT(struct makespan_line, name), .required = true,
      .help = "the mode" },
    { "times", &schema_numbers, SCHEMA_AT(struct makespan_line, times), .required = true,
      .help = "a replica's makespan, or session under a walltime" },
};
static const struct schema line = { "line", SCHEMA_FIELDS(line_fields),
                                    .size = sizeof(struct makespan_line) };
static const struct schema_field fields[] = {
    { "title", &schema_text, SCHEMA_AT(struct makespans, title), .required = true,
      .help = "of the picture" },
    { "walltime", &schema_number, SCHEMA_AT(struct makespans, walltime_s),
      .help = "seconds; 0: none" },
    { "lines", &schema_list, SCHEMA_AT(struct makespans, lines),
      .count = offsetof(struct makespans, n), .of = &line, .required = true, .help = "the modes" },
};
const struct schema makespans_schema = { "makespans", SCHEMA_FIELDS(fields),
                                         .size = sizeof(struct makespans) };

static char *title_of(const struct scenario_set *set)
{
    const struct scenario *s = &set->scenario;
    return str_format("%s: %s on %s (%zu node%s), %s, %zu replicas, seed %llu",
                      s->walltime_s > 0 ? "Session" : "Makespan", s->workflow->name,
                      s->platform->name, s->platform->n_nodes, s->platform->n_nodes == 1 ? "" : "s",
                      s->middleware->name, set->replicas, (unsigned long long)s->seed);
}

static struct number_list times_of(const struct replicas *r, bool sessions)
{
    struct number_list times = { xcalloc(r->n + 1, sizeof *times.at), r->n };
    for (size_t i = 0; i < r->n; i++)
        times.at[i] = sessions ? r->at[i].session_s : r->at[i].makespan_s;
    return times;
}

struct makespans makespans_of(const struct scenario_set *set, const struct mode_runs *of, size_t n)
{
    struct makespans m = { title_of(set), set->scenario.walltime_s, n,
                           xcalloc(n + 1, sizeof *m.lines) };
    for (size_t i = 0; i < n; i++)
        m.lines[i] = (struct makespan_line){ xstrdup(mode_name(of[i].mode)),
                                             times_of(of[i].runs, m.walltime_s > 0) };
    return m;
}

int makespans_draw(const struct makespans *m, const char *title, const char *path,
                   struct error *err)
{
    struct series *series = xcalloc(m->n + 1, sizeof *series);
    for (size_t i = 0; i < m->n; i++)
        series[i] = (struct series){ .name = m->lines[i].name, .n = m->lines[i].times.n,
                                     .x = m->lines[i].times.at };
    const struct series_picture p = {
        .title = title ? title : m->title,
        .x_name = m->walltime_s > 0 ? "session: start, makespan and drain [s]; red: the walltime"
                                    : "makespan [s]",
        .y_name = "share of replicas [0 to 1]", .series = series, .n_series = m->n,
    };
    int status = plot_distribution(&p, m->walltime_s > 0 ? m->walltime_s : NAN, path, err);
    free(series);
    return status;
}
