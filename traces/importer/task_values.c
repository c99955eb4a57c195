#include "traces/importer/task_values.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"

enum { LONGEST_NODE_NAME = 255, MOST_DIGITS = 9 };

static bool is_nothing(const char *text)
{
    static const char *const words[] = { "", "unknown", "none", "n/a", "na", "nan", "null", "-", "none assigned", NULL };
    for (size_t i = 0; words[i]; i++)
        if (strcasecmp(text, words[i]) == 0)
            return true;
    return false;
}

/* Exactly n digits, whose value goes to *value; *text goes behind them. */
static bool digits(const char **text, int n, int *value)
{
    *value = 0;
    for (int i = 0; i < n; i++, ++*text) {
        if (!isdigit((unsigned char)**text))
            return false;
        *value = 10 * *value + (**text - '0');
    }
    return true;
}

static bool separator(const char **text, char c)
{
    if (**text != c)
        return false;
    ++*text;
    return true;
}

/* Days since 1970-01-01 in the Gregorian calendar: years begin in March, so that the leap day comes last. */
static long days_of(int year, int month, int day)
{
    long y = month <= 2 ? year - 1 : year, era = y / 400, in_era = y % 400;
    long of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + of_year - 719468;
}

/* "", "Z", "+02:00", "-0530" as seconds to take off. */
static bool read_zone(const char *text, int *offset_s)
{
    int hours, minutes, sign = *text == '-' ? -1 : 1;
    *offset_s = 0;
    if (!*text || str_equal(text, "Z"))
        return true;
    if (*text != '+' && *text != '-')
        return false;
    text++;
    if (!digits(&text, 2, &hours))
        return false;
    separator(&text, ':');
    if (!digits(&text, 2, &minutes) || *text)
        return false;
    *offset_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

static bool read_date(const char *text, double *time_s)
{
    int year, month, day, hour = 0, minute = 0, second = 0, offset_s;
    double fraction = 0;
    if (!digits(&text, 4, &year) || !separator(&text, '-') || !digits(&text, 2, &month) || !separator(&text, '-') ||
        !digits(&text, 2, &day))
        return false;
    if (*text && !separator(&text, 'T') && !separator(&text, ' '))
        return false;
    if (*text && (!digits(&text, 2, &hour) || !separator(&text, ':') || !digits(&text, 2, &minute)))
        return false;
    if (separator(&text, ':') && !digits(&text, 2, &second))
        return false;
    if (*text == '.') {
        char *end;
        fraction = isdigit((unsigned char)text[1]) ? strtod(text, &end) : -1;
        if (!(fraction >= 0 && fraction < 1))
            return false;
        text = end;
    }
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60 || !read_zone(text, &offset_s))
        return false;
    *time_s = (double)days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second + fraction - offset_s;
    return true;
}

bool task_value_time(const char *text, double *time_s, bool *date)
{
    *time_s = NAN;
    if (is_nothing(text))
        return true;
    if (str_to_double(text, time_s))
        return fabs(*time_s) <= 1e12;
    if (!read_date(text, time_s))
        return false;
    *date = true;
    return true;
}

bool task_value_duration(const char *text, double *seconds)
{
    *seconds = NAN;
    if (is_nothing(text))
        return true;
    const char *dash = strchr(text, '-');
    int64_t days = 0;
    if (dash && dash > text && dash - text <= MOST_DIGITS && strchr(dash, ':')) {
        char before[MOST_DIGITS + 1] = { 0 };
        memcpy(before, text, (size_t)(dash - text));
        if (!str_to_int64(before, &days) || days < 0)
            return false;
        text = dash + 1;
    }
    if (!str_to_seconds(text, seconds) || *seconds < 0 || *seconds > 1e12)
        return false;
    *seconds += (double)days * 86400;
    return true;
}

double task_value_tres_gpus(const char *text)
{
    static const char key[] = "gres/gpu";
    double all = 0, typed = 0;
    for (const char *item = text; item; item = (item = strchr(item, ',')) ? item + 1 : NULL) {
        const char *rest = item + strlen(key), *value = strchr(item, '='), *end = strchr(item, ',');
        if (strncmp(item, key, strlen(key)) != 0 || !value || (end && value > end))
            continue;
        double n = strtod(value + 1, NULL);
        if (!(n > 0 && n <= 1e9))
            continue;
        if (*rest == '=')
            all = n;
        else if (*rest == ':')
            typed += n;
    }
    return all > 0 ? all : typed;        /* the sum over types is given beside them */
}

