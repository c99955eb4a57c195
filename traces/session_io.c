#include "traces/session_io.h"

#include <stdlib.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "traces/session_files.h"

static const double bytes_a_mib = 1048576;

static struct dist *law_of(const double *mib, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (mib[i] != mib[0])
            return dist_empirical(mib, n);
    return dist_constant(mib[0]);
}

/* The set's transfer; none if nothing is moved. */
static void add_transfer(const struct session_files *f, const struct task_set *set, int way,
                         struct phase *out)
{
    double *mib = xcalloc(set->n_tasks, sizeof *mib), sum = 0;
    for (uint32_t t = 0; t < set->n_tasks; t++)
        sum += mib[t] =
            known_or(session_files_bytes(f, set->first_task + t, way), 0) / bytes_a_mib;
    if (sum > 0)
        *out = (struct phase){ .flow = xstrdup(SESSION_IO_FLOW),
                               .amount = law_of(mib, set->n_tasks) };
    free(mib);
}

int session_io_check(const struct session *s, struct error *err)
{
    const struct session_files *f = s->files;
    for (size_t k = 0; f && k < f->first[2 * (size_t)s->workflow->n_tasks]; k++)
        if (f->at[f->ids[k]].bytes > 0)
            return 0;
    return error_set(err, "%s: --io: no sizes of files are recorded", s->path);
}

void session_io_add(const struct session *s, struct workflow *w)
{
    for (size_t k = 0; s->files && k < s->workflow->n_sets; k++) {
        const struct task_set *set = &s->workflow->sets[k];
        add_transfer(s->files, set, 0, &task_phases_own(&w->sets[k])->input);
        add_transfer(s->files, set, 1, &task_phases_own(&w->sets[k])->output);
    }
}

void session_io_add_flow(struct platform *p, double rate)
{
    p->flows = xrealloc(p->flows, p->n_flows + 1, sizeof *p->flows);
    p->flows[p->n_flows++] = (struct flow_rule){ .name = xstrdup(SESSION_IO_FLOW), .rate = rate };
}
