#include "traces/importer/table_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

enum { MOST_COLUMNS = 512 };

/* characters of a line; SIZE_MAX: its rest */
struct column { size_t first, end; };
struct layout {
    size_t n;
    struct column columns[MOST_COLUMNS];
    bool ruled;                          /* found from a line of dashes */
};

/* Behind a byte order mark and empty lines. */
static const char *first_line(const char *text)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    text += strncmp(text, byte_order_mark, 3) == 0 ? 3 : 0;
    return text + strspn(text, "\r\n");
}

char table_text_separator(const char *text)
{
    static const char candidates[] = ",|;\t";
    text = first_line(text);
    size_t most = 0, line = strcspn(text, "\r\n");
    char best = '\0';
    for (const char *c = candidates; *c; c++) {
        size_t n = 0;
        for (size_t i = 0; i < line; i++)
            n += text[i] == *c;
        if (n <= most)
            continue;
        most = n;
        best = *c;
    }
    return best;
}

static const char *next_line(const char *line)
{
    line += strcspn(line, "\n");
    return line + (*line == '\n');
}

static size_t line_length(const char *line)
{
    return strcspn(line, "\r\n");
}

/* Words of a line: where they begin and end. */
static void find_words(const char *line, struct layout *l)
{
    size_t length = line_length(line);
    l->n = 0;
    for (size_t i = 0; i < length && l->n < MOST_COLUMNS; i++) {
        if (line[i] == ' ')
            continue;
        struct column c = { .first = i };
        while (i < length && line[i] != ' ')
            i++;
        c.end = i;
        l->columns[l->n++] = c;
    }
}

static bool is_rule(const char *line)
{
    size_t length = line_length(line), dashes = strspn(line, "- ");
    return length > 0 && dashes == length && memchr(line, '-', length);
}

/* A value may be longer than its column's dashes: up to the blank before the next column. */
static void find_layout(const char *text, struct layout *l)
{
    const char *second = next_line(text);
    l->ruled = is_rule(second);
    find_words(l->ruled ? second : text, l);
    for (size_t k = 0; !l->ruled && k < l->n; k++)
        l->columns[k].end = k + 1 < l->n ? l->columns[k + 1].first : SIZE_MAX;
}

static bool keeps_to(const char *line, size_t length, const struct layout *l)
{
    for (size_t k = 1; k < l->n; k++) {
        size_t first = l->columns[k].first;
        if (first <= length && first > 0 && line[first - 1] != ' ')
            return false;
    }
    return true;
}

static void add_field(struct str *out, const char *text, size_t n, bool first)
{
    while (n && *text == ' ') {
        text++;
        n--;
    }
    while (n && text[n - 1] == ' ')
        n--;
    if (!first)
        str_add_n(out, (const char[]){ TABLE_TEXT_SEPARATOR }, 1);
    str_add_n(out, text, n);
}

static void add_line(struct str *out, const char *line, const struct layout *l)
{
    struct layout *words = xcalloc(1, sizeof *words);
    size_t length = line_length(line);
    find_words(line, words);
    const struct layout *use =
        l->ruled || (words->n != l->n && keeps_to(line, length, l)) ? l : words;
    for (size_t k = 0; k < use->n; k++) {
        struct column c = use->columns[k];
        c.first = c.first < length ? c.first : length;
        c.end = c.end < length ? c.end : length;
        add_field(out, line + c.first, c.end - c.first, k == 0);
    }
    str_add(out, "\n");
    free(words);
}

bool table_text_align(const char *text, struct str *out)
{
    struct layout *l = xcalloc(1, sizeof *l);
    text = first_line(text);
    find_layout(text, l);
    bool good = l->n >= 2;
    for (const char *line = text; good && *line; line = next_line(line))
        if (line_length(line) && !is_rule(line))
            add_line(out, line, l);
    free(l);
    return good;
}

char table_text_separate(char **text, size_t *size)
{
    char separator = table_text_separator(*text);
    struct str aligned = { 0 };
    if (!memchr(*text, '\n', *size))
        for (char *c = *text; (c = memchr(c, '\r', *size - (size_t)(c - *text)));)
            *c = '\n';
    if (separator || !table_text_align(*text, &aligned)) {
        str_clear(&aligned);
        return separator ? separator : ',';
    }
    free(*text);
    *size = aligned.length;
    *text = str_take(&aligned);
    return TABLE_TEXT_SEPARATOR;
}

void table_text_open(struct csv *c, char **text, size_t *size)
{
    char separator = table_text_separate(text, size);
    csv_open(c, *text, *size, separator);
    c->trims = true;
}
