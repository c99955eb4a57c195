#include "core/timeline_columns.h"

#include <math.h>
#include <stdlib.h>

#include "base/xalloc.h"
#include "core/timeline_phases.h"

enum { RECORD, NODE, SHARE, KIND, FIRST, HOW_MANY, RUN };/* numbers of a run of lanes */
enum { CORES, GPUS };

static const char *instant_at(int i)
{
    return instant_key(timeline_instants[i]);
}

#define AT(member) .offset = offsetof(struct timeline_columns, member)
static const struct schema_field fields[] = {
    { "session", &schema_numbers, AT(session), .help = "its start and end" },
    { "task", &schema_numbers, AT(task), .required = true, .help = "number within the workflow" },
    { "attempt", &schema_numbers, AT(attempt), .help = "from 0; absent: all are 0" },
    { "status", &schema_numbers, AT(status),
      .help = "0 done, 1 failed, 2 killed, 3 cancelled, 4 cut; absent: all are done" },
    { .type = &schema_numbers, AT(at), .repeat = TIMELINE_INSTANTS,
      .stride = sizeof(struct number_list), .key_of = instant_at,
      .help = "seconds since the session's zero" },
    { "slots", &schema_numbers, AT(slots),
      .help = "record, node, gpu_share, 0 cores or 1 GPUs, first, how many; ..." },
    { "phases", &schema_texts, AT(phases), .count = offsetof(struct timeline_columns, n_phases),
      .may_be_empty = true, .help = "as in the timeline's CSV" },
};
const struct schema timeline_columns_schema = { "timeline", SCHEMA_FIELDS(fields),
                                                .size = sizeof(struct timeline_columns) };

/* ---- to columns ---- */

static struct number_list list_of(size_t n)
{
    return (struct number_list){ xcalloc(n + 1, sizeof(double)), n };
}

static void drop_if_all(struct number_list *l, double usual)
{
    size_t i = 0;
    while (i < l->n && (l->at[i] == usual || (isnan(usual) && isnan(l->at[i]))))
        i++;
    if (i == l->n)
        l->n = 0;
}

static void add_run(struct number_list *out, size_t *room, const double head[static FIRST],
                    double first, size_t n)
{
    xgrow(&out->at, room, out->n + RUN, sizeof *out->at);
    for (int k = 0; k < FIRST; k++)
        out->at[out->n + (size_t)k] = head[k];
    out->at[out->n + FIRST] = first;
    out->at[out->n + HOW_MANY] = (double)n;
    out->n += RUN;
}

static void add_runs(struct number_list *out, size_t *room, const double head[static FIRST],
                     const uint16_t *ids, size_t n)
{
    for (size_t i = 0, end; i < n; i = end) {
        end = timeline_run_of_ids(ids, n, i);
        add_run(out, room, head, ids[i], end - i);
    }
}

static void add_slots(const struct timeline *t, struct number_list *out)
{
    size_t room = 0;
    for (size_t i = 0; i < t->n; i++) {
        struct timeline_slots s;
        for (bool more = timeline_slots_first(t, i, &s); more; more = timeline_slots_next(&s)) {
            const double cores[FIRST] = { (double)i, s.node, s.gpu_share, CORES },
                         gpus[FIRST] = { (double)i, s.node, s.gpu_share, GPUS };
            add_runs(out, &room, cores, s.cores, s.n_cores);
            add_runs(out, &room, gpus, s.gpus, s.n_gpus);
            if (s.n_cores + s.n_gpus == 0)
                add_run(out, &room, cores, 0, 0);
        }
    }
}

static void add_phases(const struct timeline *t, struct timeline_columns *out)
{
    if (!timeline_has_phases(t))
        return;
    out->phases = xcalloc(t->n + 1, sizeof *out->phases);
    for (; out->n_phases < t->n; out->n_phases++) {
        struct str text = { 0 };
        timeline_phases_format(&text, t, out->n_phases);
        out->phases[out->n_phases] = str_take(&text);
    }
}

void timeline_columns_of(const struct timeline *t, struct timeline_columns *out)
{
    *out = (struct timeline_columns){ .session = list_of(2), .task = list_of(t->n),
                                      .attempt = list_of(t->n), .status = list_of(t->n) };
    out->session.at[0] = t->session_start_s;
    out->session.at[1] = t->session_end_s;
    for (size_t i = 0; i < t->n; i++) {
        out->task.at[i] = t->records[i].task;
        out->attempt.at[i] = timeline_attempt(t, i);
        out->status.at[i] = t->status[i];
    }
    for (int k = 0; k < TIMELINE_INSTANTS; k++) {
        out->at[k] = list_of(t->n);
        for (size_t i = 0; i < t->n; i++)
            out->at[k].at[i] = timeline_at(t, i, timeline_instants[k]);
        drop_if_all(&out->at[k], NAN);
    }
    drop_if_all(&out->attempt, 0);
    drop_if_all(&out->status, TASK_DONE);
    add_slots(t, &out->slots);
    add_phases(t, out);
}

