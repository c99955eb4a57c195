#include "study/sweep.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/contrast.h"
#include "study/sources.h"
#include "study/store.h"
#include "tests/support/scratch.h"
#include "tests/support/unit.h"

static const char workflow[] =
    "{\"name\": \"w\", \"task_sets\": ["
    "{\"name\": \"a\", \"tasks\": 11, \"cores\": 2, \"gpus\": 1, \"duration\": {\"distribution\": "
    "\"normal\", \"mean\": 34.5, \"sd\": 3}},"
    "{\"name\": \"b\", \"tasks\": 3, \"cores\": 5, \"duration\": 12.5, \"after\": [\"a\"], "
    "\"failure_probability\": 0.01, \"retries\": 3},"
    "{\"name\": \"c\", \"tasks\": 7, \"duration\": {\"distribution\": \"exponential\", \"mean\": "
    "61}}]}";
static const char platform[] =
    "{\"name\": \"p\", \"nodes\": [{\"count\": 2, \"cores\": 8, \"gpus\": 2}]}";
static const char study[] =
    "{\"workflow\": \"w.json\", \"platform\": \"p.json\", \"replicas\": 150, \"precision\": 0.02,"
    " \"grid\": {\"nodes\": [1, 2, 3], \"mode\": [\"sequential\", \"asynchronous\"], \"cores.b\": "
    "[5, 9], "
    "\"failure_probability.b\": [0, 0.3]}}";
static const char *const no_dirs[] = { NULL };

struct place { char *folder, *study, *store; };

static struct place place_new(const char *text)
{
    struct place p = { .folder = scratch_new() };
    free(scratch_file(p.folder, "w.json", workflow, strlen(workflow)));
    free(scratch_file(p.folder, "p.json", platform, strlen(platform)));
    p.study = scratch_file(p.folder, "study.json", text, strlen(text));
    p.store = str_format("%s/store.sqlite", p.folder);
    return p;
}

static void place_free(struct place *p)
{
    free(p->study);
    free(p->store);
    scratch_free(p->folder);
}

static int run_on(const struct place *p, const char *backend, int threads, const atomic_bool *stop,
                  struct sweep_outcome *out, struct error *err)
{
    struct sweep_options o = { .study = p->study, .store = p->store, .data_dirs = no_dirs,
                               .document_of = json_load, .version = "test",
                               .backend = backend_find(backend), .threads = threads, .stop = stop };
    return sweep_run(&o, out, err);
}

static struct sheet *rows_of(const struct place *p)
{
    struct sheet *s = store_load(p->store, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(s);
    return s;
}

static struct sheet *run_all(const char *backend, int threads)
{
    struct place p = place_new(study);
    struct sweep_outcome out;
    CU_ASSERT_EQUAL_FATAL(run_on(&p, backend, threads, NULL, &out, NULL), 0);
    CU_ASSERT_EQUAL(out.n_points, 24);
    CU_ASSERT_EQUAL(out.n_run, 24);
    CU_ASSERT_EQUAL(out.n_failed, 12);
    CU_ASSERT_FALSE(out.interrupted);
    struct sheet *s = rows_of(&p);
    place_free(&p);
    return s;
}

static bool same_rows(const struct sheet *a, const struct sheet *b)
{
    bool same = a->n_rows == b->n_rows;
    for (size_t r = 0; same && r < a->n_rows; r++) {
        size_t size_a, size_b;
        char *x = result_pack(a->rows[r], &size_a), *y = result_pack(b->rows[r], &size_b);
        same = size_a == size_b && memcmp(x, y, size_a) == 0;
        free(x);
        free(y);
    }
    return same;
}

static void neither_threads_nor_backends_matter(void)
{
    struct sheet *one = run_all("serial", 1);
    CU_ASSERT_EQUAL(one->n_rows, 24);
    static const struct {
        const char *backend;
        int threads;
    } others[] = { { "serial", 3 }, { "threads", 1 }, { "threads", 2 }, { "threads", 50 } };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct sheet *other = run_all(others[i].backend, others[i].threads);
        CU_ASSERT_TRUE(same_rows(one, other));
        sheet_free(other);
    }
    sheet_free(one);
}

/* The same figures as the point run by hand. */
static void a_row_is_what_replicate_says(void)
{
    struct place p = place_new(study);
    struct sweep_outcome out;
    CU_ASSERT_EQUAL_FATAL(run_on(&p, "threads", 2, NULL, &out, NULL), 0);
    struct sheet *sheet = rows_of(&p);
    struct grid *g = grid_load(p.study, NULL);
    struct sources sources;
    struct variant v;
    CU_ASSERT_EQUAL_FATAL(sources_open(&sources, g, no_dirs, json_load, NULL), 0);
    CU_ASSERT_EQUAL_FATAL(point_open(&sources, 13, &v, NULL), 0);
    struct replicate_options how = { .replicas = 150, .precision = 0.02, .threads = 1 };
    struct replicas r;
    CU_ASSERT_EQUAL_FATAL(replicate(&v.scenario, &how, &r, NULL), 0);
    const struct result *row = sheet->rows[13];
    double retries = 0;
    CU_ASSERT_EQUAL(row->n, r.n);
    CU_ASSERT_EQUAL(v.scenario.mode, MODE_ASYNCHRONOUS);
    CU_ASSERT_EQUAL(v.scenario.platform->n_nodes, 2);
    for (size_t i = 0; i < r.n; i++) {
        retries += (double)r.at[i].n_retries / (double)r.n;
        CU_ASSERT_TRUE(r.at[i].complete ? row->makespans[i] == r.at[i].makespan_s
                                        : isnan(row->makespans[i]));
    }
    unit_is(retries, >, 0);
    unit_alike(row->figures[FIGURE_RETRIES], retries, 1e-9);
    replicas_clear(&r);
    variant_clear(&v);
    sources_clear(&sources);
    grid_free(g);
    sheet_free(sheet);
    place_free(&p);
}

