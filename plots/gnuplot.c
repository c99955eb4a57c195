#include "plots/gnuplot.h"

#include <stdio.h>

#include "base/escape.h"
#include "base/file.h"
#include "plots/program.h"

/* Pictures are sized in pixels of 1/96 inch. PNG is drawn at twice that, PDF in inches. SVG counts
 * fonts in pixels, the others in points of 1/72 inch: FONT(pixels) is the same size on each. */
static void add_terminal(struct str *script, const char *path, int width, int height)
{
    str_addf(script, "FONT(pixels) = sprintf(',%%g', pixels * %s)\n",
             str_ends(path, ".svg") ? "1.0" : "0.75");
    if (str_ends(path, ".svg"))
        str_addf(script,
                 "set terminal svg noenhanced size %d,%d dynamic font 'DejaVu "
                 "Sans,Arial,sans-serif,12' background 'white'\n",
                 width, height);
    else if (str_ends(path, ".png"))
        str_addf(script,
                 "set terminal pngcairo noenhanced size %d,%d font 'DejaVu Sans,9' fontscale 2 "
                 "pointscale 2 linewidth 2 dashlength 1 background 'white'\n",
                 2 * width, 2 * height);
    else
        str_addf(
            script,
            "set terminal pdfcairo noenhanced size %.4fin,%.4fin font 'DejaVu Sans,9' fontscale 1 "
            "background 'white'\n",
            width / 96.0, height / 96.0);
}

bool gnuplot_knows(const char *path)
{
    return str_ends(path, ".svg") || str_ends(path, ".png") || str_ends(path, ".pdf");
}

/* Runs gnuplot without the user's own settings on the script with its terminal and output before
 * it. */
static int run(const char *script, int width, int height, const char *path,
               const char *output_path, struct error *err)
{
    static char name[] = "gnuplot", defaults[] = "--default-settings", from_input[] = "-";
    char *const arguments[] = { name, defaults, from_input, NULL };
    struct str whole = { 0 };

    add_terminal(&whole, path, width, height);
    str_add(&whole, "set output ");
    escape_gnuplot(&whole, output_path);
    str_addf(&whole, "\n%s", script);
    FILE *input = program_input(whole.text), *output = tmpfile();
    int status = input && output ? program_run(&(struct program){ arguments, "gnuplot-nox" }, input,
                                               output, err)
                                 : error_set(err, "no temporary file can be written");

    if (input)
        fclose(input);
    if (output)
        fclose(output);
    str_clear(&whole);
    return status;
}

int gnuplot_draw(const char *script, int width, int height, const char *path, struct error *err)
{
    struct file_writer picture;
    if (!gnuplot_knows(path))
        return error_set(err, "%s: a picture's name must end in .svg, .png or .pdf", path);
    if (file_writer_open(&picture, path, err))
        return -1;
    if (run(script, width, height, path, picture.temporary ? picture.temporary : path, err)) {
        file_writer_abandon(&picture);
        return error_prefix(err, "%s: ", path);
    }
    return file_writer_commit(&picture, err);
}
