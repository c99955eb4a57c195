/* Reads one line of a run's journal: a cursor in it; each reader moves it on, or returns false. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/known.h"
#include "base/xalloc.h"
#include "core/timeline_phases.h"
#include "traces/run_journal.h"
#include "traces/run_journal_impl.h"

enum { MOST_IDS = 1024, MOST_SETS = 2000000 };

static const char *const outcome_names[ATTEMPT_OUTCOMES + 1] = {
    [ATTEMPT_OK] = "ok",
    [ATTEMPT_EXIT] = "exit",
    [ATTEMPT_SIGNAL] = "signal",
    [ATTEMPT_NEVER_RAN] = "never_ran",
    [ATTEMPT_TIMEOUT] = "timeout",
    [ATTEMPT_NODE_LOST] = "node_lost",
    [ATTEMPT_CANCELLED] = "cancelled",
};

const char *attempt_outcome_name(enum attempt_outcome o)
{
    return outcome_names[o];
}

enum task_status attempt_outcome_status(enum attempt_outcome o)
{
    return o == ATTEMPT_OK                                    ? TASK_DONE
           : o == ATTEMPT_NODE_LOST || o == ATTEMPT_CANCELLED ? TASK_KILLED
                                                              : TASK_FAILED;
}

static bool read_number(const char **at, long most, long *out)
{
    char *end;
    if (**at < '0' || **at > '9')
        return false;
    *out = strtol(*at, &end, 10);
    *at = end + (*end == ' ');
    return *out <= most;
}

static bool read_time(const char **at, double *out)
{
    char *end;
    if (**at == '-') {
        *out = NAN;
        *at += 1 + ((*at)[1] == ' ');
        return true;
    }
    *out = strtod(*at, &end);
    if (end == *at || !isfinite(*out))
        return false;
    *at = end + (*end == ' ');
    return true;
}

static bool read_outcome(const char **at, enum attempt_outcome *out)
{
    size_t n = strcspn(*at, " ");
    for (int o = 0; o < ATTEMPT_OUTCOMES; o++) {
        if (strlen(outcome_names[o]) != n || strncmp(*at, outcome_names[o], n) != 0)
            continue;
        *out = (enum attempt_outcome)o;
        *at += n + ((*at)[n] == ' ');
        return true;
    }
    return false;
}

/* Ids below `limit` up to the character `stop`, which is skipped (if it is there: a line ends with
 * the last ids). */
static bool read_ids(const char **at, char stop, int limit, uint16_t *ids, size_t *n)
{
    char *end;
    for (*n = 0; **at >= '0' && **at <= '9' && *n < MOST_IDS; *at = end + (*end == ',')) {
        long id = strtol(*at, &end, 10);
        if (id >= limit)
            return false;
        ids[(*n)++] = (uint16_t)id;
    }
    bool stopped = **at == stop || (stop == ' ' && **at == '\0');
    *at += **at == stop;
    return stopped;
}

static bool read_slots(const char **at, struct timeline *t, int32_t gpu_share)
{
    uint16_t cores[MOST_IDS], gpus[MOST_IDS];
    while (**at) {
        long node;
        size_t n_cores, n_gpus;
        if (!read_number(at, (long)t->platform->n_nodes - 1, &node) || *(*at)++ != ':')
            return false;
        const struct node_shape *shape = platform_node(t->platform, (size_t)node);
        if (!read_ids(at, ':', shape->n_slots, cores, &n_cores) ||
            !read_ids(at, ' ', shape->n_gpus, gpus, &n_gpus))
            return false;
        timeline_add_slots(t, &(struct timeline_slots){ .node = (uint32_t)node, .cores = cores,
                                           .n_cores = n_cores, .gpus = gpus, .n_gpus = n_gpus,
                                           .gpu_share = gpu_share });
    }
    return true;
}

/* A set's number, as the last line about it says. */
static bool read_set(const char **at, const struct workflow *w, const struct run_journal *j,
                     long *set)
{
    if (j->n_numbers == 0)
        return read_number(at, (long)w->n_sets - 1, set);
    if (!read_number(at, (long)j->n_numbers - 1, set))
        return false;
    *set = j->set_of_number[*set];
    return *set >= 0;
}

/* A name as a JSON string. */
static char *read_name(const char *at)
{
    cJSON *name = cJSON_Parse(at);
    char *text = cJSON_IsString(name) ? xstrdup(name->valuestring) : NULL;
    cJSON_Delete(name);
    return text;
}

static bool note_set(const char *at, const struct workflow *w, struct run_journal *j)
{
    long number;
    char *name = read_number(&at, MOST_SETS, &number) ? read_name(at) : NULL;
    if (!name)
        return false;
    xgrow(&j->set_of_number, &j->numbers_room, (size_t)number + 1, sizeof *j->set_of_number);
    while (j->n_numbers <= (size_t)number)
        j->set_of_number[j->n_numbers++] = -1;
    j->set_of_number[number] = workflow_find_set(w, name);
    free(name);
    return true;
}

