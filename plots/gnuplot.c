#include "plots/gnuplot.h"

#include <errno.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/escape.h"
#include "base/file.h"
#include "base/str.h"

/* ---- programs that draw ---- */

/* POSIX declares it in no header; programs need PATH and HOME */
extern char **environ;

/* Starts it with its input, output and errors on these files. Returns 0 or an errno. */
static int start(const struct program *p, FILE *input, FILE *output, FILE *errors, pid_t *pid)
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, fileno(input), 0);
    posix_spawn_file_actions_adddup2(&actions, fileno(output), 1);
    posix_spawn_file_actions_adddup2(&actions, fileno(errors), 2);
    int status = posix_spawnp(pid, p->arguments[0], &actions, NULL, p->arguments, environ);

    posix_spawn_file_actions_destroy(&actions);
    return status;
}

/* What a stream holds, blank lines and ends trimmed, lines joined by " | ". New string. */
static char *read_said(FILE *errors)
{
    struct str text = { 0 };
    char line[512];
    rewind(errors);
    while (fgets(line, sizeof line, errors)) {
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

static int refuse_absent(const struct program *p, struct error *err)
{
    return error_set(
        err, "%s is not installed or not in PATH; this picture needs it (Debian: apt install %s)",
        p->arguments[0], p->package);
}

static int run_program(const struct program *p, FILE *input, FILE *output, FILE *errors,
                       struct error *err)
{
    pid_t pid;
    int status = start(p, input, output, errors, &pid);
    if (status == ENOENT)
        return refuse_absent(p, err);
    if (status)
        return error_set(err, "%s cannot be started: %s", p->arguments[0], strerror(status));
    status = wait_for(pid);
    if (WIFEXITED(status) &&
        WEXITSTATUS(status) == 127) /* some C libraries find out only in the child */
        return refuse_absent(p, err);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    char *said = read_said(errors);

    error_set(err, "%s failed (status %d): %s", p->arguments[0],
              WIFEXITED(status) ? WEXITSTATUS(status) : -1, *said ? said : "it said nothing");
    free(said);
    return -1;
}

int program_run(const struct program *p, FILE *input, FILE *output, struct error *err)
{
    FILE *errors = tmpfile();
    if (!errors)
        return error_set(err, "no temporary file can be written");
    int status = run_program(p, input, output, errors, err);

    fclose(errors);
    return status;
}

FILE *program_input(const char *text)
{
    FILE *stream = tmpfile();
    if (!stream)
        return NULL;
    fputs(text, stream);
    bool written = fflush(stream) == 0 && !ferror(stream);

    rewind(stream);
    if (!written) {
        fclose(stream);
        return NULL;
    }
    return stream;
}

/* ---- gnuplot ---- */

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
static int run_gnuplot(const char *script, int width, int height, const char *path,
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
    const char *to = picture.temporary ? picture.temporary : path;
    if (run_gnuplot(script, width, height, path, to, err)) {
        file_writer_abandon(&picture);
        return error_prefix(err, "%s: ", path);
    }
    return file_writer_commit(&picture, err);
}
