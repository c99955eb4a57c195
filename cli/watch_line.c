#include "cli/watch_line.h"

#include <math.h>
#include <stdlib.h>
#include <time.h>

#include "base/escape.h"
#include "base/json_print.h"
#include "cli/output.h"

static const char *const going_names[] = { [WATCH_GOES_ON] = "running", [WATCH_ENDED] = "ended",
                                           [WATCH_STOPPED] = "stopped" };

static size_t to_come(const struct run_state *st)
{
    return st->count[RUN_UNSEEN] + st->count[RUN_WAITING];
}

/* ---- JSON ---- */

static void add_number(cJSON *o, const char *key, double x)
{
    if (isfinite(x))
        cJSON_AddNumberToObject(o, key, x);
    else
        cJSON_AddNullToObject(o, key);
}

static void add_next(cJSON *o, const char *key, const struct watch_line *l, int set, double at_s)
{
    cJSON *next = set < 0 ? NULL : cJSON_AddObjectToObject(o, key);
    if (!next) {
        cJSON_AddNullToObject(o, key);
        return;
    }
    cJSON_AddStringToObject(next, "set", l->run->plan.workflow->sets[set].name);
    add_number(next, "in", fmax(at_s - l->run->state.now_s, 0));
}

int watch_line_json(const struct watch_line *l, struct error *err)
{
    const struct run_state *st = &l->run->state;
    const struct outlook *f = l->outlook;
    double first_s = isnan(st->first_start_s) ? st->now_s : st->first_start_s;
    cJSON *o = cJSON_CreateObject(), *tasks = cJSON_AddObjectToObject(o, "tasks");
    cJSON_AddStringToObject(o, "state", going_names[l->run->going]);
    add_number(o, "now", st->now_s);
    add_number(o, "epoch", l->run->zero_epoch_s + st->now_s);
    add_number(tasks, "done", (double)st->count[RUN_DONE]);
    add_number(tasks, "running", (double)st->count[RUN_RUNNING]);
    add_number(tasks, "late", (double)f->n_late);
    add_number(tasks, "failed", (double)(st->count[RUN_FAILED] - st->n_cancelled));
    add_number(tasks, "cancelled", (double)st->n_cancelled);
    add_number(tasks, "to_come", (double)to_come(st));
    cJSON_AddBoolToObject(o, "knows_plan", l->run->knows_plan);
    cJSON *left = cJSON_AddObjectToObject(o, "left");
    add_number(left, "mean", fmax(f->end_s - st->now_s, 0));
    cJSON_AddItemToObject(
        left, "interval95",
        cJSON_CreateDoubleArray(
            (const double[]){ fmax(f->pi95.low - st->now_s, 0), fmax(f->pi95.high - st->now_s, 0) },
            2));
    add_number(o, "makespan", f->end_s - first_s);
    add_number(o, "end_epoch", l->run->zero_epoch_s + f->end_s);
    add_number(o, "tempo", f->tempo);
    add_number(o, "in_time", f->in_time);
    add_next(o, "next_start", l, f->next_start,
             f->next_start < 0 ? 0 : f->sets[f->next_start].first_start_s);
    add_next(o, "next_end", l, f->next_end, f->next_end < 0 ? 0 : f->sets[f->next_end].last_stop_s);
    char *text = json_print_compact(o);
    struct str line = { 0 };
    str_addf(&line, "%s\n", text);
    free(text);
    cJSON_Delete(o);
    int status = output_text(&line, err);
    str_clear(&line);
    return status;
}

/* ---- text ---- */

/* The nearest second, "0:00:07", as walltimes are written */
static void add_clock(struct str *text, double seconds)
{
    str_add_clock(text, floor(fmin(fmax(seconds, 0), 1e12) + 0.5));
}

static void add_time_of_day(struct str *text, double epoch_s)
{
    struct tm local;
    time_t t = (time_t)epoch_s;
    char words[32];
    if (isfinite(epoch_s) && fabs(epoch_s) < 1e12 && localtime_r(&t, &local) &&
        strftime(words, sizeof words, "%H:%M:%S", &local))
        str_addf(text, ", at %s", words);
}

static void add_tasks(struct str *text, const struct watch_line *l)
{
    const struct run_state *st = &l->run->state;
    str_addf(text, "%zu of %u tasks done", st->count[RUN_DONE], (unsigned)st->n);
    if (st->count[RUN_RUNNING])
        str_addf(text, ", %zu running", st->count[RUN_RUNNING]);
    if (l->outlook->n_late)
        str_addf(text, " (%zu late)", l->outlook->n_late);
    if (st->count[RUN_FAILED] > st->n_cancelled)
        str_addf(text, ", %zu failed", st->count[RUN_FAILED] - st->n_cancelled);
    if (st->n_cancelled)
        str_addf(text, ", %zu cancelled", st->n_cancelled);
}

static void add_forecast(struct str *text, const struct watch_line *l)
{
    const struct outlook *f = l->outlook;
    double now_s = l->run->state.now_s;
    str_add(text, " | ends in ");
    add_clock(text, f->end_s - now_s);
    str_add(text, " (95 %: ");
    add_clock(text, f->pi95.low - now_s);
    str_add(text, " to ");
    add_clock(text, f->pi95.high - now_s);
    str_add(text, ")");
    if (l->run->going == WATCH_GOES_ON)
        add_time_of_day(text, l->run->zero_epoch_s + f->end_s);
    if (!isnan(f->in_time))
        str_addf(text, " | in time: %.0f %%", 100 * f->in_time);
    int next = f->next_start >= 0 ? f->next_start : f->next_end;
    if (next < 0)
        return;
    escape_addf(text, " | next: %s %s in ", l->run->plan.workflow->sets[next].name,
                f->next_start >= 0 ? "starts" : "ends");
    add_clock(text, (f->next_start >= 0 ? f->sets[next].first_start_s : f->sets[next].last_stop_s) -
                        now_s);
}

static void add_end(struct str *text, const struct watch_line *l)
{
    const struct run_state *st = &l->run->state;
    if (l->run->going == WATCH_ENDED) {
        str_add(text, " | ended after ");
        add_clock(text, l->outlook->end_s - st->first_start_s);
    } else {
        str_addf(text, " | stopped: %zu tasks are not over, and nothing writes to it",
                 to_come(st) + st->count[RUN_RUNNING]);
    }
}

int watch_line_text(const struct watch_line *l, bool last, struct error *err)
{
    const struct run_state *st = &l->run->state;
    bool over = output_is_terminal();
    struct str text = { 0 };
    add_clock(&text, isnan(st->first_start_s) ? 0 : st->now_s - st->first_start_s);
    str_add(&text, "  ");
    add_tasks(&text, l);
    if (l->run->going != WATCH_GOES_ON)
        add_end(&text, l);
    else
        add_forecast(&text, l);
    if (!l->run->knows_plan && l->run->going == WATCH_GOES_ON)
        str_add(&text, " | of the tasks seen so far; --workflow tells of the others");
    int status = output_line(&text, over, last, err);
    str_clear(&text);
    return status;
}
