/* The lines that a run appends to its journal. */
#include "traces/run_journal.h"

#include <math.h>

#include "core/timeline_phases.h"

void run_journal_add_begin(struct str *lines, double time_s)
{
    str_add(lines, "begin ");
    str_add_double(lines, time_s);
    str_add(lines, "\n");
}

void run_journal_add_start(struct str *lines, int set, uint32_t task, unsigned attempt,
                           double time_s)
{
    str_addf(lines, "start %d %u %u ", set, task, attempt);
    str_add_double(lines, time_s);
    str_add(lines, "\n");
}

static void add_time(struct str *lines, double time_s)
{
    str_add(lines, " ");
    if (isnan(time_s))
        str_add(lines, "-");
    else
        str_add_double(lines, time_s);
}

static void add_ids(struct str *lines, const uint16_t *ids, size_t n)
{
    for (size_t i = 0; i < n; i++)
        str_addf(lines, "%s%u", i ? "," : "", ids[i]);
}

static void add_name(struct str *lines, const char *name)
{
    cJSON *text = cJSON_CreateString(name);
    char *printed = cJSON_PrintUnformatted(text);
    str_addf(lines, "%s\n", printed);
    cJSON_free(printed);
    cJSON_Delete(text);
}

void run_journal_add_set(struct str *lines, int set, const char *name)
{
    str_addf(lines, "set %d ", set);
    add_name(lines, name);
}

void run_journal_add_decided(struct str *lines, enum outcome_kind kind, const char *name,
                             int64_t value)
{
    str_addf(lines, "decided %s %lld ", outcome_kind_names[kind], (long long)value);
    add_name(lines, name);
}

void run_journal_add_end(struct str *lines, const struct timeline *t, size_t record,
                         const struct attempt_end *end)
{
    const struct timeline_record *r = &t->records[record];
    int set = workflow_set_of_task(t->workflow, r->task);
    struct timeline_slots s;
    str_addf(lines, "end %d %u %u %s %d %d", set, r->task - t->workflow->sets[set].first_task,
             end->attempt, attempt_outcome_name(end->outcome), end->code, end->own_times);
    for (int i = 0; i < RUN_JOURNAL_TIMES; i++)
        add_time(lines, timeline_at(t, record, timeline_instants[i]));
    for (bool more = timeline_slots_first(t, record, &s); more; more = timeline_slots_next(&s)) {
        str_addf(lines, " %u:", s.node);
        add_ids(lines, s.cores, s.n_cores);
        str_add(lines, ":");
        add_ids(lines, s.gpus, s.n_gpus);
    }
    str_add(lines, "\n");
    struct str phases = { 0 };
    timeline_phases_format(&phases, t, record);
    if (phases.length)
        str_addf(lines, "phases %s\n", phases.text);
    str_clear(&phases);
}
