#include "cli/unused_options.h"

#include <stdio.h>

#include "base/escape.h"
#include "base/str.h"

static bool is_given(const struct scenario_options *o, int headings, enum setting_id id)
{
    return o->said[id].said && headings & 1 << setting_at(id)->heading;
}

static const char *name_of(enum setting_id id)
{
    return setting_at(id)->option ? setting_at(id)->option : setting_at(id)->name;
}

int unused_option(const char *option, const char *why, struct error *err)
{
    return error_set(err, "--%s changes nothing here: %s; leave it out", option, why);
}

int unused_setting(const struct scenario_options *o, enum setting_id id, const char *why,
                   struct error *err)
{
    return o->said[id].said ? unused_option(name_of(id), why, err) : 0;
}

int unused_settings(const struct scenario_options *o, int headings, const char *why,
                    struct error *err)
{
    for (int id = 0; id < SETTINGS; id++)
        if (is_given(o, headings, (enum setting_id)id))
            return unused_option(name_of((enum setting_id)id), why, err);
    return 0;
}

void unused_setting_tell(const char *command, const struct scenario_options *o,
                         enum setting_id id, const char *why)
{
    struct str text = { 0 };
    if (!o->said[id].said)
        return;
    escape_addf(&text, "dagcast %s: --%s changes nothing here: %s\n", command, name_of(id), why);
    fputs(text.text, stderr);
    str_clear(&text);
}

void unused_settings_tell(const char *command, const struct scenario_options *o, int headings,
                          const char *why)
{
    for (int id = 0; id < SETTINGS; id++)
        if (is_given(o, headings, (enum setting_id)id))
            unused_setting_tell(command, o, (enum setting_id)id, why);
}
