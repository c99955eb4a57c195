#include "traces/importer/radical_profile.h"

#include <math.h>
#include <string.h>

enum { NEW_FIELDS = 7, OLD_FIELDS = 6, MAX_LINE_BYTES = 1 << 16 };
/* of a time: below 2^53; more are no time */
enum { EXACT_DIGITS = 15, MAX_DIGITS = 24 };

static const double earliest_s = 1e8, latest_s = 1e11;   /* Unix times that can be */

/* As ten times ten times ... gives them: exact up to 10^22. */
static const double power_of_ten[MAX_DIGITS + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10,      1e11,           1e12,
    1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22, 1e22 * 10, 1e22 * 10 * 10,
};

/* Digits from *at on as a number, exact up to EXACT_DIGITS of them; how many, *at behind them. */
static size_t digits_of(const char **at, const char *end, uint64_t *number)
{
    const char *from = *at, *c = from;
    uint64_t n = 0;
    for (unsigned digit; c < end && (digit = (unsigned)*c - '0') <= 9; c++)
        n = n * 10 + digit;
    *at = c;
    *number = n;
    return (size_t)(c - from);
}

/* The same of more digits than are exact: rounded at each. */
static double many_digits(const char *digits, size_t n)
{
    double value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * 10 + (digits[i] - '0');
    return value;
}

/* "1661095447.1281562": digits and at most one point; no sign, no exponent. NAN otherwise. */
static double parse_time(struct text_slice s)
{
    const char *at = s.text, *end = at + s.length, *part = at;
    uint64_t whole, fraction;
    size_t n = digits_of(&at, end, &whole), n_fraction = 0;
    double value = n <= EXACT_DIGITS ? (double)whole : many_digits(part, n);
    if (at < end && *at == '.') {
        part = ++at;
        n_fraction = digits_of(&at, end, &fraction);
        bool exact = n_fraction <= EXACT_DIGITS;
        if (n + n_fraction <= MAX_DIGITS)
            value += (exact ? (double)fraction : many_digits(part, n_fraction)) /
                     power_of_ten[n_fraction];
    }
    n += n_fraction;
    return n && n <= MAX_DIGITS && at == end ? value : (double)NAN;
}

/* Splits at the first n - 1 commas; the last field takes the rest. Returns the number of fields. */
static size_t split(const char *line, size_t length, struct text_slice *fields, size_t n)
{
    size_t count = 0;
    const char *end = line + length;
    while (count + 1 < n) {
        const char *comma = memchr(line, ',', (size_t)(end - line));
        if (!comma)
            break;
        fields[count++] = (struct text_slice){ line, (size_t)(comma - line) };
        line = comma + 1;
    }
    fields[count++] = (struct text_slice){ line, (size_t)(end - line) };
    return count;
}

static bool is_old(const struct text_slice *fields, size_t n, bool old_header)
{
    if (n == OLD_FIELDS && old_header)
        return true;
    return (n == OLD_FIELDS || old_header) && memchr(fields[1].text, ':', fields[1].length) != NULL;
}

int radical_profile_split(const char *line, size_t length, bool old_header, struct radical_row *row)
{
    if (length && line[length - 1] == '\r')
        length--;
    if (!length || line[0] == '#')
        return 0;
    struct text_slice f[NEW_FIELDS];
    size_t n = split(line, length, f, NEW_FIELDS);
    if (n < OLD_FIELDS)
        return -1;
    row->time_s = parse_time(f[0]);
    if (isnan(row->time_s))
        return -1;
    if (is_old(f, n, old_header)) {
        const char *colon = memchr(f[1].text, ':', f[1].length);
        row->component = (struct text_slice){ f[1].text,
                                              colon ? (size_t)(colon - f[1].text) : f[1].length };
        row->uid = f[2];
        row->state = f[3];
        row->event = f[4];
        row->message = (struct text_slice){ f[5].text, (size_t)(line + length - f[5].text) };
        row->old_columns = true;
        return 1;
    }
    if (n < NEW_FIELDS)
        return -1;
    row->old_columns = false;
    row->event = f[1];
    row->component = f[2];
    row->uid = f[4];
    row->state = f[5];
    row->message = f[6];
    return 1;
}

