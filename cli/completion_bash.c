/* cli/completion_bash.c - for bash, whose words break at "=" too. */
#include "cli/completion_impl.h"

static void add_name(struct str *out, const struct command *c, const struct option_row *row)
{
    (void)c;
    str_addf(out, " --%s", row->name);
}

static void add_value(struct str *out, const struct command *c, const struct option_row *row)
{
    (void)c;
    struct str words = { 0 };
    struct completion_values v = completion_values(row, &words);
    if (row->kind != OPTION_FLAG) {
        str_add(out, "        ");
        if (row->letter)
            str_addf(out, "-%c|", row->letter);
        str_addf(out, "--%s) value=1 files=%d words='%s'", row->name, v.files, v.words);
        if (v.presets)
            str_addf(out, " presets=%s", v.presets);
        str_add(out, " ;;\n");
    }
    str_clear(&words);
}

static void add_command(struct str *out, const struct command *c)
{
    struct str words = { 0 };
    str_addf(out, "    %s) options='", c->name);
    completion_each_option(out, c, add_name);
    str_addf(out, "' operands='%s'\n      case $prev in\n", completion_operand_words(c, &words));
    completion_each_option(out, c, add_value);
    str_add(out, "      esac ;;\n");
    str_clear(&words);
}

void completion_add_bash(struct str *out)
{
    str_add(out, "# Completes dagcast in bash; written by `dagcast completion bash`.\n"
                 "_dagcast() {\n  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD "
                 "- 1]}\n  local options='' operands='' words='' presets='' value=0 files=1\n  if "
                 "[ \"$cur\" = = ]; then\n    cur=''\n  elif [ \"$prev\" = = ]; then\n    "
                 "prev=${COMP_WORDS[COMP_CWORD - 2]}\n  fi\n  if [ \"$COMP_CWORD\" -eq 1 ]; then\n "
                 "   mapfile -t COMPREPLY < <(compgen -W 'help --help --version");
    for (size_t i = 0; commands[i]; i++)
        str_addf(out, " %s", commands[i]->name);
    str_add(out, "' -- \"$cur\")\n    return\n  fi\n  case ${COMP_WORDS[1]} in\n    help) files=0 "
                 "operands='");
    for (size_t i = 0; commands[i]; i++)
        str_addf(out, "%s%s", i ? " " : "", commands[i]->name);
    str_add(out, "' ;;\n");
    for (size_t i = 0; commands[i]; i++)
        add_command(out, commands[i]);
    str_add(out,
            "  esac\n  if [ \"$value\" -eq 0 ]; then\n    case $cur in\n      -*) words=$options "
            "files=0 ;;\n      *) [ -z \"$operands\" ] || [ \"$COMP_CWORD\" -gt 2 ] || "
            "words=$operands files=0 ;;\n    esac\n  fi\n  if [ -n \"$presets\" ]; then      # "
            "only harmless names: compgen expands its words\n    words=$(\"${COMP_WORDS[0]}\" list "
            "\"$presets\" --csv 2>/dev/null | sed '1d; s/,.*//' | grep -xE '[A-Za-z0-9._-]+')\n  "
            "fi\n  mapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$cur\")\n  if [ \"$files\" "
            "-eq 1 ]; then\n    mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(compgen -f -- "
            "\"$cur\")\n    compopt -o filenames 2>/dev/null\n  fi\n}\ncomplete -F _dagcast "
            "dagcast\n");
}
