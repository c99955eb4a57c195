/* A point a thread; the calling thread takes points too. Where there are more threads than points,
 * they share the replicas. */
#include "study/backend_impl.h"

static int run(const struct backend_work *w, struct error *err)
{
    struct job_queue q;
    size_t threads = (size_t)w->threads, members = w->n < threads ? w->n : threads;
    int each = members > 0 ? (int)(threads / members) : 1;
    job_queue_init(&q, w, err);
    struct team *t = team_start(&q, members > 0 ? (int)members - 1 : 0, each);
    team_work(&q, each);
    team_join(t);
    int status = job_queue_status(&q);
    job_queue_clear(&q);
    return status;
}

const struct backend_ops backend_threads = {
    .name = "threads", .summary = "a point a thread of this machine", .run = run,
};