/* The n-th part, from 0, of a text with colons between; empty if it has fewer. */
static struct text_slice part(struct text_slice s, int n)
{
    const char *at = s.text, *end = s.text + s.length;
    for (; n > 0 && at; n--) {
        at = memchr(at, ':', (size_t)(end - at));
        at = at ? at + 1 : NULL;
    }
    if (!at)
        return (struct text_slice){ end, 0 };
    const char *stop = memchr(at, ':', (size_t)(end - at));
    return (struct text_slice){ at, (size_t)((stop ? stop : end) - at) };
}

static bool is_unix_time(double t)
{
    return t >= earliest_s && t <= latest_s;             /* false for NAN */
}

/* "host:ip:t_sys:t_ntp:mode": the third part is the time of the record by the host's clock. Before
 * 0.46 "t_now:t_zero:t_ntp:mode": the record claims time 0 but is written at t_now, and all others
 * count from t_zero (up to 0.3 s before, while NTP was asked). */
static double sync_time(struct text_slice message)
{
    double first = parse_time(part(message, 0)), zero = parse_time(part(message, 1));
    if (is_unix_time(first))
        return is_unix_time(zero) && fabs(first - zero) < 60 ? zero : first;
    return parse_time(part(message, 2));
}

static void take_row(struct radical_profile *p, struct radical_row *row)
{
    if (row->time_s < earliest_s) {
        if (slice_is(row->event, "sync_abs") || slice_is(row->event, "sync abs")) {
            double t = sync_time(row->message);
            p->offset_s = is_unix_time(t) ? t - row->time_s : 0;
        }
        row->time_s += p->offset_s;
    }
    if (row->time_s < earliest_s)
        p->bad_times += !radical_records_add_relative(p->records, row);
    else if (row->time_s > latest_s)
        p->bad_times++;
    else
        radical_records_add(p->records, row);
}

static void take_line(struct radical_profile *p, const char *line, size_t length)
{
    struct radical_row row;
    p->lines++;
    if (length && line[0] == '#') {
        static const char old[] = "#time,name,";
        p->old_header = length >= sizeof old - 1 && !memcmp(line, old, sizeof old - 1);
        return;
    }
    int got = radical_profile_split(line, length, p->old_header, &row);
    if (got < 0)
        p->torn++;
    else if (got > 0)
        take_row(p, &row);
}

void radical_profile_begin(struct radical_profile *p)
{
    p->carry.length = 0;
    p->skipping = p->old_header = false;
    p->offset_s = 0;
}

/* The part of a line that does not end in this block. */
static void keep(struct radical_profile *p, const char *bytes, size_t size)
{
    if (p->skipping || p->carry.length + size > MAX_LINE_BYTES) {
        p->skipping = true;
        p->carry.length = 0;
        return;
    }
    str_add_n(&p->carry, bytes, size);
}

void radical_profile_feed(struct radical_profile *p, const char *bytes, size_t size)
{
    const char *end = bytes + size, *newline;
    while ((newline = memchr(bytes, '\n', (size_t)(end - bytes)))) {
        size_t length = (size_t)(newline - bytes);
        if (p->skipping) {
            p->torn++;
            p->skipping = false;
        } else if (p->carry.length) {
            str_add_n(&p->carry, bytes, length);
            take_line(p, p->carry.text, p->carry.length);
        } else {
            take_line(p, bytes, length);
        }
        p->carry.length = 0;
        bytes = newline + 1;
    }
    if (bytes < end)
        keep(p, bytes, (size_t)(end - bytes));
}

void radical_profile_end(struct radical_profile *p)
{
    p->torn += p->skipping;
    if (p->carry.length)
        take_line(p, p->carry.text, p->carry.length);
    radical_profile_begin(p);
}

void radical_profile_clear(struct radical_profile *p)
{
    str_clear(&p->carry);
}
