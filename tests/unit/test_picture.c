#include "plots/picture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "tests/support/unit.h"
#include "tests/support/world.h"

static const char platform[] =
    "{\"name\": \"p's\", \"nodes\": [{\"count\": 2, \"cores\": 8, \"gpus\": 2}]}";
static const char workflow[] =
    "{\"name\": \"it's <w> & co\", \"task_sets\": [{\"name\": \"a_{1}\", \"tasks\": 4, \"cores\": "
    "2, \"gpus\": 1, "
    "\"duration\": 5}, {\"name\": \"b\\\\n'`x`\", \"tasks\": 3, \"cores\": 3, \"duration\": 3, "
    "\"after\": [\"a_{1}\"]}]}";

static char folder[] = "/tmp/dagcast-picture-XXXXXX";

static struct world drawn(void)
{
    struct world w = world_new(workflow, platform);

    for (uint32_t i = 0; i < 4; i++)
        world_ran_on(&w, 0, i, 1.5 + i % 2, 6.5 + i % 2,
                     (struct world_place){ i / 2, (int)(2 * (i % 2)), 2, (int)(i % 2) });
    for (uint32_t i = 0; i < 3; i++)
        world_ran_on(&w, 1, i, 7.5, 11.5 + i,
                     (struct world_place){ i % 2, (int)(3 * (i / 2)), 3, -1 });
    return w;
}

/* The picture's text; the file is removed. Free it. */
static char *drawn_svg(int (*draw)(const struct picture *, const char *, struct error *),
                       const struct picture *p)
{
    char *path = str_format("%s/one.svg", folder), *svg = NULL;
    struct error err = { "" };
    size_t size;

    if (draw(p, path, &err) == 0)
        svg = file_load(path, 1 << 24, &size, &err);
    CU_ASSERT_STRING_EQUAL(err.text, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(svg);
    remove(path);
    free(path);
    return svg;
}

static size_t count(const char *text, const char *word)
{
    size_t n = 0;

    for (const char *at = text; (at = strstr(at, word)); at += strlen(word))
        n++;
    return n;
}

/* Each says what it shows, of what, in what unit; names from input stay text. */
static void pictures_say_what_they_show(void)
{
    static int (*const draw[])(const struct picture *, const char *,
                               struct error *) = { plot_gantt, plot_utilisation, plot_concurrency,
                                                   plot_comparison };
    static const char *const says[] = { "Gantt chart", "Utilisation", "Running tasks",
                                        "Comparison" };
    struct world w = drawn();
    struct picture_panel panels[] = { { "sequential", w.timeline },
                                      { "asynchronous", w.timeline } };
    struct picture p = { NULL, panels, 2 };

    for (size_t i = 0; i < 4; i++) {
        char *svg = drawn_svg(draw[i], &p);

        unit_has(svg, says[i]);
        unit_has(svg, "it's &lt;w> &amp; co on p's (2 nodes)");
        unit_has(svg, "time since the first task started [s]");
        unit_has(svg, "sequential: makespan 12.0 s");
        unit_has(svg, "asynchronous: makespan 12.0 s");
        /* one legend a page */
        unit_is(count(svg, ">a_{1}<"), ==, 1);
        unit_is(count(svg, "'`x`"), ==, 1);
        free(svg);
    }
    world_clear(&w);
}

/* The chart holds a box for each run of lanes of each task: 4 x (cores, GPU) + 3 x cores, in the
 * colours of their sets. */
static void a_gantt_chart_has_every_task(void)
{
    struct world w = drawn();
    struct picture_panel panel = { NULL, w.timeline };
    char *svg = drawn_svg(plot_gantt, &(struct picture){ "own title", &panel, 1 });

    unit_has(svg, "own title");
    CU_ASSERT_FALSE(strstr(svg, "it's"));
    /* + legend */
    unit_is(count(svg, "<polygon fill = 'rgb(  0, 103, 163)'") +
                count(svg, "<rect fill='rgb(  0, 103, 163)'"),
            ==, 8 + 1);
    free(svg);
    world_clear(&w);
}

/* What failed is counted in the title, crossed in the chart and explained in the legend; names are
 * cut where they have no room. */
static void losses_are_said_and_long_names_cut(void)
{
    struct world w = drawn();
    char *name = str_format("%0500d", 7);
    struct picture_panel panel = { name, w.timeline };

    w.timeline->status[1] = TASK_FAILED;
    w.timeline->status[5] = TASK_KILLED;
    char *svg = drawn_svg(plot_gantt, &(struct picture){ NULL, &panel, 1 });

    unit_has(svg, "red cross: failed, killed or cut off");
    unit_has(svg, "192,   0,   0");
    CU_ASSERT_FALSE(strstr(svg, name));
    unit_has(svg, "0000\xE2\x80\xA6");
    free(svg);
    panel.name = "one";
    svg = drawn_svg(plot_gantt, &(struct picture){ NULL, &panel, 1 });
    unit_has(svg, "one: makespan 12.0 s, 1 failed, 1 killed");
    free(svg);
    free(name);
    world_clear(&w);
}

static void what_cannot_be_drawn_is_refused(void)
{
    struct world w = world_new(workflow, platform), good = drawn();
    struct picture_panel panel = { "empty", w.timeline }, good_panel = { "good", good.timeline };
    struct picture p = { NULL, &panel, 1 }, q = { NULL, &good_panel, 1 };
    struct error err = { "" };
    char *path = str_format("%s/x.svg", folder);

    unit_is(plot_gantt(&p, path, &err), ==, -1);
    unit_has(err.text, "no task of it has started");
    unit_is(plot_utilisation(&q, "x.bmp", &err), ==, -1);
    unit_has(err.text, "must end in .svg, .png or .pdf");
    unit_is(plot_all(&q, "/dev/null/x", &err), ==, -1);
    unit_has(err.text, "/dev/null");
    CU_ASSERT(!file_exists(path));
    free(path);
    world_clear(&w);
    world_clear(&good);
}

static void all_pictures_come_as_svg_and_png(void)
{
    static const char *const names[] = { "comparison", "gantt", "utilisation", "concurrency" };
    struct world w = drawn();
    struct picture_panel panels[] = { { "sequential", w.timeline }, { "pipelined", w.timeline },
                                      { "asynchronous", w.timeline } };
    char *into = str_format("%s/a/b", folder), *parent = str_format("%s/a", folder);

    unit_is(plot_all(&(struct picture){ NULL, panels, 3 }, into, NULL), ==, 0);
    for (size_t i = 0; i < 8; i++) {
        char *path = str_format("%s/%s.%s", into, names[i / 2], i % 2 ? "png" : "svg");

        unit_is(remove(path), ==, 0);
        free(path);
    }
    unit_is(rmdir(into), ==, 0);
    unit_is(rmdir(parent), ==, 0);
    free(into);
    free(parent);
    world_clear(&w);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(pictures_say_what_they_show),
        UNIT_TEST(a_gantt_chart_has_every_task),
        UNIT_TEST(losses_are_said_and_long_names_cut),
        UNIT_TEST(what_cannot_be_drawn_is_refused),
        UNIT_TEST(all_pictures_come_as_svg_and_png),
        { NULL, NULL },
    };

    if (!mkdtemp(folder))
        return EXIT_FAILURE;
    int status = unit_run("picture", tests);
    return rmdir(folder) == 0 ? status : EXIT_FAILURE;
}
