#include "traces/importer/task_records.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/known.h"
#include "base/sort.h"
#include "base/xalloc.h"
#include "traces/importer/task_nodes.h"
#include "traces/importer/task_values.h"

enum { MOST_NODES = 65535, TEXT_BLOCK_BYTES = 1 << 14 };
static const size_t most_places = (size_t)1 << 26;
static const double clock_step_s = 3600, clock_tolerance_s = 60, agreement_s = 1.5;
/* Of dates without a year, which are read as those of a leap year. */
static const double half_year_s = 183 * 86400.0, year_s = 366 * 86400.0;

void task_records_init(struct task_records *t, enum table_kind kind)
{
    *t = (struct task_records){ .kind = kind, .begun_s = NAN, .ended_s = NAN, .total_nodes = NAN,
                                .total_cores = NAN };
    t->memory.node_index = name_index_new();
    t->memory.shared = name_index_new();
    t->memory.texts.block_bytes = TEXT_BLOCK_BYTES;
}

void task_records_clear(struct task_records *t)
{
    name_index_free(t->memory.node_index);
    name_index_free(t->memory.shared);
    arena_clear(&t->memory.texts);
    notes_clear(&t->notes);
    xfree(t->nodes, t->places, t->rows);
    *t = (struct task_records){ 0 };
}

void task_records_drop_rows(struct task_records *t)
{
    xfree(t->rows, t->places);
    t->rows = NULL;
    t->places = NULL;
    t->n = t->n_places = t->memory.row_room = t->memory.place_room = 0;
}

struct task_row task_row_new(void)
{
    return (struct task_row){ .id = "",
                              .name = "",
                              .after = "",
                              .partition = "",
                              .submit_s = NAN,
                              .eligible_s = NAN,
                              .start_s = NAN,
                              .end_s = NAN,
                              .elapsed_s = NAN,
                              .arrived_s = NAN,
                              .scheduled_s = NAN,
                              .freed_s = NAN,
                              .notified_s = NAN,
                              .cores = NAN,
                              .gpus = NAN,
                              .memory_mib = NAN,
                              .peak_memory_mib = NAN,
                              .node_count = NAN };
}

const char *task_records_keep(struct task_records *t, const char *text)
{
    return arena_keep(&t->memory.texts, text, strlen(text));
}

const char *task_records_share(struct task_records *t, const char *text)
{
    int known = name_index_find(t->memory.shared, text);
    if (known >= 0)
        return name_index_name(t->memory.shared, known);
    const char *kept = task_records_keep(t, text);
    name_index_add(t->memory.shared, kept, (int)t->memory.n_shared++);
    return kept;
}

void task_records_keep_texts(struct task_records *t, struct task_row *row)
{
    row->id = task_records_keep(t, row->id);
    row->name = task_records_share(t, row->name);
    row->after = task_records_share(t, row->after);
    row->partition = task_records_share(t, row->partition);
}

const char *task_records_keep_taken(struct task_records *t, char *text)
{
    const char *kept = task_records_keep(t, text);
    free(text);
    return kept;
}

void task_records_add(struct task_records *t, const struct task_row *row)
{
    xgrow(&t->rows, &t->memory.row_room, t->n + 1, sizeof *t->rows);
    t->rows[t->n++] = *row;
    if (row->status != TASK_CANCELLED)
        return;
    struct task_row *added = &t->rows[t->n - 1];
    added->start_s = added->end_s = added->elapsed_s = NAN;
}

/* --- nodes ------------------------------------------------------------------------------------ */

/* For a list that is only tried: one that is refused must leave no names behind. */
static void pass_over(void *context, const char *name, double cores, double gpus)
{
    (void)context;
    (void)name;
    (void)cores;
    (void)gpus;
}

static int node_number(struct task_records *t, const char *name)
{
    int node = name_index_find(t->memory.node_index, name);
    if (node >= 0 || t->n_nodes == MOST_NODES)
        return node;
    xgrow(&t->nodes, &t->memory.node_room, t->n_nodes + 1, sizeof *t->nodes);
    t->nodes[t->n_nodes] = (struct task_node){ task_records_keep(t, name), NAN, NAN, NAN, 0 };
    name_index_add(t->memory.node_index, t->nodes[t->n_nodes].name, (int)t->n_nodes);
    return (int)t->n_nodes++;
}

void task_records_add_node(struct task_records *t, const struct task_node *node)
{
    int number = node_number(t, node->name);
    if (number < 0)
        return;
    struct task_node *known = &t->nodes[number];
    known->cores = later_known(known->cores, node->cores);
    known->gpus = later_known(known->gpus, node->gpus);
    known->memory_mib = later_known(known->memory_mib, node->memory_mib);
    if (node->joined_s > 0)
        known->joined_s =
            known->joined_s > 0 ? fmin(known->joined_s, node->joined_s) : node->joined_s;
}

