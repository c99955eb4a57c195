/* A wait that lies in several jobs, one after the other. */
#include <math.h>

#include "study/explain_impl.h"

static void add(const struct explain_adder *a, struct explain_step step, double from_s, double to_s,
                enum explain_kind kind)
{
    step.from_s = from_s;
    step.to_s = to_s;
    step.kind = kind;
    a->add(a->context, &step);
}

bool explain_jobs(const struct explain_run *run, const struct explain_step *whole,
                  const struct explain_adder *a)
{
    double to_s = whole->to_s;
    bool passed = false;
    for (size_t k = run->n_jobs; k-- > 1;) {
        const struct job_span *job = &run->jobs[k];
        double ended_s = fmax(job->requested_s, whole->from_s);
        if (job->started_s > to_s || ended_s >= job->started_s)
            continue;
        add(a, *whole, job->started_s, to_s, passed ? EXPLAIN_ENDING : EXPLAIN_RESTART);
        add(a, *whole, ended_s, job->started_s, EXPLAIN_BATCH_QUEUE);
        to_s = ended_s;
        passed = true;
    }
    if (passed)
        add(a, *whole, whole->from_s, to_s, EXPLAIN_ENDING);
    return passed;
}
