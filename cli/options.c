#include "cli/options.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "scheduling/names.h"

/* getopt_long's return values: FIRST_CODE + the row's place */
enum { HELP_CODE = 1, VERSION_CODE, FIRST_CODE = 1000 };

size_t options_count(const struct option_group *groups)
{
    struct option_row row;
    size_t n = 0;
    for (const struct option_group *g = groups; g->title; g++)
        for (size_t i = 0; option_at(g, i, &row); i++)
            n++;
    return n;
}

static enum option_file file_of(enum setting_id id)
{
    if (id == SETTING_QUEUE_HISTORY)
        return OPTION_READS;
    return setting_at(id)->type == SETTING_SOURCE ? OPTION_READS_OR_NAME : OPTION_NO_FILE;
}

static struct option_row option_of(enum setting_id id)
{
    const struct setting *s = setting_at(id);
    return (struct option_row){
        .name = s->option ? s->option : s->name, .letter = s->letter, .kind = OPTION_SETTING,
        .argument = s->argument, .offset = id * sizeof(struct setting_value), .help = s->help,
        .setting = id, .file = file_of(id),
    };
}

bool option_at(const struct option_group *g, size_t i, struct option_row *out)
{
    bool found = false;
    for (int id = 0; g->settings && id < SETTINGS && !found; id++)
        if (setting_at((enum setting_id)id)->heading == g->settings && i-- == 0) {
            *out = option_of((enum setting_id)id);
            found = true;
        }
    for (const struct option_row *r = g->rows; !found && r && r->name; r++)
        if (i-- == 0) {
            *out = *r;
            found = true;
        }
    if (found)
        out->offset += g->offset;
    return found;
}

void options_spell(const struct option_row *row, char *text, size_t size)
{
    char letter[] = { '-', row->letter, ',', ' ', '\0' };
    snprintf(text, size, "%s--%s%s%s", row->letter ? letter : "    ", row->name,
             row->argument ? " " : "", row->argument ? row->argument : "");
}

/* The tables in getopt_long's terms. */
struct parser {
    size_t n;
    struct option_row *rows;             /* n */
    char **targets;                      /* n: address of each row's member */
    struct option *options;              /* n + 3: --help, --version and the end */
    /* n + 3: for the nearest of an unknown one; NULL at the end */
    const char **names;
    char *letters;
};

static void parser_init(struct parser *p, const struct option_group *groups, char *values)
{
    p->n = options_count(groups);
    p->rows = xcalloc(p->n + 1, sizeof *p->rows);
    p->targets = xcalloc(p->n + 1, sizeof *p->targets);
    p->options = xcalloc(p->n + 3, sizeof *p->options);
    p->names = xcalloc(p->n + 3, sizeof *p->names);
    struct str letters = { 0 };
    str_add(&letters, ":h");
    size_t i = 0;
    for (const struct option_group *g = groups; g->title; g++)
        for (size_t k = 0; option_at(g, k, &p->rows[i]); k++, i++) {
            const struct option_row *r = &p->rows[i];
            int has_argument = r->kind == OPTION_FLAG ? no_argument : required_argument;
            p->targets[i] = values + r->offset;
            p->names[i] = r->name;
            p->options[i] = (struct option){ .name = r->name, .has_arg = has_argument,
                                             .val = FIRST_CODE + (int)i };
            if (r->letter)
                str_addf(&letters, "%c%s", r->letter, has_argument ? ":" : "");
        }
    p->names[p->n] = "help";
    p->options[p->n] = (struct option){ .name = "help", .has_arg = no_argument, .val = HELP_CODE };
    p->names[p->n + 1] = "version";
    p->options[p->n + 1] =
        (struct option){ .name = "version", .has_arg = no_argument, .val = VERSION_CODE };
    p->letters = str_take(&letters);
}

static void parser_clear(struct parser *p)
{
    xfree(p->rows, p->targets, p->options, p->names, p->letters);
}

