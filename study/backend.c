#include "study/backend_impl.h"

#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"

static const struct backend_ops *const backends[] = { &backend_serial, &backend_threads,
                                                      &backend_mpi };

const struct backend_ops *backend_at(size_t i)
{
    return i < sizeof backends / sizeof *backends ? backends[i] : NULL;
}

const struct backend_ops *backend_find(const char *name)
{
    for (size_t i = 0; backend_at(i); i++)
        if (str_equal(backend_at(i)->name, name))
            return backend_at(i);
    return NULL;
}

/* ---- the queue ---- */

void job_queue_init(struct job_queue *q, const struct backend_work *w, struct error *err)
{
    *q = (struct job_queue){ .work = w, .err = err };
    pthread_mutex_init(&q->lock, NULL);
}

void job_queue_clear(struct job_queue *q)
{
    pthread_mutex_destroy(&q->lock);
}

bool job_queue_take(struct job_queue *q, size_t *point)
{
    const struct backend_work *w = q->work;
    pthread_mutex_lock(&q->lock);
    bool more = q->next < w->n && !q->failed && !(w->stop && atomic_load(w->stop));
    if (more)
        *point = w->points[q->next++];
    pthread_mutex_unlock(&q->lock);
    return more;
}

/* takes it; NULL: nothing */
static void job_queue_keep(struct job_queue *q, struct result *r)
{
    if (!r)
        return;
    pthread_mutex_lock(&q->lock);
    if (!q->failed && q->work->keep(q->work->context, r, q->err))
        q->failed = true;
    pthread_mutex_unlock(&q->lock);
    result_free(r);
}

void job_queue_keep_all(struct job_queue *q, struct result **r, size_t n)
{
    const struct backend_work *w = q->work;
    pthread_mutex_lock(&q->lock);
    bool begun = !q->failed && w->together(w->context, true, q->err) == 0;
    q->failed |= !begun;
    for (size_t i = 0; i < n && !q->failed; i++)
        q->failed = r[i] && w->keep(w->context, r[i], q->err) != 0;
    if (begun && w->together(w->context, false, q->failed ? NULL : q->err) != 0)
        q->failed = true;
    pthread_mutex_unlock(&q->lock);
    for (size_t i = 0; i < n; i++)
        result_free(r[i]);
}

int job_queue_status(const struct job_queue *q)
{
    return q->failed ? -1 : 0;
}

/* ---- threads that empty it ---- */

struct team {
    struct job_queue *queue;
    int n, threads_each;
    pthread_t threads[];
};

void team_work(struct job_queue *q, int threads)
{
    size_t point;
    while (job_queue_take(q, &point))
        job_queue_keep(q, q->work->compute(q->work->context, point, threads));
}

static void *member(void *team)
{
    struct team *t = team;
    team_work(t->queue, t->threads_each);
    return NULL;
}

struct team *team_start(struct job_queue *q, int n, int threads_each)
{
    struct team *t = xcalloc(1, sizeof *t + (size_t)n * sizeof *t->threads);
    t->queue = q;
    t->threads_each = threads_each;
    while (t->n < n && pthread_create(&t->threads[t->n], NULL, member, t) == 0)
        t->n++;
    return t;
}

void team_join(struct team *t)
{
    for (int i = 0; i < t->n; i++)
        pthread_join(t->threads[i], NULL);
    free(t);
}
