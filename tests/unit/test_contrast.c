#include "study/contrast.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"
#include "num/rng.h"
#include "tests/support/unit.h"

enum { N = 40 };

/* A sheet of nodes x mode; `makespan` gives replica r of a row, `fails` the rows that cannot run.
 */
struct plan {
    size_t n_nodes, n_modes;
    double (*makespan)(size_t node, size_t mode, size_t r);
    bool (*fails)(size_t node, size_t mode);
};

static struct result *row_of(const struct plan *p, size_t row, size_t node, size_t mode)
{
    struct result *r = result_of_error(row, "no room");
    if (p->fails && p->fails(node, mode))
        return r;
    free(r->error);
    r->error = NULL;
    r->n = N;
    r->makespans = xcalloc(N, sizeof *r->makespans);
    r->figures[FIGURE_SHARE_INCOMPLETE] = 0;
    for (size_t i = 0; i < N; i++) {
        r->makespans[i] = p->makespan(node, mode, i);
        r->figures[FIGURE_SHARE_INCOMPLETE] += isnan(r->makespans[i]) ? 1.0 / N : 0;
    }
    return r;
}

static struct sheet *sheet_of(const struct plan *p)
{
    static const char *const modes[] = { "m0", "m1", "m2", "m3" };
    struct sheet *s = xcalloc(1, sizeof *s);
    s->name = xstrdup("given");
    s->n_axes = 2;
    s->axes = xcalloc(2, sizeof *s->axes);
    s->axes[0] = xstrdup("nodes");
    s->axes[1] = xstrdup("mode");
    s->n_rows = p->n_nodes * p->n_modes;
    s->rows = xcalloc(s->n_rows, sizeof *s->rows);
    s->values = xcalloc(2 * s->n_rows, sizeof *s->values);
    for (size_t row = 0; row < s->n_rows; row++) {
        size_t node = row / p->n_modes, mode = row % p->n_modes;
        s->values[2 * row] = (struct setting_value){ .said = true, .number = 4 << node };
        s->values[2 * row + 1] =
            (struct setting_value){ .said = true, .text = sheet_keep_text(s, modes[mode]) };
        s->rows[row] = row_of(p, row, node, mode);
    }
    return s;
}

static struct contrast contrast(const struct plan *p, const char *by)
{
    struct sheet *s = sheet_of(p);
    struct contrast c;
    CU_ASSERT_EQUAL_FATAL(contrast_of(s, by, &c, NULL), 0);
    sheet_free(s);
    return c;
}

/* Large noise that all settings share, a small effect of the mode. */
static double shared_noise(size_t node, size_t mode, size_t r)
{
    static const double effect[] = { 3, 0, 0.5, 0 };
    struct rng_stream noise = rng_stream(7, 0, RNG_TEST, 1);
    return 1000 / (double)(node + 1) + 100 * rng_uniform(&noise, r, 0) +
           effect[mode] * (1 + (double)r / N);
}

static void pairing_finds_what_noise_hides(void)
{
    struct contrast c =
        contrast(&(struct plan){ .n_nodes = 3, .n_modes = 4, .makespan = shared_noise }, "mode");
    CU_ASSERT_EQUAL_FATAL(c.n_groups, 4);
    CU_ASSERT_EQUAL(c.best, 1);
    CU_ASSERT_EQUAL(c.n_pairs, 6);
    CU_ASSERT_EQUAL(c.groups[1].verdict, CONTRAST_BEST);
    CU_ASSERT_EQUAL(c.groups[3].verdict, CONTRAST_SAME);
    CU_ASSERT_EQUAL(c.groups[0].verdict, CONTRAST_SLOWER);
    CU_ASSERT_EQUAL(c.groups[2].verdict, CONTRAST_SLOWER);
    unit_alike(c.groups[0].difference_s, 3 * (1 + 0.5 * (N - 1) / N), 1e-9);
    unit_is(c.groups[0].ci95.low, <, c.groups[0].difference_s);
    unit_is(c.groups[0].difference_s, <, c.groups[0].ci95.high);
    CU_ASSERT_EQUAL(c.groups[0].n_conditions, 3);
    CU_ASSERT_EQUAL(c.groups[0].n_rows, 3);
    contrast_clear(&c);
}

static double unrelated_noise(size_t node, size_t mode, size_t r)
{
    struct rng_stream noise = rng_stream(7, (uint32_t)node, RNG_TEST, mode);
    return 1000 + 100 * rng_uniform(&noise, r, 0);
}

