#include "cli/command.h"

#include <stddef.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "cli/options.h"

#define COMMAND_ADDRESS(name) &command_##name,
const struct command *const commands[] = { COMMANDS(COMMAND_ADDRESS) NULL };

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

/* Where and how to print, and what results do not depend on. */
static bool is_about_printing(const char *option)
{
    static const char *const names[] = { "verbose", "json", "csv", "table", "markdown", "report",
                                         "quiet", "plot", "picture-data", "output",
                                         "timeline",
                                         "threads", "backend", "register", "name", NULL };
    for (size_t i = 0; names[i]; i++)
        if (str_equal(names[i], option))
            return true;
    return false;
}

cJSON *command_options(const struct invocation *call)
{
    const struct command *c = call->command;
    cJSON *options = cJSON_CreateObject();
    void *usual = c->defaults ? xmemdup(c->defaults, c->options_size) : xcalloc(1, c->options_size);
    options_add_json(options, c->groups, call->options, usual);
    for (cJSON *item = options->child, *next; item; item = next) {
        next = item->next;
        if (is_about_printing(item->string))
            cJSON_Delete(cJSON_DetachItemViaPointer(options, item));
    }
    free(usual);
    return options;
}
