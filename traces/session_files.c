#include "traces/session_files.h"

#include <math.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "traces/session.h"

void session_files_free(struct session_files *f)
{
    if (!f)
        return;
    xfree(f->at, f->first, f->ids, f);
}

double session_files_bytes(const struct session_files *f, size_t task, int side)
{
    const size_t *first = &f->first[2 * task + (size_t)side];
    double sum = NAN;
    for (size_t k = first[0]; k < first[1]; k++)
        if (is_known(f->at[f->ids[k]].bytes))
            sum = known_or(sum, 0) + f->at[f->ids[k]].bytes;
    return sum;
}

double session_files_total(const struct session_files *f, size_t n_tasks, int side)
{
    double sum = 0;
    for (size_t i = 0; i < n_tasks; i++)
        sum += known_or(session_files_bytes(f, i, side), 0);
    return sum;
}
