#include "cli/help.h"

#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/xalloc.h"
#include "cli/output.h"

enum { WIDEST = 80, OPTION_COLUMN = 30, COMMAND_COLUMN = 14 };

static void pad_to(struct str *out, size_t written, size_t column)
{
    for (; written < column; written++)
        str_add(out, " ");
}

static size_t width_of_help(void)
{
    size_t columns = output_columns();
    return columns < WIDEST ? columns : WIDEST;
}

/* Words of `text` up to the terminal's width, at most WIDEST, further lines indented; the cursor
 * begins at `indent`. '\n' in the text ends a line. */
static void add_wrapped(struct str *out, const char *text, size_t indent)
{
    size_t column = indent, width = width_of_help();
    while (*text) {
        if (*text == '\n' || *text == ' ') {
            if (*text++ == '\n') {
                str_add(out, "\n");
                column = 0;
            }
            continue;
        }
        size_t word = strcspn(text, " \n");
        if (column > indent && column + 1 + word > width) {
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
    char term[HELP_TERM_MAX];
    for (const struct option_group *g = groups; g->title; g++) {
        str_addf(out, "\n%s:\n", g->title);
        struct option_row r;
        for (size_t i = 0; option_at(g, i, &r); i++) {
            options_spell(&r, term, sizeof term);
            add_row(out, term, r.help, OPTION_COLUMN);
        }
    }
}

/* A command with the paths of installed examples, unless they are here ("examples/ddmd.json"). */
static void add_example_command(struct str *out, const char *command, const char *const *data_dirs)
{
    static const char folder[] = "examples/";
    while (*command) {
        size_t word = strcspn(command, " ");
        char *name = xstrndup(command, word), *found = NULL;
        if (str_starts(name, folder) && access(name, F_OK) != 0)
            found = file_find_data(data_dirs, name);
        str_add(out, found ? found : name);
        xfree(found, name);
        command += word;
        size_t blanks = strspn(command, " ");
        str_add_n(out, command, blanks);
        command += blanks;
    }
}

/* The bytes of a word, or of an option with its value. */
static size_t unit_length(const char *text)
{
    size_t n = strcspn(text, " ");
    bool has_value = text[0] == '-' && text[n] == ' ' && !strchr("-|>", text[n + 1]);
    return has_value ? n + 1 + strcspn(text + n + 1, " ") : n;
}

/* A comment or a command, continued on lines that a shell takes for the same. */
static void add_continued(struct str *out, const char *text, const char *first, const char *next)
{
    size_t width = width_of_help(), column = strlen(first), room = strlen(next) > 4 ? 2 : 0;
    str_add(out, first);
    for (size_t n; *text; text += n + strspn(text + n, " ")) {
        n = unit_length(text);
        bool begins = column == strlen(first);
        if (!begins && column + 1 + n + room > width) {
            str_addf(out, "%s%s", room ? " \\\n" : "\n", next);
            column = strlen(next);
        } else if (!begins) {
            str_add(out, " ");
            column++;
        }
        str_add_n(out, text, n);
        column += n;
    }
    str_add(out, "\n");
}

static void add_examples(struct str *out, const struct example *examples,
                         const char *const *data_dirs)
{
    str_add(out, "\nExamples:\n");
    for (const struct example *e = examples; e->command; e++) {
        struct str command = { 0 };
        str_add(&command, "dagcast ");
        add_example_command(&command, e->command, data_dirs);
        add_continued(out, e->what, "  # ", "  # ");
        add_continued(out, command.text, "  ", "      ");
        str_clear(&command);
    }
}

/* "docs/formats.md" is beside the documents of an installed program, or in the source tree. */
static void add_documents(struct str *out, const char *const *data_dirs)
{
    char *docs = file_find_data(data_dirs, "docs"),
         *examples = file_find_data(data_dirs, "examples");
    if (docs)
        str_addf(out, "\nDocuments: %s\n", docs);
    if (examples)
        str_addf(out, "%sExamples:  %s\n", docs ? "" : "\n", examples);
    xfree(docs, examples);
}

const struct example help_program_examples[] = {
    { "compare examples/ddmd.json --platform summit --nodes 16 --plot out/",
      "is running this workflow asynchronously worth it on 16 nodes of Summit?" },
    { "describe examples/ddmd.json --platform summit", "what the file says, in words" },
    { "list platforms", "names to use with --platform" },
    { NULL, NULL },
};

const char help_program_summary[] =
    "dagcast predicts how long a workflow of heterogeneous tasks takes on an HPC machine, and what "
    "executing it sequentially, pipelined or asynchronously changes: by simulation of the machine "
    "and of the middleware, and by closed forms beside it.";

void help_program(const char *const *data_dirs, struct str *out)
{
    str_add(out, "Usage: dagcast COMMAND [OPTION]... [FILE]...\n\n");
    add_wrapped(out, help_program_summary, 0);
    const char *section = "";
    for (size_t i = 0; commands[i]; i++) {
        if (!str_equal(section, commands[i]->section))
            str_addf(out, "\n%s:\n", commands[i]->section);
        section = commands[i]->section;
        add_row(out, commands[i]->name, commands[i]->summary, COMMAND_COLUMN);
    }
    add_examples(out, help_program_examples, data_dirs);
    add_documents(out, data_dirs);
    str_add(out, "\n");
    add_wrapped(out,
                "An input '-' is standard input. 'dagcast COMMAND --help' or 'man dagcast-COMMAND' "
                "explains each command; 'dagcast --version' names this version. Exit status: 0, or "
                "2 and one sentence on standard error when something in the input is wrong.",
                0);
}

void help_command(const struct command *c, const char *const *data_dirs, struct str *out)
{
    str_addf(out, "Usage: dagcast %s [OPTION]...%s%s\n\n", c->name, *c->operands ? " " : "",
             c->operands);
    add_wrapped(out, c->description, 0);
    add_options(out, c->groups);
    add_row(out, "-h, --help", "this text", OPTION_COLUMN);
    add_row(out, "    --version", "the program's version", OPTION_COLUMN);
    add_examples(out, c->examples, data_dirs);
}

