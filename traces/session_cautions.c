/* What every command that reads a session says of it before anything else. */
#include <math.h>
#include <stdlib.h>

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
                             "<= scheduled <= started <= "
                             "stopped <= freed): starts and stops there are corrected from the "
                             "agent's launch records",
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
    return list;
}
