/* cli/completion_fish.c - for fish, a line an option. */
#include "cli/completion_impl.h"

static void add_quoted(struct str *out, const char *text)
{
    completion_quote(out, text, "\\", "\\'");
}

static void add_option(struct str *out, const struct command *c, const struct option_row *row)
{
    struct str words = { 0 };
    struct completion_values v = completion_values(row, &words);
    str_addf(out, "complete -c dagcast -n '__fish_seen_subcommand_from %s' -l %s", c->name,
             row->name);
    if (row->letter)
        str_addf(out, " -s %c", row->letter);
    if (row->kind != OPTION_FLAG)
        str_add(out, v.files ? " -rF" : " -x");
    if (v.presets)
        str_addf(out, " -a '(__dagcast_presets %s)'", v.presets);
    else if (*v.words)
        str_addf(out, " -a '%s'", v.words);
    str_add(out, " -d '");
    add_quoted(out, row->help);
    str_add(out, "'\n");
    str_clear(&words);
}

void completion_add_fish(struct str *out)
{
    str_add(out, "# Completes dagcast in fish; written by `dagcast completion fish`.\n"
                 "function __dagcast_presets\n    dagcast list $argv[1] --csv 2>/dev/null | sed "
                 "'1d; s/,.*//'\nend\n");
    for (size_t i = 0; commands[i]; i++) {
        str_addf(out, "complete -c dagcast -n __fish_use_subcommand -f -a %s -d '",
                 commands[i]->name);
        add_quoted(out, commands[i]->summary);
        str_add(out, "'\n");
    }
    str_add(out, "complete -c dagcast -n __fish_use_subcommand -f -a help -d 'explain a command'\n"
                 "complete -c dagcast -n '__fish_seen_subcommand_from help' -f -a '");
    for (size_t i = 0; commands[i]; i++)
        str_addf(out, "%s%s", i ? " " : "", commands[i]->name);
    str_add(out, "'\n");
    for (size_t i = 0; commands[i]; i++) {
        struct str words = { 0 };
        const char *operands = completion_operand_words(commands[i], &words);
        if (*operands)
            str_addf(out, "complete -c dagcast -n '__fish_seen_subcommand_from %s' -f -a '%s'\n",
                     commands[i]->name, operands);
        str_clear(&words);
        completion_each_option(out, commands[i], add_option);
    }
}
