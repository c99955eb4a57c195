#include "plots/style.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/support/unit.h"
#include "tests/support/world.h"

static const char platform[] = "{\"name\": \"p\", \"nodes\": [{\"count\": 1, \"cores\": 4}]}";

/* Relative luminance of sRGB to L* of CIELAB (IEC 61966-2-1; CIE 15). */
static double lightness(const char *colour)
{
    static const double weight[] = { 0.2126, 0.7152, 0.0722 };
    unsigned rgb[3];
    double y = 0;

    unit_must_be(sscanf(colour, "#%2x%2x%2x", &rgb[0], &rgb[1], &rgb[2]), ==, 3);
    for (size_t i = 0; i < 3; i++) {
        double c = rgb[i] / 255.0;

        y += weight[i] * (c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
    }
    return y > 216.0 / 24389 ? 116 * cbrt(y) - 16 : y * 24389 / 27;
}

static void neighbours_differ_in_grey_and_all_are_apart(void)
{
    for (size_t i = 0; i < STYLE_COLOURS; i++) {
        if (i != 0)
            unit_is(fabs(lightness(style_colour(i)) - lightness(style_colour(i - 1))), >, 20);
        for (size_t j = 0; j < i; j++)
            unit_is(fabs(lightness(style_colour(i)) - lightness(style_colour(j))), >, 7);
    }
}

/* However many sets a legend holds, no two fills are the same. */
static void fills_never_repeat(void)
{
    struct str fills[STYLE_LABELS + 1] = { 0 };

    for (size_t i = 0; i <= STYLE_LABELS; i++) {
        style_add_fill(&fills[i], i < STYLE_LABELS ? i : STYLE_HELD);
        style_add_hatch(&fills[i], i < STYLE_LABELS ? i : STYLE_HELD);
        for (size_t j = 0; j < i; j++)
            unit_is(strcmp(fills[i].text, fills[j].text), !=, 0);
    }
    for (size_t i = 0; i <= STYLE_LABELS; i++)
        str_clear(&fills[i]);
}

static void iterations_share_a_label(void)
{
    struct world w = world_new(
        "{\"name\": \"w\", \"iterations\": 3, \"task_sets\": [{\"name\": \"simulate\", \"tasks\": "
        "2, \"cores\": 1, "
        "\"duration\": 5}, {\"name\": \"train\", \"tasks\": 1, \"cores\": 1, \"duration\": 3, "
        "\"after\": [\"simulate\"]}]}",
        platform);
    struct style_labels l = style_labels_of(w.workflow);

    unit_is(w.workflow->n_sets, ==, 6);
    unit_is(l.n, ==, 2);
    CU_ASSERT_STRING_EQUAL(l.names[0], "simulate");
    CU_ASSERT_STRING_EQUAL(l.names[1], "train");
    for (size_t s = 0; s < w.workflow->n_sets; s++)
        CU_ASSERT_STRING_EQUAL(l.names[l.of_set[s]], w.workflow->sets[s].label);
    style_labels_clear(&l);
    world_clear(&w);
}

/* Forty sets, set k with k + 1 tasks: the fifteen heaviest keep their names, in file order, the
 * others are one. */
static void the_lightest_of_many_share_the_last(void)
{
    struct str json = { 0 };

    str_add(&json, "{\"name\": \"w\", \"task_sets\": [");
    for (int k = 0; k < 40; k++)
        str_addf(&json, "%s{\"name\": \"set%d\", \"tasks\": %d, \"cores\": 1, \"duration\": 5}",
                 k ? ", " : "", k, k + 1);
    str_add(&json, "]}");
    struct world w = world_new(json.text, platform);
    struct style_labels l = style_labels_of(w.workflow);

    unit_is(l.n, ==, STYLE_LABELS);
    CU_ASSERT_STRING_EQUAL(l.names[STYLE_LABELS - 1], "25 other labels");
    for (size_t k = 0; k < 40; k++) {
        bool own = k >= 40 - (STYLE_LABELS - 1);

        unit_is(l.of_set[k], ==, own ? k - 25 : STYLE_LABELS - 1);
        if (own)
            CU_ASSERT_STRING_EQUAL(l.names[l.of_set[k]], w.workflow->sets[k].label);
    }
    style_labels_clear(&l);
    world_clear(&w);
    str_clear(&json);
}

/* More labels than colours: names that differ in the number at their end share one, and are found
 * by either name. */
static void families_share_a_label_if_there_are_many(void)
{
    struct str json = { 0 };
    str_add(&json, "{\"name\": \"w\", \"task_sets\": [");
    for (int i = 0; i < 24; i++)
        str_addf(&json, "%s{\"name\": \"%s%d\", \"cores\": 1, \"duration\": 5}", i ? "," : "",
                 i % 2 ? "md." : "train_", i / 2);
    str_add(&json, "]}");
    struct world w = world_new(json.text, platform);
    struct style_labels l = style_labels_of(w.workflow);
    CU_ASSERT_EQUAL(l.n, 2);
    CU_ASSERT_STRING_EQUAL(l.names[0], "train");
    CU_ASSERT_STRING_EQUAL(l.names[1], "md");
    CU_ASSERT_EQUAL(style_label_place(&l, "md.7"), 1);
    CU_ASSERT_EQUAL(style_label_place(&l, "train_3"), 0);
    CU_ASSERT_EQUAL(style_label_place(&l, "other"), -1);
    CU_ASSERT_EQUAL(style_label_place(&l, NULL), -1);
    style_labels_clear(&l);
    world_clear(&w);
    str_clear(&json);
}

static void families_end_before_the_number(void)
{
    static const char *const names[][2] = { { "md.3", "md" }, { "md #12", "md" }, { "T3", "T3" },
                                            { "12", "12" },   { "a_1_2", "a_1" }, { "_7", "_7" } };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char *family = style_family(names[i][0]);
        CU_ASSERT_STRING_EQUAL(family, names[i][1]);
        free(family);
    }
}

/* Time lost to a set, in all its kinds, and greys: none is a set's own fill, none is another's. */
static void other_fills_never_repeat(void)
{
    enum { N = 8 + 3 * 8 + 12 };
    size_t fills[N], n = 0;
    struct str text[N] = { 0 };
    for (size_t i = 0; i < 8; i++)
        fills[n++] = i;
    for (size_t k = 0; k < 3; k++)
        for (size_t i = 0; i < 8; i++)
            fills[n++] = STYLE_LOST(i, k);
    for (size_t k = 0; k < 12; k++)
        fills[n++] = STYLE_GREY(k);
    for (size_t i = 0; i < N; i++) {
        style_add_fill(&text[i], fills[i]);
        style_add_hatch(&text[i], fills[i]);
        for (size_t j = 0; j < i; j++)
            CU_ASSERT_STRING_NOT_EQUAL(text[i].text, text[j].text);
    }
    for (size_t i = 0; i < N; i++)
        str_clear(&text[i]);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(families_share_a_label_if_there_are_many),
        UNIT_TEST(families_end_before_the_number),
        UNIT_TEST(other_fills_never_repeat),
        UNIT_TEST(neighbours_differ_in_grey_and_all_are_apart),
        UNIT_TEST(fills_never_repeat),
        UNIT_TEST(iterations_share_a_label),
        UNIT_TEST(the_lightest_of_many_share_the_last),
        { NULL, NULL },
    };
    return unit_run("style", tests);
}
