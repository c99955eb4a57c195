/* Events of one task become one attempt; a start after an end begins its next. */
#include "traces/importer/importers.h"

#include <math.h>
#include <string.h>

#include "base/known.h"
#include "base/str.h"
#include "traces/importer/json_values.h"
#include "traces/importer/task_steps.h"

struct events {
    struct task_records *records;
    struct name_index *tasks; /* the last row of each */
    struct str session; /* the first session's id */
    size_t other_sessions;
};

static const char *attribute(const cJSON *event, const char *key)
{
    return value_text_at(value_at(event, "attributes"), key);
}

/* What tells tasks of one kind: a name, the executable without its folder, the type; the id
 * ("task.000012") as the last. */
static const char *name_of(const cJSON *event)
{
    static const char *const keys[] = { "name", "task_name", "executable", "function",
                                        "task_type" };
    for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
        const char *text = attribute(event, keys[k]), *slash = strrchr(text, '/');
        if (*text)
            return slash && slash[1] ? slash + 1 : text;
    }
    return "";
}

/* Names or ids of a list, with blanks between. */
static const char *keep_list(struct task_records *t, const cJSON *list)
{
    struct str text = { 0 };
    for (const cJSON *e = cJSON_IsArray(list) ? list->child : NULL; e; e = e->next)
        str_addf(&text, "%s%s", text.length ? " " : "", value_text(e));
    const char *kept = text.length ? task_records_keep(t, text.text) : "";
    str_clear(&text);
    return kept;
}

static struct task_row *add_task(struct events *e, const char *id)
{
    struct task_row row = task_row_new();
    row.id = task_records_keep(e->records, id);
    row.status = TASK_CUT;
    task_records_add(e->records, &row);
    return &e->records->rows[e->records->n - 1];
}

/* The row of a task; a new one if there is none yet. */
static struct task_row *row_of(struct events *e, const char *id)
{
    int known = name_index_find(e->tasks, id);
    if (known >= 0)
        return &e->records->rows[known];
    struct task_row *row = add_task(e, id);
    name_index_add(e->tasks, row->id, (int)(e->records->n - 1));
    return row;
}

static void describe(struct events *e, const cJSON *event, struct task_row *row)
{
    struct task_records *t = e->records;
    const char *name = name_of(event), *node = value_text_at(event, "node_id");
    const cJSON *attributes = value_at(event, "attributes");
    const cJSON *after = value_at(attributes, "dependencies");
    if (!*row->name && *name)
        row->name = task_records_keep(t, name);
    if (!*row->after && after) {
        row->after = keep_list(t, after);
        t->has_after = t->has_after || *row->after;
    }
    if (!*row->partition)
        row->partition = task_records_keep(t, value_text_at(event, "backend"));
    if (*node && row->n_places == 0)
        task_records_place(t, row, node, NAN, NAN);
    row->cores = known_or(row->cores, value_number_at(attributes, "cores"));
    row->gpus = known_or(row->gpus, value_number_at(attributes, "gpus"));
}

static void end_task(const cJSON *event, struct task_row *row, double at, enum task_status status)
{
    double duration = value_number_at(event, "duration_seconds");
    row->end_s = at;
    if (isnan(row->start_s) && duration >= 0 && duration <= 1e11)
        row->start_s = at - duration;
    row->elapsed_s = row->end_s - row->start_s;
    row->status = status == TASK_CANCELLED && is_known(row->start_s) ? TASK_KILLED : status;
    if (row->status == TASK_CANCELLED)
        row->end_s = NAN;
}

static void read_task(struct events *e, const cJSON *event, const char *type, double at)
{
    struct task_row *row = row_of(e, value_text_at(event, "task_id"));
    describe(e, event, row);
    if (str_equal(type, "TaskCreated"))
        row->submit_s = known_or(row->submit_s, at);
    else if (str_equal(type, "asyncflow.TaskResolved"))
        row->eligible_s = at;
    else if (str_equal(type, "TaskSubmitted"))
        row->arrived_s = at;
    else if (str_equal(type, "TaskStarted"))
        row->start_s = known_or(row->start_s, at);
    else if (str_equal(type, "TaskCompleted"))
        end_task(event, row, at, TASK_DONE);
    else if (str_equal(type, "TaskFailed"))
        end_task(event, row, at, TASK_FAILED);
    else if (str_equal(type, "TaskCanceled"))
        end_task(event, row, at, TASK_CANCELLED);
}

static void read_session(struct events *e, const char *type, double at)
{
    if (str_equal(type, "SessionStarted"))
        e->records->begun_s = earlier_known(e->records->begun_s, at);
    else if (str_equal(type, "SessionEnded"))
        e->records->ended_s = later_known(e->records->ended_s, at);
}

static void read_event(void *context, const cJSON *event)
{
    struct events *e = context;
    const char *section = value_text_at(event, "section"),
               *type = value_text_at(event, "event_type");
    const char *session = value_text_at(event, "session_id");
    double at = value_time_at(event, "event_time");
    if (*section && !str_equal(section, "event")) { /* metrics and spans */
        e->records->counts.others++;
        return;
    }
    if (!*type || isnan(at)) {
        e->records->counts.torn++;
        return;
    }
    if (!e->session.length && *session)
        str_add(&e->session, session);
    if (*session && !str_equal(session, e->session.text)) {
        e->other_sessions++;
        return;
    }
    if (*value_text_at(event, "task_id"))
        read_task(e, event, type, at);
    else
        read_session(e, type, at);
}

/* What no event says of a task: its name is its id. */
static void complete(struct task_records *t)
{
    for (size_t i = 0; i < t->n; i++) {
        struct task_row *row = &t->rows[i];
        row->name = *row->name ? row->name : row->id;
        row->submit_s = known_or(row->submit_s, known_or(row->arrived_s, row->eligible_s));
    }
}

static size_t count_without_cores(const struct task_records *t)
{
    size_t n = 0;
    for (size_t i = 0; i < t->n; i++)
        n += isnan(t->rows[i].cores);
    return n;
}

static int read_rhapsody(struct task_records *t, const char *path, struct error *err)
{
    t->dates = t->has_submit = true;
    struct events e = { .records = t, .tasks = name_index_new() };
    int status = values_read(path, NULL, read_event, &e, &t->counts.torn, err);
    name_index_free(e.tasks);
    str_clear(&e.session);
    complete(t);
    notes_add(&t->notes, count_without_cores(t), "tasks",
              "no cores are recorded: one each, and no GPUs");
    notes_add(&t->notes, e.other_sessions, "events", "of another session than the first: not read");
    return status;
}

static int probe(const struct importer_probe *p)
{
    return p->head[strspn(p->head, " \t\r\n[")] == '{' && strstr(p->head, "\"event_type\"") &&
                   strstr(p->head, "\"event_time\"")
               ? 85
               : 0;
}

const struct importer_ops importer_rhapsody = {
    .name = "rhapsody",
    .also = "asyncflow",
    .summary = "telemetry of RHAPSODY and AsyncFlow (JSON lines)",
    .probe = probe,
    .read = read_rhapsody,
    .expected = "events of RHAPSODY, one JSON object a line, with \"event_type\", "
                "\"event_time\" and \"task_id\"",
};