static void add_place(void *context, const char *name, double cores, double gpus)
{
    struct task_records *t = context;
    int node = node_number(t, name);
    if (node < 0) {
        t->memory.too_many_nodes = true;
        return;
    }
    xgrow(&t->places, &t->memory.place_room, t->n_places + 1, sizeof *t->places);
    t->places[t->n_places++] = (struct task_place){ node, (float)cores, (float)gpus };
}

SORT_BY(compare_places, struct task_place, node)

/* A node that is listed several times is one place with the sum of its shares. */
static void join_places(struct task_records *t, size_t first)
{
    bool sorted = true;
    for (size_t k = first + 1; k < t->n_places; k++)
        sorted = sorted && t->places[k].node > t->places[k - 1].node;
    if (sorted)
        return;
    qsort(t->places + first, t->n_places - first, sizeof *t->places, compare_places);
    size_t kept = first;
    for (size_t k = first + 1; k < t->n_places; k++) {
        if (t->places[k].node != t->places[kept].node) {
            t->places[++kept] = t->places[k];
            continue;
        }
        t->places[kept].cores += t->places[k].cores;
        t->places[kept].gpus += t->places[k].gpus;
    }
    t->n_places = kept + 1;
}

void task_records_place(struct task_records *t, struct task_row *row, const char *node,
                        double cores, double gpus)
{
    if (row->n_places == 0)
        row->first_place = t->n_places;
    t->memory.too_many_nodes = t->n_places >= most_places;
    if (!t->memory.too_many_nodes)
        add_place(t, node, cores, gpus);
    join_places(t, row->first_place);
    row->n_places = t->n_places - row->first_place;
    t->counts.bad_nodes += t->memory.too_many_nodes;
}

/* A column called "nodes" may hold a number of them. */
static bool is_number(const char *text)
{
    return *text && text[strspn(text, "0123456789")] == '\0';
}

void task_records_read_nodes(struct task_records *t, struct task_row *row, const char *text)
{
    row->first_place = t->n_places;
    row->n_places = 0;
    if (is_number(text)) {
        double count = strtod(text, NULL);
        row->node_count = count <= 1e9 ? count : NAN;
        return;
    }
    size_t left = most_places - t->n_places, most = left < MOST_NODES ? left : MOST_NODES;
    t->memory.too_many_nodes = false;
    if (task_nodes_read(text, most, pass_over, NULL) && task_nodes_read(text, most, add_place, t) &&
        !t->memory.too_many_nodes) {
        join_places(t, row->first_place);
        row->n_places = t->n_places - row->first_place;
        t->counts.other_count +=
            row->n_places && row->node_count >= 1 && row->node_count != (double)row->n_places;
        return;
    }
    t->n_places = row->first_place;
    t->counts.bad_nodes++;
}

/* --- a row's times and state ------------------------------------------------------------------ */

/* Elapsed is the duration; an end that differs by an hour, or lies before the start, was read from
 * a clock that was changed. Times that are numbers have no such clock: a duration of 1000 times
 * their difference counts milliseconds. */
static void reconcile(struct task_records *t, struct task_row *row)
{
    double span = row->end_s - row->start_s, difference = span - row->elapsed_s;
    if (t->kind == TABLE_PLAIN && !t->dates && span > 0 &&
        fabs(row->elapsed_s * 1e-3 - span) <= 1e-6 * row->elapsed_s) {
        row->elapsed_s *= 1e-3;
        t->counts.milliseconds++;
        return;
    }
    if (t->kind == TABLE_NEXTFLOW || t->kind == TABLE_PARSL) {           /* the rest is staging */
        row->end_s = difference > 0 ? row->start_s + row->elapsed_s : row->end_s;
        return;
    }
    if (!(fabs(difference) > agreement_s))
        return;
    t->counts.disagree++;
    if (fabs(fabs(difference) - clock_step_s) > clock_tolerance_s && difference > 0)
        return;
    t->counts.clock_changes++;
    row->end_s = row->start_s + row->elapsed_s;
}

void task_records_complete(struct task_records *t, struct task_row *row)
{
    if (t->no_year && row->end_s < row->start_s - half_year_s) /* over the end of a year */
        row->end_s += year_s;
    if (isnan(row->end_s) && !isnan(row->start_s) && row->elapsed_s > 0)
        row->end_s = row->start_s + row->elapsed_s;
    if (isnan(row->start_s) && !isnan(row->end_s) && row->elapsed_s > 0)
        row->start_s = row->end_s - row->elapsed_s;
    if (isnan(row->elapsed_s))
        row->elapsed_s = row->end_s - row->start_s;
    else if (!isnan(row->start_s) && !isnan(row->end_s))
        reconcile(t, row);
}

