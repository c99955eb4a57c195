#include "cli/options.h"

#include <assert.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "base/str.h"
#include "base/xalloc.h"

enum { HELP_CODE = 1, FIRST_CODE = 1000 };       /* getopt_long's return values: FIRST_CODE + the row's place */

size_t options_count(const struct option_group *groups)
{
    size_t n = 0;
    for (const struct option_group *g = groups; g->title; g++)
        for (const struct option_row *r = g->rows; r->name; r++)
            n++;
    return n;
}

void options_spell(const struct option_row *row, char *text, size_t size)
{
    char letter[] = { '-', row->letter, ',', ' ', '\0' };
    snprintf(text, size, "%s--%s%s%s", row->letter ? letter : "    ", row->name, row->argument ? " " : "",
             row->argument ? row->argument : "");
}

/* The tables in getopt_long's terms. */
struct parser {
    size_t n;
    const struct option_row **rows;      /* n */
    char **targets;                      /* n: address of each row's member */
    struct option *options;              /* n + 2: --help and the end */
    const char **names;                  /* n + 2: for the nearest of an unknown one; NULL at the end */
    char *letters;
};

static void parser_init(struct parser *p, const struct option_group *groups, char *values)
{
    p->n = options_count(groups);
    p->rows = xcalloc(p->n + 1, sizeof *p->rows);
    p->targets = xcalloc(p->n + 1, sizeof *p->targets);
    p->options = xcalloc(p->n + 2, sizeof *p->options);
    p->names = xcalloc(p->n + 2, sizeof *p->names);
    struct str letters = { 0 };
    str_add(&letters, ":h");
    size_t i = 0;
    for (const struct option_group *g = groups; g->title; g++)
        for (const struct option_row *r = g->rows; r->name; r++, i++) {
            int has_argument = r->kind == OPTION_FLAG ? no_argument : required_argument;
            p->rows[i] = r;
            p->targets[i] = values + g->offset + r->offset;
            p->names[i] = r->name;
            p->options[i] = (struct option){ .name = r->name, .has_arg = has_argument, .val = FIRST_CODE + (int)i };
            if (r->letter)
                str_addf(&letters, "%c%s", r->letter, has_argument ? ":" : "");
        }
    p->names[p->n] = "help";
    p->options[p->n] = (struct option){ .name = "help", .has_arg = no_argument, .val = HELP_CODE };
    p->letters = str_take(&letters);
}

static void parser_clear(struct parser *p)
{
    free(p->rows);
    free(p->targets);
    free(p->options);
    free(p->names);
    free(p->letters);
}

static size_t row_of_code(const struct parser *p, int code)
{
    if (code >= FIRST_CODE)
        return (size_t)(code - FIRST_CODE);
    for (size_t i = 0; i < p->n; i++)
        if (p->rows[i]->letter == code)
            return i;
    assert(!"getopt returned a letter that is in no table");
    return 0;
}

static int refuse_range(const struct option_row *row, const char *text, struct error *err)
{
    if (row->max == OPTION_LARGEST_INTEGER)
        return error_set(err, "--%s: must be from %.0f to 2^63 - 1, is '%.100s'", row->name, row->min, text);
    if (isinf(row->max))
        return error_set(err, "--%s: must be at least %g, is '%.100s'", row->name, row->min, text);
    return error_set(err, "--%s: must be from %.10g to %.10g, is '%.100s'", row->name, row->min, row->max, text);
}

static int check_range(const struct option_row *row, double x, const char *text, struct error *err)
{
    bool unlimited = row->min == 0 && row->max == 0;
    return unlimited || (x >= row->min && x <= row->max) ? 0 : refuse_range(row, text, err);
}

static int store(const struct option_row *row, char *target, const char *text, struct error *err)
{
    int64_t whole;
    double x;
    switch (row->kind) {
    case OPTION_FLAG:
        memcpy(target, &(bool){ true }, sizeof(bool));
        return 0;
    case OPTION_TEXT:
        if (!*text)
            return error_set(err, "--%s: needs %s, is empty", row->name, row->argument);
        memcpy(target, &text, sizeof text);
        return 0;
    case OPTION_INTEGER:
        if (!str_to_int64(text, &whole)) {
            bool beyond = str_to_double(text, &x) && x == floor(x) && !text[strspn(text, "+-0123456789")];
            return beyond && (row->min != 0 || row->max != 0) ? refuse_range(row, text, err)
                : error_set(err, "--%s: must be a whole number, is '%.100s'", row->name, text);
        }
        if (check_range(row, (double)whole, text, err))
            return -1;
        memcpy(target, &whole, sizeof whole);
        return 0;
    case OPTION_NUMBER:
        if (!str_to_double(text, &x))
            return error_set(err, "--%s: must be a number, is '%s'", row->name, text);
        break;
    case OPTION_SECONDS:
        if (!quantity_parse(text, QUANTITY_SECONDS, &x))
            return error_set(err, "--%s: must be a duration such as 90, 30m, 1.5h or 1:30:00, is '%s'", row->name, text);
        break;
    }
    if (check_range(row, x, text, err))
        return -1;
    memcpy(target, &x, sizeof x);
    return 0;
}

/* getopt_long() returned '?': optopt is a letter, the code of a flag that was given a value, or 0 for an unknown or ambiguous
 * long option, then the argument before optind. */
static int refuse(const struct parser *p, char *const *argv, struct error *err)
{
    if (optopt == HELP_CODE)
        return error_set(err, "option '--help' takes no value");
    if (optopt >= FIRST_CODE)
        return error_set(err, "option '--%s' takes no value", p->rows[row_of_code(p, optopt)]->name);
    if (optopt)
        return error_set(err, "unknown option '-%c'", optopt);
    const char *word = argv[optind - 1] + strlen("--");
    char *name = xstrndup(word, strcspn(word, "="));
    const char *near = str_nearest(name, p->names);
    size_t matches = 0;
    for (size_t i = 0; p->names[i]; i++)
        matches += str_starts(p->names[i], name);
    if (matches > 1)
        error_set(err, "option '--%s' is short for %zu options; write it in full", name, matches);
    else if (near)
        error_set(err, "unknown option '--%s'; did you mean '--%s'?", name, near);
    else
        error_set(err, "unknown option '--%s'", name);
    free(name);
    return -1;
}

static enum options_outcome parse_all(struct parser *p, int argc, char **argv, struct operands *operands, struct error *err)
{
    opterr = 0;
    optind = 0;                          /* glibc: start afresh, whoever parsed before */
    int code;
    while ((code = getopt_long(argc, argv, p->letters, p->options, NULL)) != -1) {
        if (code == HELP_CODE || code == 'h')
            return OPTIONS_HELP;
        if (code == '?') {
            refuse(p, argv, err);
            return OPTIONS_WRONG;
        }
        if (code == ':') {
            const struct option_row *row = p->rows[row_of_code(p, optopt)];
            error_set(err, "option '--%s' needs a value: --%s %s", row->name, row->name, row->argument);
            return OPTIONS_WRONG;
        }
        size_t i = row_of_code(p, code);
        if (store(p->rows[i], p->targets[i], optarg, err))
            return OPTIONS_WRONG;
    }
    *operands = (struct operands){ .n = (size_t)(argc - optind), .at = argv + optind };
    return OPTIONS_RUN;
}

enum options_outcome options_parse(const struct option_group *groups, int argc, char **argv, void *values,
                                   struct operands *operands, struct error *err)
{
    struct parser p;
    parser_init(&p, groups, values);
    enum options_outcome outcome = parse_all(&p, argc, argv, operands, err);
    parser_clear(&p);
    return outcome;
}