bool run_journal_read_decided(const char *line, struct outcomes *known)
{
    char kind[16];
    int64_t value;
    int n = 0;
    if (sscanf(line, "decided %15s %" SCNd64 " %n", kind, &value, &n) < 2 || n == 0)
        return false;
    char *name = read_name(line + n);
    bool found = false;
    for (int k = 0; name && outcome_kind_names[k]; k++)
        if (str_equal(outcome_kind_names[k], kind)) {
            outcomes_set(known, (enum outcome_kind)k, name, value);
            found = true;
        }
    free(name);
    return found;
}

static bool read_task(const char **at, const struct workflow *w, const struct run_journal *j,
                      long *set, long *task, long *attempt)
{
    return read_set(at, w, j, set) && read_number(at, (long)w->sets[*set].n_tasks - 1, task) &&
           read_number(at, w->sets[*set].traits->retries, attempt);
}

static bool read_end(const char *at, struct timeline *t, const struct run_journal *j,
                     struct attempt_end *end)
{
    long set, task, attempt, code, own;
    double times[RUN_JOURNAL_TIMES];
    if (!read_task(&at, t->workflow, j, &set, &task, &attempt) ||
        !read_outcome(&at, &end->outcome) || !read_number(&at, 255, &code) ||
        !read_number(&at, 1, &own))
        return false;
    for (int i = 0; i < RUN_JOURNAL_TIMES; i++)
        if (!read_time(&at, &times[i]))
            return false;
    end->task = t->workflow->sets[set].first_task + (uint32_t)task;
    end->attempt = (unsigned)attempt;
    end->code = (int)code;
    end->own_times = own;
    struct timeline_record r = { .task = end->task };
    size_t record = timeline_add(t, &r, attempt_outcome_status(end->outcome), end->attempt);
    for (int i = 0; i < RUN_JOURNAL_TIMES; i++)
        timeline_set_at(t, record, timeline_instants[i], times[i]);
    /* with its slots freed */
    timeline_set_at(t, record, INSTANT_NOTIFIED, times[RUN_JOURNAL_TIMES - 1]);
    return read_slots(&at, t, t->workflow->sets[set].traits->demand.gpu_share);
}

/* An executor took up the run; until its first line, a later one may do so instead. */
static void note_begin(struct run_journal *j, double time_s)
{
    bool did_nothing = j->n_pauses > 0 && j->pauses[j->n_pauses - 1].from_s == j->last_s;
    j->n_begins++;
    if (isnan(j->last_s) || isnan(time_s))
        return;
    xgrow(&j->pauses, &j->pauses_room, j->n_pauses + 1, sizeof *j->pauses);
    j->n_pauses -= did_nothing;
    j->pauses[j->n_pauses++] = (struct run_pause){ j->last_s, time_s };
}

static void note_time(struct run_journal *j, double time_s)
{
    j->last_s = later_known(j->last_s, time_s);
}

bool run_journal_read_line(const char *line, struct timeline *t, struct run_journal *j)
{
    long set, task, attempt;
    double time_s;
    if (str_starts(line, "begin ")) {
        line += strlen("begin ");
        if (!read_time(&line, &time_s))
            return false;
        note_begin(j, time_s);
        return true;
    }
    if (str_starts(line, "start ")) {
        line += strlen("start ");
        if (!read_task(&line, t->workflow, j, &set, &task, &attempt) || !read_time(&line, &time_s))
            return false;
        xgrow(&j->starts, &j->starts_room, j->n_starts + 1, sizeof *j->starts);
        j->starts[j->n_starts++] =
            (struct attempt_start){ t->workflow->sets[set].first_task + (uint32_t)task,
                                    (unsigned)attempt, time_s };
        note_time(j, time_s);
        return true;
    }
    if (str_starts(line, "set "))
        return note_set(line + strlen("set "), t->workflow, j);
    if (str_starts(line, "decided ")) {
        struct outcomes *unused = outcomes_new();
        bool sound = run_journal_read_decided(line, unused);
        outcomes_free(unused);
        return sound;
    }
    if (str_starts(line, "phases ") && t->n > 0) {
        char *cell = xstrdup(line + strlen("phases "));
        bool sound = timeline_phases_parse(t, cell);
        free(cell);
        return sound;
    }
    if (!str_starts(line, "end "))
        return false;
    xgrow(&j->ends, &j->room, j->n_ends + 1, sizeof *j->ends);
    if (!read_end(line + strlen("end "), t, j, &j->ends[j->n_ends++]))
        return false;
    note_time(j, t->records[t->n - 1].freed_s);
    return true;
}
