#include "traces/session_files.h"

#include <math.h>
#include <stdlib.h>

void session_files_free(struct session_files *f)
{
    if (!f)
        return;
    free(f->at);
    free(f->first);
    free(f->ids);
    free(f);
}

/* side 0: inputs, 1: outputs. */
static double sum(const struct session_files *f, size_t n_tasks, size_t side)
{
    double bytes = 0;
    for (size_t i = 0; i < n_tasks; i++)
        for (size_t k = f->first[2 * i + side]; k < f->first[2 * i + side + 1]; k++)
            bytes += isnan(f->at[f->ids[k]].bytes) ? 0 : f->at[f->ids[k]].bytes;
    return bytes;
}

double session_files_read(const struct session_files *f, size_t n_tasks)
{
    return sum(f, n_tasks, 0);
}

double session_files_written(const struct session_files *f, size_t n_tasks)
{
    return sum(f, n_tasks, 1);
}
