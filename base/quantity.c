#include "base/quantity.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define KIB (1.0 / 1024)
#define BYTE (1.0 / 1048576)

struct unit { const char *name; double size; };

static const struct unit times[] = {
    { "s", 1 }, { "sec", 1 }, { "secs", 1 }, { "second", 1 }, { "seconds", 1 }, { "ms", 1e-3 },
    { "us", 1e-6 }, { "ns", 1e-9 }, { "m", 60 }, { "min", 60 }, { "mins", 60 }, { "minute", 60 },
    { "minutes", 60 }, { "h", 3600 }, { "hr", 3600 }, { "hrs", 3600 }, { "hour", 3600 },
    { "hours", 3600 }, { "d", 86400 }, { "day", 86400 }, { "days", 86400 }, { NULL, 0 },
};
static const struct unit sizes[] = {
    { "B", BYTE }, { "kB", 1e3 * BYTE }, { "MB", 1e6 * BYTE }, { "GB", 1e9 * BYTE },
    { "TB", 1e12 * BYTE }, { "PB", 1e15 * BYTE }, { "KiB", KIB }, { "MiB", 1 }, { "GiB", 1024 },
    { "TiB", 1048576 }, { "PiB", 1073741824 }, { "K", KIB }, { "M", 1 }, { "G", 1024 },
    { "T", 1048576 }, { "P", 1073741824 }, { NULL, 0 },
};
static const struct {
    const char *name, *examples, *behind;                /* `behind` each unit: "/s" */
    const struct unit *units;
} kinds[] = {
    [QUANTITY_PLAIN] = { "", "a number", "", NULL },
    [QUANTITY_SECONDS] = { "seconds", "90, \"90s\", \"10m\", \"1h30m\" or \"1:30:00\"", "", times },
    [QUANTITY_MIB] = { "MiB", "512, \"512 MiB\" or \"4 GiB\"", "", sizes },
    [QUANTITY_MIB_PER_S] = { "MiB/s", "512, \"512 MiB/s\" or \"2.5 TB/s\"", "/s", sizes },
};

const char *quantity_name(enum quantity q)
{
    return kinds[q].name;
}

const char *quantity_examples(enum quantity q)
{
    return kinds[q].examples;
}

/* The same of one or two digits, as clocks have: without strtod(). */
static bool take_digits(const char **text, double *x)
{
    const char *at = *text;
    int value = 0;
    while (*at >= '0' && *at <= '9' && at < *text + 2)
        value = 10 * value + (*at++ - '0');
    if (at == *text || (*at && strchr("0123456789.eExX", *at)))
        return false;
    *x = value;
    *text = at;
    return true;
}

/* A decimal number at *text, which moves behind it; no sign, no "inf", no hexadecimal. */
static bool take_number(const char **text, double *x)
{
    if (take_digits(text, x))
        return true;
    size_t digits = strspn(*text, "0123456789.");
    char *end;
    if (digits == 0 || (*text)[strspn(*text, "0")] == 'x' || (*text)[strspn(*text, "0")] == 'X')
        return false;
    *x = strtod(*text, &end);
    if (end < *text + digits || !isfinite(*x))
        return false;
    *text = end;
    return true;
}

/* The unit at *text, which moves behind it, with blanks on both sides; "second(s)" is one too. NAN:
 * none of these. */
static double take_unit(const char **text, const struct unit *units, const char *behind)
{
    const char *word = *text + strspn(*text, " ");
    size_t length = 0;
    while (isalpha((unsigned char)word[length]))
        length++;
    for (; units && units->name; units++) {
        if (strlen(units->name) != length || strncasecmp(units->name, word, length) != 0)
            continue;
        word += length + (strncmp(word + length, "(s)", 3) == 0 ? 3 : 0);
        if (strncasecmp(word, behind, strlen(behind)) != 0)
            return NAN;
        *text = word + strlen(behind) + strspn(word + strlen(behind), " ");
        return units->size;
    }
    return NAN;
}

/* "2-", "2 days ", "1 day, " */
static bool take_days(const char **text, double *days)
{
    if (!take_number(text, days))
        return false;
    if (**text == '-')
        return *++*text;
    if (take_unit(text, times, "") != 86400)
        return false;
    *text += strspn(*text, ", ");
    return true;
}

/* "h:m:s" or "m:s"; behind days, "d-h:m:s", "d-h:m", "d-h", "d days h:m:s". All but the first part
 * are below 60. */
static bool parse_clock(const char *text, double *seconds)
{
    double total = 0, days = 0, part;
    char behind = text[strspn(text, "0123456789")];
    bool has_days = behind == '-' || behind == ' ';
    int n = 0;
    if (has_days && !take_days(&text, &days))
        return false;
    do {
        if (!take_number(&text, &part) || ++n > 3 || (n > 1 && part >= 60))
            return false;
        total = total * 60 + part;
    } while (*text == ':' && text++);
    if (*text || (n == 1 && behind != '-'))
        return false;
    *seconds = days * 86400 + total * (!has_days || n == 3 ? 1 : n == 2 ? 60 : 3600);
    return true;
}

bool quantity_parse(const char *text, enum quantity q, double *x)
{
    double sum = 0, amount;
    if (q == QUANTITY_SECONDS && strpbrk(text, ":-"))
        return parse_clock(text, x);
    text += *text == '+';
    if (!take_number(&text, &amount))
        return false;
    if (!*text) {
        *x = amount;
        return true;
    }
    for (;;) {
        sum += amount * take_unit(&text, kinds[q].units, kinds[q].behind);
        if (!isfinite(sum))
            return false;
        if (!*text)
            break;
        if (q != QUANTITY_SECONDS || !take_number(&text, &amount))       /* only times add up */
            return false;
    }
    *x = sum;
    return true;
}