static double first_time(const struct task_records *t)
{
    double first = NAN;
    for (size_t i = 0; i < t->n; i++)
        first = earlier_known(first,
                              earlier_known(t->rows[i].submit_s,
                                            earlier_known(t->rows[i].start_s, t->rows[i].end_s)));
    return first;
}

double task_records_zero(const struct task_records *t)
{
    return known_or(earlier_known(t->begun_s, first_time(t)), 0);
}

void task_records_set_status(struct task_records *t, struct task_row *row, const char *state,
                             const char *exit)
{
    bool ran = !isnan(row->start_s) || row->elapsed_s > 0,
         ended = !isnan(row->end_s) || !isnan(row->elapsed_s);
    /* PBS: finished, one way or other */
    bool by_exit = !*state || (t->kind == TABLE_PBS && strchr("FECX", *state) && !state[1]);
    row->status = ended ? TASK_DONE : TASK_CUT;
    if (!by_exit && !task_value_state(state, &row->status))
        t->counts.bad_states++;
    else if (by_exit && *exit && strtol(exit, NULL, 10) != 0)
        row->status = TASK_FAILED;
    if (row->status == TASK_KILLED && (!ran || (row->elapsed_s == 0 && !row->n_places)))
        row->status = TASK_CANCELLED;
    if (row->status == TASK_DONE && !ended)
        row->status = TASK_CUT;
    if (row->status == TASK_DONE && row->elapsed_s == 0 && isnan(row->start_s))
        row->start_s = row->end_s;
    if (row->status == TASK_CUT)         /* what has elapsed so far is no end */
        row->end_s = NAN;
    row->earlier_run = strncasecmp(state, "cached", 6) == 0;
    if (!row->earlier_run)
        return;
    row->submit_s = row->eligible_s = row->start_s = row->end_s = NAN;
    t->counts.cached++;
}

/* An end before its start is none, nor is a duration below nothing. */
static size_t drop_impossible(struct task_records *t)
{
    size_t dropped = 0;
    for (size_t i = 0; i < t->n; i++) {
        struct task_row *row = &t->rows[i];
        if (!(row->end_s < row->start_s) && !(row->elapsed_s < 0))
            continue;
        row->elapsed_s = row->elapsed_s < 0 ? (double)NAN : row->elapsed_s;
        row->end_s = row->end_s < row->start_s ? (double)NAN : row->end_s;
        dropped++;
    }
    return dropped;
}

void task_records_note(struct task_records *t)
{
    const struct record_counts *c = &t->counts;
    struct notes *n = &t->notes;
    notes_add(n, drop_impossible(t), "rows", "ended before they began: their end is not taken");
    notes_add(n, c->torn, "rows", "torn, or without id and name");
    notes_add(n, c->bad_states, "rows", "a state that is not known: done where the row has an end");
    notes_add(n, c->bad_nodes, "rows",
              "a list of nodes that cannot be read, or is too long: without nodes");
    notes_add(n, c->other_count, "rows",
              "the count of nodes differs from the list of nodes: the list is taken");
    notes_add(n, c->milliseconds, "rows", "duration is 1000 times end - start: it is milliseconds");
    notes_add(n, c->disagree, "rows", "duration and end - start disagree: the duration is taken");
    notes_add(
        n, c->clock_changes, "rows",
        "of these a change of clocks (an hour off, or end before start): stop = start + duration");
    notes_add(n, c->cached, "tasks", "CACHED: durations from an earlier run, no times in this one");
    notes_add(n, t->no_year, "dates", "without a year: times of this session count from its first");
}

/* --- times without a year: which of them lie beyond its end ----------------------------------- */

enum { TIMES = 4 };

static double *time_of(struct task_row *row, size_t k)
{
    double *const times[] = { &row->submit_s, &row->eligible_s, &row->start_s, &row->end_s };
    return times[k];
}

/* The jobs of one table lie closer together than half a year: what comes before the largest gap, if
 * it is wider than that, is of the next year. */
void task_records_join_years(struct task_records *t)
{
    double *times = xcalloc(TIMES * t->n + 1, sizeof *times), widest = half_year_s, before = NAN;
    size_t n = 0;
    for (size_t i = 0; i < t->n && t->no_year; i++)
        for (size_t k = 0; k < TIMES; k++) {
            double at = *time_of(&t->rows[i], k);
            if (!isnan(at))
                times[n++] = at;
        }
    sort_doubles(times, n);
    for (size_t i = 1; i < n && times[n - 1] - times[0] < 2 * year_s; i++)
        if (times[i] - times[i - 1] > widest) {
            widest = times[i] - times[i - 1];
            before = times[i - 1];
        }
    for (size_t i = 0; i < t->n && !isnan(before); i++)
        for (size_t k = 0; k < TIMES; k++) {
            double *at = time_of(&t->rows[i], k);
            if (*at <= before)
                *at += year_s;
        }
    free(times);
}
