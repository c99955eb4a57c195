#include "cli/choices.h"

#include "base/str.h"
#include "cli/command.h"
#include "cli/formats.h"
#include "cli/plot_kinds.h"
#include "num/dist.h"
#include "scheduling/names.h"
#include "traces/importer.h"
#include "validation/executor/executor.h"

static bool distribution_at(size_t i, struct choice *out)
{
    if (i >= dist_family_count())
        return false;
    *out = (struct choice){ dist_family_name(i), dist_family_summary(i) };
    return true;
}

static bool policy_at(enum setting_id id, size_t i, struct choice *out)
{
    struct setting_name name;
    if (!policy_names(id, i, &name))
        return false;
    *out = (struct choice){ name.name, name.summary };
    return true;
}

/* Of what NULL ends, with members `name` and `summary`. */
#define CHOICES(function, type, at)                                                                \
    static bool function(size_t i, struct choice *out)                                             \
    {                                                                                              \
        const type *of = (at);                                                                     \
        if (of)                                                                                    \
            *out = (struct choice){ of->name, of->summary };                                       \
        return of != NULL;                                                                         \
    }
CHOICES(executor_choice_at, struct executor_ops, executor_at(i))
CHOICES(plot_choice_at, struct plot_kind, plot_kind_at(i))
CHOICES(importer_choice_at, struct importer_ops, importer_at(i))
CHOICES(command_choice_at, struct command, commands[i])
CHOICES(format_choice_at, struct file_format, file_format_at(i))

bool choice_at(enum choice_kind k, size_t i, struct choice *out)
{
    switch (k) {
    case CHOICE_MODE: return policy_at(SETTING_MODE, i, out);
    case CHOICE_SCHEDULER: return policy_at(SETTING_SCHEDULER, i, out);
    case CHOICE_ORDER: return policy_at(SETTING_ORDER, i, out);
    case CHOICE_OVERTAKE: return policy_at(SETTING_OVERTAKE, i, out);
    case CHOICE_PLACEMENT: return policy_at(SETTING_PLACEMENT, i, out);
    case CHOICE_DISTRIBUTION: return distribution_at(i, out);
    case CHOICE_EXECUTOR: return executor_choice_at(i, out);
    case CHOICE_PLOT: return plot_choice_at(i, out);
    case CHOICE_IMPORTER: return importer_choice_at(i, out);
    case CHOICE_COMMAND: return command_choice_at(i, out);
    case CHOICE_FORMAT: return format_choice_at(i, out);
    case CHOICE_KINDS: break;
    }
    return false;
}

const char *choice_kind_name(enum choice_kind k)
{
    static const char *const names[CHOICE_KINDS] = { "modes",     "schedulers", "orders",
                                                     "overtakes", "placements", "distributions",
                                                     "executors", "plots",      "importers",
                                                     "commands",  "formats" };
    return names[k];
}

int choice_refuse(const char *option, const char *word, const char *const *names, struct error *err)
{
    struct str all = { 0 };
    const char *near = str_nearest(word, names);
    for (size_t i = 0; names[i]; i++)
        str_addf(&all, "%s%s", i == 0 ? "" : names[i + 1] ? ", " : " or ", names[i]);
    error_set(err, "%s: must be %s, is '%s'%s%s%s", option, all.text, word,
              near ? "; did you mean '" : "", near ? near : "", near ? "'?" : "");
    str_clear(&all);
    return -1;
}

int level_find(const char *name, enum information *level, struct error *err)
{
    int found = information_find(name);
    *level = INFORMATION_DESCRIPTION;
    if (found < 0 || found == INFORMATION_ARRIVALS)
        return choice_refuse("--level", name,
                             (const char *const[]){ "description", "requested", "measured", NULL },
                             err);
    *level = (enum information)found;
    return 0;
}
