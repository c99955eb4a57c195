/* study/backend_impl.h - what the backends share: the queue that points are taken from, and threads
 * that empty it. */
#ifndef DAGCAST_STUDY_BACKEND_IMPL_H
#define DAGCAST_STUDY_BACKEND_IMPL_H

#include <pthread.h>

#include "study/backend.h"

extern const struct backend_ops backend_serial, backend_threads, backend_mpi;

struct job_queue {
    const struct backend_work *work;
    pthread_mutex_t lock;                /* of all that follows */
    size_t next;
    bool failed;
    struct error *err;
};
void job_queue_init(struct job_queue *q, const struct backend_work *w, struct error *err);
void job_queue_clear(struct job_queue *q);
/* false: no more, or told to stop */
bool job_queue_take(struct job_queue *q, size_t *point);
/* The same of n of them, NULLs among them, together; what is waited for is one write, not n. */
void job_queue_keep_all(struct job_queue *q, struct result **r, size_t n);
/* -1: keep() failed; once all threads are done */
int job_queue_status(const struct job_queue *q);

/* `n` more threads that take, compute and keep until the queue is empty. Fewer where they cannot be
 * started. */
struct team;
struct team *team_start(struct job_queue *q, int n, int threads_each);
/* waits for all, and frees */
void team_join(struct team *t);
/* the calling thread does the same */
void team_work(struct job_queue *q, int threads);

#endif
