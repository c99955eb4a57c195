/* cli/scenario_layers.c - what of a scenario counts: the command line before the scenario file,
 * before defaults; and the middleware that is chosen where neither names one. */
#include "cli/scenario_options_impl.h"

#include <string.h>

#include "base/str.h"
#include "cli/queue_doc.h"
#include "cli/unused_options.h"
#include "core/closest_profile.h"
#include "core/presets.h"
#include "study/replicate.h"
#include "traces/packed_file.h"
#include "validation/executor/slurm_allocation.h"

enum { DEFAULT_REPLICAS = 100 };

extern char **environ;                   /* the allocation that we run in is named there */

static struct platform *find_platform(const char *name, const char *const *data_dirs,
                                      struct error *err)
{
    if (str_equal(name, SLURM_PLATFORM))
        return slurm_platform(environ, err);
    if (presets_check(PRESET_PLATFORM, "--platform", name, data_dirs, err))
        return NULL;
    return platform_open(name, data_dirs, packed_file_load_json, err);
}

static int open_history(struct variant *v, const char *path, struct error *err)
{
    const char *platform = v->scenario.platform ? v->scenario.platform->name : NULL;
    struct queue_wait *q = queue_model_open(path, v->queue_machine, v->queue_name, platform, err);
    if (q)
        variant_take_queue_wait(v, q);
    v->queue_history = path;
    return q ? 0 : -1;
}

/* A variant's open(), of what options name. */
static int open_source(struct variant *v, const struct setting_change *c, struct error *err)
{
    const char *const *data_dirs = v->context;
    if (c->id == SETTING_QUEUE_HISTORY)
        return open_history(v, c->value.text, err);
    if (c->id == SETTING_PLATFORM) {
        struct platform *p = find_platform(c->value.text, data_dirs, err);
        if (p)
            variant_take_platform(v, p);
        return p ? 0 : -1;
    }
    if (presets_check(PRESET_MIDDLEWARE, "--middleware", c->value.text, data_dirs, err))
        return -1;
    struct middleware *m = middleware_open(c->value.text, data_dirs, packed_file_load_json, err);
    if (m)
        variant_take_middleware(v, m);
    return m ? 0 : -1;
}

static bool is_policy(int id)
{
    return setting_at((enum setting_id)id)->member.kind == SETTING_MEMBER_POLICY;
}

/* What a scenario file says and no option replaces: its nodes are those of its own platform; its
 * scheduler is a layer of its own. */
static void merge(struct setting_value *said, const struct scenario_file *f, bool own_platform,
                  bool policy)
{
    bool waits = said[SETTING_QUEUE_WAIT].said || said[SETTING_QUEUE_HISTORY].said;
    for (int id = 0; f && id < SETTINGS; id++) {
        bool dropped = (id == SETTING_NODES && own_platform && said[SETTING_PLATFORM].said) ||
                       (waits && (id == SETTING_QUEUE_WAIT || id == SETTING_QUEUE_HISTORY));
        if (!said[id].said && is_policy(id) == policy && !dropped)
            said[id] = f->said[id];
    }
}

static int apply(struct variant *v, const struct setting_value *said, struct error *err)
{
    struct setting_change changes[SETTINGS];
    return variant_apply(v, changes, setting_list(said, changes), err);
}

/* `file`: the scenario file gives a distribution, and no option a history. */
static bool says_waits_twice(const struct setting_value *said, bool file)
{
    return said[SETTING_QUEUE_HISTORY].said && (said[SETTING_QUEUE_WAIT].said || file);
}

/* Whoever names no middleware gets the closest, if there is anything to go by. */
static int choose_middleware(struct scenario_set *set, struct variant *v,
                             struct setting_value *said, bool asked, struct error *err)
{
    bool named = set->middleware || said->said;
    if ((asked || !named) && middleware_choice_make(&set->choice, v, asked, v->context, err))
        return -1;
    struct middleware *without =
        middleware_without_execution(v->scenario.middleware, v->scenario.workflow);
    if (without)
        variant_take_middleware(v, without);
    return 0;
}

/* A chosen profile predicts a run of which something is known: its release, and what is beyond the
 * profile. */
static void apply_run(const struct middleware_choice *c, struct variant *v)
{
    if (!c->n_candidates)
        return;
    v->scenario.run = middleware_choice_run(c);
    if (v->scenario.scheduler.scheduler && !v->said.generation && c->version)
        v->scenario.scheduler.generation = c->version;
}

/* "auto" names nothing: takes it out of what was said. */
static bool take_auto(struct setting_value *said)
{
    bool is = said->said && str_equal(said->text, PROFILE_AUTO);
    said->said = said->said && !is;
    return is;
}

/* The command line overrides the scenario file. */
static int apply_layers(struct scenario_set *set, struct variant *v,
                        const struct scenario_options *o, struct error *err)
{
    struct setting_value policy[SETTINGS] = { { .said = false } }, said[SETTINGS];
    memcpy(said, o->said, sizeof said);
    merge(policy, set->file, false, true);
    merge(said, set->file, set->platform != NULL, false);
    if (says_waits_twice(said, v->queue_wait && !o->said[SETTING_QUEUE_HISTORY].said))
        return error_set(
            err, "queue_wait and queue_history both say how long jobs wait; give one of them");
    set->otherwise = !v->platform && !said[SETTING_PLATFORM].said && o->otherwise;
    if (set->otherwise)
        said[SETTING_PLATFORM] = set->said.said[SETTING_PLATFORM] =
            (struct setting_value){ .said = true, .text = o->otherwise };
    if (!v->platform && !said[SETTING_PLATFORM].said)
        return error_set(err, "where should it run? give --platform NAME or FILE; 'dagcast list "
                              "platforms' shows the names");
    bool asked = take_auto(&said[SETTING_MIDDLEWARE]);
    if (apply(v, policy, err) || apply(v, said, err) ||
        choose_middleware(set, v, &said[SETTING_MIDDLEWARE], asked, err) || variant_build(v, err))
        return -1;
    apply_run(&set->choice, v);
    return 0;
}

static void tell_unused_queue(const struct scenario_options *o)
{
    const char *why = "it is of a --queue-history";
    unused_option(o->said[SETTING_QUEUE_MACHINE].said, NULL, "queue-machine", why);
    unused_option(o->said[SETTING_QUEUE_NAME].said, NULL, "queue-name", why);
}

/* The parts move into the variant and back, so that what replaces one frees it. */
int scenario_set_choose(struct scenario_set *set, const struct scenario_options *o,
                        const char *const *data_dirs, struct error *err)
{
    struct variant v;
    variant_init(&v, NULL);
    v.open = open_source;
    v.context = data_dirs;
    v.scenario.workflow = v.workflow = set->workflow;
    v.scenario.platform = v.platform = set->platform;
    v.scenario.middleware = v.middleware = set->middleware ? set->middleware : middleware_ideal();
    v.scenario.allocation.wait = v.queue_wait = set->queue_wait;
    int status = apply_layers(set, &v, o, err);
    if (status == 0 && !v.queue_history && !o->silent)
        tell_unused_queue(o);
    set->workflow = v.workflow;
    set->platform = v.platform;
    set->middleware = v.middleware;
    set->pipeline_order = v.pipeline_order;
    set->queue_wait = v.queue_wait;
    set->scenario = v.scenario;
    set->replicas = v.replicas ? v.replicas : DEFAULT_REPLICAS;
    set->precision = v.precision;
    set->threads = o->threads ? (int)o->threads : replicate_default_threads();
    return status;
}