bool task_value_state(const char *text, enum task_status *status)
{
    static const struct { const char *word; enum task_status status; } words[] = {
        { "completed", TASK_DONE }, { "done", TASK_DONE }, { "ok", TASK_DONE }, { "success", TASK_DONE }, { "succeeded", TASK_DONE },
        { "finished", TASK_DONE }, { "completing", TASK_DONE }, { "failed", TASK_FAILED }, { "failure", TASK_FAILED },
        { "error", TASK_FAILED }, { "out_of_memory", TASK_FAILED }, { "node_fail", TASK_FAILED }, { "boot_fail", TASK_FAILED },
        { "requeued", TASK_FAILED },
        { "timeout", TASK_KILLED }, { "deadline", TASK_KILLED }, { "preempted", TASK_KILLED }, { "killed", TASK_KILLED },
        { "cancelled", TASK_KILLED }, { "canceled", TASK_KILLED }, { "revoked", TASK_KILLED }, { "running", TASK_CUT },
        { "pending", TASK_CUT }, { "suspended", TASK_CUT }, { "resizing", TASK_CUT }, { "cut", TASK_CUT },
    };
    size_t n = strcspn(text, " +");      /* "CANCELLED by 1000", "CANCELLED+" */
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (strncasecmp(text, words[i].word, n) != 0 || words[i].word[n] || n == 0)
            continue;
        *status = words[i].status;
        return true;
    }
    return false;
}

/* --- node lists ------------------------------------------------------------------------------------------------- */

struct node_reader {
    size_t left;
    task_value_node_fn *add;
    void *context;
};

static bool add_node(struct node_reader *r, const char *name)
{
    if (r->left == 0)
        return false;
    r->left--;
    r->add(r->context, name);
    return true;
}

/* A number of at most MOST_DIGITS digits, and how many there were. */
static bool read_number(const char **text, long *value, int *width)
{
    const char *start = *text;
    *value = 0;
    for (; isdigit((unsigned char)**text); ++*text) {
        if (*text - start == MOST_DIGITS)
            return false;
        *value = 10 * *value + (**text - '0');
    }
    *width = (int)(*text - start);
    return *width > 0;
}

/* "001-003,7]" behind a prefix; *text goes behind the bracket. */
static bool add_ranges(struct node_reader *r, const char *prefix, int prefix_length, const char **text)
{
    const char *close = strchr(*text, ']');
    if (!close || prefix_length > LONGEST_NODE_NAME / 2)
        return false;
    int suffix_length = (int)strcspn(close + 1, ", ;[");
    const char *suffix = close + 1;
    if (suffix_length > LONGEST_NODE_NAME / 4)
        return false;
    while (**text != ']') {
        long first, last;
        int width, last_width;
        if (!read_number(text, &first, &width))
            return false;
        last = first;
        if (separator(text, '-') && !read_number(text, &last, &last_width))
            return false;
        if (last < first || (**text != ',' && **text != ']'))
            return false;
        for (long i = first; i <= last; i++) {
            char name[LONGEST_NODE_NAME + 1];
            snprintf(name, sizeof name, "%.*s%0*ld%.*s", prefix_length, prefix, width, i, suffix_length, suffix);
            if (!add_node(r, name))
                return false;
        }
        separator(text, ',');
    }
    *text = suffix + suffix_length;
    return true;
}

bool task_value_nodes(const char *text, size_t most, task_value_node_fn *add, void *context)
{
    struct node_reader r = { most, add, context };
    if (is_nothing(text))
        return true;
    while (*text) {
        text += strspn(text, ", ;");
        int n = (int)strcspn(text, ", ;[");
        const char *start = text;
        if (n > LONGEST_NODE_NAME)
            return false;
        text += n;
        if (*text == '[') {
            text++;
            if (!add_ranges(&r, start, n, &text))
                return false;
        } else if (n > 0) {
            char name[LONGEST_NODE_NAME + 1];
            snprintf(name, sizeof name, "%.*s", n, start);
            if (!add_node(&r, name))
                return false;
        }
    }
    return true;
}
