#include "study/backend.h"

#include "tests/support/unit.h"

enum { N = 200 };

struct record {
    atomic_int computed[N];
    int kept[N], n_kept;
    int fails_at;                        /* the keep() that fails; -1: none */
    atomic_bool stop;
    int stops_at;                        /* the compute() that is told to stop; -1: none */
    atomic_int n_computed;
};

static struct result *compute(void *context, size_t point, int threads)
{
    struct record *r = context;
    unit_is(threads, >=, 1);
    atomic_fetch_add(&r->computed[point / 3], 1);
    if (atomic_fetch_add(&r->n_computed, 1) == r->stops_at) {
        atomic_store(&r->stop, true);
        return NULL;
    }
    return result_of_error(point, "kept");
}

static int keep(void *context, const struct result *result, struct error *err)
{
    struct record *r = context;
    if (r->n_kept == r->fails_at)
        return error_set(err, "disk full");
    r->kept[result->point / 3]++;
    r->n_kept++;
    return 0;
}

static int run(const struct backend_ops *b, int threads, struct record *r, struct error *err)
{
    size_t points[N];
    for (size_t i = 0; i < N; i++)
        points[i] = 3 * i;
    struct backend_work w = { .n = N,
                              .points = points,
                              .threads = threads,
                              .stop = &r->stop,
                              .context = r,
                              .compute = compute,
                              .keep = keep };
    return b->run(&w, err);
}

/* On those that need no other processes. */
static void each_local(void (*test)(const struct backend_ops *b, int threads))
{
    CU_ASSERT_PTR_NOT_NULL_FATAL(backend_at(0));
    for (size_t i = 0; backend_at(i); i++)
        for (int threads = 1; !backend_at(i)->begin && threads <= 5; threads += 2)
            if (!backend_at(i)->available || backend_at(i)->available())
                test(backend_at(i), threads);
}

static void every_point_once(const struct backend_ops *b, int threads)
{
    struct record r = { .fails_at = -1, .stops_at = -1 };
    CU_ASSERT_EQUAL(run(b, threads, &r, NULL), 0);
    for (int i = 0; i < N; i++) {
        unit_is(r.computed[i], ==, 1);
        unit_is(r.kept[i], ==, 1);
    }
}

static void failure_ends_it(const struct backend_ops *b, int threads)
{
    struct record r = { .fails_at = 7, .stops_at = -1 };
    struct error err = { "" };
    CU_ASSERT_EQUAL(run(b, threads, &r, &err), -1);
    CU_ASSERT_STRING_EQUAL(err.text, "disk full");
    CU_ASSERT_EQUAL(r.n_kept, 7);
    unit_is(r.n_computed, <, N);
}

static void stop_keeps_what_is_complete(const struct backend_ops *b, int threads)
{
    struct record r = { .fails_at = -1, .stops_at = 11 };
    CU_ASSERT_EQUAL(run(b, threads, &r, NULL), 0);
    CU_ASSERT_EQUAL(r.n_kept, r.n_computed - 1);
    unit_is(r.n_computed, <, N);
}

static void every_point_is_computed_and_kept_once(void) { each_local(every_point_once); }
static void a_failure_to_keep_ends_it(void) { each_local(failure_ends_it); }
static void told_to_stop_it_keeps_what_is_complete(void)
{
    each_local(stop_keeps_what_is_complete);
}

static void they_are_found_by_name(void)
{
    for (size_t i = 0; backend_at(i); i++)
        CU_ASSERT_PTR_EQUAL(backend_find(backend_at(i)->name), backend_at(i));
    CU_ASSERT_PTR_NULL(backend_find("pigeons"));
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(every_point_is_computed_and_kept_once),
        UNIT_TEST(a_failure_to_keep_ends_it),
        UNIT_TEST(told_to_stop_it_keeps_what_is_complete),
        UNIT_TEST(they_are_found_by_name),
        { NULL, NULL },
    };
    return unit_run("backend", tests);
}
