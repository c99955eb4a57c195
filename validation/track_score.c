/* Scores predictions: which one a measured run is the outcome of, and whether it may be. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/json_print.h"
#include "validation/set_match.h"
#include "validation/track_record.h"
#include "validation/track_record_impl.h"

static int add_outcome(struct ledger *l, const struct session *s, const struct prediction *p,
                       struct error *err)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "prediction", p->hash);
    cJSON_AddStringToObject(o, "run", s->name);
    if (isfinite(s->zero_epoch_s))
        cJSON_AddNumberToObject(o, "began", s->zero_epoch_s + timeline_first_start(s->timeline));
    cJSON_AddNumberToObject(o, "makespan", timeline_makespan(s->timeline));
    char *text = json_print_compact(o);
    int status = ledger_add(l, TRACK_OUTCOME, text, err);
    free(text);
    cJSON_Delete(o);
    return status;
}

static int check_session(const struct session *s, const struct track_record *t, struct error *err)
{
    size_t done = session_count(s, TASK_DONE), all = s->workflow->n_tasks;
    if (done < all)
        return error_set(err, "%s: %zu of its %zu tasks are done; only whole runs are scored",
                         s->name, done, all);
    for (size_t i = 0; i < t->n; i++)
        if (t->predictions[i].scored && str_equal(t->predictions[i].run, s->name))
            return error_set(err, "%s: scored before, for prediction %s", s->name,
                             t->predictions[i].name);
    return 0;
}

/* -1: its task sets are others. */
static int check_match(const struct ledger *l, const struct prediction *p, const struct session *s,
                       struct error *err)
{
    const struct ledger_entry e = ledger_at(l, p->entry);
    struct json_document *doc = track_parse(&e, p->entry, err);
    if (!doc)
        return -1;
    const struct json root = json_root(doc), scenario = json_member(&root, "scenario"),
                      at = json_member(&scenario, "workflow");
    struct workflow *w = workflow_from_json(&at, err);
    struct set_match match;
    int status = w ? set_match(&match, s->workflow, w, s->platform, err) : -1;
    if (status == 0)
        set_match_clear(&match);
    workflow_free(w);
    json_free(doc);
    return status;
}

static int check_time(const struct prediction *p, const struct session *s, struct error *err)
{
    double began_s = s->zero_epoch_s + timeline_first_start(s->timeline);
    if (!isfinite(s->zero_epoch_s))
        return error_set(
            err, "%s: says nothing of when it ran, so it is not known that prediction %s was first",
            s->name, p->name);
    if (began_s < p->registered_epoch_s)
        return error_set(err, "%s: began %.0f s before prediction %s was registered", s->name,
                         p->registered_epoch_s - began_s, p->name);
    return 0;
}

/* The only prediction without an outcome that the session could be of; NULL: none, or several. */
static const struct prediction *find_open(const struct ledger *l, const struct track_record *t,
                                          const struct session *s, struct error *err)
{
    const struct prediction *found = NULL;
    struct error last = { "" };
    for (size_t i = 0; i < t->n; i++) {
        const struct prediction *p = &t->predictions[i];
        if (p->scored || check_match(l, p, s, &last) || check_time(p, s, &last))
            continue;
        if (found) {
            error_set(err, "%s: matches predictions %s (%.8s) and %s (%.8s); --of HASH says which",
                      s->name, found->name, found->hash, p->name, p->hash);
            return NULL;
        }
        found = p;
    }
    if (!found)
        error_set(err, "%s: no open prediction matches it%s%s", s->name,
                  *last.text ? "; of the last: " : "", last.text);
    return found;
}

static int score(struct ledger *l, const struct track_record *t, const struct session *s,
                 size_t which, struct error *err)
{
    const struct prediction *p = NULL;
    for (size_t i = 0; i < t->n && which != SIZE_MAX; i++)
        if (t->predictions[i].entry == which)
            p = &t->predictions[i];
    if (check_session(s, t, err))
        return -1;
    if (which == SIZE_MAX)
        p = find_open(l, t, s, err);
    else if (!p)
        return error_set(err, "entry %zu is an outcome, not a prediction", which + 1);
    else if (p->scored)
        return error_set(err, "prediction %s has an outcome already: %s", p->name, p->run);
    else if (check_match(l, p, s, err) || check_time(p, s, err))
        return -1;
    return p ? add_outcome(l, s, p, err) : -1;
}

int track_score(struct ledger *l, const struct session *s, size_t which, struct error *err)
{
    struct track_record t;
    if (track_record_load(&t, l, err))
        return -1;
    int status = score(l, &t, s, which, err);
    track_record_clear(&t);
    return status;
}
