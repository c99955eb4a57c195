#include "traces/importer/task_values.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/quantity.h"
#include "base/str.h"

bool task_value_is_nothing(const char *text)
{
    static const char *const words[] = { "", "unknown", "none", "n/a", "na", "nan", "null", "-",
                                         "none assigned", "(null)", NULL };
    if (*text && !strchr("uUnN-(", *text))               /* begins none of them */
        return false;
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

/* Days since 1970-01-01 in the Gregorian calendar: years begin in March, so that the leap day comes
 * last. */
static long days_of(int year, int month, int day)
{
    long y = month <= 2 ? year - 1 : year, era = y / 400, in_era = y % 400;
    long of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + in_era * 365 + in_era / 4 - in_era / 100 + of_year - 719468;
}

static bool is_universal(const char *zone)
{
    return str_equal(zone, "Z") || str_equal(zone, "UTC") || str_equal(zone, "GMT");
}

/* "", "Z", "UTC", "+02:00", "-0530", "+02" as seconds to take off. */
static bool read_zone(const char *text, int *offset_s)
{
    int hours, minutes = 0;
    text += strspn(text, " ");
    int sign = *text == '-' ? -1 : 1;
    *offset_s = 0;
    if (!*text || is_universal(text))
        return true;
    if (*text != '+' && *text != '-')
        return false;
    text++;
    if (!digits(&text, 2, &hours))
        return false;
    bool has_minutes = separator(&text, ':') || *text;
    if ((has_minutes && !digits(&text, 2, &minutes)) || *text)
        return false;
    *offset_s = sign * (hours * 3600 + minutes * 60);
    return true;
}

/* Behind a point, or the comma of ISO 8601 and of Python's logs. */
static bool read_fraction(const char **text, double *fraction)
{
    char copy[32] = ".";
    size_t n = strspn(*text + 1, "0123456789");
    if (n == 0 || n >= sizeof copy - 1)
        return false;
    memcpy(copy + 1, *text + 1, n);
    *fraction = strtod(copy, NULL);
    *text += n + 1;
    return true;
}

static bool read_date(const char *text, double *time_s)
{
    int year, month, day, hour = 0, minute = 0, second = 0, offset_s;
    double fraction = 0;
    char between = strlen(text) > 4 && text[4] == '/' ? '/' : '-';
    if (!digits(&text, 4, &year) || !separator(&text, between) || !digits(&text, 2, &month) ||
        !separator(&text, between) || !digits(&text, 2, &day))
        return false;
    if (*text && !separator(&text, 'T') && !separator(&text, ' '))
        return false;
    if (*text && (!digits(&text, 2, &hour) || !separator(&text, ':') || !digits(&text, 2, &minute)))
        return false;
    if (separator(&text, ':') && !digits(&text, 2, &second))
        return false;
    if ((*text == '.' || *text == ',') && !read_fraction(&text, &fraction))
        return false;
    if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60 ||
        !read_zone(text, &offset_s))
        return false;
    *time_s = (double)days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second +
              fraction - offset_s;
    return true;
}

/* --- months by name: "May  1 12:01", "May  1 12:01:30 2024", "Wed May  1 12:01:30 2024" --- */

static bool read_month(const char **text, int *month)
{
    static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    for (int k = 0; k < 12; k++) {
        if (strncasecmp(*text, names + (size_t)3 * (size_t)k, 3) != 0)
            continue;
        *month = k + 1;
        *text += 3;
        return true;
    }
    return false;
}

static bool read_small(const char **text, int *value)
{
    *text += strspn(*text, " ");
    int n = isdigit((unsigned char)**text) && isdigit((unsigned char)(*text)[1]) ? 2 : 1;
    return digits(text, n, value);
}

static void skip_weekday(const char **text)
{
    int month;
    const char *rest = *text;
    if (!read_month(&rest, &month) && isalpha((unsigned char)**text) && strcspn(*text, " ") == 3)
        *text += 3 + strspn(*text + 3, " ");
}

/* LSF marks an end: L over its limit, E estimated, X exact. */
static bool is_mark(const char *text)
{
    return !*text || (strchr("LEX", *text) && !text[1]);
}

bool task_value_month_time(const char *text, double *time_s, bool *has_year)
{
    int month, day, hour, minute, second = 0, year = TASK_VALUE_NO_YEAR;
    skip_weekday(&text);
    if (!read_month(&text, &month) || *text != ' ' || !read_small(&text, &day) || *text != ' ' ||
        !read_small(&text, &hour) || !separator(&text, ':') || !digits(&text, 2, &minute) ||
        (separator(&text, ':') && !digits(&text, 2, &second)))
        return false;
    text += strspn(text, " ");
    *has_year = isdigit((unsigned char)*text);
    if (*has_year && !digits(&text, 4, &year))
        return false;
    text += strspn(text, " ");
    if (!is_mark(text) || day < 1 || day > 31 || hour > 24 || minute > 59 || second > 60)
        return false;
    *time_s = (double)days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
    return true;
}

/* Beyond 1e11, which as seconds is the year 5138, a number counts milliseconds, microseconds or
 * nanoseconds since 1970. */
static bool read_epoch(double value, double *time_s)
{
    static const struct {
        double above, scale;
    } units[] = { { 1e17, 1e-9 }, { 1e14, 1e-6 }, { 1e11, 1e-3 } };
    *time_s = value;
    for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
        if (fabs(value) <= units[k].above)
            continue;
        *time_s = value * units[k].scale;
        break;
    }
    return fabs(*time_s) <= 1e11;
}

