#include "cli/output.h"

#include <errno.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/xalloc.h"

enum { PARAGRAPH_WIDTH = 100 };

#define JSON_ROW \
    { .name = "json", .kind = OPTION_FLAG, .offset = offsetof(struct output_options, json), \
      .help = "print everything as one JSON object (times in seconds) instead of text" }

const struct option_row output_rows[] = { JSON_ROW, { .name = NULL } };

const struct option_row output_progress_rows[] = {
    JSON_ROW,
    { .name = "quiet", .letter = 'q', .kind = OPTION_FLAG, .offset = offsetof(struct output_options, quiet),
      .help = "no progress line on the terminal" },
    { .name = NULL },
};

static int write_out(const char *text, struct error *err)
{
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

/* Names were escaped where they were put in; a control character that is still there can do nothing either. Only the two that make
 * headings bold pass, to a terminal. */
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

int output_wrote(const char *path, struct error *err)
{
    struct str said = { 0 };
    escape_addf(&said, "wrote %s\n", path);
    int status = output_text(&said, err);
    str_clear(&said);
    return status;
}

cJSON *output_json_new(const char *command)
{
    cJSON *root = cJSON_CreateObject();
    cJSON_AddStringToObject(root, "command", command);
    cJSON_AddStringToObject(root, "version", DAGCAST_VERSION);
    return root;
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

void output_heading(struct str *text, const char *heading)
{
    if (output_has_colours())
        escape_addf(text, "\033[1m%s\033[0m\n", heading);
    else
        escape_addf(text, "%s\n", heading);
}

void output_paragraph(struct str *text, const char *words)
{
    size_t column = 0;
    while (*words) {
        size_t word = strcspn(words, " ");
        if (column > 0 && column + 1 + word > PARAGRAPH_WIDTH) {
            str_add(text, "\n");
            column = 0;
        } else if (column > 0) {
            str_add(text, " ");
            column++;
        }
        str_add_n(text, words, word);
        column += word;
        words += word;
        words += strspn(words, " ");
    }
    str_add(text, "\n");
}

struct progress *output_progress(const struct output_options *o, const char *what, uint64_t total)
{
    return progress_new(stderr, what, total, output_can_redraw(o));
}

void output_add_seconds(struct str *text, double seconds)
{
    long whole = lround(seconds);
    str_addf(text, "%.1f s", seconds);
    if (seconds >= 3600)
        str_addf(text, " (%ld h %02ld min)", whole / 3600, whole % 3600 / 60);
    else if (seconds >= 60)
        str_addf(text, " (%ld min %02ld s)", whole / 60, whole % 60);
}

cJSON *output_json_number(double x)
{
    return isfinite(x) ? cJSON_CreateNumber(x) : cJSON_CreateNull();
}
