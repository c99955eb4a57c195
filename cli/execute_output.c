#include "cli/execute_output.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/escape.h"
#include "base/now.h"
#include "cli/picture_data.h"
#include "cli/show.h"
#include "cli/words.h"
#include "core/metrics.h"
#include "plots/picture.h"

static void wipe(struct execute_progress *e)
{
    if (e->drawn)
        fputs("\r\033[K", stderr);
    e->drawn = false;
}

void execute_progress_say(void *context, const char *sentence)
{
    wipe(context);
    struct str text = { 0 };
    escape_addf(&text, "dagcast execute: %s\n", sentence);
    fputs(text.text, stderr);
    str_clear(&text);
}

/* A twentieth of the time at most goes into estimates. */
static void estimate(struct execute_progress *e, const struct run_progress *p)
{
    double begun_s = now_monotonic_s();
    if (!e->eta || p->now_s < e->estimated_s + 20 * e->estimate_costs_s)
        return;
    e->left_s = eta_left_s(e->eta, p->timeline, p->now_s, e->lost_s);
    e->estimated_s = p->now_s;
    e->estimate_costs_s = now_monotonic_s() - begun_s;
}

/* "0:07", "1:02:09" */
static void add_clock_time(struct str *text, double seconds)
{
    unsigned long s = (unsigned long)(seconds + 0.5);
    if (s >= 3600)
        str_addf(text, "%lu:%02lu:%02lu", s / 3600, s / 60 % 60, s % 60);
    else
        str_addf(text, "%lu:%02lu", s / 60, s % 60);
}

static void add_left(struct str *text, double left_s)
{
    if (isnan(left_s))
        return;
    str_add(text, "; ");
    add_clock_time(text, fabs(left_s));
    str_add(text, left_s > -0.5 ? " left" : " late");
}

/* A line that is longer than the terminal is wide could not be written over. */
static size_t columns(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : SIZE_MAX;
}

void execute_progress_turn(void *context, const struct run_progress *p)
{
    struct execute_progress *e = context;
    struct str line = { 0 };
    size_t over = p->n_done + p->n_failed + p->n_cancelled, width = columns() - 1;
    if (!e->shown || (over < p->n_tasks && p->now_s < e->drawn_s + 0.1))
        return;
    if (over < p->n_tasks)
        estimate(e, p);
    else
        e->left_s = NAN;
    str_addf(&line, "%zu of %zu tasks done, %zu running, %zu waiting, %zu failed", p->n_done,
             p->n_tasks, p->n_running, p->n_tasks - over - p->n_running, p->n_failed);
    add_left(&line, e->left_s - (p->now_s - e->estimated_s));
    fprintf(stderr, "\r\033[K%.*s", (int)(line.length < width ? line.length : width), line.text);
    fflush(stderr);
    str_clear(&line);
    e->drawn = true;
    e->drawn_s = p->now_s;
}

void execute_progress_end(struct execute_progress *e)
{
    wipe(e);
}

static struct doc_value makespan_words(const struct execute_result *r, const struct metrics *m)
{
    struct str words = { 0 };
    if (isnan(m->makespan_s))
        return doc_text("none: nothing has run");
    str_addf(&words, "%.3f s", m->makespan_s);
    if (r->interrupted.n > 0)
        str_addf(&words, ", of which %.3f s interrupted", r->interrupted.total_s);
    if (r->interrupted.n > 1)
        str_addf(&words, " (%zu times)", r->interrupted.n);
    return doc_words(&words);
}

static struct doc_value tasks_words(const struct execute_result *r)
{
    const struct run_outcome *out = r->outcome;
    struct str words = { 0 };
    str_addf(&words, "%zu of %u tasks done", out->n_done, r->scenario->workflow->n_tasks);
    if (out->n_failed + out->n_cancelled > 0)
        str_addf(&words, ", %zu failed, %zu not run because of that", out->n_failed,
                 out->n_cancelled);
    if (out->n_stopped > 0)
        str_addf(&words, ", %zu cancelled by decisions", out->n_stopped);
    if (out->n_retries > 0)
        str_addf(&words, ", %zu attempts repeated", out->n_retries);
    return doc_words(&words);
}

static void add_result(struct doc *d, const struct execute_result *r, const struct metrics *m)
{
    const struct scenario *s = r->scenario;
    const struct run_outcome *out = r->outcome;
    struct str words = { 0 };
    words_add_platform(&words, s->platform);
    doc_fact(d, NULL, "Platform", DOC_TEXT, doc_words(&words));
    doc_fact(d, "workflow", "Workflow", DOC_TEXT, doc_text(s->workflow->name));
    doc_fact(d, "mode", "Mode", DOC_TEXT, doc_text(mode_name(s->mode)));
    doc_fact(d, NULL, "Tasks", DOC_TEXT, tasks_words(r));
    doc_fact(d, NULL, "Makespan", DOC_TEXT, makespan_words(r, m));
    doc_factf(d, NULL, "Folder", "%s: timeline.csv, and the output of each task in tasks/",
              r->path);
    doc_fact(d, "run", NULL, DOC_TEXT, doc_text(r->path));
    doc_fact(d, "tasks", NULL, DOC_COUNT, doc_number(s->workflow->n_tasks));
    doc_fact(d, "done", NULL, DOC_COUNT, doc_number((double)out->n_done));
    doc_fact(d, "failed", NULL, DOC_COUNT, doc_number((double)out->n_failed));
    doc_fact(d, "cancelled", NULL, DOC_COUNT, doc_number((double)out->n_cancelled));
    doc_fact(d, "stopped", NULL, DOC_COUNT, doc_number((double)out->n_stopped));
    doc_fact(d, "retries", NULL, DOC_COUNT, doc_number((double)out->n_retries));
    doc_fact(d, "nothing_left", NULL, DOC_FLAG, doc_flag(out->nothing_left));
    doc_fact(d, "makespan", NULL, DOC_SECONDS, doc_number(m->makespan_s));
    doc_fact(d, "interruptions", NULL, DOC_COUNT, doc_number((double)r->interrupted.n));
    doc_fact(d, "interrupted_s", NULL, DOC_SECONDS, doc_number(r->interrupted.total_s));
    doc_fact(d, "utilisation", NULL, DOC_SHARE, doc_number(m->utilisation_slots));
    doc_fact(d, "utilisation_gpus", NULL, DOC_SHARE, doc_number(m->utilisation_gpus));
}

