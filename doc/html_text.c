#include "doc/html_text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/json_print.h"

void html_add_text(struct str *out, const char *text)
{
    escape_xml(out, text);
}

void html_add_element(struct str *out, const char *begin, const char *text, const char *end)
{
    str_add(out, begin);
    html_add_text(out, text);
    str_add(out, end);
}

/* A word longer than that has to break somewhere. */
enum { WORD_MOST = 40 };

static bool has_long_word(const char *text)
{
    size_t n = 0;
    for (; *text && n <= WORD_MOST; text++)
        n = *text == ' ' ? 0 : n + 1;
    return n > WORD_MOST;
}

void html_add_name(struct str *out, const char *name)
{
    str_add(out, has_long_word(name) ? "<bdi class=\"long\">" : "<bdi>");
    html_add_text(out, name);
    str_add(out, "</bdi>");
}

/* Outside of strings JSON has no <, > or &, so they may be escaped anywhere. escape_json() writes
 * hidden characters as \uXXXX, and nothing else; a page shows U+FFFD. */
void html_add_json(struct str *out, const cJSON *value)
{
    char *text = json_print_compact(value);
    for (const char *c = text; *c; c++) {
        if (*c == '<' || *c == '>' || *c == '&') {
            str_addf(out, "\\u%04x", (unsigned)*c);
        } else if (*c == '\\' && c[1] == 'u') {
            str_add(out, "\xEF\xBF\xBD");
            c += strlen("\\uXXXX") - 1;
        } else if (*c == '\\') {
            str_add_n(out, c++, 2);
        } else {
            str_add_n(out, c, 1);
        }
    }
    free(text);
}
