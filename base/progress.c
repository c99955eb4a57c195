#include "base/progress.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/now.h"
#include "base/xalloc.h"

struct progress {
    pthread_mutex_t lock;                    /* guards all that follows */
    FILE *stream;
    char *what;
    uint64_t total, done;
    double started_s, drawn_s;
};

static void begin(struct progress *p, const char *what, uint64_t total)
{
    struct str shown = { 0 };
    escape_terminal(&shown, what);
    free(p->what);
    p->what = str_take(&shown);
    p->total = total;
    p->done = 0;
    p->started_s = now_monotonic_s();
    p->drawn_s = -INFINITY;
}

struct progress *progress_new(FILE *stream, const char *what, uint64_t total, bool enabled)
{
    if (!enabled || !isatty(fileno(stream)))
        return NULL;
    struct progress *p = xcalloc(1, sizeof *p);
    pthread_mutex_init(&p->lock, NULL);
    p->stream = stream;
    begin(p, what, total);
    return p;
}

/* "sweep [######..............]  30 %, 1:05 left" over whatever the line held before. */
static void draw(struct progress *p, double at_s)
{
    enum { WIDTH = 20 };
    double share = p->total ? fmin((double)p->done / (double)p->total, 1) : 0;
    int full = (int)(share * WIDTH);
    if (p->total)
        fprintf(p->stream, "\r\033[K%s [%.*s%.*s] %3.0f %%", p->what, full, "####################",
                WIDTH - full, "....................", share * 100);
    else
        fprintf(p->stream, "\r\033[K%s, %llu done", p->what, (unsigned long long)p->done);
    if (p->total > 0 && p->done > 0) {
        uint64_t left_s = (uint64_t)((at_s - p->started_s) * (1 - share) / share + 0.5);
        fprintf(p->stream, ", %u:%02u left", (unsigned)(left_s / 60), (unsigned)(left_s % 60));
    }
    fflush(p->stream);
    p->drawn_s = at_s;
}

void progress_begin(struct progress *p, const char *what, uint64_t total)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    begin(p, what, total);
    draw(p, now_monotonic_s());
    pthread_mutex_unlock(&p->lock);
}

void progress_step(struct progress *p, uint64_t by)
{
    if (!p)
        return;
    pthread_mutex_lock(&p->lock);
    p->done += by;
    double at_s = now_monotonic_s();
    if (at_s - p->drawn_s >= 0.1)
        draw(p, at_s);
    pthread_mutex_unlock(&p->lock);
}

void progress_free(struct progress *p)
{
    if (!p)
        return;
    fputs("\r\033[K", p->stream);
    fflush(p->stream);
    pthread_mutex_destroy(&p->lock);
    xfree(p->what, p);
}
