#include "plots/gnuplot.h"

#include <errno.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/file.h"
#include "base/xalloc.h"

extern char **environ;                   /* POSIX declares it in no header; gnuplot needs PATH and HOME */

/* Pictures are sized in pixels of 1/96 inch. PNG is drawn at twice that, PDF in inches. SVG counts fonts in pixels, the others in
 * points of 1/72 inch: FONT(pixels) is the same size on each. */
static void add_terminal(struct str *script, const char *path, int width, int height)
{
    str_addf(script, "FONT(pixels) = sprintf(',%%g', pixels * %s)\n", str_ends(path, ".svg") ? "1.0" : "0.75");
    if (str_ends(path, ".svg"))
        str_addf(script, "set terminal svg noenhanced size %d,%d dynamic font 'DejaVu Sans,Arial,sans-serif,12' background 'white'\n",
                 width, height);
    else if (str_ends(path, ".png"))
        str_addf(script, "set terminal pngcairo noenhanced size %d,%d font 'DejaVu Sans,9' fontscale 2 linewidth 2 dashlength 1 "
                 "background 'white'\n", 2 * width, 2 * height);
    else
        str_addf(script, "set terminal pdfcairo noenhanced size %.4fin,%.4fin font 'DejaVu Sans,9' fontscale 1 "
                 "background 'white'\n", width / 96.0, height / 96.0);
}

bool gnuplot_knows(const char *path)
{
    return str_ends(path, ".svg") || str_ends(path, ".png") || str_ends(path, ".pdf");
}

void gnuplot_add_quoted(struct str *script, const char *text)
{
    str_add(script, "'");
    for (const char *c = text; *c; c++) {
        if (*c == '\'')
            str_add(script, "''");
        else
            str_add_n(script, (unsigned char)*c < ' ' || *c == 127 ? " " : c, 1);
    }
    str_add(script, "'");
}

/* Starts gnuplot with its input and output on these files, without the user's own settings. Returns 0 or an errno. */
static int spawn_gnuplot(FILE *input, FILE *output, pid_t *pid)
{
    static char name[] = "gnuplot", defaults[] = "--default-settings", from_input[] = "-";
    char *const arguments[] = { name, defaults, from_input, NULL };
    posix_spawn_file_actions_t actions;

    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(input), 0);
    posix_spawn_file_actions_adddup2(&actions, fileno(output), 1);
    posix_spawn_file_actions_adddup2(&actions, fileno(output), 2);
    int status = posix_spawnp(pid, name, &actions, NULL, arguments, environ);

    posix_spawn_file_actions_destroy(&actions);
    return status;
}

/* What a stream holds, blank lines and ends trimmed, lines joined by " | ". New string. */
static char *read_output(FILE *output)
{
    struct str text = { 0 };
    char line[512];

    rewind(output);
    while (fgets(line, sizeof line, output)) {
        const char *begin = line + strspn(line, " \t");
        size_t length = strcspn(begin, "\r\n");

        if (length > 0) {
            str_add(&text, text.length ? " | " : "");
            str_add_n(&text, begin, length);
        }
    }
    return str_take(&text);
}

static int wait_for(pid_t pid)
{
    int status = -1;

    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

/* Runs gnuplot on the streams. `output` takes what it says. */
static int run(FILE *input, FILE *output, struct error *err)
{
    pid_t pid;
    int status = spawn_gnuplot(input, output, &pid);

    if (status == ENOENT)
        return error_set(err, "gnuplot is not installed or not in PATH; pictures need it (Debian: apt install gnuplot-nox)");
    if (status)
        return error_set(err, "gnuplot cannot be started: %s", strerror(status));
    status = wait_for(pid);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)         /* some C libraries find out only in the child */
        return error_set(err, "gnuplot is not installed or not in PATH; pictures need it (Debian: apt install gnuplot-nox)");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    char *said = read_output(output);

    error_set(err, "gnuplot failed (status %d): %s", WIFEXITED(status) ? WEXITSTATUS(status) : -1, *said ? said : "it said nothing");
    free(said);
    return -1;
}

/* The script with its terminal and output, in a stream of its own placed at the start. NULL: no room. */
static FILE *script_stream(const char *script, int width, int height, const char *path, const char *output_path)
{
    struct str head = { 0 };
    FILE *stream = tmpfile();

    if (!stream)
        return NULL;
    add_terminal(&head, path, width, height);
    str_add(&head, "set output ");
    gnuplot_add_quoted(&head, output_path);
    str_add(&head, "\n");
    fputs(head.text, stream);
    fputs(script, stream);
    str_clear(&head);
    bool written = fflush(stream) == 0 && !ferror(stream);

    rewind(stream);
    if (!written) {
        fclose(stream);
        return NULL;
    }
    return stream;
}

int gnuplot_draw(const char *script, int width, int height, const char *path, struct error *err)
{
    struct file_writer picture;

    if (!gnuplot_knows(path))
        return error_set(err, "%s: a picture's name must end in .svg, .png or .pdf", path);
    if (file_writer_open(&picture, path, err))
        return -1;
    const char *output_path = picture.temporary ? picture.temporary : path;
    FILE *input = script_stream(script, width, height, path, output_path), *output = tmpfile();
    int status = input && output ? run(input, output, err) : error_set(err, "%s: no temporary file can be written", path);

    if (input)
        fclose(input);
    if (output)
        fclose(output);
    if (status) {
        file_writer_abandon(&picture);
        return error_prefix(err, "%s: ", path);
    }
    return file_writer_commit(&picture, err);
}
