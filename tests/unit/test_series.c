#include "plots/series.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "tests/support/unit.h"

static char folder[] = "/tmp/dagcast-series-XXXXXX";

/* What was drawn, removed again. Free it. */
static char *drawn(int status, const char *path, const struct error *err)
{
    char *svg = NULL;
    size_t size;

    CU_ASSERT_EQUAL(status, 0);
    CU_ASSERT_STRING_EQUAL(err->text, "");
    if (status == 0)
        svg = file_load(path, 1 << 24, &size, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(svg);
    remove(path);
    return svg;
}

static const double x[] = { 1, 2, 4, 8, NAN }, y[] = { 80, 41, 22.5, 23, 7 },
                    low[] = { 78, 40, 22, 22, NAN }, high[] = { 83, 42, 23, 25, NAN };
static const struct series one = { .name = "it's <one> & \"it\"", .n = 5, .x = x, .y = y,
                                   .low = low, .high = high };
static const struct series_picture picture = { .title = "times of <nodes>", .x_name = "nodes",
                                               .y_name = "makespan [s]", .series = &one,
                                               .n_series = 1 };

static void pictures_name_what_they_show(void)
{
    static int (*const draw[])(const struct series_picture *, const char *,
                               struct error *) = { plot_sweep, plot_pareto, plot_ecdf };
    char *path = str_format("%s/a.svg", folder);

    for (size_t i = 0; i < sizeof draw / sizeof *draw; i++) {
        struct error err = { "" };
        char *svg = drawn(draw[i](&picture, path, &err), path, &err);

        CU_ASSERT_PTR_NOT_NULL(strstr(svg, "times of &lt;nodes"));
        CU_ASSERT_PTR_NOT_NULL(strstr(svg, "makespan [s]"));
        CU_ASSERT_PTR_NOT_NULL(strstr(svg, "it's &lt;one"));
        CU_ASSERT_PTR_NULL(strstr(svg, "<one>"));
        free(svg);
    }
    free(path);
}

/* Two lines that look like one are drawn as one, and named both; a third stays alone. */
static void lines_that_coincide_are_one(void)
{
    static const double near[] = { 80.1, 41, 22.4, 23, 7 }, far[] = { 60, 50, 40, 30, 20 };
    const struct series three[] = { { .name = "one", .n = 4, .x = x, .y = y },
                                    { .name = "two", .n = 4, .x = x, .y = near },
                                    { .name = "three", .n = 4, .x = x, .y = far } };
    const struct series_picture p = { .title = "t", .x_name = "x", .y_name = "y", .series = three,
                                      .n_series = 3 };
    char *path = str_format("%s/a.svg", folder);
    struct error err = { "" };
    char *svg = drawn(plot_sweep(&p, path, &err), path, &err);
    CU_ASSERT_PTR_NOT_NULL(strstr(svg, "one = two"));
    CU_ASSERT_PTR_NOT_NULL(strstr(svg, "three"));
    CU_ASSERT_PTR_NULL(strstr(svg, "two = three"));
    free(svg);
    free(path);
}

/* What lies at one place has one label; of its words only those that differ are repeated. */
static void labels_of_one_place_are_one(void)
{
    static const double cost[] = { 5, 9 }, time[] = { 100, 40 };
    static const char *const first[] = { "3 nodes, pipelined", "4 nodes, pipelined" },
                            *const second[] = { "3 nodes, asynchronous", "4 nodes, asynchronous" };
    const struct series two[] = {
        { .name = "p, one", .n = 2, .x = cost, .y = time, .labels = first },
        { .name = "p, two", .n = 2, .x = cost, .y = time, .labels = second }
    };
    const struct series_picture p = { .title = "t", .x_name = "x", .y_name = "y", .series = two,
                                      .n_series = 2 };
    char *path = str_format("%s/a.svg", folder);
    struct error err = { "" };
    char *svg = drawn(plot_pareto(&p, path, &err), path, &err);
    CU_ASSERT_PTR_NOT_NULL(strstr(svg, "3 nodes, pipelined = asynchronous"));
    CU_ASSERT_PTR_NOT_NULL(strstr(svg, "4 nodes, pipelined = asynchronous"));
    CU_ASSERT_PTR_NULL(strstr(svg, "nodes, asynchronous"));
    free(svg);
    svg = drawn(plot_sweep(&p, path, &err), path, &err);
    CU_ASSERT_PTR_NOT_NULL(strstr(svg, "p, one = two"));
    free(svg);
    free(path);
}

static void a_limit_says_how_many_are_in_time(void)
{
    char *path = str_format("%s/a.svg", folder);
    struct error err = { "" };
    static const double in_time[] = { 0.75, 0.75 };
    char *svg = drawn(plot_distribution(&picture, 4, in_time, path, &err), path, &err);

    CU_ASSERT_PTR_NOT_NULL(strstr(svg, "75.0 % in time"));
    free(svg);
    svg = drawn(plot_distribution(&picture, NAN, NULL, path, &err), path, &err);
    CU_ASSERT_PTR_NULL(strstr(svg, "in time"));
    free(svg);
    free(path);
}

static void parts_are_in_the_legend_if_they_are_drawn(void)
{
    static const double first[] = { 3, 0, -1.5 }, second[] = { 2, 0, 4 };
    static const char *const names[] = { "launch", "nothing", "contention" };
    const struct stacked_bar bars[] = { { "s1", first }, { "s2", second } };
    const struct stacked_picture p = { .title = "why", .x_name = "seconds", .part_names = names,
                                       .n_parts = 3, .bars = bars, .n_bars = 2 };
    char *path = str_format("%s/a.svg", folder);
    struct error err = { "" };
    char *svg = drawn(plot_stacked(&p, path, &err), path, &err);

    CU_ASSERT_PTR_NOT_NULL(strstr(svg, "launch"));
    CU_ASSERT_PTR_NOT_NULL(strstr(svg, "contention"));
    CU_ASSERT_PTR_NULL(strstr(svg, "nothing"));
    free(svg);
    free(path);
}

static void nothing_to_draw_is_an_error(void)
{
    static const double nothing[] = { NAN, INFINITY };
    const struct series empty = { .n = 2, .x = nothing, .y = nothing };
    struct series_picture p = picture;
    char *path = str_format("%s/a.svg", folder);
    struct error err = { "" };

    p.series = &empty;
    CU_ASSERT_EQUAL(plot_sweep(&p, path, &err), -1);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "nothing to draw"));
    CU_ASSERT(!file_exists(path));
    free(path);
}

/* Oracle: on the front is who is beaten by none; ties do not beat each other. */
static void fronts(void)
{
    static const double cost[] = { 1, 2, 2, 3, 4, 1 }, time[] = { 9, 5, 6, 5, 1, 9 };
    static const bool expected[] = { true, true, false, false, true, true };

    for (size_t i = 0; i < 6; i++)
        CU_ASSERT_EQUAL(series_on_front(cost, time, 6, i), expected[i]);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(pictures_name_what_they_show),
        UNIT_TEST(a_limit_says_how_many_are_in_time),
        UNIT_TEST(lines_that_coincide_are_one),
        UNIT_TEST(labels_of_one_place_are_one),
        UNIT_TEST(parts_are_in_the_legend_if_they_are_drawn),
        UNIT_TEST(nothing_to_draw_is_an_error),
        UNIT_TEST(fronts),
        { NULL, NULL },
    };
    if (!mkdtemp(folder))
        return 1;
    int status = unit_run("series", tests);
    rmdir(folder);
    return status;
}