/* ---- and back ---- */

/* A whole number in [0, most). */
static bool is_index(double x, double most)
{
    return x >= 0 && x < most && x == floor(x);
}

static bool is_column(const struct number_list *l, size_t n, double most)
{
    for (size_t i = 0; most > 0 && i < l->n; i++)
        if (!is_index(l->at[i], most))
            return false;
    return l->n == 0 || l->n == n;
}

static bool columns_are_sound(const struct timeline_columns *c, const struct workflow *w)
{
    size_t n = c->task.n;
    bool sound = is_column(&c->task, n, w->n_tasks) && is_column(&c->attempt, n, UINT8_MAX + 1) &&
                 is_column(&c->status, n, TASK_CUT + 1) && is_column(&c->session, 2, 0) &&
                 c->slots.n % RUN == 0 && (c->n_phases == 0 || c->n_phases == n);
    for (int k = 0; sound && k < TIMELINE_INSTANTS; k++)
        sound = is_column(&c->at[k], n, 0);
    return sound;
}

/* The lanes of one part: of a record on a node. */
struct part { uint16_t cores[NODE_MOST_SLOTS], gpus[NODE_MOST_SLOTS]; size_t n_cores, n_gpus; };

static bool take_run(struct part *part, const double *run, const struct platform *p)
{
    if (!is_index(run[NODE], (double)p->n_nodes) || !is_index(run[KIND], GPUS + 1) ||
        !is_index(run[SHARE], DEMAND_WHOLE_GPU + 1))
        return false;
    const struct node_shape *shape = platform_node(p, (size_t)run[NODE]);
    int lanes = run[KIND] == CORES ? shape->n_slots : shape->n_gpus;
    uint16_t *ids = run[KIND] == CORES ? part->cores : part->gpus;
    size_t *n = run[KIND] == CORES ? &part->n_cores : &part->n_gpus;
    if (!is_index(run[FIRST], lanes) || !is_index(run[HOW_MANY], lanes - run[FIRST] + 1) ||
        *n + (size_t)run[HOW_MANY] > NODE_MOST_SLOTS)
        return false;
    for (double k = 0; k < run[HOW_MANY]; k++)
        ids[(*n)++] = (uint16_t)(run[FIRST] + k);
    return true;
}

/* The slots of the record added last, whose runs begin at *at: moves that behind them. False: they
 * are none of the platform's. */
static bool take_slots(struct timeline *t, const struct number_list *slots, size_t *at)
{
    const double record = (double)t->n - 1;
    while (*at < slots->n && slots->at[*at + RECORD] == record) {
        struct part part = { .n_cores = 0 };
        const double *first = &slots->at[*at];
        for (; *at < slots->n && slots->at[*at + RECORD] == record &&
               slots->at[*at + NODE] == first[NODE];
             *at += RUN)
            if (!take_run(&part, &slots->at[*at], t->platform))
                return false;
        timeline_add_slots(t, &(struct timeline_slots){ .node = (uint32_t)first[NODE],
                                           .cores = part.cores, .n_cores = part.n_cores,
                                           .gpus = part.gpus, .n_gpus = part.n_gpus,
                                           .gpu_share = (int32_t)first[SHARE] });
    }
    return true;
}

static bool take_phases(struct timeline *t, const struct timeline_columns *c, size_t i)
{
    if (c->n_phases == 0 || !*c->phases[i])
        return true;
    char *text = xstrdup(c->phases[i]);
    bool whole = timeline_phases_parse(t, text);
    free(text);
    return whole;
}

static double value(const struct number_list *l, size_t i, double otherwise)
{
    return l->n > 0 ? l->at[i] : otherwise;
}

struct timeline *timeline_of_columns(const struct timeline_columns *c, const struct workflow *w,
                                     const struct platform *p, struct error *err)
{
    if (!columns_are_sound(c, w)) {
        error_set(err, "a column of its timeline is broken");
        return NULL;
    }
    struct timeline *t = timeline_new(w, p);
    size_t run = 0;
    bool sound = true;
    for (size_t i = 0; sound && i < c->task.n; i++) {
        timeline_add(t, &(struct timeline_record){ .task = (uint32_t)c->task.at[i] },
                     (enum task_status)value(&c->status, i, TASK_DONE),
                     (unsigned)value(&c->attempt, i, 0));
        for (int k = 0; k < TIMELINE_INSTANTS; k++)
            timeline_set_at(t, i, timeline_instants[k], value(&c->at[k], i, NAN));
        sound = take_slots(t, &c->slots, &run) && take_phases(t, c, i);
    }
    t->session_start_s = value(&c->session, 0, NAN);
    t->session_end_s = value(&c->session, 1, NAN);
    if (sound && run == c->slots.n)
        return t;
    error_set(err, "record %zu of its timeline has slots or phases that cannot be read", t->n - 1);
    timeline_free(t);
    return NULL;
}
