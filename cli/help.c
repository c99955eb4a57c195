#include "cli/help.h"

#include <string.h>

enum { WIDTH = 80, OPTION_COLUMN = 30, COMMAND_COLUMN = 14, TEXT_MAX = 128 };

static void pad_to(struct str *out, size_t written, size_t column)
{
    for (; written < column; written++)
        str_add(out, " ");
}

/* Words of `text` up to column WIDTH, further lines indented; the cursor stands at `indent`. '\n' in the text ends a line. */
static void add_wrapped(struct str *out, const char *text, size_t indent)
{
    size_t column = indent;
    while (*text) {
        if (*text == '\n' || *text == ' ') {
            if (*text++ == '\n') {
                str_add(out, "\n");
                column = 0;
            }
            continue;
        }
        size_t word = strcspn(text, " \n");
        if (column > indent && column + 1 + word > WIDTH) {
            str_add(out, "\n");
            column = 0;
        }
        if (column == 0) {
            pad_to(out, 0, indent);
            column = indent;
        } else if (column > indent) {
            str_add(out, " ");
            column++;
        }
        str_add_n(out, text, word);
        column += word;
        text += word;
    }
    str_add(out, "\n");
}

/* A term in the left column, its explanation in the right one. */
static void add_row(struct str *out, const char *term, const char *text, size_t column)
{
    str_addf(out, "  %s", term);
    size_t written = strlen(term) + 2;
    if (written + 2 > column) {
        str_add(out, "\n");
        written = 0;
    }
    pad_to(out, written, column);
    add_wrapped(out, text, column);
}

static void add_options(struct str *out, const struct option_group *groups)
{
    char term[TEXT_MAX];
    for (const struct option_group *g = groups; g->title; g++) {
        str_addf(out, "\n%s:\n", g->title);
        struct option_row r;
        for (size_t i = 0; option_at(g, i, &r); i++) {
            options_spell(&r, term, sizeof term);
            add_row(out, term, r.help, OPTION_COLUMN);
        }
    }
}

static void add_examples(struct str *out, const struct example *examples)
{
    str_add(out, "\nExamples:\n");
    for (const struct example *e = examples; e->command; e++)
        str_addf(out, "  # %s\n  dagcast %s\n", e->what, e->command);
}

static const struct example program_examples[] = {
    { "compare examples/ddmd.json --platform summit --nodes 16 --plot out/",
      "is running this workflow asynchronously worth it on 16 nodes of Summit?" },
    { "describe examples/ddmd.json --platform summit", "what the file says, in words" },
    { "list platforms", "names to use with --platform" },
    { NULL, NULL },
};

static const char program_summary[] =
    "dagcast predicts how long a workflow of heterogeneous tasks takes on an HPC machine, and what "
    "executing it sequentially, pipelined or asynchronously changes: by simulation of the machine and of "
    "the middleware, and by closed forms beside it.";

void help_program(struct str *out)
{
    str_add(out, "Usage: dagcast COMMAND [OPTION]... [FILE]...\n\n");
    add_wrapped(out, program_summary, 0);
    const char *section = "";
    for (size_t i = 0; commands[i]; i++) {
        if (!str_equal(section, commands[i]->section))
            str_addf(out, "\n%s:\n", commands[i]->section);
        section = commands[i]->section;
        add_row(out, commands[i]->name, commands[i]->summary, COMMAND_COLUMN);
    }
    add_examples(out, program_examples);
    str_add(out, "\n");
    add_wrapped(out, "'dagcast COMMAND --help' teaches each command; 'dagcast --version' names this one. "
                     "Exit status: 0, or 2 and one sentence on standard error when something in the input is wrong.", 0);
}

static const char common_help[] = "this text";

void help_command(const struct command *c, struct str *out)
{
    str_addf(out, "Usage: dagcast %s [OPTION]...%s%s\n\n", c->name, *c->operands ? " " : "", c->operands);
    add_wrapped(out, c->description, 0);
    add_options(out, c->groups);
    add_row(out, "-h, --help", common_help, OPTION_COLUMN);
    add_examples(out, c->examples);
}

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

static void man_command(struct str *out, const struct command *c)
{
    char term[TEXT_MAX];
    str_addf(out, ".SH DAGCAST ");
    for (const char *s = c->name; *s; s++)
        str_addf(out, "%c", *s >= 'a' && *s <= 'z' ? *s - 'a' + 'A' : *s);
    str_addf(out, "\n.B dagcast %s\n[\\fIOPTION\\fR]... \\fI%s\\fR\n.PP\n", c->name, c->operands);
    add_troff(out, c->description);
    str_add(out, "\n");
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
    add_troff_line(out, ".SS", "Examples");
    man_examples(out, c->examples);
}

void help_man_page(struct str *out)
{
    str_add(out, ".\\\" Written by `dagcast --man`; a test keeps it so.\n.TH DAGCAST 1 \"\" \"dagcast\" \"User Commands\"\n"
                 ".SH NAME\ndagcast \\- predicts how long heterogeneous HPC workflows take\n"
                 ".SH SYNOPSIS\n.B dagcast\n\\fICOMMAND\\fR [\\fIOPTION\\fR]... [\\fIFILE\\fR]...\n.SH DESCRIPTION\n");
    add_troff(out, program_summary);
    str_add(out, "\n.SS Commands\n");
    for (size_t i = 0; commands[i]; i++) {
        str_addf(out, ".TP\n.B %s\n", commands[i]->name);
        add_troff_sentence(out, commands[i]->summary);
    }
    add_troff_line(out, ".SS", "Examples");
    man_examples(out, program_examples);
    for (size_t i = 0; commands[i]; i++)
        man_command(out, commands[i]);
    str_add(out, ".SH EXIT STATUS\n.TP\n0\nall went well.\n.TP\n2\nsomething in the input is wrong: one sentence on standard error "
                 "says what, and nothing was written.\n.TP\n130, 143\n"
                 "ended by SIGINT (Ctrl-C) or SIGTERM: within a second, with no file half-written.\n"
                 ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nno colours, whatever the terminal.\n.TP\n.B DAGCAST_DATA\n"
                 "a folder that is searched first for platforms and middleware given by name.\n"
                 ".SH FILES\nFormats are described field by field in docs/formats.md.\n");
}
