#include "cli/command.h"

#include <stddef.h>

#include "base/str.h"

const struct command *const commands[] = {
    &command_compare,
    &command_simulate,
    &command_sweep,
    &command_model,
    &command_explain,
    &command_advise,
    &command_execute,
    &command_calibrate,
    &command_import,
    &command_convert,
    &command_validate,
    &command_replay,
    &command_describe,
    &command_plot,
    &command_report,
    &command_list,
    NULL,
};

enum { N_COMMANDS = sizeof commands / sizeof *commands - 1 };

const struct command *command_find(const char *name)
{
    for (size_t i = 0; commands[i]; i++)
        if (str_equal(commands[i]->name, name))
            return commands[i];
    return NULL;
}

const char *command_nearest(const char *name)
{
    const char *names[N_COMMANDS + 2] = { 0 };
    for (size_t i = 0; i < N_COMMANDS; i++)
        names[i] = commands[i]->name;
    names[N_COMMANDS] = "help";
    return str_nearest(name, names);
}
