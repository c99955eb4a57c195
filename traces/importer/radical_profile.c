#include "traces/importer/radical_profile.h"

#include <math.h>
#include <string.h>

enum { NEW_FIELDS = 7, OLD_FIELDS = 6, MAX_LINE_BYTES = 1 << 16 };

static const double earliest_s = 1e8, latest_s = 1e11;   /* Unix times that can be */

/* "1661095447.1281562": digits and at most one point; no sign, no exponent. NAN otherwise. */
static double parse_time(struct text_slice s)
{
    double value = 0, scale = 1;
    size_t i = 0, digits = 0;
    for (; i < s.length && s.text[i] >= '0' && s.text[i] <= '9'; i++, digits++)
        value = value * 10 + (s.text[i] - '0');
    if (i < s.length && s.text[i] == '.') {
        double fraction = 0;
        for (i++; i < s.length && s.text[i] >= '0' && s.text[i] <= '9'; i++, digits++) {
            fraction = fraction * 10 + (s.text[i] - '0');
            scale *= 10;
        }
        value += fraction / scale;
    }
    return digits && digits <= 24 && i == s.length ? value : (double)NAN;
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
    bool named = memchr(fields[1].text, ':', fields[1].length) != NULL;
    return n == OLD_FIELDS ? old_header || named : n > OLD_FIELDS && old_header && named;
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
        row->component = (struct text_slice){ f[1].text, colon ? (size_t)(colon - f[1].text) : f[1].length };
        row->uid = f[2];
        row->state = f[3];
        row->event = f[4];
        row->message = (struct text_slice){ f[5].text, (size_t)(line + length - f[5].text) };
        return 1;
    }
    if (n < NEW_FIELDS)
        return -1;
    row->event = f[1];
    row->component = f[2];
    row->uid = f[4];
    row->state = f[5];
    row->message = f[6];
    return 1;
}

static bool slice_is(struct text_slice s, const char *text)
{
    return s.length == strlen(text) && !memcmp(s.text, text, s.length);
}

/* "host:ip:t_sys:t_ntp:mode": the third part is the time of the record by the host's clock. */
static double sync_time(struct text_slice message)
{
    const char *at = message.text, *end = message.text + message.length;
    for (int i = 0; i < 2 && at; i++) {
        at = memchr(at, ':', (size_t)(end - at));
        at = at ? at + 1 : NULL;
    }
    if (!at)
        return NAN;
    const char *stop = memchr(at, ':', (size_t)(end - at));
    return parse_time((struct text_slice){ at, (size_t)((stop ? stop : end) - at) });
}

static void take_row(struct radical_profile *p, struct radical_row *row)
{
    if (row->time_s < earliest_s) {
        if (slice_is(row->event, "sync_abs") || slice_is(row->event, "sync abs")) {
            double t = sync_time(row->message);
            p->offset_s = t >= earliest_s && t <= latest_s ? t - row->time_s : 0;
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
