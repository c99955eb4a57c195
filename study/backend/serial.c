/* One point after the other; the threads share its replicas. */
#include "study/backend_impl.h"

static int run(const struct backend_work *w, struct error *err)
{
    struct job_queue q;
    job_queue_init(&q, w, err);
    team_work(&q, w->threads);
    int status = job_queue_status(&q);
    job_queue_clear(&q);
    return status;
}

const struct backend_ops backend_serial = {
    .name = "serial", .summary = "one point after the other, its replicas on the threads",
    .run = run,
};