static void a_point_that_cannot_run_is_a_row_that_says_why(void)
{
    struct sheet *s = run_all("threads", 2);
    for (size_t r = 0; r < s->n_rows; r++) {
        size_t axis = sheet_find_axis(s, "cores.b", 7);
        bool too_large = sheet_value(s, r, axis)->number == 9;
        CU_ASSERT_EQUAL(too_large, s->rows[r]->error != NULL);
        if (s->rows[r]->error)
            CU_ASSERT_PTR_NOT_NULL(strstr(s->rows[r]->error, "can hold one rank of 9 cores"));
    }
    sheet_free(s);
}

static void it_goes_on_where_it_was_stopped(void)
{
    struct place p = place_new(study);
    struct sweep_outcome out;
    atomic_bool stop = true;
    CU_ASSERT_EQUAL(run_on(&p, "threads", 2, &stop, &out, NULL), 0);
    CU_ASSERT_TRUE(out.interrupted);
    CU_ASSERT_EQUAL(out.n_run, 0);
    CU_ASSERT_EQUAL(run_on(&p, "threads", 2, NULL, &out, NULL), 0);
    CU_ASSERT_EQUAL(out.n_run, 24);
    CU_ASSERT_EQUAL(run_on(&p, "serial", 1, NULL, &out, NULL), 0);
    CU_ASSERT_EQUAL(out.n_before, 24);
    CU_ASSERT_EQUAL(out.n_run, 0);
    place_free(&p);
}

static void refused(const char *text, const char *part)
{
    struct place p = place_new(text);
    struct sweep_outcome out;
    struct error err = { "" };
    CU_ASSERT_EQUAL(run_on(&p, "threads", 1, NULL, &out, &err), -1);
    if (!strstr(err.text, part))
        printf("'%s' is not in '%s'\n", part, err.text);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, part));
    CU_ASSERT_PTR_NULL(store_load(p.store, NULL));
    place_free(&p);
}

static void what_a_study_names_must_be_there(void)
{
    refused("{\"workflow\": \"v.json\", \"platform\": \"p.json\"}", "v.json");
    refused("{\"workflow\": \"w.json\", \"grid\": {\"platform\": [\"p.json\", \"q\"]}}",
            "q: no such platform");
    refused("{\"workflow\": \"w.json\", \"platform\": \"p.json\", \"middleware\": \"m.json\"}",
            "m.json");
    refused("{\"workflow\": \"w.json\", \"platform\": \"p.json\", \"tasks.bb\": 4}",
            "workflow w has no task set 'bb'");
    refused("{\"workflow\": \"w.json\", \"platform\": \"p.json\"", "study.json:1");
}

static void a_changed_workflow_is_another_study(void)
{
    struct place p = place_new(study);
    struct sweep_outcome out;
    struct error err = { "" };
    CU_ASSERT_EQUAL(run_on(&p, "threads", 1, NULL, &out, NULL), 0);
    char *changed = str_format("%s/w.json", p.folder), *text = str_format("%s", workflow);
    *strchr(text, '4') = '5';
    free(scratch_file(p.folder, "w.json", text, strlen(text)));
    CU_ASSERT_EQUAL(run_on(&p, "threads", 1, NULL, &out, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "another study, or of files that have changed"));
    free(changed);
    free(text);
    place_free(&p);
}

/* With common random numbers and no contention the modes differ, replica by replica, as they must:
 * sequential is never shorter. */
static void differences_are_paired(void)
{
    struct place p = place_new(
        "{\"workflow\": \"w.json\", \"platform\": \"p.json\", \"nodes\": 20, \"replicas\": 64,"
        " \"grid\": {\"mode\": [\"sequential\", \"asynchronous\"]}}");
    struct sweep_outcome out;
    CU_ASSERT_EQUAL_FATAL(run_on(&p, "threads", 2, NULL, &out, NULL), 0);
    struct sheet *s = rows_of(&p);
    struct contrast c;
    CU_ASSERT_EQUAL_FATAL(contrast_of(s, "mode", &c, NULL), 0);
    for (size_t r = 0; r < 64; r++)
        if (!isnan(s->rows[0]->makespans[r]))
            unit_is(s->rows[0]->makespans[r], >=, s->rows[1]->makespans[r]);
    CU_ASSERT_EQUAL(c.best, 1);
    contrast_clear(&c);
    sheet_free(s);
    place_free(&p);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(neither_threads_nor_backends_matter),
        UNIT_TEST(a_row_is_what_replicate_says),
        UNIT_TEST(a_point_that_cannot_run_is_a_row_that_says_why),
        UNIT_TEST(it_goes_on_where_it_was_stopped),
        UNIT_TEST(what_a_study_names_must_be_there),
        UNIT_TEST(a_changed_workflow_is_another_study),
        UNIT_TEST(differences_are_paired),
        { NULL, NULL },
    };
    return unit_run("sweep", tests);
}
