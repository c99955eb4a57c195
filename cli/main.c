/* cli/main.c - the program `dagcast`: finds the command, parses its options, runs it; prints what
 * went wrong.
 *
 * Exit status: 0; 2 for a user's error (one sentence on standard error); 130 after SIGINT, 143
 * after SIGTERM. A fault of the program's own aborts (assert). Numbers are read and written in the
 * C locale: setlocale() is never called. */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include <gsl/gsl_errno.h>

#include "base/error.h"
#include "base/escape.h"
#include "base/json.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "cli/command.h"
#include "cli/data_dirs.h"
#include "cli/help.h"
#include "cli/interrupt.h"
#include "cli/operand_files.h"
#include "cli/output.h"
#include "cli/outputs.h"

enum { EXIT_USER_ERROR = 2 };

static int complain(const char *command, const struct error *err)
{
    struct str text = { 0 };
    escape_addf(&text, "dagcast%s%s: %s\n", command ? " " : "", command ? command : "", err->text);
    fputs(text.text, stderr);
    str_clear(&text);
    return EXIT_USER_ERROR;
}

static int print(struct str *text)
{
    struct error err = { "" };
    int status = output_text(text, &err) ? complain(NULL, &err) : EXIT_SUCCESS;
    str_clear(text);
    return status;
}

static int print_version(void)
{
    struct str text = { 0 };
    str_addf(&text, "dagcast %s\n", DAGCAST_VERSION);
    return print(&text);
}

static int check_operands(const struct command *c, const struct operands *operands,
                          struct error *err)
{
    if (operands->n < (size_t)c->min_operands)
        return error_set(err, "needs %s (usage: dagcast %s [OPTION]... %s)", c->operands, c->name,
                         c->operands);
    if (c->max_operands >= 0 && operands->n > (size_t)c->max_operands)
        return error_set(err, "unexpected argument '%s' (usage: dagcast %s [OPTION]...%s%s)",
                         operands->at[c->max_operands], c->name, *c->operands ? " " : "",
                         c->operands);
    return 0;
}

static int run_command(const struct command *c, int argc, char **argv)
{
    struct error err = { "" };
    void *values =
        c->defaults ? xmemdup(c->defaults, c->options_size) : xcalloc(1, c->options_size);
    struct data_dirs dirs;
    data_dirs_init(&dirs);
    struct invocation call = { .command = c, .options = values, .data_dirs = dirs.at };
    enum options_outcome outcome =
        options_parse(c->groups, argc, argv, values, &call.operands, &err);
    int status = EXIT_SUCCESS;
    struct str text = { 0 };
    struct operand_files files = { 0 };
    if (outcome == OPTIONS_HELP) {
        help_command(c, dirs.at, &text);
        status = print(&text);
    } else if (outcome == OPTIONS_VERSION) {
        status = print_version();
    } else if (outcome == OPTIONS_WRONG || check_operands(c, &call.operands, &err) ||
               operand_files_take(&files, c, argv, &call.operands, dirs.at, &err) ||
               outputs_check(&call, &err) || c->run(&call, &err)) {
        operand_files_name_copies(&files, &err);
        status = complain(c->name, &err);
        if (interrupt_seen())
            status = interrupt_status();
    }
    operand_files_clear(&files);
    data_dirs_clear(&dirs);
    free(values);
    return status;
}

/* `dagcast`, `dagcast --help`, `dagcast help [COMMAND]`, `dagcast --version`, `dagcast --man
 * [COMMAND]`; false: none of them. */
static bool add_answer_about_itself(int argc, char **argv, const char *const *data_dirs,
                                    struct str *text)
{
    const char *first = argc > 1 ? argv[1] : "--help";
    const struct command *c = argc > 2 ? command_find(argv[2]) : NULL;
    bool man = str_equal(first, "--man"), help = str_equal(first, "help");
    if (man && argc == 2)
        help_man_page(text);
    else if (man && c)
        help_man_page_of(c, text);
    else if (str_equal(first, "--help") || str_equal(first, "-h") || (help && argc == 2))
        help_program(data_dirs, text);
    else if (help && c)
        help_command(c, data_dirs, text);
    return text->length > 0;
}

static int answer_about_itself(int argc, char **argv)
{
    if (argc > 1 && (str_equal(argv[1], "--version") || str_equal(argv[1], "-V")))
        return print_version();
    struct str text = { 0 };
    struct data_dirs dirs;
    data_dirs_init(&dirs);
    int status = add_answer_about_itself(argc, argv, dirs.at, &text) ? print(&text) : -1;
    data_dirs_clear(&dirs);
    return status;
}

int main(int argc, char **argv)
{
    xalloc_return_large();
    gsl_set_error_handler_off();
    json_use_arenas();
    /* a reader who leaves is no reason to die half way: writes fail with EPIPE */
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);            /* so do files beyond a limit: with EFBIG */
    int status = answer_about_itself(argc, argv);
    if (status >= 0)
        return status;
    /* of a command, then */
    bool about = str_equal(argv[1], "help") || str_equal(argv[1], "--man");
    const char *name = about ? argv[2] : argv[1];
    const struct command *c = command_find(name);
    if (c) {
        interrupt_init(c->name);
        return run_command(c, argc - 1, argv + 1);
    }
    struct error err;
    const char *near = command_nearest(name);
    error_set(&err, "unknown %s '%s'%s%s%s; see 'dagcast --help'",
              name[0] == '-' ? "option" : "command", name, near ? "; did you mean '" : "",
              near ? near : "", near ? "'?" : "");
    return complain(NULL, &err);
}
