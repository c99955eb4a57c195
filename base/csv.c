#include "base/csv.h"

#include <stdlib.h>
#include <string.h>

#include "base/xalloc.h"

void csv_open(struct csv *c, char *text, size_t size, char separator)
{
    static const char byte_order_mark[] = "\xEF\xBB\xBF";
    size_t skip = size >= 3 && memcmp(text, byte_order_mark, 3) == 0 ? 3 : 0;
    *c = (struct csv){
        .at = text + skip, .end = text + size, .separator = separator, .next_line = 1
    };
    const char stops[] = { separator, '\n', '\r', '"', '\0' };
    for (size_t i = 0; i < sizeof stops; i++)
        c->stops[(unsigned char)stops[i]] = true;
}

void csv_close(struct csv *c)
{
    free(c->fields);
    *c = (struct csv){ 0 };
}

/* The character at p <= c->end, after more is read where p is behind what was; NUL: the end. */
static char char_at(struct csv *c, const char *p)
{
    if (p == c->end && c->more)
        c->more(c);
    return *p;
}

static void add_field(struct csv *c, char *field)
{
    xgrow(&c->fields, &c->room, c->n + 1, sizeof *c->fields);
    c->fields[c->n++] = field;
}

/* A field from its opening quote on: unquoted in place. c->at is left behind the closing quote. */
static char *quoted_field(struct csv *c, char **field_end)
{
    char *field = c->at + 1, *to = field, *from = field;
    c->quoted = true;
    for (;; from++) {
        char here = char_at(c, from);
        if (from == c->end) {
            c->torn = true;
            break;
        }
        if (here == '"' && char_at(c, from + 1) != '"')
            break;
        if (here == '"')
            from++;
        c->next_line += *from == '\n';
        c->torn |= *from == '\0';
        *to++ = *from;
    }
    c->at = from < c->end ? from + 1 : from;
    *field_end = to;
    return field;
}

static bool is_end(struct csv *c)
{
    char here = char_at(c, c->at);
    return c->at == c->end || here == c->separator || here == '\n' ||
           (here == '\r' && char_at(c, c->at + 1) == '\n');
}

static char *plain_field(struct csv *c, char **field_end)
{
    char *field = c->at;
    for (;; c->at++) {
        const char *p = c->at;
        while (!c->stops[(unsigned char)*p]) /* the NUL behind the text is one */
            p++;
        c->at += p - c->at;
        if (is_end(c))
            break;
        c->torn |= *c->at == '\0' || (*c->at == '"' && !c->literal);
    }
    char *end = c->at;
    while (c->trims && end > field && end[-1] == ' ')
        end--;
    *field_end = end;
    return field;
}

static void skip_blanks(struct csv *c)
{
    while (c->trims && char_at(c, c->at) == ' ')
        c->at++;
}

/* Reads one field and what ends it. Returns whether another field follows in the row. */
static bool read_field(struct csv *c)
{
    skip_blanks(c);
    char *field_end, *field = char_at(c, c->at) == '"' && !c->literal ? quoted_field(c, &field_end)
                                                                      : plain_field(c, &field_end);
    skip_blanks(c);
    while (!is_end(c)) { /* text behind a closing quote */
        c->torn = true;
        c->at++;
    }
    bool more = c->at < c->end && *c->at == c->separator;
    if (c->at < c->end && !more) {
        c->at += *c->at == '\r';
        c->next_line++;
    }
    c->at += c->at < c->end;
    *field_end = '\0';
    add_field(c, field);
    return more;
}

bool csv_next(struct csv *c)
{
    for (char here;
         (here = char_at(c, c->at)) == '\n' || (here == '\r' && char_at(c, c->at + 1) == '\n');
         c->at++)
        c->next_line += here == '\n';
    c->n = 0;
    c->torn = c->quoted = false;
    c->line = c->next_line;
    if (c->at == c->end)
        return false;
    while (read_field(c))
        ;
    return true;
}

int csv_find(const struct csv *c, const char *text)
{
    int at = -1;
    for (size_t i = 0; i < c->n; i++)
        if (strcmp(c->fields[i], text) == 0)
            at = (int)i;
    return at;
}

const char *csv_at(const struct csv *c, int column)
{
    return column >= 0 && (size_t)column < c->n ? c->fields[column] : "";
}
