#include "cli/scenario_options.h"

#include "base/str.h"
#include "base/xalloc.h"
#include "core/closest_profile.h"

static char *copy_or_null(const char *text)
{
    return text ? xstrdup(text) : NULL;
}

static char *run_words(const struct likeness *run)
{
    struct str text = { 0 };
    str_add(&text, run->entk == 1 ? "EnTK" : "RADICAL-Pilot");
    if (run->version)
        str_addf(&text, run->entk == 1 ? ", RADICAL-Pilot %s" : " %s", run->version);
    if (run->entk == 0)
        str_add(&text, " alone");
    if (run->launcher)
        str_addf(&text, ", %s", run->launcher);
    str_addf(&text, ", on %s", run->machine);
    return text.text;
}

/* Takes the closest profile; without any the middleware stays as it is. */
static int choose(struct middleware_choice *out, struct variant *v, const char *const *data_dirs,
                  struct error *err)
{
    const struct closest_question q = { .run = assumed_likeness(v->scenario.workflow,
                                                                v->scenario.platform) };
    struct closest_profile closest;
    if (closest_profile_find(&closest, &q, data_dirs, err))
        return -1;
    if (!closest.profile)
        return 0;
    *out = (struct middleware_choice){ .n_candidates = closest.n_candidates,
                                       .differences = closest.differences,
                                       .chosen_for = run_words(&q.run),
                                       .version = copy_or_null(q.run.version),
                                       .launcher = copy_or_null(q.run.launcher),
                                       .entk = q.run.entk };
    variant_take_middleware(v, closest.profile);
    return 0;
}

static int suggest(struct middleware_choice *out, const struct variant *v,
                   const char *const *data_dirs, struct error *err)
{
    const struct closest_question q = { .run = assumed_likeness(v->scenario.workflow,
                                                                v->scenario.platform) };
    struct closest_profile closest;
    if (closest_profile_find(&closest, &q, data_dirs, err))
        return -1;
    if (closest.profile)
        *out = (struct middleware_choice){ .suggested = xstrdup(closest.profile->name),
                                           .differences = closest.differences };
    closest_profile_clear(&closest);
    return 0;
}

int middleware_choice_make(struct middleware_choice *out, struct variant *v, bool asked,
                           const char *const *data_dirs, struct error *err)
{
    bool known = run_record_known(&v->scenario.workflow->radical) ||
                 run_record_known(&v->scenario.platform->radical);
    return asked || known ? choose(out, v, data_dirs, err) : suggest(out, v, data_dirs, err);
}

struct likeness middleware_choice_run(const struct middleware_choice *c)
{
    return (struct likeness){ .version = c->version, .launcher = c->launcher, .generation = -1,
                              .entk = c->entk };
}

void middleware_choice_clear(struct middleware_choice *c)
{
    xfree(c->chosen_for, c->version, c->launcher, c->suggested);
    *c = (struct middleware_choice){ 0 };
}

void middleware_choice_add(struct doc *d, const struct middleware_choice *c)
{
    struct str text = { 0 };
    if (c->n_candidates) {
        const struct closest_profile as = { .n_candidates = c->n_candidates,
                                            .differences = c->differences };
        str_addf(&text, "chosen for %s: ", c->chosen_for);
        closest_profile_add(&text, &as);
        doc_fact(d, NULL, "", DOC_TEXT, doc_words(&text));
        likeness_add_names(&text, c->differences);
        doc_fact(d, "profile_choice/candidates", NULL, DOC_COUNT,
                 doc_number((double)c->n_candidates));
        doc_fact(d, "profile_choice/chosen_for", NULL, DOC_TEXT, doc_text(c->chosen_for));
        doc_fact(d, "profile_choice/differs_in", NULL, DOC_TEXT,
                 doc_text(text.length ? text.text : ""));
    }
    if (c->suggested)
        doc_factf(d, NULL, "", "closest measured profile: %s%s (--middleware auto takes it)",
                  c->suggested, c->differences & DIFFERS_MACHINE ? ", of another machine" : "");
    doc_fact(d, "middleware_suggested", NULL, DOC_TEXT, doc_text(c->suggested));
    str_clear(&text);
}
