/* cli/completion.c - `dagcast completion SHELL`. */
#include "cli/completion_impl.h"

#include <string.h>

#include "cli/choices.h"
#include "cli/output.h"
#include "scheduling/names.h"

static const struct completion_shell shells[] = {
    { "bash", completion_add_bash },
    { "zsh", completion_add_zsh },
    { "fish", completion_add_fish },
};
enum { SHELLS = sizeof shells / sizeof *shells };

static const char *word_at(size_t i)
{
    return i < SHELLS ? shells[i].name : NULL;
}

struct completion_values completion_values(const struct option_row *row, struct str *words)
{
    struct setting_name name;
    bool setting = row->kind == OPTION_SETTING;
    str_clear(words);
    str_add(words, "");
    for (size_t i = 0; setting && policy_names(row->setting, i, &name); i++)
        str_addf(words, "%s%s", i ? " " : "", name.name);
    const char *presets = !setting                             ? NULL
                          : row->setting == SETTING_PLATFORM   ? "platforms"
                          : row->setting == SETTING_MIDDLEWARE ? "middleware"
                                                               : NULL;
    return (struct completion_values){ .words = words->text, .presets = presets,
                                       .files = row->file != OPTION_NO_FILE };
}

const char *completion_operand_words(const struct command *c, struct str *words)
{
    str_clear(words);
    str_add(words, "");
    const char *word;
    for (size_t i = 0; c->word_at && (word = c->word_at(i)) != NULL; i++)
        str_addf(words, "%s%s", i ? " " : "", word);
    return words->text;
}

void completion_each_option(struct str *out, const struct command *c, completion_option_fn *add)
{
    static const struct option_row help = { .name = "help", .letter = 'h', .kind = OPTION_FLAG,
                                            .help = "explain the command" };
    struct option_row r;
    for (const struct option_group *g = c->groups; g->title; g++)
        for (size_t i = 0; option_at(g, i, &r); i++)
            add(out, c, &r);
    add(out, c, &help);
}

void completion_quote(struct str *out, const char *text, const char *special, const char *quote)
{
    for (; *text; text++)
        if (*text == '\'')
            str_add(out, quote);
        else
            str_addf(out, "%s%c", strchr(special, *text) ? "\\" : "", *text);
}

static int run(const struct invocation *call, struct error *err)
{
    const char *names[SHELLS + 1] = { NULL };
    const char *shell = call->operands.at[0];
    struct str text = { 0 };
    for (size_t i = 0; i < SHELLS; i++) {
        names[i] = shells[i].name;
        if (str_equal(shell, shells[i].name))
            shells[i].add(&text);
    }
    int status = text.length ? output_text(&text, err) : choice_refuse("SHELL", shell, names, err);
    str_clear(&text);
    return status;
}

static const struct option_group groups[] = { { .title = NULL } };

static const struct example examples[] = {
    { "completion bash > ~/.local/share/bash-completion/completions/dagcast",
      "for bash, from the next shell on" },
    { "completion zsh > ~/.zfunc/_dagcast", "for zsh, where ~/.zfunc is in $fpath" },
    { "completion fish > ~/.config/fish/completions/dagcast.fish", "for fish" },
    { NULL, NULL },
};

const struct command command_completion = {
    .name = "completion",
    .section = "Look",
    .summary = "a script that completes command lines in bash, zsh or fish",
    .operands = "SHELL",
    .min_operands = 1,
    .max_operands = 1,
    .first_file = 1,
    .word_at = word_at,
    .description = "Prints a script for SHELL (bash, zsh, fish) that completes commands, options "
                   "and their values. Names of platforms and middleware are asked for when they "
                   "are completed, so your own in DAGCAST_DATA are among them. An installed "
                   "dagcast has brought these scripts along.",
    .examples = examples,
    .groups = groups,
    .options_size = 1,
    .run = run,
};
