#include "traces/session_cautions.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "base/quantity.h"
#include "base/str.h"
#include "base/xalloc.h"
#include "num/stats.h"
#include "traces/session.h"

/* a clock that is off by less is in the import's table only */
static const double worth_saying_s = 1;

static void add(cJSON *list, char *sentence)
{
    cJSON_AddItemToArray(list, cJSON_CreateString(sentence));
    free(sentence);
}

static void add_skew(cJSON *list, const struct session_skew *k)
{
    if (k->corrected)
        add(list, str_format("the clock of node %s is off by %+.1f s (%zu violation%s of submitted "
                             "<= scheduled <= started <= stopped <= freed): starts and stops there "
                             "are corrected from the agent's launch records",
                             k->node, k->offset_s, k->violations, k->violations == 1 ? "" : "s"));
    else if (fabs(k->offset_s) >= worth_saying_s)
        add(list, str_format("on node %s %zu time%s of tasks violate%s submitted <= scheduled <= "
                             "started <= stopped <= freed",
                             k->node, k->violations, k->violations == 1 ? "" : "s",
                             k->violations == 1 ? "s" : ""));
}

static void add_alone(cJSON *list, const struct session *s)
{
    if (s->alone == ALONE_NEVER)
        return;
    struct str text = { 0 };
    str_addf(&text, "the launcher%s%s %s: ", s->launcher ? " " : "", s->launcher ? s->launcher : "",
             alone_rule_words(s->alone));
    if (s->n_alone_moved > 0)
        str_addf(
            &text,
            "the ends of its tasks show it; the starts of %zu were put where that lets them begin",
            s->n_alone_moved);
    else
        str_addf(&text, "%zu of %zu pairs that could have run together show it", s->n_alone,
                 s->n_alone + s->n_alone_against);
    add(list, str_take(&text));
}

/* Of RADICAL's tasks, which all have their ends recorded if they ran. */
static void add_endless(cJSON *list, const struct session *s)
{
    size_t *record = timeline_last_attempts(s->timeline), endless = 0;
    for (uint32_t t = 0; s->generation != GENERATION_NONE && t < s->workflow->n_tasks; t++) {
        size_t r = record[t];
        bool ran = r == SIZE_MAX || s->timeline->status[r] == TASK_DONE ||
                   s->timeline->status[r] == TASK_CUT;
        endless += ran && (r == SIZE_MAX || isnan(s->timeline->records[r].stopped_s));
    }
    free(record);
    if (endless > 0)
        add(list, str_format("%zu of %" PRIu32 " tasks have no end in the records, which were cut "
                             "off or lost: its makespan is that of the others, and a prediction of "
                             "all tasks may rightly be longer",
                             endless, s->workflow->n_tasks));
}

/* How many of n > 0 instants are far from all others: beyond 20 times what half of them span, and
 * a year. */
static size_t count_far(const double *at_s, size_t n, double middle_s)
{
    enum { SPANS = 20 };
    double half_s = stats_quantile(at_s, n, 0.75) - stats_quantile(at_s, n, 0.25);
    double near_s = fmax(QUANTITY_YEAR_S, SPANS * half_s);
    size_t far = 0;
    for (size_t i = 0; i < n; i++)
        far += fabs(at_s[i] - middle_s) > near_s;
    return far;
}

/* A start or an end far from all others is misrecorded more often than not. */
static void add_far(cJSON *list, const struct session *s)
{
    const struct timeline *t = s->timeline;
    double *at_s = xcalloc(2 * t->n + 1, sizeof *at_s), first_s = INFINITY, last_s = -INFINITY;
    size_t n = 0;
    for (size_t i = 0; i < 2 * t->n; i++) {
        const struct timeline_record *r = &t->records[i / 2];
        at_s[n] = i % 2 ? r->stopped_s : r->started_s;
        first_s = fmin(first_s, at_s[n]);                /* fmin and fmax ignore a NAN */
        last_s = fmax(last_s, at_s[n]);
        n += !isnan(at_s[n]);
    }
    double years = (last_s - first_s) / QUANTITY_YEAR_S;
    double middle_s = years > 1 ? stats_quantile(at_s, n, 0.5) : (double)NAN;
    size_t far = isnan(middle_s) ? 0 : count_far(at_s, n, middle_s);
    double most_s = fmax(middle_s - first_s, last_s - middle_s);
    free(at_s);
    if (far > 0)
        add(list, str_format("%zu of %zu recorded starts and ends lie up to %.0f years from the "
                             "others, and its makespan counts them: correct these rows, or leave "
                             "them out",
                             far, n, most_s / QUANTITY_YEAR_S));
}

/* What a prediction takes for granted because files of RADICAL's are missing. */
static void add_unknown(cJSON *list, const struct session *s)
{
    if (s->n_demands_unknown > 0)
        add(list, str_format("what %zu of %" PRIu32 " tasks need is in none of its files (the JSON "
                             "holds it): one core each is assumed, so a prediction may run more "
                             "of them at once than did",
                             s->n_demands_unknown, s->workflow->n_tasks));
    if (s->edges_unknown)
        add(list, str_format("no submission of a task is in its files (the client's profiles hold "
                             "them, tmgr or umgr): dependencies cannot be inferred, so a "
                             "prediction lets no task wait for another"));
}

cJSON *session_cautions(const struct session *s)
{
    cJSON *list = cJSON_CreateArray();
    if (s->damage && !s->files_before_damage)
        add(list, str_format("damaged: %s; read up to there: %llu bytes", s->damage,
                             (unsigned long long)s->bytes_before_damage));
    else if (s->damage)
        add(list, str_format("damaged: %s; read up to there: %zu file%s, %.1f MB", s->damage,
                             s->files_before_damage, s->files_before_damage == 1 ? "" : "s",
                             (double)s->bytes_before_damage / 1e6));
    if (s->n_pilots > 1)
        add(list, str_format("%zu pilots in one session: their nodes are taken together as one "
                             "platform; walltime and start are the first "
                             "pilot's, and which pilot a task belonged to is not told apart",
                             s->n_pilots));
    for (size_t i = 0; i < s->n_skews; i++)
        add_skew(list, &s->skews[i]);
    add_alone(list, s);
    add_endless(list, s);
    add_far(list, s);
    add_unknown(list, s);
    return list;
}
