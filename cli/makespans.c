#include "cli/picture_data.h"

#include <math.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "plots/series.h"

static const char *const of_names[] = { "makespan", "session", "solution", NULL };
static const char *const titles[] = { "Makespan", "Session", "Time to the solution" };
static const char *const axes[] = {
    "makespan [s]", "session: start, makespan and drain [s]; red: the walltime",
    "from the first request to the last end, waits in the queue included [s]",
};

static const struct schema_field line_fields[] = {
    { "name", &schema_text, SCHEMA_AT(struct makespan_line, name), .required = true,
      .help = "the mode" },
    { "times", &schema_numbers, SCHEMA_AT(struct makespan_line, times), .may_be_empty = true,
      .help = "of its replicas that ended, as `of` says" },
    { "not_ended", &schema_integer, SCHEMA_AT(struct makespan_line, not_ended), .max = 1e9,
      .help = "replicas whose last job left tasks undone; they have no time" },
    { "in_time", &schema_number, SCHEMA_AT(struct makespan_line, in_time), .required = true,
      .help = "share that ended within the walltime, or the jobs" },
};
static const struct schema line = { "line", SCHEMA_FIELDS(line_fields),
                                    .size = sizeof(struct makespan_line) };
static const struct schema_field fields[] = {
    { "title", &schema_text, SCHEMA_AT(struct makespans, title), .required = true,
      .help = "of the picture" },
    { "of", &schema_choice, SCHEMA_AT(struct makespans, of), .choices = of_names,
      .required = true, .help = "what the times are" },
    { "walltime", &schema_number, SCHEMA_AT(struct makespans, walltime_s),
      .help = "seconds; 0: none" },
    { "lines", &schema_list, SCHEMA_AT(struct makespans, lines),
      .count = offsetof(struct makespans, n), .of = &line, .required = true, .help = "the modes" },
};
const struct schema makespans_schema = { "makespans", SCHEMA_FIELDS(fields),
                                         .size = sizeof(struct makespans) };

static char *title_of(const struct scenario_set *set, enum makespan_kind of)
{
    const struct scenario *s = &set->scenario;
    return str_format("%s: %s on %s (%zu node%s), %s, %zu replicas, seed %llu",
                      titles[of], s->workflow->name,
                      s->platform->name, s->platform->n_nodes, s->platform->n_nodes == 1 ? "" : "s",
                      s->middleware->name, set->replicas, (unsigned long long)s->seed);
}

/* A chain of jobs that left tasks undone has no time to the solution. */
static struct number_list times_of(const struct replicas *r, enum makespan_kind of)
{
    struct number_list times = { xcalloc(r->n + 1, sizeof *times.at), 0 };
    for (size_t i = 0; i < r->n; i++)
        if (of != OF_SOLUTION || r->at[i].in_time)
            times.at[times.n++] = of == OF_SOLUTION  ? r->at[i].jobs.solution_s
                                  : of == OF_SESSION ? r->at[i].session_s
                                                     : r->at[i].makespan_s;
    return times;
}

/* A session that the walltime cut lasts as long as the walltime, and is not in time; `limit_s` is
 * for those that ran without it. 0: none. */
static double in_time_of(const struct replicas *r, double limit_s)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++)
        n += r->at[i].in_time && (limit_s <= 0 || r->at[i].session_s <= limit_s);
    return r->n > 0 ? (double)n / (double)r->n : 0;
}

static struct makespan_line line_of(const struct mode_runs *of, enum makespan_kind what,
                                    double limit_s)
{
    struct number_list times = times_of(of->runs, what);
    return (struct makespan_line){ xstrdup(mode_name(of->mode)), times,
                                   (int)(of->runs->n - times.n), in_time_of(of->runs, limit_s) };
}

struct makespans makespans_of(const struct scenario_set *set, const struct mode_runs *of, size_t n)
{
    const struct scenario *s = &set->scenario;
    enum makespan_kind what = allocation_is_chain(s) ? OF_SOLUTION
                             : s->walltime_s > 0    ? OF_SESSION
                                                    : OF_MAKESPAN;
    double limit_s = what == OF_SESSION ? s->walltime_s : 0;
    struct makespans m = { title_of(set, what), what, s->walltime_s, n,
                           xcalloc(n + 1, sizeof *m.lines) };
    for (size_t i = 0; i < n; i++)
        m.lines[i] = line_of(&of[i], what, limit_s);
    return m;
}

int makespans_draw(const struct makespans *m, const char *title, const char *path,
                   struct error *err)
{
    size_t ended = 0;
    for (size_t i = 0; i < m->n; i++)
        ended += m->lines[i].times.n;
    if (m->of == OF_SOLUTION && ended == 0)
        return error_set(err, "no replica of any mode did all tasks within its jobs, so there is "
                              "no time to the solution to draw");
    struct series *series = xcalloc(m->n + 1, sizeof *series);
    double *in_time = xcalloc(m->n + 1, sizeof *in_time);
    for (size_t i = 0; i < m->n; i++) {
        in_time[i] = m->lines[i].in_time;
        series[i] = (struct series){ .name = m->lines[i].name, .n = m->lines[i].times.n,
                                     .x = m->lines[i].times.at,
                                     .n_never = (size_t)m->lines[i].not_ended };
    }
    const struct series_picture p = {
        .title = title ? title : m->title,
        .x_name = axes[m->of],
        .y_name = "share of replicas [0 to 1]", .series = series, .n_series = m->n,
    };
    int status = plot_distribution(&p, m->of == OF_SESSION ? m->walltime_s : NAN,
                                   m->walltime_s > 0 ? in_time : NULL, path, err);
    xfree(in_time, series);
    return status;
}
