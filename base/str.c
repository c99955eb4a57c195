#include "base/str.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void str_clear(struct str *s)
{
    free(s->text);
    *s = (struct str){ 0 };
}

void str_add(struct str *s, const char *text)
{
    str_add_n(s, text, strlen(text));
}

void str_add_n(struct str *s, const char *text, size_t n)
{
    xgrow(&s->text, &s->room, s->length + n + 1, 1);
    if (n)
        memcpy(s->text + s->length, text, n);
    s->length += n;
    s->text[s->length] = '\0';
}

static PRINTF_LIKE(2, 0) void str_addv(struct str *s, const char *format, va_list args)
{
    va_list again;
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    assert(n >= 0);
    xgrow(&s->text, &s->room, s->length + (size_t)n + 1, 1);
    vsnprintf(s->text + s->length, (size_t)n + 1, format, again);
    va_end(again);
    s->length += (size_t)n;
}

void str_addf(struct str *s, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    str_addv(s, format, args);
    va_end(args);
}

char *str_take(struct str *s)
{
    char *text = s->text ? s->text : xstrdup("");
    *s = (struct str){ 0 };
    return text;
}

char *str_format_args(const char *format, va_list args)
{
    struct str s = { 0 };
    str_addv(&s, format, args);
    return str_take(&s);
}

char *str_format(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    char *text = str_format_args(format, args);
    va_end(args);
    return text;
}

bool str_equal(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool str_starts(const char *s, const char *prefix)
{
    return strncmp(s, prefix, strlen(prefix)) == 0;
}

bool str_ends(const char *s, const char *suffix)
{
    size_t length = strlen(s), tail = strlen(suffix);
    return length >= tail && strcmp(s + length - tail, suffix) == 0;
}

const char *str_file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

char *str_stem(const char *path, const char *ending)
{
    const char *file = str_file_name(path);
    return xstrndup(file, strlen(file) - (str_ends(file, ending) ? strlen(ending) : 0));
}

void str_free_texts(char **texts)
{
    for (size_t i = 0; texts && texts[i]; i++)
        free(texts[i]);
    free(texts);
}

void str_add_clock(struct str *s, double seconds)
{
    long long whole = (long long)ceil(seconds);
    str_addf(s, "%lld:%02lld:%02lld", whole / 3600, whole / 60 % 60, whole % 60);
}

size_t str_characters(const char *s)
{
    size_t n = 0;
    for (; *s; s++)
        n += str_begins_character(*s);
    return n;
}

/* Where the text's character number `n` begins. */
static const char *character(const char *text, int n)
{
    for (; *text; text++)
        if (str_begins_character(*text) && n-- == 0)
            break;
    return text;
}

char *str_shortened(const char *text, int most)
{
    int n = (int)str_characters(text), tail = most / 2, head = most - 1 - tail;
    if (n <= most)
        return xstrdup(text);
    return str_format("%.*s\xE2\x80\xA6%s", (int)(character(text, head) - text), text,
                      character(text, n - tail));
}

enum { LONGEST_NAME = 64 };                  /* longer words are not misspelt names */

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours (optimal string alignment) that turn
 * a into b. d[i][j]: the distance of a's first i and b's first j characters. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t d[LONGEST_NAME + 1][LONGEST_NAME + 1];
    size_t na = strlen(a), nb = strlen(b);
    if (na > LONGEST_NAME || nb > LONGEST_NAME)
        return SIZE_MAX;
    for (size_t i = 0; i <= na; i++)
        d[i][0] = i;
    for (size_t j = 0; j <= nb; j++)
        d[0][j] = j;
    for (size_t i = 1; i <= na; i++) {
        for (size_t j = 1; j <= nb; j++) {
            d[i][j] = least(d[i - 1][j - 1] + (a[i - 1] != b[j - 1]),
                            1 + least(d[i - 1][j], d[i][j - 1]));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
        }
    }
    return d[na][nb];
}

/* The only name that begins with the word, if the word is long enough to tell. */
static const char *only_completion(const char *word, const char *const *names)
{
    const char *only = NULL;
    size_t length = strlen(word), n = 0;
    for (size_t i = 0; length >= 3 && names[i]; i++)
        if (strncmp(names[i], word, length) == 0) {
            only = names[i];
            n++;
        }
    return n == 1 ? only : NULL;
}

const char *str_nearest(const char *word, const char *const *names)
{
    const char *best = NULL;
    size_t best_distance = strlen(word) / 3 + 1;
    for (size_t i = 0; names[i]; i++) {
        size_t distance = edit_distance(word, names[i]);
        if (distance < best_distance) {
            best = names[i];
            best_distance = distance;
        }
    }
    return best ? best : only_completion(word, names);
}

/* The same text as %.15g, for less. */
static bool print_whole_number(double x, char *text, size_t size)
{
    if (!(fabs(x) < 1e15) || x != trunc(x) || (x == 0 && signbit(x)))
        return false;
    snprintf(text, size, "%" PRId64, (int64_t)x);
    return true;
}

/* Fifteen digits survive the way through a double and back, so a number that has a text of at most
 * 15 digits gets just that text from the first try; seventeen always read back. */
void str_add_double(struct str *s, double x)
{
    char text[32];
    if (print_whole_number(x, text, sizeof text)) {
        str_add(s, text);
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, x);
        if (isnan(x) || strtod(text, NULL) == x)
            break;
    }
    str_add(s, text);
}

/* Of digits alone, so few that a double holds each such number. */
static bool small_whole(const char *text, double *x)
{
    enum { MOST_DIGITS = 15 };
    int64_t value = 0;
    int n = 0;
    for (; text[n] >= '0' && text[n] <= '9' && n < MOST_DIGITS; n++)
        value = 10 * value + (text[n] - '0');
    if (n == 0 || text[n])
        return false;
    *x = (double)value;
    return true;
}

bool str_to_double(const char *text, double *x)
{
    if (small_whole(text, x))
        return true;
    if (!*text ||
        text[strspn(text, "0123456789+-.eE")] != '\0') /* no spaces, hexadecimals, "inf", "nan" */
        return false;
    char *end;
    double value = strtod(text, &end);
    if (*end != '\0' || !isfinite(value))
        return false;
    *x = value;
    return true;
}

bool str_to_int64(const char *text, int64_t *x)
{
    if (!*text || text[strspn(text, "0123456789+-")] != '\0')
        return false;
    char *end;
    errno = 0;
    intmax_t value = strtoimax(text, &end, 10);
    if (*end != '\0' || errno == ERANGE || value < INT64_MIN || value > INT64_MAX)
        return false;
    *x = value;
    return true;
}

uint64_t str_hash(const char *s)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (; *s; s++)
        hash = (hash ^ (unsigned char)*s) * UINT64_C(1099511628211);
    return hash;
}