static void chance_alone_is_not_called_real(void)
{
    struct contrast c =
        contrast(&(struct plan){ .n_nodes = 2, .n_modes = 4, .makespan = unrelated_noise }, "mode");
    for (size_t g = 0; g < c.n_groups; g++)
        CU_ASSERT_EQUAL(c.groups[g].verdict, g == c.best ? CONTRAST_BEST : CONTRAST_OPEN);
    contrast_clear(&c);
}

static bool one_fails(size_t node, size_t mode)
{
    return (node == 0 && mode == 0) || mode == 3;
}

static void only_conditions_that_all_have_run_are_compared(void)
{
    struct contrast c = contrast(
        &(struct plan){ .n_nodes = 3, .n_modes = 4, .makespan = shared_noise, .fails = one_fails },
        "mode");
    CU_ASSERT_EQUAL_FATAL(c.n_groups, 4);
    CU_ASSERT_EQUAL(c.best, 1);
    CU_ASSERT_EQUAL(c.groups[0].n_errors, 1);
    CU_ASSERT_EQUAL(c.groups[1].n_conditions, 2);
    CU_ASSERT_EQUAL(c.groups[3].n_errors, 3);
    CU_ASSERT_TRUE(isnan(c.groups[3].mean_s));
    CU_ASSERT_EQUAL(c.groups[3].verdict, CONTRAST_NONE);
    double expected = 0;
    for (size_t r = 0; r < N; r++)
        expected += (shared_noise(1, 1, r) + shared_noise(2, 1, r)) / 2 / N;
    unit_alike(c.groups[1].mean_s, expected, 1e-12);
    contrast_clear(&c);
}

/* Mode 0 is the fastest and gives up every fourth replica. */
static double gives_up(size_t node, size_t mode, size_t r)
{
    return mode == 0 && r % 4 == 0 ? NAN : shared_noise(node, mode, r) + (mode == 0 ? -50 : 0);
}

static void a_setting_that_gives_up_tasks_is_not_the_best(void)
{
    struct contrast c =
        contrast(&(struct plan){ .n_nodes = 2, .n_modes = 3, .makespan = gives_up }, "mode");
    CU_ASSERT_EQUAL(c.best, 1);
    CU_ASSERT_EQUAL(c.groups[0].verdict, CONTRAST_FASTER);
    CU_ASSERT_EQUAL(c.groups[0].n, 30);
    unit_is(c.groups[0].ci95.high, <, 0);
    unit_alike(c.groups[0].share_incomplete, 0.25, 1e-12);
    contrast_clear(&c);
}

static void without_a_choice_all_that_varies_makes_a_group(void)
{
    struct contrast c =
        contrast(&(struct plan){ .n_nodes = 3, .n_modes = 2, .makespan = shared_noise }, NULL);
    CU_ASSERT_EQUAL(c.n_axes, 2);
    CU_ASSERT_EQUAL_FATAL(c.n_groups, 6);
    CU_ASSERT_EQUAL(c.best, 5);
    CU_ASSERT_EQUAL(c.groups[5].n_conditions, 1);
    contrast_clear(&c);
}

static void unknown_settings_are_refused(void)
{
    struct sheet *s =
        sheet_of(&(struct plan){ .n_nodes = 1, .n_modes = 2, .makespan = shared_noise });
    struct contrast c;
    struct error err = { "" };
    CU_ASSERT_EQUAL(contrast_of(s, "mode,node", &c, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "no setting 'node'; did you mean 'nodes'"));
    CU_ASSERT_EQUAL(contrast_of(s, "mode,mode", &c, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "named twice"));
    CU_ASSERT_EQUAL(contrast_of(s, "", &c, &err), -1);
    sheet_free(s);
}

static void nothing_there_is_nothing_to_compare(void)
{
    struct contrast c =
        contrast(&(struct plan){ .n_nodes = 0, .n_modes = 2, .makespan = shared_noise }, NULL);
    CU_ASSERT_EQUAL(c.n_groups, 0);
    CU_ASSERT_EQUAL(c.best, 0);
    contrast_clear(&c);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(pairing_finds_what_noise_hides),
        UNIT_TEST(chance_alone_is_not_called_real),
        UNIT_TEST(only_conditions_that_all_have_run_are_compared),
        UNIT_TEST(a_setting_that_gives_up_tasks_is_not_the_best),
        UNIT_TEST(without_a_choice_all_that_varies_makes_a_group),
        UNIT_TEST(unknown_settings_are_refused),
        UNIT_TEST(nothing_there_is_nothing_to_compare),
        { NULL, NULL },
    };
    return unit_run("contrast", tests);
}