static size_t row_of_code(const struct parser *p, int code)
{
    if (code >= FIRST_CODE)
        return (size_t)(code - FIRST_CODE);
    for (size_t i = 0; i < p->n; i++)
        if (p->rows[i].letter == code)
            return i;
    assert(!"getopt returned a letter that is in no table");
    return 0;
}

static int store_setting(const struct option_row *row, char *target, const char *text,
                         struct error *err)
{
    struct setting_value v;
    double x;
    bool own_range = row->min != 0 || row->max != 0;
    if (setting_parse(row->setting, policy_names, text, &v, err) ||
        (own_range &&
         setting_parse_number(setting_at(row->setting)->type, row->min, row->max, text, &x, err)))
        return -1;
    memcpy(target, &v, sizeof v);
    return 0;
}

static int store_number(const struct option_row *row, char *target, const char *text,
                        struct error *err)
{
    static const enum setting_type types[] = { [OPTION_INTEGER] = SETTING_INTEGER,
                                               [OPTION_NUMBER] = SETTING_NUMBER,
                                               [OPTION_SECONDS] = SETTING_SECONDS };
    double x;
    if (setting_parse_number(types[row->kind], row->min, row->max, text, &x, err))
        return -1;
    if (row->kind == OPTION_INTEGER)
        memcpy(target, &(int64_t){ (int64_t)x }, sizeof(int64_t));
    else
        memcpy(target, &x, sizeof x);
    return 0;
}

static int store(const struct option_row *row, char *target, const char *text, struct error *err)
{
    int status = 0;
    if (row->kind == OPTION_FLAG)
        memcpy(target, &(bool){ true }, sizeof(bool));
    else if (row->kind == OPTION_SETTING)
        status = store_setting(row, target, text, err);
    else if (row->kind != OPTION_TEXT)
        status = store_number(row, target, text, err);
    else if (!*text)
        status = error_set(err, "needs %s, is empty", row->argument);
    else
        memcpy(target, &text, sizeof text);
    return status ? error_prefix(err, "--%s: ", row->name) : 0;
}

/* getopt_long() returned '?': optopt is a letter, the code of a flag that was given a value, or 0
 * for an unknown or ambiguous long option, then the argument before optind. */
static int refuse(const struct parser *p, char *const *argv, struct error *err)
{
    if (optopt == HELP_CODE || optopt == VERSION_CODE)
        return error_set(err, "option '--%s' takes no value",
                         optopt == HELP_CODE ? "help" : "version");
    if (optopt >= FIRST_CODE)
        return error_set(err, "option '--%s' takes no value", p->rows[row_of_code(p, optopt)].name);
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

static enum options_outcome parse_all(struct parser *p, int argc, char **argv,
                                      struct operands *operands, struct error *err)
{
    opterr = 0;
    optind = 0;                          /* glibc: start afresh after any earlier parse */
    int code;
    while ((code = getopt_long(argc, argv, p->letters, p->options, NULL)) != -1) {
        if (code == HELP_CODE || code == 'h')
            return OPTIONS_HELP;
        if (code == VERSION_CODE)
            return OPTIONS_VERSION;
        if (code == '?') {
            refuse(p, argv, err);
            return OPTIONS_WRONG;
        }
        if (code == ':') {
            const struct option_row *row = &p->rows[row_of_code(p, optopt)];
            error_set(err, "option '--%s' needs a value: --%s %s", row->name, row->name,
                      row->argument);
            return OPTIONS_WRONG;
        }
        size_t i = row_of_code(p, code);
        if (store(&p->rows[i], p->targets[i], optarg, err))
            return OPTIONS_WRONG;
    }
    *operands = (struct operands){ .n = (size_t)(argc - optind), .at = argv + optind };
    return OPTIONS_RUN;
}

enum options_outcome options_parse(const struct option_group *groups, int argc, char **argv,
                                   void *values, struct operands *operands, struct error *err)
{
    struct parser p;
    parser_init(&p, groups, values);
    enum options_outcome outcome = parse_all(&p, argc, argv, operands, err);
    parser_clear(&p);
    return outcome;
}
