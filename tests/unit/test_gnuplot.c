#include "base/escape.h"
#include "plots/gnuplot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "tests/support/unit.h"

static const char wave[] = "plot [0:7.5] sin(x) title 'sine'\n";

/* A folder of this test's own, removed with what it holds at the end. */
static char folder[] = "/tmp/dagcast-gnuplot-XXXXXX";

static char *in_folder(const char *name)
{
    return str_format("%s/%s", folder, name);
}

static void draws_what_the_extension_says(void)
{
    static const struct {
        const char *name, *begins;
    } files[] = { { "w.svg", "<?xml" }, { "w.png", "\x89PNG" }, { "w.pdf", "%PDF-" } };

    for (size_t i = 0; i < 3; i++) {
        char *path = in_folder(files[i].name);
        struct error err = { "" };
        size_t size = 0;

        unit_is(gnuplot_draw(wave, 400, 300, path, &err), ==, 0);
        CU_ASSERT_STRING_EQUAL(err.text, "");
        char *bytes = file_load(path, 1 << 22, &size, &err);
        CU_ASSERT_PTR_NOT_NULL(bytes);
        unit_is(size, >, 1000);
        unit_is(strncmp(bytes, files[i].begins, strlen(files[i].begins)), ==, 0);
        free(bytes);
        remove(path);
        free(path);
    }
}

static void an_unknown_extension_is_refused(void)
{
    struct error err = { "" };

    CU_ASSERT_FALSE(gnuplot_knows("a.gif"));
    CU_ASSERT_FALSE(gnuplot_knows("png"));
    CU_ASSERT(gnuplot_knows("b/c.pdf"));
    unit_is(gnuplot_draw(wave, 400, 300, "a.gif", &err), ==, -1);
    CU_ASSERT_STRING_EQUAL(err.text, "a.gif: a picture's name must end in .svg, .png or .pdf");
}

static void what_gnuplot_says_is_reported_and_no_file_left(void)
{
    char *path = in_folder("bad.svg");
    struct error err = { "" };

    unit_is(gnuplot_draw("set nosuchthing 7\n", 400, 300, path, &err), ==, -1);
    unit_has(err.text, "gnuplot failed");
    unit_has(err.text, "set nosuchthing 7");
    unit_has(err.text, "Unrecognized option");
    CU_ASSERT(!file_exists(path));
    free(path);
}

static void a_folder_that_is_not_there_is_named(void)
{
    struct error err = { "" };

    unit_is(gnuplot_draw(wave, 400, 300, "/nonexistent/x.svg", &err), ==, -1);
    unit_has(err.text, "/nonexistent/x.svg");
}

static void absence_is_said_in_words(void)
{
    char *path = in_folder("absent.svg"), *before = str_format("%s", getenv("PATH"));
    struct error err = { "" };

    setenv("PATH", "/nonexistent", 1);
    unit_is(gnuplot_draw(wave, 400, 300, path, &err), ==, -1);
    setenv("PATH", before, 1);
    unit_has(err.text, "gnuplot is not installed");
    CU_ASSERT(!file_exists(path));
    free(before);
    free(path);
}

/* A title that would end its string, run a command or a macro stays a title. */
static void quoted_text_is_only_text(void)
{
    char *path = in_folder("quoted.svg"), *mark = in_folder("mark");
    char *hostile =
        str_format("a' ; system('touch %s') # `touch %s` @m\n$x {/Bold b}_c", mark, mark);
    struct str script = { 0 };
    struct error err = { "" };
    size_t size;

    str_add(&script, "set title ");
    escape_gnuplot(&script, hostile);
    str_add(&script, "\n");
    str_add(&script, wave);
    unit_is(gnuplot_draw(script.text, 900, 300, path, &err), ==, 0);
    CU_ASSERT(!file_exists(mark));
    char *svg = file_load(path, 1 << 22, &size, &err);
    CU_ASSERT_PTR_NOT_NULL(svg);
    unit_has(svg, "{/Bold b}_c");
    remove(path);
    free(svg);
    free(hostile);
    free(mark);
    free(path);
    str_clear(&script);
}

static void text_cannot_turn_its_neighbours(void)
{
    struct str script = { 0 };

    /* an ellipsis and a letter stay */
    escape_gnuplot(&script, "a\xE2\x80\xAE" "b\xE2\x81\xA6" "c\xE2\x80\xA6 \xD7\x90");
    CU_ASSERT_STRING_EQUAL(script.text, "\"abc\xE2\x80\xA6 \xD7\x90\"");
    str_clear(&script);
}

int main(void)
{
    static const struct unit_test tests[] = {
        UNIT_TEST(draws_what_the_extension_says),
        UNIT_TEST(an_unknown_extension_is_refused),
        UNIT_TEST(what_gnuplot_says_is_reported_and_no_file_left),
        UNIT_TEST(a_folder_that_is_not_there_is_named),
        UNIT_TEST(absence_is_said_in_words),
        UNIT_TEST(quoted_text_is_only_text),
        UNIT_TEST(text_cannot_turn_its_neighbours),
        { NULL, NULL },
    };

    if (!mkdtemp(folder))
        return EXIT_FAILURE;
    int status = unit_run("gnuplot", tests);
    return rmdir(folder) == 0 ? status : EXIT_FAILURE;   /* nothing may be left behind */
}
