/* A record's phases as one cell of a timeline's CSV (docs/formats.md):
 *     kind:name:from:to:amount:full_rate[:cut];...
 * In names %3A, %3B and %25 are a colon, a semicolon and a percent sign. */
#include "core/timeline_phases.h"

#include <math.h>
#include <string.h>

#include "base/str.h"

static void add_name(struct str *out, const char *name)
{
    for (; *name; name++)
        if (strchr(":;%", *name))
            str_addf(out, "%%%02X", (unsigned)*name);
        else
            str_add_n(out, name, 1);
}

static void add_number(struct str *out, double x)
{
    str_add(out, ":");
    if (!isnan(x))
        str_add_double(out, x);
}

void timeline_phases_format(struct str *out, const struct timeline *t, size_t record)
{
    struct timeline_phase *first;
    for (size_t k = 0, n = timeline_phases_of(t, record, &first); k < n; k++) {
        const struct timeline_phase *p = &first[k];
        str_addf(out, k ? ";%s:" : "%s:", phase_kind_name((enum phase_kind)p->kind));
        add_name(out, timeline_flow_name(t, p->name));
        add_number(out, p->from_s);
        add_number(out, p->to_s);
        add_number(out, p->amount);
        add_number(out, p->full_rate);
        if (p->cut)
            str_add(out, ":cut");
    }
}

/* ---- reading ---- */

enum { KIND, NAME, FROM, TO, AMOUNT, FULL_RATE, CUT, PARTS };

/* Cuts `text` at `separator`s, in place; returns how many parts there are, at most PARTS of which
 * are kept. */
static size_t cut(char *text, char separator, char *parts[PARTS])
{
    size_t n = 0;
    for (char *end; text; text = end) {
        end = strchr(text, separator);
        if (end)
            *end++ = '\0';
        if (n < PARTS)
            parts[n] = text;
        n++;
    }
    return n;
}

static void decode_name(char *name)
{
    static const char *const codes[] = { "%3A", "%3B", "%25" };
    char *to = name;
    for (const char *from = name; *from; from++) {
        char c = *from;
        for (size_t k = 0; k < sizeof codes / sizeof *codes; k++)
            if (str_starts(from, codes[k])) {
                c = ":;%"[k];
                from += 2;
                break;
            }
        *to++ = c;
    }
    *to = '\0';
}

static bool read_number(const char *text, double *x)
{
    *x = NAN;
    return !*text || str_to_double(text, x);
}

static bool read_kind(const char *text, uint8_t *kind)
{
    for (*kind = 0; *kind < PHASE_KINDS; (*kind)++)
        if (str_equal(phase_kind_name((enum phase_kind) * kind), text))
            return true;
    return false;
}

static bool read_phase(struct timeline *t, char *text, struct timeline_phase *p)
{
    char *parts[PARTS];
    size_t n = cut(text, ':', parts);
    if (n < CUT || n > PARTS || (n == PARTS && !str_equal(parts[CUT], "cut")))
        return false;
    if (!read_kind(parts[KIND], &p->kind) || !read_number(parts[FROM], &p->from_s) ||
        !read_number(parts[TO], &p->to_s) || !read_number(parts[AMOUNT], &p->amount) ||
        !read_number(parts[FULL_RATE], &p->full_rate))
        return false;
    decode_name(parts[NAME]);
    bool named = *parts[NAME];
    if (!(p->to_s >= p->from_s) || p->amount < 0 || p->full_rate <= 0 ||
        (named && timeline_flow_names(t) > TIMELINE_FLOWS_MOST) ||
        (!named && p->kind != PHASE_COMPUTES))
        return false;
    p->name = named ? timeline_name_flow(t, parts[NAME]) : 0;
    p->cut = n == PARTS;
    return true;
}

bool timeline_phases_parse(struct timeline *t, char *text)
{
    while (text && *text) {
        struct timeline_phase phase;
        char *end = strchr(text, ';');
        if (end)
            *end++ = '\0';
        if (!read_phase(t, text, &phase))
            return false;
        timeline_add_phase(t, &phase);
        text = end;
    }
    return true;
}
