#include "study/sweep.h"

#include <assert.h>
#include <stdlib.h>

#include "base/progress.h"
#include "base/xalloc.h"
#include "study/sources.h"
#include "study/store.h"

struct sweep {
    const struct sweep_options *options;
    struct sweep_outcome *outcome;
    struct grid *grid;
    struct sources sources;
    uint64_t hash;
    struct store *store;                 /* rank 0 only, and what follows */
    size_t n_todo, *todo;
    struct progress *progress;
};

static struct result *run_point(struct sweep *s, const struct scenario *scenario, size_t point,
                                int threads)
{
    struct replicate_options how = { .replicas = s->grid->replicas, .precision = s->grid->precision,
                                     .threads = threads,
                                     .stop = s->options->stop };
    struct replicas r;
    struct error err = { "" };
    if (replicate(scenario, &how, &r, &err))
        return result_of_error(point, err.text);
    struct result *result = r.interrupted ? NULL : result_of(point, scenario, &r);
    replicas_clear(&r);
    return result;
}

static struct result *compute(void *context, size_t point, int threads)
{
    struct sweep *s = context;
    struct variant v;
    struct error err = { "" };
    if (point_open(&s->sources, point, &v, &err))
        return result_of_error(point, err.text);
    struct result *r = run_point(s, &v.scenario, point, threads);
    variant_clear(&v);
    return r;
}

static int keep(void *context, const struct result *r, struct error *err)
{
    struct sweep *s = context;
    if (store_put(s->store, s->grid, r, point_profile(&s->sources, r->point), err))
        return -1;
    s->outcome->n_run++;
    s->outcome->n_failed += r->error != NULL;
    progress_step(s->progress, 1);
    return 0;
}

static int keep_together(void *context, bool begins, struct error *err)
{
    struct sweep *s = context;
    return begins ? store_begin(s->store, err) : store_commit(s->store, err);
}

static int open_store(struct sweep *s, struct error *err)
{
    size_t n = s->grid->n_points;
    s->store = store_open(s->options->store, s->grid, s->hash, s->options->version, err);
    if (!s->store)
        return -1;
    bool *done = xcalloc(n, sizeof *done);
    int status = store_mark_done(s->store, done, n, err);
    s->todo = xcalloc(n, sizeof *s->todo);
    for (size_t k = 0; k < n; k++)
        if (!done[k])
            s->todo[s->n_todo++] = k;
    free(done);
    s->outcome->n_points = n;
    s->outcome->n_before = n - s->n_todo;
    return status;
}

static int open_all(struct sweep *s, struct error *err)
{
    s->grid = grid_load(s->options->study, err);
    if (!s->grid ||
        sources_open(&s->sources, s->grid, s->options->data_dirs, s->options->document_of, err))
        return -1;
    s->hash = sources_hash(&s->sources);
    return s->outcome->first ? open_store(s, err) : 0;
}

static int run_all(struct sweep *s, struct error *err)
{
    const struct sweep_options *o = s->options;
    if (s->outcome->first && o->progress)
        s->progress = progress_new(o->progress, "points", s->n_todo, true);
    struct backend_work work = { .n = s->n_todo, .points = s->todo, .threads = o->threads,
                                 .stop = o->stop, .context = s,
                                 .compute = compute, .keep = keep, .together = keep_together };
    int status = o->backend->run(&work, err);
    progress_free(s->progress);
    s->outcome->interrupted = status == 0 && s->outcome->first && s->outcome->n_run < s->n_todo;
    return status;
}

int sweep_run(const struct sweep_options *o, struct sweep_outcome *out, struct error *err)
{
    const struct backend_ops *backend = o->backend;
    assert(o->threads >= 1);
    *out = (struct sweep_outcome){ 0 };
    if (backend->available && !backend->available())
        return error_set(err, "this dagcast was built without MPI: %s runs cannot be had",
                         backend->name);
    if (backend->begin && backend->begin(err))
        return -1;
    out->first = !backend->rank || backend->rank() == 0;
    struct sweep s = { .options = o, .outcome = out };
    int status = open_all(&s, err);
    if (backend->agree)
        status = backend->agree(status, s.hash, err);
    if (status == 0)
        status = run_all(&s, err);
    store_close(s.store);
    free(s.todo);
    sources_clear(&s.sources);
    grid_free(s.grid);
    if (backend->end)
        backend->end();
    return status;
}
