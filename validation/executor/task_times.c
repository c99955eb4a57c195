#include "validation/executor/task_times.h"

#include <math.h>
#include <stdio.h>

bool task_times_load(const char *path, struct task_times *out)
{
    *out = (struct task_times){ .started_real_s = NAN,
                                .started_monotonic_s = NAN,
                                .stopped_real_s = NAN,
                                .stopped_monotonic_s = NAN,
                                .status = -1 };
    struct task_times t = *out;
    bool started = false, stopped = false;
    char line[128];
    FILE *f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (!started)
            started = sscanf(line, "started %lf %lf", &t.started_real_s,
                             &t.started_monotonic_s) == 2;
        else
            stopped = stopped || sscanf(line, "stopped %lf %lf %d", &t.stopped_real_s,
                                        &t.stopped_monotonic_s, &t.status) == 3;
    if (f)
        fclose(f);
    if (stopped) {
        *out = t;
    } else if (started) {
        out->started_real_s = t.started_real_s;
        out->started_monotonic_s = t.started_monotonic_s;
    }
    return started;
}

size_t task_times_steps(const char *path, double *step_s, size_t most)
{
    double real, monotonic, started_s;
    size_t n = 0;
    FILE *f = fopen(path, "r");
    if (f && fscanf(f, "started %lf %lf\n", &real, &started_s) == 2)
        while (n < most && fscanf(f, "step %lf %lf\n", &real, &monotonic) == 2)
            step_s[n++] = monotonic - started_s;
    if (f)
        fclose(f);
    return n;
}
