#include "cli/timeline_files.h"

#include "plots/chrome_trace.h"
#include "sim/simulate.h"
#include "study/adaptive.h"

enum { KEEP_TASKS_MOST = 50000 };        /* some 5 MB a mode */

bool timeline_files_keep(const struct scenario *s, bool files)
{
    return files && s->workflow->n_tasks <= KEEP_TASKS_MOST;
}

struct files { struct timeline_csv *csv; struct chrome_trace *trace; };

static void take(void *context, const struct timeline *piece, size_t n)
{
    const struct files *files = context;
    if (files->csv)
        timeline_csv_add(files->csv, piece, n);
    if (files->trace)
        chrome_trace_add(files->trace, piece, n);
}

static int stream(const struct scenario *s, struct files *files, struct error *err)
{
    if (s->workflow->n_sets == 0)
        return 0;
    const struct record_sink sink = { take, files };
    struct simulator *simulator = simulator_new(s, err);
    struct replica ignored;
    if (!simulator)
        return -1;
    simulator_stream(simulator, 0, &sink, &ignored);
    simulator_free(simulator);
    return 0;
}

static int files_open(struct files *files, const struct scenario *s, double session_s,
                      const char *csv, const char *chrome_trace, struct error *err)
{
    *files = (struct files){ 0 };
    if (csv && !(files->csv = timeline_csv_open(s->workflow, s->platform, 0, session_s, csv, err)))
        return -1;
    if (!chrome_trace ||
        (files->trace = chrome_trace_open(s->workflow, s->platform, chrome_trace, err)))
        return 0;
    timeline_csv_abandon(files->csv);
    return -1;
}

/* `status` != 0: nothing is left of them. */
static int files_close(struct files *files, int status, struct error *err)
{
    if (status)
        timeline_csv_abandon(files->csv);
    else if (files->csv)
        status = timeline_csv_close(files->csv, err);
    if (files->trace && status == 0)
        status = chrome_trace_close(files->trace, err);
    else if (files->trace)
        chrome_trace_abandon(files->trace);
    return status;
}

static int write_session(const struct scenario *s, const struct replicas *runs, const char *csv,
                         const char *chrome_trace, struct error *err)
{
    struct files files;
    int status = 0;
    if (files_open(&files, s, runs->at[0].session_s, csv, chrome_trace, err))
        return -1;
    if (runs->first)
        take(&files, runs->first, runs->first->n);
    else
        status = stream(s, &files, err);
    return files_close(&files, status, err);
}

int timeline_files_write(const struct scenario *s, const struct replicas *runs, const char *csv,
                         const char *chrome_trace, struct error *err)
{
    struct adaptive_session session;
    if (!csv && !chrome_trace)
        return 0;
    if (adaptive_session(s, 0, NULL, &session, err))
        return -1;
    int status = write_session(&session.scenario, runs, csv, chrome_trace, err);
    adaptive_session_clear(&session);
    return status;
}

struct timeline *timeline_of_first(const struct scenario *s, struct error *err)
{
    struct adaptive_session session;
    if (adaptive_session(s, 0, NULL, &session, err))
        return NULL;
    struct timeline *t = timeline_new(session.scenario.workflow, s->platform);
    struct simulator *simulator =
        session.scenario.workflow->n_sets > 0 ? simulator_new(&session.scenario, err) : NULL;
    struct replica ignored;
    int status = session.scenario.workflow->n_sets > 0 && !simulator ? -1 : 0;
    if (simulator)
        simulator_run(simulator, 0, t, &ignored);
    simulator_free(simulator);
    t->session = session.workflow;
    session.workflow = NULL;
    adaptive_session_clear(&session);
    if (status == 0)
        return t;
    timeline_free(t);
    return NULL;
}
