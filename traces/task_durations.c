#include "traces/task_durations.h"

#include <math.h>
#include <stdlib.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/station_fit.h"

/* off: r; noise: variance of it */
struct instance { size_t label, session; struct sample_list samples; double off, noise; };

struct instances { size_t n, room; struct instance *at; };

/* ---- what ran ---- */

/* Sets of one label that ask for different resources are different: the second is "label/2". */
static size_t label_number(struct task_durations *d, size_t *room, const struct task_set *set)
{
    size_t same = 0;
    for (size_t i = 0; i < d->n; i++) {
        const struct label_durations *l = &d->labels[i];
        if (!str_equal(l->set_label, set->label))
            continue;
        if (demand_equal(&l->demand, &set->traits->demand))
            return i;
        same++;
    }
    xgrow(&d->labels, room, d->n + 1, sizeof *d->labels);
    d->labels[d->n] = (struct label_durations){
        .label = same > 0 ? str_format("%s/%zu", set->label, same + 1) : xstrdup(set->label),
        .set_label = xstrdup(set->label),
        .demand = set->traits->demand, .requested = true, .log_score = NAN, .kolmogorov = NAN,
    };
    return d->n++;
}

static bool all_requested(const struct session *s, size_t set)
{
    for (size_t i = 0; i < s->timeline->n; i++)
        if (s->tasks[i].set == (int)set && isnan(s->tasks[i].requested_s))
            return false;
    return true;
}

/* What record i tells: its request; how long it ran; or that it ran for longer than it was seen to.
 */
static void add_record(struct sample_list *list, const struct session *s, size_t i, bool requested)
{
    const struct timeline_record *r = &s->timeline->records[i];
    double end_s = isnan(r->stopped_s) ? s->timeline->session_end_s : r->stopped_s,
           ran_s = end_s - r->started_s;
    if (requested)
        samples_add(list, s->tasks[i].requested_s, s->tasks[i].requested_s);
    else if (s->timeline->status[i] == TASK_DONE && ran_s >= 0)
        samples_add(list, ran_s, ran_s);
    else if (s->timeline->status[i] != TASK_DONE && ran_s >= 0)
        samples_add(list, ran_s, INFINITY);
}

static void add_session(struct instances *all, struct task_durations *d, size_t *room,
                        const struct session *s, size_t number)
{
    const size_t first = all->n, n_sets = s->workflow->n_sets;
    xgrow(&all->at, &all->room, all->n + n_sets + 1, sizeof *all->at);
    for (size_t set = 0; set < n_sets; set++) {
        struct instance *one = &all->at[all->n++];
        *one = (struct instance){ .label = label_number(d, room, &s->workflow->sets[set]),
                                  .session = number };
        bool requested = all_requested(s, set);
        d->labels[one->label].requested &= requested;
        for (size_t i = 0; i < s->timeline->n; i++)
            if (s->tasks[i].set == (int)set && timeline_attempt(s->timeline, i) == 0)
                add_record(&all->at[first + set].samples, s, i, requested);
    }
}

/* ---- a label ---- */

static void fit_label(struct instances *all, struct task_durations *d, size_t number)
{
    struct label_durations *label = &d->labels[number];
    struct sample_list *lists = xcalloc(all->n, sizeof *lists);
    struct instance **of = xcalloc(all->n, sizeof *of);
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        if (all->at[i].label == number && all->at[i].samples.n > 0) {
            lists[n] = all->at[i].samples;
            of[n++] = &all->at[i];
        }
    struct station_fit f;
    station_fit(&f, lists, n, 0, "", (struct shared_error){ 0, 0 });
    label->n_instances = n;
    label->n_samples = f.n_samples;
    label->n_censored = f.n_censored;
    label->mean_s = n > 0 ? f.level.mean : 0;
    label->between_s = n > 0 ? f.level.between : 0;
    label->family = f.family;
    label->log_score = f.log_score;
    label->kolmogorov = f.kolmogorov;
    for (size_t i = 0; i < n && label->mean_s > 0; i++) {
        of[i]->off = f.session_mean[i] / label->mean_s - 1;
        of[i]->noise =
            pow((isnan(f.within) ? 0 : f.within) / label->mean_s, 2) / (double)lists[i].n;
    }
    label->dist = f.dist;
    f.dist = NULL;
    station_fit_clear(&f);
    xfree(lists, of);
}

