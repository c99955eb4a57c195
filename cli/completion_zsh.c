/* cli/completion_zsh.c - for zsh, through its _arguments. */
#include "cli/completion_impl.h"

static void add_quoted(struct str *out, const char *text)
{
    completion_quote(out, text, "[]:\\", "'\\''");
}

static void add_action(struct str *out, const struct completion_values *v)
{
    if (v->presets)
        str_addf(out, "_dagcast_%s", v->presets);
    else if (*v->words)
        str_addf(out, "(%s)", v->words);
    else
        str_add(out, v->files ? "_files" : " ");
}

static void add_option(struct str *out, const struct command *c, const struct option_row *row)
{
    (void)c;
    bool flag = row->kind == OPTION_FLAG;
    struct str words = { 0 };
    str_add(out, " \\\n        ");
    if (row->letter)
        str_addf(out, "'(-%c --%s)'{-%c%s,--%s%s}'[", row->letter, row->name, row->letter,
                 flag ? "" : "+", row->name, flag ? "" : "=");
    else
        str_addf(out, "'--%s%s[", row->name, flag ? "" : "=");
    add_quoted(out, row->help);
    str_add(out, "]");
    if (!flag) {
        struct completion_values v = completion_values(row, &words);
        str_add(out, ":");
        add_quoted(out, row->argument);
        str_add(out, ":");
        add_action(out, &v);
    }
    str_add(out, "'");
    str_clear(&words);
}

static void add_command(struct str *out, const struct command *c)
{
    struct str words = { 0 };
    str_addf(out, "    %s) _arguments -s", c->name);
    completion_each_option(out, c, add_option);
    const char *operands = completion_operand_words(c, &words);
    if (*operands)
        str_addf(out, " \\\n        '1:word:(%s)'", operands);
    str_add(out, " \\\n        '*:file:_files' ;;\n");
    str_clear(&words);
}

void completion_add_zsh(struct str *out)
{
    str_add(out,
            "#compdef dagcast\n# Completes dagcast in zsh; written by `dagcast completion "
            "zsh`.\n_dagcast_presets() {\n  local -a names\n  names=(${(f)\"$(_call_program "
            "presets dagcast list $1 --csv 2>/dev/null | sed '1d; s/,.*//')\"})\n  compadd -a "
            "names\n  _files\n}\n_dagcast_platforms() { _dagcast_presets platforms "
            "}\n_dagcast_middleware() { _dagcast_presets middleware }\n_dagcast() {\n  local -a "
            "commands\n  commands=(\n");
    for (size_t i = 0; commands[i]; i++) {
        str_addf(out, "    '%s:", commands[i]->name);
        add_quoted(out, commands[i]->summary);
        str_add(out, "'\n");
    }
    str_add(out,
            "    'help:explain a command'\n  )\n  if (( CURRENT == 2 )) || [[ $words[2] == help "
            "]]; then\n    _describe command commands\n    return\n  fi\n  local "
            "command=$words[2]\n  shift words\n  (( CURRENT-- ))\n  case $command in\n");
    for (size_t i = 0; commands[i]; i++)
        add_command(out, commands[i]);
    str_add(out, "  esac\n}\nif [ \"$funcstack[1]\" = _dagcast ]; then\n  _dagcast \"$@\"\nelse\n  "
                 "compdef _dagcast dagcast\nfi\n");
}
