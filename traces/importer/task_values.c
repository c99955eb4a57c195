#include "traces/importer/task_values.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

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
