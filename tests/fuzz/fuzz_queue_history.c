/* Any bytes as a queue's history: jobs that are sound and predict, or a sentence. */
#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_errno.h>

#include "base/xalloc.h"
#include "tests/fuzz/fuzz.h"
#include "traces/queue_history.h"

static void check(const struct queue_history *h)
{
    size_t n;
    struct past_wait *jobs = queue_history_jobs(h, -1, -1, &n);
    assert(n == h->n && n > 0);
    for (size_t i = 0; i < n; i++) {
        assert(jobs[i].size > 0 && isfinite(jobs[i].size));
        assert(h->has_walltimes ? jobs[i].length_s > 0 : isnan(jobs[i].length_s));
        assert(jobs[i].wait_s >= 0 && isfinite(jobs[i].wait_s));
        assert(h->jobs[i].machine < (int)h->n_machines && h->jobs[i].queue < (int)h->n_queues);
    }
    if (n >= WAITS_LEAST) {
        struct waits *w = waits_new(jobs, n);
        struct dist *d = waits_dist(w, jobs[0].size, jobs[0].length_s);
        double half = dist_quantile(d, 0.5);
        assert(half >= 0 && isfinite(half));
        dist_free(d);
        waits_free(w);
    }
    free(jobs);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error err = { "" };
    struct queue_history h;
    gsl_set_error_handler_off();
    char *text = xcalloc(size + 1, 1);
    if (size > 0)
        memcpy(text, data, size);
    if (queue_history_read(&text, size, "input", &h, &err) == 0)
        check(&h);
    else
        assert(err.text[0]);
    queue_history_clear(&h);
    free(text);
    return 0;
}
