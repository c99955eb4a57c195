#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"
#include "base/xalloc.h"
#include "traces/importer/radical_impl.h"

/* The number at `text` with sleep's suffix (s m h d), and where it ends; NAN: none. */
static double read_seconds(const char *text, const char **end)
{
    char *stop;
    if (!isdigit((unsigned char)*text) && *text != '.')
        return NAN;
    double value = strtod(text, &stop);
    switch (*stop) {
    case 'd': value *= 24 * 3600.0; stop++; break;
    case 'h': value *= 3600; stop++; break;
    case 'm': value *= 60; stop++; break;
    case 's': stop++; break;
    default: break;
    }
    *end = stop;
    return isfinite(value) && !isalnum((unsigned char)*stop) ? value : (double)NAN;
}

/* Sum of all `sleep N` (or sleep(N)) in a piece of shell or Python; NAN without one, or where a
 * loop hides how many. */
static double scan_text(const char *text)
{
    double sum = NAN;
    if (strstr(text, "for ") || strstr(text, "while "))
        return NAN;
    for (const char *at = text; (at = strstr(at, "sleep")); ) {
        bool alone =
            at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '_' || at[-1] == '-');
        at += strlen("sleep");
        if (!alone || (*at != ' ' && *at != '\t' && *at != '('))
            continue;
        at += strspn(at, " \t(");
        double value = read_seconds(at, &at);
        if (isnan(value))
            return NAN;
        sum = isnan(sum) ? value : sum + value;
    }
    return sum;
}

/* ---- options by which programs run for a given time ---- */

/* A program, the options that say how long, and the seconds of one unit. `limit`: it may end
 * sooner. */
static const struct timed_program {
    const char *name, *options[3];
    double unit_s;
    bool limit;
} timed_programs[] = {
    { "stress", { "--timeout", "-t", NULL }, 1, false },
    { "stress-ng", { "--timeout", "-t", NULL }, 1, false },
    { "gmx", { "-maxh", NULL, NULL }, 3600, true }, /* hours of wall time */
    { "gmx_mpi", { "-maxh", NULL, NULL }, 3600, true },
};

static const struct timed_program *timed_program(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof timed_programs / sizeof *timed_programs; i++)
        if (strlen(timed_programs[i].name) == length &&
            strncmp(name, timed_programs[i].name, length) == 0)
            return &timed_programs[i];
    return NULL;
}

static size_t word_length(const char *text)
{
    return strcspn(text, " \t\n;&|'\"");
}

/* The value of the option in the words from `text` on, up to the end of the command: "--timeout
 * 900s", "--timeout=900s". */
static double option_value(const struct timed_program *p, const char *text)
{
    for (text += strspn(text, " \t"); *text && !strchr(";&|\n", *text);
         text += strspn(text, " \t'\"")) {
        for (size_t i = 0; i < 3 && p->options[i]; i++) {
            size_t n = strlen(p->options[i]);
            if (strncmp(text, p->options[i], n) != 0 || !strchr(" \t=", text[n]))
                continue;
            const char *value = text + n + strspn(text + n, " \t="), *end = value;
            double seconds = read_seconds(value, &end);
            return *end == ' ' || !*end || strchr(";&|\n'\"", *end) ? seconds * p->unit_s
                                                                    : (double)NAN;
        }
        text += word_length(text);
    }
    return NAN;
}

/* All arguments as one line; free() it. */
static char *join(const cJSON *arguments)
{
    struct str line = { 0 };
    const cJSON *a;
    cJSON_ArrayForEach(a, arguments) {
        if (cJSON_IsString(a))
            str_addf(&line, "%s ", a->valuestring);
        else if (cJSON_IsNumber(a))
            str_addf(&line, "%.17g ", a->valuedouble);
    }
    return str_take(&line);
}

/* The first such program in a piece of shell; NAN: none, or a loop hides how often it runs. */
static double scan_programs(const char *text, bool *limit)
{
    if (strstr(text, "for ") || strstr(text, "while "))
        return NAN;
    for (size_t n; *text; text += n + strspn(text + n, " \t\n;&|'\"")) {
        n = word_length(text);
        const char *name = text + n;
        while (name > text && name[-1] != '/')
            name--;
        const struct timed_program *p = timed_program(name, (size_t)(text + n - name));
        double seconds = p ? option_value(p, text + n) : (double)NAN;
        if (p)
            *limit = p->limit;
        if (!isnan(seconds))
            return seconds;
    }
    return NAN;
}

static double timed(const char *program, const cJSON *arguments, bool *limit)
{
    char *line = join(arguments), *command = str_format("%s %s", program, line);
    double seconds = scan_programs(command, limit);
    xfree(command, line);
    return seconds;
}

/* The arguments of sleep itself: they add up. */
static double sum_arguments(const cJSON *arguments)
{
    double sum = NAN;
    const cJSON *a;
    cJSON_ArrayForEach(a, arguments) {
        const char *end = NULL;
        double value = cJSON_IsString(a)   ? read_seconds(a->valuestring, &end)
                       : cJSON_IsNumber(a) ? a->valuedouble
                                           : (double)NAN;
        if (isnan(value) || value < 0 || (end && *end))
            return NAN;
        sum = isnan(sum) ? value : sum + value;
    }
    return sum;
}

double radical_requested(const char *executable, const cJSON *arguments, bool *guessed)
{
    const char *slash = executable ? strrchr(executable, '/') : NULL;
    const char *program = slash ? slash + 1 : executable ? executable : "";
    *guessed = false;
    if (str_equal(program, "sleep"))
        return sum_arguments(arguments);
    double told = timed(program, arguments, guessed);
    if (!isnan(told))
        return told;
    *guessed = false;
    const cJSON *a;
    cJSON_ArrayForEach(a, arguments) {
        double value = cJSON_IsString(a) ? scan_text(a->valuestring) : (double)NAN;
        if (!isnan(value))
            return value;
    }
    double written = strchr(program, ' ') ? scan_text(program) : (double)NAN;
    if (!isnan(written) || cJSON_GetArraySize(arguments) != 1)
        return written;
    *guessed = true;
    return sum_arguments(arguments);
}

/* Do the tasks of one program last as long as their lone number says? The median decides: late by
 * at most 2 s or 2 %. */
static bool program_agrees(const struct radical *r, const char *executable, double *excess)
{
    size_t n = 0;
    for (size_t i = 0; i < r->n; i++) {
        const struct radical_task *t = &r->tasks[i];
        double measured = t->stopped_s - t->started_s;
        if (!t->requested_guessed || isnan(t->requested_s) || isnan(measured) ||
            t->status != TASK_DONE || !str_equal(t->executable, executable))
            continue;
        double allowed = fmax(2, 0.02 * t->requested_s);
        excess[n++] = (measured - t->requested_s) / allowed;
    }
    double median = radical_median(excess, n);           /* false for NAN */
    return median >= -0.25 && median <= 1;
}

void radical_check_requests(struct radical *r)
{
    double *excess = xcalloc(r->n + 1, sizeof *excess);
    bool *done = xcalloc(r->n + 1, sizeof *done);
    for (size_t i = 0; i < r->n; i++) {
        if (!r->tasks[i].requested_guessed || done[i])
            continue;
        bool agrees = program_agrees(r, r->tasks[i].executable, excess);
        const char *executable = r->tasks[i].executable;
        for (size_t j = i; j < r->n; j++) {
            struct radical_task *t = &r->tasks[j];
            if (!t->requested_guessed || !str_equal(t->executable, executable))
                continue;
            done[j] = true;
            if (!agrees)
                t->requested_s = NAN;
        }
    }
    xfree(excess, done);
}