/* ---- shared effects ---- */

struct component { double sum, squares, noise, n; };

static bool repeated(const struct task_durations *d, const struct instance *i)
{
    return i->samples.n > 0 && d->labels[i->label].n_instances > 1;
}

static struct component session_component(const struct instances *all,
                                          const struct task_durations *d, size_t session)
{
    struct component c = { 0 };
    for (size_t i = 0; i < all->n; i++) {
        if (all->at[i].session != session || !repeated(d, &all->at[i]))
            continue;
        c.n++;
        c.sum += all->at[i].off;
        c.squares += all->at[i].off * all->at[i].off;
        c.noise += all->at[i].noise;
    }
    return c;
}

/* Deviations from a label's own mean over k instances vary less than from the true one, by 1 - 1 /
 * k. */
static double mean_instances(const struct task_durations *d)
{
    double instances = 0, labels = 0;
    for (size_t l = 0; l < d->n; l++)
        if (d->labels[l].n_instances > 1) {
            instances += (double)d->labels[l].n_instances;
            labels++;
        }
    return labels > 0 ? instances / labels : 0;
}

static void fit_effects(const struct instances *all, struct task_durations *d, size_t n_sessions)
{
    double within = 0, freedom = 0, noise = 0, count = 0, averages = 0, per_session = 0,
           sessions = 0, k = mean_instances(d);
    d->set_sd = d->session_sd = NAN;
    for (size_t s = 0; s < n_sessions; s++) {
        struct component c = session_component(all, d, s);
        if (c.n == 0)
            continue;
        within += c.squares - c.sum * c.sum / c.n;
        freedom += c.n - 1;
        noise += c.noise;
        count += c.n;
        averages += c.sum * c.sum / (c.n * c.n);
        per_session += 1 / c.n;
        sessions++;
    }
    if (count == 0)
        return;
    double of_set = freedom > 0 ? fmax(0, within / freedom * k / (k - 1) - noise / count) : 0;
    if (freedom > 0)
        d->set_sd = sqrt(of_set);
    if (sessions > 1)                    /* the sessions' averages are about 0, by construction */
        d->session_sd = sqrt(
            fmax(0, averages / (sessions - 1) - (of_set + noise / count) * per_session / sessions));
}

int task_durations_fit(const struct session *const *sessions, size_t n, struct task_durations *out,
                       struct error *err)
{
    struct instances all = { 0 };
    size_t room = 0, samples = 0;
    *out = (struct task_durations){ 0 };
    for (size_t s = 0; s < n; s++)
        if (sessions[s]->tasks)
            add_session(&all, out, &room, sessions[s], s);
    for (size_t l = 0; l < out->n; l++) {
        fit_label(&all, out, l);
        samples += out->labels[l].n_samples;
    }
    fit_effects(&all, out, n);
    for (size_t i = 0; i < all.n; i++)
        free(all.at[i].samples.at);
    free(all.at);
    if (samples > 0)
        return 0;
    task_durations_clear(out);
    return error_set(err, "no task with a duration, requested or measured");
}

void task_durations_clear(struct task_durations *d)
{
    for (size_t l = 0; l < d->n; l++) {
        xfree(d->labels[l].label, d->labels[l].set_label);
        dist_free(d->labels[l].dist);
    }
    free(d->labels);
    *d = (struct task_durations){ 0 };
}

cJSON *task_durations_json(const struct task_durations *d)
{
    cJSON *out = cJSON_CreateObject(), *sets = cJSON_CreateArray();
    if (!isnan(d->session_sd))
        cJSON_AddNumberToObject(out, "session_sd", d->session_sd);
    for (size_t l = 0; l < d->n; l++) {
        if (!d->labels[l].dist)
            continue;
        cJSON *one = cJSON_CreateObject();
        cJSON_AddStringToObject(one, "name", d->labels[l].label);
        cJSON_AddItemToObject(one, "duration", dist_to_json(d->labels[l].dist));
        if (!isnan(d->set_sd))
            cJSON_AddNumberToObject(one, "set_sd", d->set_sd);
        cJSON_AddItemToArray(sets, one);
    }
    cJSON_AddItemToObject(out, "task_sets", sets);
    return out;
}