bool task_value_time(const char *text, double *time_s, bool *date)
{
    bool has_year = true;
    if (isdigit((unsigned char)*text) && read_date(text, time_s)) {      /* the most frequent */
        *date = true;
        return true;
    }
    *time_s = NAN;
    if (task_value_is_nothing(text))
        return true;
    if (str_to_double(text, time_s))
        return read_epoch(*time_s, time_s);
    if (!read_date(text, time_s) && (!task_value_month_time(text, time_s, &has_year) || !has_year))
        return false;
    *date = true;
    return true;
}

/* --- durations and amounts ------------------------------------------------------------------ */

/* A plain decimal number without a sign; *text goes behind it. */
static bool read_decimal(const char **text, double *value)
{
    char number[32], *end;
    size_t n = strspn(*text, "0123456789.");
    if (n == 0 || n >= sizeof number)
        return false;
    memcpy(number, *text, n);
    number[n] = '\0';
    *value = strtod(number, &end);
    *text += n;
    return !*end;
}

bool task_value_duration(const char *text, double *seconds)
{
    *seconds = NAN;
    return task_value_is_nothing(text) ||
           (quantity_parse(text, QUANTITY_SECONDS, seconds) && *seconds <= 1e12);
}

bool task_value_memory(const char *text, double *amount, bool *has_unit, char *per)
{
    static const struct {
        char letter;
        double mib;
    } units[] = { { 'b', 1.0 / 1048576 }, { 'k', 1.0 / 1024 }, { 'm', 1 },
                  { 'g', 1024 },          { 't', 1048576 },    { 'p', 1073741824 } };
    *amount = NAN;
    *has_unit = false;
    *per = '\0';
    if (task_value_is_nothing(text) || str_equal(text, "?"))
        return true;
    if (!read_decimal(&text, amount))
        return false;
    text += strspn(text, " ");
    for (size_t k = 0; *text && k < sizeof units / sizeof *units; k++) {
        if (tolower((unsigned char)*text) != units[k].letter)
            continue;
        *amount *= units[k].mib;
        *has_unit = true;
        text++;
        break;
    }
    text += *has_unit && (*text == 'i' || *text == 'I');
    text += *has_unit && strncasecmp(text, "bytes", 5) == 0
                ? 5
                : *has_unit && (*text == 'b' || *text == 'B');
    if (*text == 'c' || *text == 'n')
        *per = *text++;
    return !*text && *amount <= 1e12;
}

double task_value_tres(const char *text, const char *key)
{
    size_t length = strlen(key);
    for (const char *item = text; item; item = (item = strchr(item, ',')) ? item + 1 : NULL) {
        bool has_unit;
        char per, value[32];
        double amount;
        if (strncmp(item, key, length) != 0 || item[length] != '=')
            continue;
        size_t n = strcspn(item + length + 1, ",");
        if (n >= sizeof value)
            return NAN;
        memcpy(value, item + length + 1, n);
        value[n] = '\0';
        return task_value_memory(value, &amount, &has_unit, &per) ? amount : (double)NAN;
    }
    return NAN;
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

/* Of "gpu:a100:2(IDX:0,1)" the number behind the last colon; one, if it is a type. */
static double gres_amount(const char *item, size_t length)
{
    size_t at = length;
    while (at > 0 && !strchr(":=", item[at - 1]))
        at--;
    char *end;
    double amount = strtod(item + at, &end);
    bool is_number = at > 0 && isdigit((unsigned char)item[at]) && end == item + length;
    return !is_number ? 1 : amount <= 1e9 ? amount : 0;
}

static const char *gres_end(const char *item)
{
    bool inside = false;                 /* of brackets, commas part indices */
    for (; *item && (inside || *item != ','); item++)
        inside = *item == '(' || (inside && *item != ')');
    return item;
}

double task_value_gres_gpus(const char *text)
{
    /* Slurm's accounts may have the number of the plugin in place of its name. */
    static const char *const names[] = { "gpu", "7696487" };
    double sum = 0;
    for (const char *item = text, *end; *item; item = *end ? end + 1 : end) {
        end = gres_end(item);
        if (str_starts(item, "gres:") || str_starts(item, "gres/"))
            item += strlen("gres:");
        size_t name = strcspn(item, ":=(,");
        for (size_t k = 0; k < sizeof names / sizeof *names; k++)
            if (name == strlen(names[k]) && str_starts(item, names[k]))
                sum += gres_amount(item, strcspn(item, "(,"));
    }
    return sum;
}

/* Slurm cuts words in a table for people: "OUT_OF_ME+". */
static bool state_matches(const char *text, size_t n, const char *words)
{
    for (size_t length; *words; words += length + strspn(words + length, " ")) {
        length = strcspn(words, " ");
        bool cut = text[n] == '+' && n >= 4 && n < length;
        if (n > 0 && (n == length || cut) && strncasecmp(words, text, n) == 0)
            return true;
    }
    return false;
}

bool task_value_state(const char *text, enum task_status *status)
{
    static const struct { enum task_status status; const char *words; } states[] = {
        { TASK_DONE, "completed done ok success succeeded finished completing cached exec_done "
          "memo_done cd cg" },
        { TASK_FAILED, "failed failure error exit out_of_memory node_fail boot_fail "
          "launch_failed requeued special_exit fail_retryable oom nf bf rq se" },
        { TASK_CANCELLED, "dep_fail" },
        { TASK_KILLED, "timeout deadline preempted killed cancelled canceled revoked aborted "
          "to dl pr ca rv" },
        { TASK_CUT, "running run pending pend suspended psusp ususp ssusp resizing stopped "
          "signaling configuring submitted launched new queued held zombi unkwn cut r q h w t "
          "s b pd cf si st rs" },
    };
    size_t n = strcspn(text, " +");      /* "CANCELLED by 1000", "CANCELLED+" */
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        if (!state_matches(text, n, states[i].words))
            continue;
        *status = states[i].status;
        return true;
    }
    return false;
}
