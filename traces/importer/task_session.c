/* The last step: a session of what the others have made. */
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/task_steps.h"
#include "traces/packed_file.h"

static const double unix_times_from_s =
    1e8; /* plain numbers beyond are Unix times, below the records' own */

enum { MOST_RETRIES = 250 };             /* a workflow file may say no more */

void task_attempt_add(struct task_attempt a, const struct task_groups *g, struct workflow *w,
                      struct timeline *t)
{
    struct set_member of = g->of[a.times.task];
    struct task_set *set = &w->sets[of.set];
    a.times.task = set->first_task + of.index;
    timeline_add(t, &a.times, a.status, a.attempt);
    if ((int)a.attempt > set->traits->retries)
        task_traits_own(set)->retries = a.attempt < MOST_RETRIES ? (int)a.attempt : MOST_RETRIES;
}

static bool are_epochs(const struct task_records *r, double zero_s)
{
    return r->dates || zero_s >= unix_times_from_s;
}

static void set_times(struct session *s, const struct task_records *r, double zero_s)
{
    if (zero_s != 0 && !r->no_year)
        s->zero_epoch_s = zero_s;
    s->timeline->session_start_s = r->begun_s - zero_s;
    s->timeline->session_end_s = r->ended_s - zero_s;
}

static void assemble(struct session *s, const struct task_records *r, struct described *d,
                     struct placed *p, const struct task_groups *g)
{
    double zero_s = task_records_zero(r);
    zero_s = are_epochs(r, zero_s) ? zero_s : 0;
    notes_add_all(&s->notes, &d->notes);
    notes_add_all(&s->notes, &r->notes);
    notes_add_all(&s->notes, &g->notes);
    notes_add_all(&s->notes, &p->notes);
    s->timeline = task_timeline(&(struct steps_done){ r, d, p, g }, s->workflow, zero_s, &s->notes);
    s->platform = p->platform;
    s->slots_unnamed = r->slots_unnamed;
    p->platform = NULL;
    set_times(s, r, zero_s);
}

/* What a row and a task take is given back before the timeline is put in order. */
struct session *task_session(struct task_records *r, const struct task_source *source,
                             struct error *err)
{
    struct session *s = session_new(source->name, source->path, source->importer);
    struct described d = task_describe(r);
    struct task_groups g;
    int status = task_group(&g, r, &d, s->name, &s->edges_inferred, err);
    if (status == 0 && (s->workflow = task_groups_finish(&g, err))) {
        struct placed p = task_place(r, &d, s->name);
        assemble(s, r, &d, &p, &g);
        placed_clear(&p);
    } else {
        error_prefix(err, "%s: ", source->path);
        session_free(s);
        s = NULL;
    }
    task_groups_clear(&g);
    described_clear(&d);
    task_records_drop_rows(r);
    if (s)
        timeline_sort(s->timeline);
    return s;
}

/* Without folders and the ending: "runs/trace.txt.gz" is "trace". */
static char *name_of_path(const char *path)
{
    const char *file = str_file_name(path);
    char *name = xstrndup(file, packed_file_name_length(file)), *dot = strrchr(name, '.');
    if (dot && dot > name)
        *dot = '\0';
    return name;
}

static int read_records(const struct importer_ops *importer, struct task_records *r,
                        const char *path, struct error *err)
{
    if (importer->read(r, path, err))
        return -1;
    if (importer->expected && r->n == 0)
        return error_set(err, "%s: expected %s; none of %zu can be read", path, importer->expected,
                         r->counts.torn + r->counts.others);
    task_records_note(r);
    return 0;
}

struct session *task_session_of(const struct importer_ops *importer, const char *path,
                                struct error *err)
{
    char *name = name_of_path(path);
    struct task_source source = { importer->name, name, path };
    struct task_records records;
    task_records_init(&records, TABLE_PLAIN);
    struct session *s = read_records(importer, &records, path, err)
                            ? NULL
                            : task_session(&records, &source, err);
    task_records_clear(&records);
    free(name);
    return s;
}