int execute_show(const struct output_options *o, const struct execute_result *r, struct error *err)
{
    struct metrics m = metrics_of(r->timeline);
    const struct picture_panel panel = { "measured", r->timeline };
    const struct picture picture = { .panels = &panel, .n_panels = 1 };
    struct doc *d = show_new("execute");
    doc_title(d, "%s, executed", r->scenario->workflow->name);
    doc_section(d, "Run");
    if (r->outcome->nothing_left)
        doc_say(d, DOC_NOTE, NULL,
                "Nothing was left to do: this run had ended before, and nothing was added to it.");
    add_result(d, r, &m);
    page_add_gantt(d, &picture);
    page_add_utilisation(d, &picture);
    return show(d, o, err);
}

int execute_show_dry_run(const struct output_options *o, const struct table *starts,
                         struct error *err)
{
    struct doc *d = show_new("execute");
    doc_title(d, "What would start where");
    doc_section(d, "Starts");
    doc_add_table(d, "starts", NULL, starts);
    return show(d, o, err);
}

enum dry_run_column {
    COLUMN_START, COLUMN_SET, COLUMN_TASK, COLUMN_ATTEMPT, COLUMN_NODES, COLUMN_SLOTS, COLUMN_GPUS,
    COLUMN_SECONDS, COLUMN_COMMAND, COLUMNS,
};

struct table *dry_run_table(void)
{
    static const struct { const char *name; enum table_align align;
    } columns[COLUMNS] = {
        [COLUMN_START] = { "start", TABLE_RIGHT },    [COLUMN_SET] = { "set", TABLE_LEFT },
        [COLUMN_TASK] = { "task", TABLE_RIGHT },      [COLUMN_ATTEMPT] = { "attempt", TABLE_RIGHT },
        [COLUMN_NODES] = { "nodes", TABLE_LEFT },     [COLUMN_SLOTS] = { "slots", TABLE_LEFT },
        [COLUMN_GPUS] = { "gpus", TABLE_LEFT },       [COLUMN_SECONDS] = { "seconds", TABLE_RIGHT },
        [COLUMN_COMMAND] = { "command", TABLE_LEFT },
    };
    struct table *t = table_new();
    for (int c = 0; c < COLUMNS; c++)
        table_add_column(t, columns[c].name, columns[c].align);
    return t;
}

static void set_text(struct table *t, enum dry_run_column column, struct str *text)
{
    table_set_text(t, column, text->text ? text->text : "");
    str_clear(text);
}

static void set_place(struct table *t, const struct platform *p, const struct executor_task *task)
{
    struct str nodes = { 0 }, slots = { 0 }, gpus = { 0 };
    for (size_t i = 0; i < task->n_parts; i++) {
        char *name = platform_node_name(p, task->parts[i].node);
        escape_addf(&nodes, "%s%s", i ? ";" : "", name);
        free(name);
        str_add(&slots, i ? ";" : "");
        timeline_add_ids(&slots, task->parts[i].slots, task->parts[i].n_slots);
        str_add(&gpus, i ? ";" : "");
        timeline_add_ids(&gpus, task->parts[i].gpus, task->parts[i].n_gpus);
    }
    set_text(t, COLUMN_NODES, &nodes);
    set_text(t, COLUMN_SLOTS, &slots);
    set_text(t, COLUMN_GPUS, &gpus);
}

void dry_run_started(void *context, const struct run_started *s)
{
    const struct dry_run *d = context;
    struct str command = { 0 };
    table_add_row(d->table);
    table_set_number(d->table, COLUMN_START, s->time_s, 3);
    table_set_text(d->table, COLUMN_SET, d->workflow->sets[s->set].name);
    table_set_number(d->table, COLUMN_TASK, s->task, 0);
    table_set_number(d->table, COLUMN_ATTEMPT, s->attempt, 0);
    set_place(d->table, d->platform, s->what);
    table_set_number(d->table, COLUMN_SECONDS, s->what->duration_s, 3);
    for (char *const *word = s->what->argv; *word; word++)
        str_addf(&command, "%s%s", word == s->what->argv ? "" : " ", *word);
    set_text(d->table, COLUMN_COMMAND, &command);
}
