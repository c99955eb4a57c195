#include "cli/unused_options.h"

#include <stdio.h>

#include "base/escape.h"
#include "base/str.h"

void unused_option(bool given, const char *command, const char *option, const char *why)
{
    struct str text = { 0 };
    if (!given)
        return;
    escape_addf(&text, "dagcast%s%s: --%s changes nothing here: %s\n", command ? " " : "",
                command ? command : "", option, why);
    fputs(text.text, stderr);
    str_clear(&text);
}

void unused_settings(const struct scenario_options *o, int headings, const char *command,
                     const char *why)
{
    for (int id = 0; id < SETTINGS; id++) {
        const struct setting *s = setting_at((enum setting_id)id);
        unused_option(o->said[id].said && headings & 1 << s->heading, command,
                      s->option ? s->option : s->name, why);
    }
}
