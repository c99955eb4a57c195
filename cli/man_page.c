/* The manual pages: cli/help.h. */
#include "cli/help.h"

#include <ctype.h>
#include <string.h>

/* Text for troff: what it would take for its own is escaped. */
static void add_troff(struct str *out, const char *text)
{
    bool line_start = true;
    for (; *text; text++) {
        if (line_start && (*text == '.' || *text == '\''))
            str_add(out, "\\&");
        if (*text == '\n' && text[1] == '\n') {
            str_add(out, "\n.PP\n");
            text++;
            line_start = true;
            continue;
        }
        if (*text == '\\')
            str_add(out, "\\e");
        else if (*text == '-')
            str_add(out, "\\-");
        else
            str_add_n(out, text, 1);
        line_start = *text == '\n';
    }
}

static void add_troff_line(struct str *out, const char *macro, const char *text)
{
    str_addf(out, "%s ", macro);
    add_troff(out, text);
    str_add(out, "\n");
}

/* A sentence: with a full stop unless it ends already. */
static void add_troff_sentence(struct str *out, const char *text)
{
    add_troff(out, text);
    str_add(out, str_ends(text, ".") || str_ends(text, "?") ? "\n" : ".\n");
}

static void man_examples(struct str *out, const struct example *examples)
{
    for (const struct example *e = examples; e->command; e++) {
        str_add(out, ".PP\n");
        add_troff_sentence(out, e->what);
        str_add(out, ".PP\n.nf\n.RS\ndagcast ");
        add_troff(out, e->command);
        str_add(out, "\n.RE\n.fi\n");
    }
}

static void man_options(struct str *out, const struct command *c)
{
    char term[HELP_TERM_MAX];
    for (const struct option_group *g = c->groups; g->title; g++) {
        add_troff_line(out, ".SS", g->title);
        struct option_row r;
        for (size_t i = 0; option_at(g, i, &r); i++) {
            options_spell(&r, term, sizeof term);
            str_add(out, ".TP\n");
            add_troff_line(out, ".B", term + strspn(term, " "));
            add_troff_sentence(out, r.help);
        }
    }
}

static void add_upper(struct str *out, const char *name)
{
    for (; *name; name++)
        str_addf(out, "%c", toupper((unsigned char)*name));
}

static void man_usage(struct str *out, const struct command *c)
{
    str_addf(out, ".B dagcast %s\n[\\fIOPTION\\fR]... \\fI%s\\fR\n", c->name, c->operands);
}

/* How it is called, what it does, its options, examples: under these headings, complete lines. */
static void man_body(struct str *out, const struct command *c, const char *description,
                     const char *options, const char *examples)
{
    man_usage(out, c);
    str_add(out, description);
    add_troff(out, c->description);
    str_addf(out, "\n%s", options);
    man_options(out, c);
    str_add(out, examples);
    man_examples(out, c->examples);
}

static void man_command(struct str *out, const struct command *c)
{
    str_add(out, ".SH DAGCAST ");
    add_upper(out, c->name);
    str_add(out, "\n");
    man_body(out, c, ".PP\n", "", ".SS Examples\n");
}

static void man_exit_status(struct str *out)
{
    str_add(out,
            ".SH EXIT STATUS\n.TP\n0\nall went well.\n.TP\n2\nsomething in the input is wrong: one "
            "sentence on standard error says what, and nothing was written.\n.TP\n130, 143\nended "
            "by SIGINT (Ctrl-C) or SIGTERM: within a second, with no file half-written.\n");
}

void help_man_page_of(const struct command *c, struct str *out)
{
    str_addf(out, ".\\\" Written by `dagcast --man %s`.\n.TH DAGCAST\\-", c->name);
    add_upper(out, c->name);
    str_addf(out, " 1 \"\" \"dagcast\" \"User Commands\"\n.SH NAME\ndagcast\\-%s \\- ", c->name);
    add_troff(out, c->summary);
    str_add(out, "\n.SH SYNOPSIS\n");
    man_body(out, c, ".SH DESCRIPTION\n", ".SH OPTIONS\n", ".SH EXAMPLES\n");
    man_exit_status(out);
    str_add(out, ".SH SEE ALSO\n.BR dagcast (1)\n");
}

void help_man_page(struct str *out)
{
    str_add(out, ".\\\" Written by `dagcast --man`; a test keeps it so.\n.TH DAGCAST 1 \"\" "
                 "\"dagcast\" \"User Commands\"\n.SH NAME\ndagcast \\- predicts how long "
                 "heterogeneous HPC workflows take\n.SH SYNOPSIS\n.B dagcast\n\\fICOMMAND\\fR "
                 "[\\fIOPTION\\fR]... [\\fIFILE\\fR]...\n.SH DESCRIPTION\n");
    add_troff(out, help_program_summary);
    str_add(out, "\n.SS Commands\n");
    for (size_t i = 0; commands[i]; i++) {
        str_addf(out, ".TP\n.B %s\n", commands[i]->name);
        add_troff_sentence(out, commands[i]->summary);
    }
    add_troff_line(out, ".SS", "Examples");
    man_examples(out, help_program_examples);
    for (size_t i = 0; commands[i]; i++)
        man_command(out, commands[i]);
    man_exit_status(out);
    str_add(out, ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nno colours, whatever the terminal.\n"
                 ".TP\n.B COLUMNS\nthe width of text, whatever the terminal; without either, "
                 "80.\n.TP\n.B DAGCAST_DATA\na folder that is searched first for platforms and "
                 "middleware given by name.\n.SH FILES\nFormats are described field by field in "
                 "docs/formats.md: 'dagcast help' says where it is.\n.SH SEE ALSO\n");
    for (size_t i = 0; commands[i]; i++)
        str_addf(out, ".BR dagcast\\-%s (1)%s\n", commands[i]->name, commands[i + 1] ? "," : "");
}
