#include "cli/output.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/xalloc.h"
#include "cli/interrupt.h"

static int write_out(const char *text, struct error *err)
{
    if (interrupt_ends())
        return error_set(err, "interrupted; no file is half-written");
    errno = 0;
    if (fputs(text, stdout) != EOF && fflush(stdout) != EOF)
        return 0;
    if (errno == EPIPE)                  /* the reader has seen enough */
        return 0;
    return error_set(err, "standard output: %s", strerror(errno));
}

static bool is_terminal(int fd)
{
    const char *term = getenv("TERM");
    return term && strcmp(term, "dumb") != 0 && isatty(fd);
}

bool output_has_colours(void)
{
    const char *no_color = getenv("NO_COLOR");
    return !(no_color && *no_color) && is_terminal(STDOUT_FILENO);
}

/* Names were escaped where they were put in; a control character that is still there can do nothing
 * either. Only the two that make headings bold pass, to a terminal. */
static void add_shown(struct str *out, const char *text, bool bold)
{
    while (*text) {
        size_t n = strcspn(text, "\033");
        char *piece = xstrndup(text, n);
        escape_terminal_lines(out, piece);
        free(piece);
        text += n;
        bool passes = bold && (str_starts(text, "\033[1m") || str_starts(text, "\033[0m"));
        if (passes)
            str_add_n(out, text, 4);
        else if (*text)
            escape_terminal(out, "\033");
        text += passes ? 4 : *text != '\0';
    }
}

int output_text(const struct str *text, struct error *err)
{
    struct str shown = { 0 };
    if (!text->length)
        return 0;
    add_shown(&shown, text->text, output_has_colours());
    int status = write_out(shown.text ? shown.text : "", err);
    str_clear(&shown);
    return status;
}

bool output_is_terminal(void)
{
    return is_terminal(STDOUT_FILENO);
}

size_t output_columns(void)
{
    enum { LEAST = 20, USUAL = 80 };
    struct winsize size;
    int64_t columns;
    const char *wanted = getenv("COLUMNS");
    if (!wanted || !str_to_int64(wanted, &columns) || columns <= 0)
        columns =
            ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : USUAL;
    return columns < LEAST ? LEAST : (size_t)columns;
}

int output_line(struct str *text, bool over, bool last, struct error *err)
{
    struct str line = { 0 };
    size_t most = output_columns();
    if (!over) {
        escape_terminal(&line, text->text);
        str_add(&line, "\n");
        int status = write_out(line.text, err);
        str_clear(&line);
        return status;
    }
    escape_terminal(&line, text->text);
    size_t bytes = 0, shown = 0;
    while (line.text[bytes] && (shown < most - 1 || !str_begins_character(line.text[bytes])))
        shown += str_begins_character(line.text[bytes++]);
    char *cut = str_format("\r\033[K%.*s%s", (int)bytes, line.text, last ? "\n" : "");
    int status = write_out(cut, err);
    free(cut);
    str_clear(&line);
    return status;
}

int output_wrote(const char *path, struct error *err)
{
    struct str said = { 0 };
    escape_addf(&said, "wrote %s\n", path);
    int status = output_text(&said, err);
    str_clear(&said);
    return status;
}

int output_json(cJSON *value, struct error *err)
{
    char *text = json_print(value);
    int status = write_out(text, err);
    free(text);
    cJSON_Delete(value);
    return status;
}

bool output_can_redraw(const struct output_options *o)
{
    return !o->quiet && is_terminal(STDERR_FILENO);
}

struct progress *output_progress(const struct output_options *o, const char *what, uint64_t total)
{
    return progress_new(stderr, what, total, output_can_redraw(o));
}
